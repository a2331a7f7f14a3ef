//! Which events tell that a request was taken: each request has its own, and is not taken for another one.

use std::sync::Arc;

use super::super::Answer;
use super::super::unanswered::came_of;
use super::fake::{begun, record};
use crate::run::event::PlaceChoice;
use crate::run::gates::GateId;
use crate::run::ids::TextHash;
use crate::run::policy::Confirmation;
use crate::run::request::Seen;
use crate::run::{Attempt, Event, Outcome, Request, RunState, SkipReason};
use crate::runbook::{CommandId, ItemId};

/// Requests about the first of two things, each with what it leads to.
fn taken() -> Vec<(Request, Event)> {
    let command = || CommandId::from("1/1");
    let item = || ItemId::from("check-1");
    let reason = || String::from("because");
    vec![
        (
            Request::Skip { command: command(), reason: SkipReason::Optional },
            Event::CommandSkipped { command: command(), reason: SkipReason::Optional },
        ),
        (
            Request::MarkDone { command: command(), note: reason() },
            Event::CommandMarkedDone { command: command(), note: reason() },
        ),
        (
            Request::Answer { command: command(), holds: true },
            Event::ConditionAnswered { command: command(), holds: true },
        ),
        (
            Request::ChoosePlace { command: command(), choice: PlaceChoice::AlreadyHere },
            Event::PlaceChosen { command: command(), choice: PlaceChoice::AlreadyHere },
        ),
        (
            Request::Edit { command: command(), text: "ls".into() },
            Event::CommandEdited { command: command(), text: "ls".into() },
        ),
        (Request::KeepInBackground { command: command() }, Event::KeptInBackground { command: command() }),
        (
            Request::Attest { command: command(), expectation: 0, met: true, note: reason() },
            Event::Attested {
                command: command(),
                attempt: Attempt(1),
                expectation: 0,
                met: true,
                note: reason(),
            },
        ),
        (
            Request::Tick { item: item(), evidence: None, reason: None },
            Event::ItemTicked { item: item(), evidence: None, reason: None },
        ),
        (Request::Untick { item: item() }, Event::ItemUnticked { item: item() }),
        (
            Request::SkipItem { item: item(), reason: reason() },
            Event::ItemSkipped { item: item(), reason: reason() },
        ),
        (
            Request::DecideGate { gate: GateId::Change, go: true, reason: reason() },
            Event::GateDecided {
                gate: GateId::Change,
                go: true,
                reason: reason(),
                open: vec![],
                board: vec![],
                readings: None,
            },
        ),
        (
            Request::SetParameter { name: "A".into(), value: None },
            Event::ParameterSet { name: "A".into(), value: None },
        ),
        (Request::HandOver { to: "bob".into() }, Event::HandedOver { to: "bob".into() }),
        (Request::ShowSecrets { hidden: vec![] }, Event::SecretsShown { hidden: vec![] }),
        (Request::WroteLog { path: "log.md".into() }, Event::LogWritten { path: "log.md".into() }),
        (
            Request::Finish { outcome: Outcome::Failed, reason: reason() },
            Event::RunFinished { outcome: Outcome::Failed },
        ),
    ]
}

fn nothing_happened() -> RunState {
    RunState::new(Arc::default()).apply(&begun())
}

#[test]
fn each_request_is_known_by_its_own_event_and_by_no_other() {
    let now = nothing_happened();
    let all = taken();
    for (at, (request, _)) in all.iter().enumerate() {
        for (other, (_, event)) in all.iter().enumerate() {
            let since = [record(2, "ada", event.clone())];
            let wanted = if at == other { Answer::Done } else { Answer::NotTaken };
            assert_eq!(came_of(request, "ada", &since, &now), wanted, "{request:?} by {event:?}");
            assert_eq!(came_of(request, "bob", &since, &now), Answer::NotTaken, "not who asked: {request:?}");
        }
    }
}

#[test]
fn what_is_about_another_command_or_item_is_no_trace() {
    let now = nothing_happened();
    let elsewhere = [
        Event::CommandSkipped { command: "1/2".into(), reason: SkipReason::Optional },
        Event::ConditionAnswered { command: "1/2".into(), holds: true },
        Event::ItemTicked { item: "check-2".into(), evidence: None, reason: None },
        Event::ParameterSet { name: "B".into(), value: None },
        Event::LogWritten { path: "other.md".into() },
    ];
    let since: Vec<_> = (2..).zip(elsewhere).map(|(seq, event)| record(seq, "ada", event)).collect();
    let others = taken().into_iter().filter(|(request, _)| {
        matches!(
            request,
            Request::Skip { .. }
                | Request::Answer { .. }
                | Request::Tick { .. }
                | Request::SetParameter { .. }
                | Request::WroteLog { .. }
        )
    });
    for (request, _) in others {
        assert_eq!(came_of(&request, "ada", &since, &now), Answer::NotTaken, "{request:?}");
    }
}

#[test]
fn a_command_that_asks_for_a_value_instead_of_running_was_taken() {
    let now = nothing_happened();
    let seen = Seen { text: TextHash::of("x"), seq: now.seq() };
    let confirmed = Confirmation::None;
    let request = Request::Run { command: "1/1".into(), seen, confirmed, again: false };
    let asks = Event::UnsetFound { command: "1/1".into(), names: vec!["A".into()] };
    let since = [record(2, "ada", asks)];
    assert_eq!(came_of(&request, "ada", &since, &now), Answer::Done);
}
