//! The document's procedures for going back, and their commands.

use crate::runbook::{Block, Command, CommandId, Runbook, Step, StepId};

/// The document's procedures for going back.
pub fn procedures(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    runbook.rollback.steps.iter()
}

/// The procedures that are taken when nobody chose: all of them, in the document's order, as its steps are. Those that may
/// be one each are asked about, and of several ways one is taken.
pub fn usual(runbook: &Runbook) -> Vec<StepId> {
    procedures(runbook).map(|s| s.id.clone()).collect()
}

/// The commands of procedures, then those of the document's verification.
pub fn commands<'r>(runbook: &'r Runbook, chosen: &[StepId]) -> Vec<&'r Command> {
    let mut found = of_procedures(runbook, chosen);
    found.extend(runbook.rollback.verification.iter().flat_map(|b: &Block| &b.commands));
    found
}

/// The commands of procedures.
pub fn of_procedures<'r>(runbook: &'r Runbook, chosen: &[StepId]) -> Vec<&'r Command> {
    procedures(runbook).filter(|s| chosen.contains(&s.id)).flat_map(Step::commands).collect()
}

/// Whether a command belongs to the document's way back.
pub fn belongs(runbook: &Runbook, id: &CommandId) -> bool {
    runbook.goes_back(id)
}

/// How long the document says that its procedures take, in seconds; nothing where it does not.
pub fn estimate_s(runbook: &Runbook, chosen: &[StepId]) -> Option<u64> {
    let said: Vec<u64> =
        procedures(runbook).filter(|s| chosen.contains(&s.id)).filter_map(|s| s.estimate_s).collect();
    (!said.is_empty()).then(|| said.iter().sum())
}
