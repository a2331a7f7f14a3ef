//! Decides about what is watched: alerts, rounds, messages.

use crate::run::event::Event;
use crate::run::monitoring::{end, is_open, may_begin};
use crate::run::refusal::Refusal;
use crate::run::request::{Request, Surroundings};
use crate::run::state::RunState;

/// Decides where the request is about what is watched.
pub(super) fn decide(
    state: &RunState,
    request: &Request,
    around: &Surroundings,
) -> Option<Result<Vec<Event>, Refusal>> {
    Some(match request {
        Request::Baseline => Ok(vec![Event::BaselineTaken]),
        Request::Acknowledge { row, note } => match state.alert(row) {
            None => Err(Refusal::NoAlert(row.clone())),
            Some(_) => Ok(vec![Event::AlertAcknowledged { row: row.clone(), note: note.clone() }]),
        },
        Request::BeginMonitoring => may_begin(state).map(|()| vec![Event::MonitoringBegan]),
        Request::AnswerRound { round, item, met, note } => is_open(state, *round).map(|()| {
            let (item, note) = (item.clone(), note.clone());
            vec![Event::RoundAnswered { round: *round, item, met: *met, note }]
        }),
        Request::EndMonitoring { why } => end(state, why, &around.so_far),
        _ => return None,
    })
}
