//! What is done, and what counts, although it can't be recorded.

use super::event::{Event, Outcome};
use super::request::Request;
use super::rollback::procedures::belongs;
use super::state::RunState;
use crate::runbook::CommandId;
use crate::shell::Effect;

/// Whether what was seen counts although it can't be recorded: it is so whether it is written or not. What begins a
/// run, or ends its monitoring, is no such thing.
pub fn counts_unrecorded(fact: &Event) -> bool {
    !matches!(fact, Event::RunStarted(_) | Event::WatchAccepted { .. } | Event::MonitoringEnded { .. })
}

/// Whether a request is carried out although it can't be recorded: what ends or looks, and what takes back with all
/// that it asks for. A new step is not.
pub fn goes_on_unrecorded(state: &RunState, request: &Request) -> bool {
    let reads = |command: &CommandId| {
        state.added().contains(command) && state.find(command).is_some_and(|c| c.effect == Effect::Reads)
    };
    match request {
        Request::Finish { outcome: Outcome::Failed, .. } => state.goes_back(),
        Request::Run { command, .. } => takes_back(state, command) || reads(command),
        Request::Skip { command, .. }
        | Request::MarkDone { command, .. }
        | Request::Answer { command, .. }
        | Request::ChoosePlace { command, .. }
        | Request::Attest { command, .. }
        | Request::Edit { command, .. } => takes_back(state, command),
        // A value that going back needs.
        Request::SetParameter { .. }
        | Request::RollBack { .. }
        | Request::CallOffRollback { .. }
        | Request::TakeAlong { .. }
        | Request::Finish { outcome: Outcome::RolledBack, .. }
        | Request::Cancel { .. }
        | Request::AcceptPlan { .. }
        | Request::StopWaiting
        | Request::KeepInBackground { .. }
        | Request::Add { .. }
        | Request::Note { .. }
        | Request::HandOver { .. }
        | Request::Acknowledge { .. }
        | Request::AnswerRound { .. } => true,
        _ => false,
    }
}

/// Whether a command belongs to going back.
fn takes_back(state: &RunState, command: &CommandId) -> bool {
    belongs(state.runbook(), command) || state.going_back().is_some() && state.position(command).is_some()
}
