//! What is to be recorded next of a run's monitoring.

use chrono::{DateTime, Utc};

use super::plan;
use super::round::RoundId;
use crate::run::event::Event;
use crate::run::health::{Evidence, Health, answer};
use crate::run::state::RunState;
use crate::runbook::{ItemId, Monitoring};

/// How long a round waits for the first readings of a runner that has just started.
pub(super) const FIRST_READINGS_S: i64 = 15;

/// The next thing that is due for the monitoring of a run; nothing when all is done for now.
pub fn due(state: &RunState, health: Option<&Health>, now: DateTime<Utc>) -> Option<Event> {
    let watched = state.watched().filter(|w| w.ended.is_none())?;
    let windows = &state.runbook().monitoring;
    let closed = watched.rounds.iter().filter(|r| r.held.is_some()).count();
    let Some(round) = plan(windows, watched.since).nth(closed) else {
        return Some(Event::MonitoringEnded { why: "all windows are over".into() });
    };
    match watched.round(round.id) {
        Some(known) if round.until <= now => {
            Some(Event::RoundClosed { round: round.id, held: known.so_far(), evidence: vec![] })
        }
        Some(_) => None,
        // It came and went while nobody was there to open it.
        None if round.until <= now => {
            Some(Event::RoundOpened { round: round.id, due: round.due, evidence: vec![] })
        }
        None if round.due <= now => {
            let late = now.signed_duration_since(round.due).num_seconds() >= FIRST_READINGS_S;
            let ready = health.is_none_or(|h| late || h.last_look().is_some_and(|at| at >= round.due));
            let evidence = ready.then(|| evidence(windows, round.id, health, now))?;
            Some(Event::RoundOpened { round: round.id, due: round.due, evidence })
        }
        None => None,
    }
}

/// What the probes say about the items of a round.
fn evidence(
    windows: &[Monitoring],
    round: RoundId,
    health: Option<&Health>,
    now: DateTime<Utc>,
) -> Vec<(ItemId, Evidence)> {
    let items = windows.get(round.window as usize - 1).map(|w| &w.items);
    let said = items
        .into_iter()
        .flatten()
        .filter_map(|item| Some((item.id.clone(), answer(&item.text, health?, now)?)));
    said.collect()
}
