//! What came of a request whose answer never came, as the record tells it.

use super::error::Answer;
use crate::run::{Event, Record, Request, RunState};

/// What became of `request`: by what `actor` caused `since` it was sent, and by how the run is `now`.
pub(super) fn came_of(request: &Request, actor: &str, since: &[Record], now: &RunState) -> Answer {
    let own = since.iter().filter(|record| record.actor == actor);
    let events: Vec<&Event> = own.map(|record| &record.event).collect();
    match is_recorded(request, &events) {
        Some(true) => Answer::Done,
        _ if is_moot(request, now) => Answer::Done,
        Some(false) => Answer::NotTaken,
        None => Answer::NotKnown,
    }
}

/// Whether there is nothing left to do for a request.
fn is_moot(request: &Request, now: &RunState) -> bool {
    match request {
        Request::Cancel { command, .. } => {
            now.running() != Some(command) && !now.background().contains(command)
        }
        Request::StopWaiting => now.waiting().is_none(),
        _ => false,
    }
}

/// Whether events that come of a request are there; nothing where it is not known here which these are.
fn is_recorded(request: &Request, events: &[&Event]) -> Option<bool> {
    let any = |is: &dyn Fn(&Event) -> bool| Some(events.iter().any(|event| is(event)));
    match request {
        Request::Run { command: of, .. } => any(&|e| match e {
            Event::CommandStarted { command, .. } | Event::UnsetFound { command, .. } => command == of,
            _ => false,
        }),
        Request::WaitUntil { command: of, .. } => any(&|e| match e {
            Event::WaitStarted { command, .. } | Event::UnsetFound { command, .. } => command == of,
            _ => false,
        }),
        Request::Answer { command: of, .. } => any(&|e| match e {
            Event::ConditionAnswered { command, .. } | Event::UnsetAnswered { command, .. } => command == of,
            _ => false,
        }),
        Request::Cancel { command: of, signal: by } => {
            any(&|e| matches!(e, Event::CancelRequested { command, signal } if command == of && signal == by))
        }
        Request::KeepInBackground { command: of } => {
            any(&|e| matches!(e, Event::KeptInBackground { command } if command == of))
        }
        Request::Skip { command: of, .. } => {
            any(&|e| matches!(e, Event::CommandSkipped { command, .. } if command == of))
        }
        Request::SkipTo { skips, .. } => {
            any(&|e| matches!(e, Event::CommandSkipped { command, .. } if skips.contains(command)))
        }
        Request::MarkDone { command: of, .. } => {
            any(&|e| matches!(e, Event::CommandMarkedDone { command, .. } if command == of))
        }
        Request::Edit { command: of, .. } => {
            any(&|e| matches!(e, Event::CommandEdited { command, .. } if command == of))
        }
        Request::ChoosePlace { command: of, .. } => any(&|e| match e {
            Event::PlaceChosen { command, .. } => command == of,
            Event::PlaceAccepted { .. } => true,
            _ => false,
        }),
        Request::Attest { command: of, expectation: at, .. } => any(
            &|e| matches!(e, Event::Attested { command, expectation, .. } if command == of && expectation == at),
        ),
        Request::StopWaiting => any(&|e| matches!(e, Event::WaitEnded { .. })),
        Request::Add { .. } => any(&|e| matches!(e, Event::CommandAdded { before: None, .. })),
        _ => is_recorded_of_run(request, events),
    }
}

/// The same of what is about no command.
fn is_recorded_of_run(request: &Request, events: &[&Event]) -> Option<bool> {
    let any = |is: &dyn Fn(&Event) -> bool| Some(events.iter().any(|event| is(event)));
    match request {
        Request::Tick { item: of, .. } => any(&|e| matches!(e, Event::ItemTicked { item, .. } if item == of)),
        Request::Untick { item: of } => any(&|e| matches!(e, Event::ItemUnticked { item } if item == of)),
        Request::SkipItem { item: of, .. } => {
            any(&|e| matches!(e, Event::ItemSkipped { item, .. } if item == of))
        }
        Request::SetParameter { name: of, .. } => {
            any(&|e| matches!(e, Event::ParameterSet { name, .. } if name == of))
        }
        Request::DecideGate { gate: of, .. } => {
            any(&|e| matches!(e, Event::GateDecided { gate, .. } if gate == of))
        }
        Request::Note { about: of, issue: is, .. } => {
            any(&|e| matches!(e, Event::Noted { about, issue, .. } if about == of && issue == is))
        }
        Request::Name { role: of, .. } => {
            any(&|e| matches!(e, Event::PersonNamed { role, .. } if role == of))
        }
        Request::WroteLog { path: at } => any(&|e| matches!(e, Event::LogWritten { path } if path == at)),
        Request::TakeAlong { step: of } => {
            any(&|e| matches!(e, Event::StepTakenAlong { step } if step == of))
        }
        Request::Sign(given) => any(&|e| matches!(e, Event::Signed(s) if s.statement == given.statement)),
        Request::AcceptPlan { .. } => any(&|e| matches!(e, Event::PlanAccepted { .. })),
        Request::Correct(_) => any(&|e| matches!(e, Event::ReadingCorrected { .. })),
        Request::HandOver { .. } => any(&|e| matches!(e, Event::HandedOver { .. })),
        Request::ShowSecrets { .. } => any(&|e| matches!(e, Event::SecretsShown { .. })),
        Request::RollBack { .. } => any(&|e| matches!(e, Event::RollbackBegun(_))),
        Request::Finish { .. } => any(&|e| matches!(e, Event::RunFinished { .. })),
        _ => None,
    }
}
