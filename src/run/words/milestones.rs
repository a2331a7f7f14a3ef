//! What others are told of a run, and when.

use chrono::{DateTime, Local, Utc};

use crate::config::Milestone;
use crate::run::clock::{self, Outage};
use crate::run::event::{Event, Outcome};
use crate::run::health::span;
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
            match (before, after.until) {
                (None, _) => {
                    let at = time(after.since);
                    (Milestone::Down, format!("{run}: the service is down since {at}, stopped by {command}"))
                }
                (Some(Outage { until: None, .. }), Some(until)) => {
                    let down = until.signed_duration_since(after.since).num_seconds().max(0) as u64;
                    let at = time(until);
                    (
                        Milestone::Up,
                        format!("{run}: the service is up since {at}, it was down for {}", span(down)),
                    )
                }
                _ => return None,
            }
        }
        Event::AlertRaised { level, words, .. } => {
            (Milestone::Alert, format!("{run}: {}: {words}", level.word()))
        }
        Event::AlertCleared { words, .. } => (Milestone::Alert, format!("{run}: well again: {words}")),
        Event::RoundClosed { round, held: Held::Missed } => {
            (Milestone::Round, format!("{run}: monitoring round {round} was missed"))
        }
        Event::MonitoringEnded { why } => (Milestone::Round, format!("{run}: monitoring is over: {why}")),
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

/// Local time with its zone.
fn time(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%H:%M %Z").to_string()
}
