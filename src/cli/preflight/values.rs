//! Values that a headless run needs before anything runs.

use super::answers::{Answers, PlaceAnswer, way_to_set};
use crate::runbook::parameters::variables;
use crate::runbook::{Command, ParameterKind, Runbook};
use crate::shell;

/// Values that commands which run need and nobody has given.
pub(super) fn open(runbook: &Runbook, running: &[&Command], answers: &Answers) -> Vec<String> {
    // Where it was answered that a command runs whatever its variables are, they need no value.
    let accepted = |c: &Command| !c.is_asked() && answers.conditions.get(&c.id) == Some(&true);
    let holds = |c: &Command, name: &str| variables(&c.text).iter().any(|(n, _)| n == name);
    let mut found = Vec::new();
    for parameter in runbook.parameters.iter().filter(|p| p.default.is_none()) {
        let variable = parameter.kind == ParameterKind::Variable;
        // The value that a line outside of the run gives may be made of it.
        let made: Vec<&str> = runbook
            .parameters
            .iter()
            .filter(|p| variable && p.is_made_of(&parameter.name, &runbook.parameters))
            .map(|p| p.name.as_str())
            .filter(|name| !answers.parameters.contains_key(*name))
            .collect();
        let used = running.iter().position(|c| {
            let needs = || holds(c, &parameter.name) || made.iter().any(|name| holds(c, name));
            if variable { !accepted(c) && needs() } else { c.holes.contains(&parameter.name) }
        });
        // What a file sets that is read before it, nobody can tell from the document.
        let read = used.is_some_and(|at| running[..=at].iter().any(|c| reads_settings(&c.text)));
        // The place is asked when the command is about to run there.
        let there =
            !matches!(answers.place, Some(PlaceAnswer::Here)) && runbook.is_used_elsewhere_only(parameter);
        let used = used.is_some() && !(read && variable) && !there;
        let in_shell = variable && std::env::var_os(&parameter.name).is_some();
        if used && !in_shell && !answers.parameters.contains_key(&parameter.name) {
            let line = parameter.uses.first().map_or(0, |u| u.line);
            let set = parameter.from.map_or(String::new(), |from| {
                format!("; line {from} sets it, but no run executes that line")
            });
            let way = way_to_set(runbook, &parameter.name);
            found.push(format!("{} (line {line}{set}): {way}", parameter.name));
        }
    }
    found
}

/// Whether a command may set variables that its text does not name: it reads a file into the shell, or evaluates words.
fn reads_settings(text: &str) -> bool {
    let evaluates = |s: &shell::Simple| {
        matches!(s.program(), "source" | "." | "eval")
            || matches!(s.program(), "export" | "declare" | "set")
                && s.args().iter().any(|a| a.starts_with("$("))
    };
    shell::parse(text).is_some_and(|parsed| parsed.simples.iter().any(evaluates))
}
