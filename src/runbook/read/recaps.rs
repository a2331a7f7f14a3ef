//! Steps that may be another telling of those above them, or come before them: nobody runs them there unasked.

use super::super::doubt::Doubt;
use super::super::model::{Command, Plan, Step};
use super::items;
use super::titles::{doubted, each_command};
use crate::shell::{Effect, Kind};

/// Asks about steps that do again what several above them did ("The live sequence"), and about those that are called
/// what is done before it, behind what changes something ("Pre-cutover checks").
pub(super) fn ask(plan: &mut Plan) {
    // What somebody said is a step is none to ask about.
    let settled: Vec<usize> =
        plan.outline.iter().filter(|entry| entry.by.contains(", role=")).map(|entry| entry.line).collect();
    let steps = &mut plan.steps;
    let done: Vec<Vec<String>> = steps.iter().map(changes).collect();
    for at in 1..steps.len() {
        let Some((above, rest)) = steps.split_at_mut_checked(at) else { return };
        let Some(step) = rest.first_mut() else { return };
        let earlier = done.get(..at).unwrap_or_default();
        let own = done.get(at).map(Vec::as_slice).unwrap_or_default();
        let asked = {
            let mut any = false;
            each_command(step, &mut |command| any |= command.doubt.is_some() || command.way.is_some());
            any
        };
        let said = settled.contains(&step.line);
        if asked || said || above.iter().any(|one| one.environment != step.environment) {
            continue;
        }
        let of = |command: &String| earlier.iter().position(|step| step.contains(command));
        let places: Vec<Option<usize>> = own.iter().map(of).collect();
        let again = places.len() > 1 && places.iter().all(Option::is_some);
        let several = places.iter().flatten().collect::<std::collections::BTreeSet<_>>().len() > 1;
        if again && several {
            doubted(std::slice::from_mut(step), Doubt::Procedure);
        } else if items::is_before(&step.title) && earlier.iter().any(|step| !step.is_empty()) {
            doubted(std::slice::from_mut(step), Doubt::Step);
        }
    }
}

/// What a step changes, each command in one spelling.
fn changes(step: &Step) -> Vec<String> {
    let acts = |c: &&Command| c.effect != Effect::Reads && c.kind != Kind::Manual && !c.commented;
    let plain = |c: &Command| c.text.split_whitespace().collect::<Vec<_>>().join(" ");
    step.commands().into_iter().filter(acts).map(plain).collect()
}
