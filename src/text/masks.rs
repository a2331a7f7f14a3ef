//! What masks hide, by what it is called: the legend of a run, or of one command's output.

use std::collections::BTreeMap;

use crate::mask::Hidden;
use crate::run::state::RunState;
use crate::runbook::CommandId;

/// What masks hide, with the commands in whose output they stand, in the order in which those ran.
pub fn masks<'r>(run: &'r RunState, of: Option<&CommandId>) -> BTreeMap<&'r Hidden, Vec<&'r CommandId>> {
    let mut masks: BTreeMap<&Hidden, Vec<&CommandId>> = BTreeMap::new();
    for ran in run.ran().iter().filter(|ran| of.is_none_or(|of| of == &ran.command)) {
        for hidden in &ran.hidden {
            let commands = masks.entry(hidden).or_default();
            if !commands.contains(&&ran.command) {
                commands.push(&ran.command);
            }
        }
    }
    masks
}

/// The same, a line each.
pub fn legend(run: &RunState, of: Option<&CommandId>) -> Vec<String> {
    let commands = |ids: Vec<&CommandId>| ids.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(", ");
    let line = |(hidden, ids): (&Hidden, Vec<&CommandId>)| match of {
        Some(_) => hidden.to_string(),
        None => format!("{hidden}: {}", commands(ids)),
    };
    masks(run, of).into_iter().map(line).collect()
}
