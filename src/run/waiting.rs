//! When a command has been waited for long enough.

use super::event::{Event, Exit};
use super::state::{RunState, Waiting};
use crate::runbook::CommandId;

/// Whether an end of the command that is waited for ends the waiting.
///
/// `ended` is how it ended, and whether all that can be checked of it holds.
pub(super) fn wait_over(
    state: &RunState,
    id: &CommandId,
    (exit, holds): (Exit, bool),
    elapsed_ms: u64,
) -> Option<Event> {
    let waiting = state.waiting().filter(|w| &w.command == id)?.after(holds, elapsed_ms);
    if waiting.passed >= waiting.wanted() {
        let why = format!(
            "passed {} times in a row over {} s",
            waiting.passed,
            u64::from(waiting.passed - 1) * waiting.every_s
        );
        Some(wait_ended(&waiting, true, &why))
    } else if waiting.spent_s() >= waiting.limit_s {
        let why = format!("did not pass within {} s; the last run: {exit}", waiting.limit_s);
        Some(wait_ended(&waiting, false, &why))
    } else if matches!(exit, Exit::ShellEnded(_)) {
        Some(wait_ended(&waiting, false, "its shell ended"))
    } else {
        None
    }
}

pub(super) fn wait_ended(waiting: &Waiting, passed: bool, why: &str) -> Event {
    Event::WaitEnded { command: waiting.command.clone(), passed, why: why.to_owned() }
}
