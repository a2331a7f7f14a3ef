//! Before and after the release as a whole: when each began, and what lies between.

use chrono::{DateTime, TimeDelta, Utc};

use super::alerts;
use super::row::Row;
use crate::run::clock;
use crate::run::event::Exit;
use crate::run::health::Health;
use crate::run::state::{Ran, RunState};
use crate::shell::services;

/// Seconds of the time before.
const BEFORE_S: i64 = 900;

/// Before and after the release as a whole. The figures stand in the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The time before: from, and until the service was about to be changed.
    pub before: (DateTime<Utc>, DateTime<Utc>),
    /// The time after: from the first good look after the last start on; nothing while that has not come.
    pub after: Option<DateTime<Utc>>,
    /// How many rows are worse than before.
    pub worse: usize,
    /// How many milliseconds the service did not answer, in all.
    pub down_ms: Option<u64>,
    /// Looks at addresses in the time between.
    pub looks: u64,
    /// Those that nobody answered.
    pub unanswered: u64,
    /// Alerts since the time before, and how many of them are open.
    pub alerts: (usize, usize),
}

/// The time before, where it was taken.
pub(super) fn before(health: &Health) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let until = health.baseline_at?;
    let began = health.began()?;
    Some((began.max(until - TimeDelta::seconds(BEFORE_S)), until))
}

/// When the time after begins: with the first good look at an address after the last start; with the last change where
/// there is no address or no start.
pub(super) fn after(health: &Health, run: Option<&RunState>) -> Option<DateTime<Utc>> {
    let until = health.baseline_at?;
    let run = run?;
    let done = |ran: &&Ran| ran.started >= until && ran.exit.is_some_and(Exit::is_success);
    let changed = || run.ran().iter().filter(done).filter(|ran| alerts::changes(run, &ran.command));
    let started = changed().rfind(|ran| services::starts(&ran.text));
    let last = started.or_else(|| changed().next_back())?;
    let ended = last.started + TimeDelta::milliseconds(last.elapsed_ms as i64);
    let rows = health.rows(ended);
    let addresses: Vec<_> = rows.iter().filter(|row| alerts::is_address(health, &row.id)).collect();
    if addresses.is_empty() {
        return Some(ended);
    }
    let good = addresses.iter().filter_map(|row| health.history(&row.id)?.first_good(ended.timestamp()));
    good.min().and_then(|at| DateTime::from_timestamp(at, 0))
}

/// The release as a whole, where the time before was taken and a run has changed something.
pub(super) fn compared(
    health: &Health,
    run: &RunState,
    rows: &[Row],
    now: DateTime<Utc>,
) -> Option<Compared> {
    let before = before(health)?;
    let after = after(health, Some(run));
    let (from, until) = (before.1.timestamp(), after.unwrap_or(now).timestamp());
    let addresses = rows.iter().filter(|row| row.group == "http");
    let tallies = addresses.filter_map(|row| Some(health.history(&row.id)?.tally(from, until)));
    let (looks, unanswered) =
        tallies.fold((0, 0), |(looks, failed), tally| (looks + tally.looks(), failed + tally.failed));
    let since = run.alerts().iter().filter(|alert| alert.since >= before.1);
    let open = since.clone().filter(|alert| alert.until.is_none()).count();
    Some(Compared {
        before,
        after,
        worse: rows.iter().filter(|row| row.changed.is_worse()).count(),
        down_ms: clock::down_ms(&clock::outages(run), now),
        looks,
        unanswered,
        alerts: (since.count(), open),
    })
}
