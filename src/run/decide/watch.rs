//! Decides about what is watched: alerts, rounds, messages.

use crate::run::event::Event;
use crate::run::monitoring::RoundId;
use crate::run::refusal::Refusal;
use crate::run::request::Request;
use crate::run::state::RunState;

/// Decides where the request is about what is watched.
pub(super) fn decide(state: &RunState, request: &Request) -> Option<Result<Vec<Event>, Refusal>> {
    Some(match request {
        Request::Baseline => Ok(vec![Event::BaselineTaken]),
        Request::Acknowledge { row, note } => match state.alert(row) {
            None => Err(Refusal::NoAlert(row.clone())),
            Some(_) => Ok(vec![Event::AlertAcknowledged { row: row.clone(), note: note.clone() }]),
        },
        Request::BeginMonitoring => may_begin(state).map(|()| vec![Event::MonitoringBegan]),
        Request::AnswerRound { round, item, met, note } => open(state, *round).map(|()| {
            let (item, note) = (item.clone(), note.clone());
            vec![Event::RoundAnswered { round: *round, item, met: *met, note }]
        }),
        Request::EndMonitoring { why } => end(state, why),
        _ => return None,
    })
}

/// Ends the monitoring: rounds that are open are closed as they are.
pub(in crate::run) fn end(state: &RunState, why: &str) -> Result<Vec<Event>, Refusal> {
    goes_on(state)?;
    let open = state.watched().into_iter().flat_map(|w| &w.rounds).filter(|r| r.held.is_none());
    let mut events: Vec<Event> = open.map(|r| Event::RoundClosed { round: r.id, held: r.so_far() }).collect();
    events.push(Event::MonitoringEnded { why: why.to_owned() });
    Ok(events)
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

/// Whether the monitoring goes on.
pub(in crate::run) fn goes_on(state: &RunState) -> Result<(), Refusal> {
    if state.is_watched() { Ok(()) } else { Err(Refusal::NoMonitoring) }
}

/// Whether a round of the monitoring is open.
pub(in crate::run) fn open(state: &RunState, round: RoundId) -> Result<(), Refusal> {
    goes_on(state)?;
    let open = state.watched().and_then(|w| w.round(round)).is_some_and(|r| r.held.is_none());
    if open { Ok(()) } else { Err(Refusal::RoundNotOpen(round)) }
}
