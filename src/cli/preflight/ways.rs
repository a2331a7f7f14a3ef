//! Ways of which one is to be gone, as far as it was not chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answers;
use super::fates::{Fate, answered_ways, chosen_ways};
use crate::runbook::{Command, Runbook};

/// Groups of which more than one way was answered with yes.
pub(super) fn doubled_ways(runbook: &Runbook, answers: &Answers) -> Vec<String> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for way in answered_ways(&runbook.step_commands(), answers) {
        names.entry(&way.group).or_default().insert(&way.name);
    }
    let doubled = names.into_values().filter(|names| names.len() > 1);
    let told = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join("\" and \"");
    doubled
        .map(|names| format!("choose only one alternative: --answer says yes to \"{}\"", told(names)))
        .collect()
}

/// Groups of ways of which none was chosen in advance, each with the flag that does.
pub(super) fn open_ways(runbook: &Runbook, fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let commands = runbook.step_commands();
    let chosen = chosen_ways(&commands, answers);
    let inside =
        fates.iter().filter(|(_, f)| !matches!(f, Fate::Outside | Fate::ConditionNo)).map(|(c, _)| *c);
    let mut open: BTreeMap<&str, Vec<(&str, &Command)>> = BTreeMap::new();
    for command in inside {
        let Some(way) = command.way.as_ref().filter(|w| !chosen.contains_key(w.group.as_str())) else {
            continue;
        };
        let ways = open.entry(&way.group).or_default();
        if !ways.iter().any(|(name, _)| *name == way.name) {
            ways.push((&way.name, command));
        }
    }
    let words = |ways: Vec<(&str, &Command)>| {
        let each = ways
            .iter()
            .map(|(name, c)| format!("--answer {}=yes for \"{name}\" (line {})", c.id, c.span.line));
        format!("choose one of the alternatives: {}", each.collect::<Vec<_>>().join(", or "))
    };
    open.into_values().map(words).collect()
}

/// Commands that stand as one of several ways, uncommented, and that nobody chose or left out.
pub(super) fn open_alternatives(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let open = fates.iter().filter(|(c, f)| {
        let written = c.alternative && !c.commented && c.way.is_none();
        *f == Fate::Optional && written && !answers.conditions.contains_key(&c.id)
    });
    let words = |c: &Command| {
        let (id, line) = (&c.id, c.span.line);
        format!(
            "{id} is one of several alternatives (line {line}): --answer {id}=yes runs it, --answer {id}=no skips it"
        )
    };
    open.map(|(c, _)| words(c)).collect()
}
