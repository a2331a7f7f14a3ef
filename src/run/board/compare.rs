//! Before and after the release: what changed, and whether that is more than it moves by itself.

use chrono::{DateTime, TimeDelta, Utc};

use super::alerts;
use super::row::Row;
use crate::run::clock;
use crate::run::health::{Bounds, Health, RowLevel, Usual};
use crate::run::state::{Ran, RunState};
use crate::shell::services;

/// So many readings there have to be on both sides.
const ENOUGH: u64 = 20;
/// Seconds of the time before.
const BEFORE_S: i64 = 900;
/// What differs by less than this share of the nearest bound, or of the value, is no change.
const SHARE: f64 = 0.1;

/// What a change comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Nothing was changed yet, or there is nothing to tell it against.
    NotYet,
    /// Within what it did before.
    AsBefore,
    /// Beyond that, to the good.
    Better,
    /// Beyond that, to the bad.
    Worse,
    /// Its level is worse.
    WorseAbove,
    /// There are so many readings on the side that has fewer, and that is too few.
    TooFew(u64),
    /// It is not measured.
    NotMeasured,
    /// It was not there before.
    New,
    /// It is not there any more.
    Gone,
}

impl Changed {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Changed::NotYet => String::new(),
            Changed::AsBefore => "as before".into(),
            Changed::Better => "better".into(),
            Changed::Worse => "worse".into(),
            Changed::WorseAbove => "worse: above alert".into(),
            Changed::TooFew(n) => format!("too few: {n} of {ENOUGH}"),
            Changed::NotMeasured => "not measured".into(),
            Changed::New => "new".into(),
            Changed::Gone => "gone".into(),
        }
    }

    /// As JSON names it.
    pub fn name(self) -> &'static str {
        match self {
            Changed::NotYet => "not_yet",
            Changed::AsBefore => "as_before",
            Changed::Better => "better",
            Changed::Worse => "worse",
            Changed::WorseAbove => "worse_above_alert",
            Changed::TooFew(_) => "too_few",
            Changed::NotMeasured => "not_measured",
            Changed::New => "new",
            Changed::Gone => "gone",
        }
    }

    /// It is worse than before.
    pub fn is_worse(self) -> bool {
        matches!(self, Changed::Worse | Changed::WorseAbove | Changed::Gone)
    }
}

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
    let done = |ran: &&Ran| ran.started >= until && ran.exit.is_some_and(|exit| exit.is_success());
    let changed = || run.ran().iter().filter(done).filter(|ran| alerts::changes(run, &ran.command));
    let started = changed().filter(|ran| services::starts(&ran.text)).next_back();
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

/// What a row's change comes to.
pub(super) fn changed(
    (before, after): (Option<Usual>, Option<Usual>),
    (bounds, level): (&Bounds, RowLevel),
    taken: bool,
) -> Changed {
    let (Some(before), Some(after)) = (before, after) else {
        return match (before.is_some(), after.is_some()) {
            _ if !taken => Changed::NotYet,
            (false, true) => Changed::New,
            (true, false) if level == RowLevel::Down => Changed::Gone,
            _ => Changed::NotMeasured,
        };
    };
    let n = before.n.min(after.n);
    let was = bounds.level(before.median).map(RowLevel::from);
    if level == RowLevel::Alert && was.is_some_and(|was| was > RowLevel::Alert) {
        return Changed::WorseAbove;
    }
    if n < ENOUGH {
        return Changed::TooFew(n);
    }
    let difference = after.median - before.median;
    let within = (before.p05..=before.p95).contains(&after.median);
    let bounds_there = [bounds.target, bounds.acceptable, bounds.alert].into_iter().flatten();
    let distance = |bound: f64| (bound - before.median).abs();
    let nearest = bounds_there
        .map(|bound| bound.value)
        .min_by(|one, other| distance(*one).total_cmp(&distance(*other)));
    let little = difference.abs() < SHARE * nearest.unwrap_or(before.median).abs();
    match (difference > 0.0) == bounds.high_is_bad() {
        _ if within || little => Changed::AsBefore,
        true => Changed::Worse,
        false => Changed::Better,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::measures::{Bound, Side};

    #[test]
    fn a_change_is_one_where_it_is_more_than_it_moves_by_itself() {
        let below = |value| Some(Bound { side: Side::Below, value });
        let bounds = Bounds { target: below(100.0), acceptable: below(500.0), alert: None };
        let usual = |median, n| Some(Usual { median, p05: median * 0.8, p95: median * 1.2, n });
        let told = |before, after, level| changed((before, after), (&bounds, level), true);
        assert_eq!(told(usual(31.0, 100), usual(32.0, 100), RowLevel::Ok), Changed::AsBefore);
        assert_eq!(told(usual(31.0, 100), usual(39.0, 100), RowLevel::Ok), Changed::AsBefore, "of the bound");
        assert_eq!(told(usual(31.0, 100), usual(60.0, 100), RowLevel::Ok), Changed::Worse);
        assert_eq!(told(usual(60.0, 100), usual(31.0, 100), RowLevel::Ok), Changed::Better);
        assert_eq!(told(usual(31.0, 100), usual(60.0, 19), RowLevel::Ok), Changed::TooFew(19));
        assert_eq!(told(usual(31.0, 100), usual(900.0, 100), RowLevel::Alert), Changed::WorseAbove);
        assert_eq!(told(None, usual(1.0, 50), RowLevel::Ok), Changed::New);
        assert_eq!(told(usual(1.0, 50), None, RowLevel::NotMeasured), Changed::NotMeasured);
        assert_eq!(changed((None, None), (&bounds, RowLevel::Ok), false), Changed::NotYet);
    }
}
