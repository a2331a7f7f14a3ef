//! The clocks of the frame: what is left of the change window, and how long the service has been down.

use chrono::{DateTime, TimeDelta, Utc};

use super::event::Window;
use super::state::{RunState, Standing};
use crate::shell::services;

/// The latest time to begin a rollback: the window's end less what the document says a rollback takes.
pub fn latest_rollback(window: Window, state: &RunState) -> DateTime<Utc> {
    let takes: u64 = state.runbook().rollback.steps.iter().filter_map(|s| s.estimate_s).max().unwrap_or(0);
    window.ends - TimeDelta::seconds(takes as i64)
}

/// When the service went down and, once that was seen, came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// The first command that stops a service was started then.
    pub since: DateTime<Utc>,
    /// A health check was answered well then.
    pub until: Option<DateTime<Utc>>,
}

/// The last outage so far, from what was run and what came of it; going back begins another one. It ends with the
/// first health check after the stop that counts as passed; one about which nothing is claimed counts only when it
/// fails by itself on an unhealthy answer.
pub fn outage(state: &RunState) -> Option<Outage> {
    let mut found: Option<Outage> = None;
    for ran in state.ran_on_services().filter(|r| r.exit.is_some_and(super::Exit::is_success)) {
        let ended = ran.started + TimeDelta::milliseconds(ran.elapsed_ms as i64);
        match &mut found {
            None | Some(Outage { until: Some(_), .. }) if services::stops(&ran.text) => {
                found = Some(Outage { since: ran.started, until: None });
            }
            Some(Outage { until: until @ None, .. }) if services::asks_health(&ran.text) => {
                let healthy = match state.standing(&ran.command) {
                    Standing::Passed => true,
                    Standing::DoneNothingClaimed => services::fails_when_unhealthy(&ran.text),
                    _ => false,
                };
                *until = healthy.then_some(ended);
            }
            _ => {}
        }
    }
    found
}
