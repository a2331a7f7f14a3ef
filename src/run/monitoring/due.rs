//! What is to be recorded next of a run's monitoring.
//!
//! A round is a span: what probes say of it is said when it is over, of all looks within it.

use chrono::{DateTime, Utc};

use super::plan::{self, Planned};
use super::round::SoFar;
use crate::run::event::Event;
use crate::run::health::{Asking, Evidence, Health, answer, was_looked_at};
use crate::run::state::RunState;
use crate::runbook::ItemId;

/// The next thing that is due for the monitoring of a run; nothing when all is done for now.
pub fn due(state: &RunState, health: Option<&Health>, now: DateTime<Utc>) -> Option<Event> {
    let watched = state.watched().filter(|w| w.ended.is_none())?;
    let windows = &state.runbook().monitoring;
    let closed = watched.rounds.iter().filter(|r| r.held.is_some()).count();
    let Some(round) = plan::plan(windows, watched.since).nth(closed) else {
        return Some(Event::MonitoringEnded { why: "all windows are over".into() });
    };
    match watched.round(round.id) {
        Some(known) if round.until <= now => {
            let evidence = evidence(state, &round, health, round.until);
            let looked = health.is_some_and(|h| was_looked_at(h, round.due, round.until));
            Some(Event::RoundClosed { round: round.id, held: known.held_with(looked), evidence })
        }
        Some(_) => None,
        None if round.due <= now => {
            Some(Event::RoundOpened { round: round.id, due: round.due, evidence: vec![] })
        }
        None => None,
    }
}

/// What is to be said of the round that is open, if it is closed now.
pub fn so_far(state: &RunState, health: Option<&Health>, now: DateTime<Utc>) -> SoFar {
    let windows = &state.runbook().monitoring;
    let open = state.watched().and_then(|w| plan::open_at(windows, w.since, now));
    let Some(round) = open else { return SoFar::default() };
    SoFar {
        looked: health.is_some_and(|h| was_looked_at(h, round.due, now)),
        evidence: evidence(state, &round, health, now),
    }
}

/// What all looks of a round, up to a time, say about its items.
pub fn evidence(
    state: &RunState,
    round: &Planned,
    health: Option<&Health>,
    until: DateTime<Utc>,
) -> Vec<(ItemId, Evidence)> {
    let windows = &state.runbook().monitoring;
    let items = windows.get(round.id.window as usize - 1).map(|w| &w.items);
    let asking = Asking { from: Some(round.due), at: until, zone: state.zone() };
    let said = items
        .into_iter()
        .flatten()
        .filter_map(|item| Some((item.id.clone(), answer(&item.text, health?, asking)?)));
    said.collect()
}
