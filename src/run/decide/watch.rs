//! Decides about what is watched: alerts, rounds, messages.

use crate::run::event::Event;
use crate::run::monitoring::{Held, RoundId};
use crate::run::request::{Refusal, Request};
use crate::run::state::RunState;

/// Decides where the request is about what is watched.
pub(super) fn decide(state: &RunState, request: &Request) -> Option<Result<Vec<Event>, Refusal>> {
    Some(match request {
        Request::Watch { watch } => match state.watch() {
            Some(_) => Err(Refusal::WatchedAlready),
            None => Ok(vec![Event::WatchAccepted { watch: watch.clone() }]),
        },
        Request::Baseline => Ok(vec![Event::BaselineTaken]),
        Request::Alert { row, level, words } => Ok(match state.alert(row) {
            Some(known) if known.level == *level => vec![],
            _ => vec![Event::AlertRaised { row: row.clone(), level: *level, words: words.clone() }],
        }),
        Request::Well { row, words } => Ok(match state.alert(row) {
            None => vec![],
            Some(_) => vec![Event::AlertCleared { row: row.clone(), words: words.clone() }],
        }),
        Request::Acknowledge { row, note } => match state.alert(row) {
            None => Err(Refusal::NoAlert(row.clone())),
            Some(_) => Ok(vec![Event::AlertAcknowledged { row: row.clone(), note: note.clone() }]),
        },
        Request::BeginMonitoring => may_begin(state).map(|()| vec![Event::MonitoringBegan]),
        Request::OpenRound { round, due, evidence } => goes_on(state).map(|()| {
            let known = state.watched().is_some_and(|w| w.round(*round).is_some());
            let opened = Event::RoundOpened { round: *round, due: *due, evidence: evidence.clone() };
            if known { vec![] } else { vec![opened] }
        }),
        Request::AnswerRound { round, item, met, note } => open(state, *round).map(|()| {
            let (item, note) = (item.clone(), note.clone());
            vec![Event::RoundAnswered { round: *round, item, met: *met, note }]
        }),
        Request::CloseRound { round, held } => open(state, *round).map(|()| vec![closed(*round, *held)]),
        Request::EndMonitoring { why } => goes_on(state).map(|()| {
            let open = state.watched().into_iter().flat_map(|w| &w.rounds).filter(|r| r.held.is_none());
            let mut events: Vec<Event> = open.map(|r| closed(r.id, r.so_far())).collect();
            events.push(Event::MonitoringEnded { why: why.clone() });
            events
        }),
        Request::Sent { milestone, text, to, attempts, failed } => Ok(vec![Event::MessageSent {
            milestone: *milestone,
            text: text.clone(),
            to: to.clone(),
            attempts: *attempts,
            failed: failed.clone(),
        }]),
        _ => return None,
    })
}

/// Whether the monitoring can begin.
pub(super) fn may_begin(state: &RunState) -> Result<(), Refusal> {
    if state.runbook().monitoring.is_empty() {
        Err(Refusal::NoWindows)
    } else if state.watched().is_some() {
        Err(Refusal::MonitoringGoesOn)
    } else {
        Ok(())
    }
}

fn goes_on(state: &RunState) -> Result<(), Refusal> {
    if state.is_watched() { Ok(()) } else { Err(Refusal::NoMonitoring) }
}

fn open(state: &RunState, round: RoundId) -> Result<(), Refusal> {
    goes_on(state)?;
    let open = state.watched().and_then(|w| w.round(round)).is_some_and(|r| r.held.is_none());
    if open { Ok(()) } else { Err(Refusal::RoundNotOpen(round)) }
}

fn closed(round: RoundId, held: Held) -> Event {
    Event::RoundClosed { round, held }
}
