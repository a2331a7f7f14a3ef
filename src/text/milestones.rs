//! What others are told of a run, and when.

use crate::config::Milestone;
use crate::figures::{minute, span};
use crate::run::clock::{self, Outage, Sign};
use crate::run::event::{Event, Outcome};
use crate::run::monitoring::Held;
use crate::run::state::RunState;

/// What is to be told of an event that was just folded into a state, given the outage before it.
pub fn milestone(before: Option<Outage>, state: &RunState, event: &Event) -> Option<(Milestone, String)> {
    let run = format!("{} in {}", state.id(), state.environment());
    Some(match event {
        Event::RunStarted(start) => {
            let ticket = start.ticket.as_ref().map_or(String::new(), |t| format!(", {t}"));
            (Milestone::Started, format!("{run}: started by {}: {}{ticket}", start.operator, start.title))
        }
        Event::CommandExited { command, .. } => {
            let after = clock::outage(state)?;
            let (since, down) =
                (minute(after.since, state.zone()), span(after.lasted_ms(after.since) / 1000));
            let same = before.filter(|before| before.since == after.since);
            match (same, after.until) {
                (None, None) => (
                    Milestone::Down,
                    format!("{run}: the service has been down since {since}, stopped by {command}"),
                ),
                (Some(Outage { until: Some(_), .. }), None) => (
                    Milestone::Down,
                    format!("{run}: the service has been down since {since}: {command} got no answer"),
                ),
                (None | Some(Outage { until: None, .. }), Some(until)) => {
                    let at = minute(until, state.zone());
                    let how = if after.sign == Sign::Started { "was started at" } else { "is up since" };
                    (Milestone::Up, format!("{run}: the service {how} {at}, it was down for {down}"))
                }
                _ => return None,
            }
        }
        Event::AlertRaised { level, words, .. } => {
            (Milestone::Alert, format!("{run}: {}: {words}", level.word()))
        }
        Event::AlertCleared { words, .. } => (Milestone::Alert, format!("{run}: recovered: {words}")),
        Event::RoundClosed { round, held: Held::Missed, .. } => {
            (Milestone::Round, format!("{run}: monitoring round {round} was missed"))
        }
        Event::MonitoringEnded { why } => (Milestone::Round, format!("{run}: monitoring ended: {why}")),
        Event::RunFinished { outcome } => {
            let (milestone, word) = match outcome {
                Outcome::RolledBack => (Milestone::RolledBack, "rolled back".to_owned()),
                other => (Milestone::Done, other.to_string()),
            };
            let began = state.start().map(|(_, at)| *at)?;
            let took = state.outcome()?.1.signed_duration_since(began).num_seconds().max(0) as u64;
            (milestone, format!("{run}: {word} after {}", span(took)))
        }
        _ => return None,
    })
}
