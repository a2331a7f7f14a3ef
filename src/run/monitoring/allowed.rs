//! What a run's monitoring takes as it is now: a beginning, an answer, an end.

use super::round::RoundId;
use crate::run::event::Event;
use crate::run::refusal::Refusal;
use crate::run::state::RunState;

/// Whether the monitoring can begin.
pub(in crate::run) fn may_begin(state: &RunState) -> Result<(), Refusal> {
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
pub(in crate::run) fn is_open(state: &RunState, round: RoundId) -> Result<(), Refusal> {
    goes_on(state)?;
    let open = state.watched().and_then(|w| w.round(round)).is_some_and(|r| r.held.is_none());
    if open { Ok(()) } else { Err(Refusal::RoundNotOpen(round)) }
}

/// Ends the monitoring: rounds that are open are closed as they are.
pub(in crate::run) fn end(state: &RunState, why: &str) -> Result<Vec<Event>, Refusal> {
    goes_on(state)?;
    let open = state.watched().into_iter().flat_map(|w| &w.rounds).filter(|r| r.held.is_none());
    let mut events: Vec<Event> =
        open.map(|r| Event::RoundClosed { round: r.id, held: r.so_far(), evidence: vec![] }).collect();
    events.push(Event::MonitoringEnded { why: why.to_owned() });
    Ok(events)
}
