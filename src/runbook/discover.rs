//! Whether a page is a runbook: decided by what was read out of it, never by its name. Most pages with commands are none:
//! a README that says how to build has steps, too.

use super::model::Runbook;
use crate::shell::Effect;

/// So many of the marks below make a page with a step that changes something a runbook.
const MARKS: usize = 2;

/// Whether a page is one that somebody deploys, migrates or repairs by: a step changes something, and at least two of
/// these are there: environments, check items, a rollback with commands, a log to fill in, expectations.
pub fn is_runbook(read: &Runbook) -> bool {
    if !read.step_commands().iter().any(|command| command.effect != Effect::Reads) {
        return false;
    }
    let marks = [
        !read.environments.is_empty(),
        read.checklists.iter().any(|list| !list.items.is_empty()),
        read.rollback.steps.iter().any(|step| !step.commands().is_empty()),
        read.log_template.is_some(),
        read.all_commands().iter().any(|command| !command.expects.is_empty()),
    ];
    marks.into_iter().filter(|mark| *mark).count() >= MARKS
}
