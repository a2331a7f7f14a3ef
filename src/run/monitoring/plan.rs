//! The document's windows as rounds with their times.

use chrono::{DateTime, TimeDelta, Utc};

use super::round::{RoundId, Watched};
use crate::runbook::Monitoring;

/// A window without a length, or an interval, is one round that is open for so many seconds.
const ONE_ROUND_S: u64 = 3600;

/// A round as the document plans it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its name.
    pub id: RoundId,
    /// When it begins.
    pub due: DateTime<Utc>,
    /// When it is over: the next one begins then.
    pub until: DateTime<Utc>,
}

/// A window's place in time: from where the window before it ends to its own end.
fn spans(windows: &[Monitoring]) -> Vec<(u64, u64, u64)> {
    let mut begins = 0;
    let mut spans = Vec::new();
    for window in windows {
        let length = window.for_s.unwrap_or(begins + window.every_s.unwrap_or(ONE_ROUND_S));
        let ends = length.max(begins + 1);
        let every = window.every_s.unwrap_or(ends - begins).max(1);
        spans.push((begins, ends, every));
        begins = ends;
    }
    spans
}

/// How many rounds a window has.
pub fn rounds_of(windows: &[Monitoring], window: u32) -> u32 {
    let spans = spans(windows);
    let Some((begins, ends, every)) = spans.get((window as usize).wrapping_sub(1)) else { return 0 };
    ((ends - begins).div_ceil(*every)) as u32
}

/// When a window is over.
pub fn window_ends(windows: &[Monitoring], since: DateTime<Utc>, window: u32) -> DateTime<Utc> {
    let spans = spans(windows);
    let ends = spans.get((window as usize).wrapping_sub(1)).map_or(0, |(_, ends, _)| *ends);
    since + TimeDelta::seconds(ends as i64)
}

/// The place, from 0, of the window that a time is in; the last one afterwards.
pub fn window_at(windows: &[Monitoring], since: DateTime<Utc>, now: DateTime<Utc>) -> usize {
    let passed = now.signed_duration_since(since).num_seconds().max(0) as u64;
    let spans = spans(windows);
    spans.iter().position(|(_, ends, _)| passed < *ends).unwrap_or(spans.len().saturating_sub(1))
}

/// All rounds of a watch that began at a time, in order.
pub fn plan(windows: &[Monitoring], since: DateTime<Utc>) -> impl Iterator<Item = Planned> {
    let at = move |seconds: u64| since + TimeDelta::seconds(seconds as i64);
    spans(windows).into_iter().enumerate().flat_map(move |(window, (begins, ends, every))| {
        let count = (ends - begins).div_ceil(every);
        (0..count).map(move |n| Planned {
            id: RoundId { window: window as u32 + 1, number: n as u32 + 1 },
            due: at(begins + n * every),
            until: at((begins + (n + 1) * every).min(ends)),
        })
    })
}

/// The round that is open at a time.
pub fn open_at(windows: &[Monitoring], since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Planned> {
    plan(windows, since).take_while(|r| r.due <= now).find(|r| now < r.until)
}

/// The next round after a time.
pub fn next_after(windows: &[Monitoring], since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Planned> {
    plan(windows, since).find(|r| r.due > now)
}

/// When the next thing is to be done for a watch: a round begins or is over.
pub fn next_change(windows: &[Monitoring], watched: &Watched, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if watched.ended.is_some() {
        return None;
    }
    let known = watched.rounds.iter().filter(|r| r.held.is_some()).count();
    let mut open = plan(windows, watched.since).skip(known);
    let Some(round) = open.next() else { return Some(now) };
    Some(if watched.round(round.id).is_none() { round.due } else { round.until })
}
