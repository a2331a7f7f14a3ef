//! Findings about the way back.

use std::collections::BTreeSet;

use super::super::super::finding::Finding as F;
use super::super::super::model::{Command, Step};
use super::super::super::parameters::{assigned_names, is_given, variables};
use super::Looked;
use crate::shell::needs;

pub(super) fn find(looked: &Looked<'_>, found: &mut Vec<F>) {
    let plan = looked.plan;
    if plan.rollback.line == 0 {
        found.push(F::new(1, "no-rollback", "the document has no rollback section"));
    } else if plan.rollback.steps.is_empty() {
        let line = plan.rollback.line;
        found.push(F::new(line, "no-rollback", "the rollback section has nothing that can be run"));
    }
    if plan.troubleshooting.is_empty() {
        found.push(F::new(1, "no-troubleshooting", "the document has no section with known problems"));
    }
    for step in &plan.rollback.steps {
        let commands: Vec<&Command> = step.commands().into_iter().filter(|c| !c.alternative).collect();
        stops_its_need(&commands, found);
    }
    values(looked, found);
}

fn stops_its_need(commands: &[&Command], found: &mut Vec<F>) {
    let texts: Vec<&str> = commands.iter().map(|c| c.text.as_str()).collect();
    let Some(conflict) = needs::conflict(&texts) else { return };
    let (stop, needing) = (commands[conflict.stop], commands[conflict.needing]);
    let words = format!("stops {}, which line {} needs", conflict.stopped.says(), needing.span.line);
    let finding = F::new(stop.span.line, "rollback-stops-its-need", words);
    found.push(finding.at(stop.span.start, stop.span.end));
}

/// Variables that the way back uses and no step sets.
fn values(looked: &Looked<'_>, found: &mut Vec<F>) {
    let plan = looked.plan;
    let mut set: BTreeSet<String> = BTreeSet::new();
    for command in plan.step_commands() {
        set.extend(assigned_names(&command.text));
    }
    let sources = plan.step_commands().iter().any(|c| c.text.contains("source ") || c.text.starts_with(". "));
    for command in plan.rollback.steps.iter().flat_map(Step::commands) {
        let own = assigned_names(&command.text);
        // A password and the like comes from whoever is there.
        for (name, at) in variables(&command.text) {
            let asked =
                plan.step_commands().iter().any(|c| variables(&c.text).iter().any(|(n, _)| *n == name));
            let preset = plan.parameters.iter().any(|p| p.name == name && p.is_preset());
            let known = preset || asked || sources || is_given(&name);
            if !set.contains(&name) && !own.contains(&name) && !known {
                let line = command.span.line + command.text[..at.start].matches('\n').count();
                found.push(F::new(line, "rollback-value-missing", format!("no step sets ${name}")));
            }
        }
        set.extend(own);
    }
}
