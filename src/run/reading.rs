//! The plan of a run: the document, read as it was said to be read, for the run's environment.

use std::sync::Arc;

use super::event::Start;
use crate::runbook::correct::Correction;
use crate::runbook::{self, Runbook};

/// The plan as a run has it from its start.
pub fn as_started(runbook: &Arc<Runbook>, start: &Start) -> Arc<Runbook> {
    if runbook.corrections == start.corrections && !runbook.is_divided() {
        return Arc::clone(runbook);
    }
    Arc::new(read(runbook, &start.corrections, &start.environment))
}

/// The plan with one more correction.
pub(super) fn corrected(runbook: &Runbook, correction: &Correction, environment: &str) -> Runbook {
    let mut corrections = runbook.corrections.clone();
    corrections.push(correction.clone());
    read(runbook, &corrections, environment)
}

fn read(runbook: &Runbook, corrections: &[Correction], environment: &str) -> Runbook {
    let read = runbook::read_with(&runbook.source, corrections);
    if read.is_divided() { read.in_environment(environment) } else { read }
}
