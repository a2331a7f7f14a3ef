//! The answers of an address, one by one, and the figures of the last of them.
//!
//! A figure of several answers is of a window of time and says of how many it is. What did not answer counts as slower
//! than any limit; with too few nothing is called a percentile.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::runbook::measures::Measure;

/// So many answers are in a window at least, however long ago the first of them was.
const LEAST: usize = 5;
/// Answers are kept for so many seconds: what is told of the time before a release is told of them.
pub(super) const KEPT_S: i64 = 900;
/// And so many of them at most.
const MOST: usize = 1000;

/// One request that was made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i64, Option<f64>, bool)", into = "(i64, Option<f64>, bool)")]
pub struct Answered {
    /// When, in milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// How many milliseconds it took; nothing where nobody answered.
    pub took_ms: Option<f64>,
    /// It was an error, or no answer.
    pub error: bool,
}

impl From<(i64, Option<f64>, bool)> for Answered {
    fn from((at_ms, took_ms, error): (i64, Option<f64>, bool)) -> Self {
        Self { at_ms, took_ms, error }
    }
}

impl From<Answered> for (i64, Option<f64>, bool) {
    fn from(one: Answered) -> Self {
        (one.at_ms, one.took_ms, one.error)
    }
}

/// What a window's figure is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Called {
    /// What was asked for: there were enough answers.
    Itself,
    /// The slowest of the answers: there were too few for what was asked for.
    Slowest,
}

/// A figure of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Windowed {
    /// In the measure's unit. Where `over` is set it is the limit, and the figure is more.
    pub value: f64,
    /// It is made of requests that nobody answered within the limit.
    pub over: bool,
    /// Of so many requests.
    pub n: u64,
    /// How many of them were errors or had no answer.
    pub errors: u64,
    /// What it is.
    pub called: Called,
    /// The median, where it is the slowest of enough for one.
    pub median: Option<f64>,
}

/// The answers of one address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(VecDeque<Answered>);

impl Answers {
    /// Takes one in.
    pub fn add(&mut self, at: DateTime<Utc>, took_ms: Option<f64>, error: bool) {
        let at_ms = at.timestamp_millis();
        // After a time that nothing is known of, what was before it is no figure of now.
        if self.0.back().is_some_and(|last| last.at_ms < at_ms - 2 * KEPT_S * 1000) {
            self.0.clear();
        }
        self.0.push_back(Answered { at_ms, took_ms, error });
        let old = |first: &Answered| first.at_ms < at_ms - KEPT_S * 1000;
        while self.0.len() > MOST || (self.0.len() > LEAST && self.0.front().is_some_and(old)) {
            self.0.pop_front();
        }
    }

    /// Those of so many seconds before a time, and the last few in any case.
    pub fn within(&self, now: DateTime<Utc>, seconds: i64) -> impl Iterator<Item = &Answered> {
        let from = now.timestamp_millis() - seconds * 1000;
        let old = self.0.iter().take_while(|a| a.at_ms < from).count();
        self.0.iter().skip(old.min(self.0.len().saturating_sub(LEAST)))
    }

    /// The figure of a window of so many seconds; nothing where nothing answered in it, or it is no figure of several
    /// answers. `limit_ms` is how long an answer was waited for.
    pub fn figure(
        &self,
        measure: Measure,
        now: DateTime<Utc>,
        seconds: i64,
        limit_ms: f64,
    ) -> Option<Windowed> {
        let all: Vec<&Answered> = self.within(now, seconds).collect();
        figure(&all, measure, limit_ms)
    }
}

/// Whether a measure is of several answers.
pub(super) fn is_windowed(measure: Measure) -> bool {
    measure == Measure::ErrorRate || share(measure).is_some()
}

/// The place of a percentile among the answers, the fastest first, and how many there have to be of them before it is
/// called that. The mean is asked for as many as the median.
fn share(measure: Measure) -> Option<(f64, u64)> {
    match measure {
        Measure::LatencyP50 | Measure::LatencyMean => Some((0.5, 5)),
        Measure::LatencyP95 => Some((0.95, 20)),
        Measure::LatencyP99 => Some((0.99, 100)),
        _ => None,
    }
}

fn figure(all: &[&Answered], measure: Measure, limit_ms: f64) -> Option<Windowed> {
    let n = all.len() as u64;
    let errors = all.iter().filter(|a| a.error).count() as u64;
    if n == 0 {
        return None;
    }
    let of = |value, over, called| Some(Windowed { value, over, n, errors, called, median: None });
    if measure == Measure::ErrorRate {
        return of(errors as f64 * 100.0 / n as f64, false, Called::Itself);
    }
    let (share, enough) = share(measure)?;
    let mut took: Vec<f64> = all.iter().filter_map(|a| a.took_ms).collect();
    if took.is_empty() {
        return None;
    }
    took.sort_by(f64::total_cmp);
    let slower = (took.len() as u64) < n;
    if n < enough {
        let slowest = took.last().copied().unwrap_or(limit_ms);
        let (median, enough) = (nearest(&took, n, 0.5).unwrap_or(limit_ms), n >= LEAST as u64);
        let slowest = of(if slower { limit_ms } else { slowest }, slower, Called::Slowest)?;
        return Some(Windowed { median: enough.then_some(median), ..slowest });
    }
    if measure == Measure::LatencyMean {
        let unanswered = n - took.len() as u64;
        let sum = took.iter().sum::<f64>() + unanswered as f64 * limit_ms;
        return of(sum / n as f64, slower, Called::Itself);
    }
    match nearest(&took, n, share) {
        Some(value) => of(value, false, Called::Itself),
        None => of(limit_ms, true, Called::Itself),
    }
}

/// The nearest rank: the least value that so large a share of all requests does not exceed; nothing where that is one
/// that nobody answered.
fn nearest(took: &[f64], n: u64, share: f64) -> Option<f64> {
    let rank = ((n as f64 * share).ceil() as usize).max(1) - 1;
    took.get(rank).copied()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    fn told(answers: &Answers, measure: Measure, now: i64) -> Option<(f64, bool, u64, Called)> {
        let figure = answers.figure(measure, at(now), 120, 2000.0)?;
        Some((figure.value, figure.over, figure.n, figure.called))
    }

    #[test]
    fn a_figure_is_of_the_last_minutes_and_back_soon_after() {
        let mut answers = Answers::default();
        let mut p50 = Vec::new();
        // Forty fast answers, half a minute of slow ones, two and a half minutes of fast ones.
        for look in 0..76 {
            let now = look * 5;
            let slow = (200..230).contains(&now);
            answers.add(at(now), Some(if slow { 350.0 } else { 20.0 }), false);
            p50.push((now, told(&answers, Measure::LatencyP95, now).unwrap()));
        }
        let beyond: Vec<i64> = p50.iter().filter(|(_, (v, ..))| *v > 200.0).map(|(at, _)| *at).collect();
        assert!(beyond.first().is_some_and(|at| at - 200 <= 75), "{beyond:?}");
        assert!(beyond.last().is_some_and(|at| at - 230 < 130), "{beyond:?}");
    }

    #[test]
    fn the_median_follows_a_change_within_a_window() {
        let mut answers = Answers::default();
        (0..40).for_each(|n| answers.add(at(n * 5), Some(20.0), false));
        let mut changed = None;
        for n in 40..65 {
            answers.add(at(n * 5), Some(350.0), false);
            if told(&answers, Measure::LatencyP50, n * 5).is_some_and(|(v, ..)| v > 200.0) {
                changed.get_or_insert(n * 5 - 200);
            }
        }
        assert!(changed.is_some_and(|after| after <= 75), "{changed:?}");
    }

    #[test]
    fn what_does_not_answer_is_slower_than_the_limit_and_nothing_is_no_figure() {
        let mut answers = Answers::default();
        for n in 0..24 {
            let took = (n % 2 == 0).then_some(20.0);
            answers.add(at(n * 5), took, took.is_none());
        }
        assert_eq!(told(&answers, Measure::LatencyP95, 120), Some((2000.0, true, 24, Called::Itself)));
        assert_eq!(told(&answers, Measure::LatencyP50, 120), Some((20.0, false, 24, Called::Itself)));
        assert_eq!(told(&answers, Measure::ErrorRate, 120), Some((50.0, false, 24, Called::Itself)));
        (24..60).for_each(|n| answers.add(at(n * 5), None, true));
        assert_eq!(told(&answers, Measure::LatencyP95, 300), None, "no percentile outlives its answers");
        assert!(told(&answers, Measure::ErrorRate, 300).is_some_and(|(rate, ..)| rate > 99.0));
    }

    #[test]
    fn too_few_are_not_called_what_they_are_not() {
        let mut answers = Answers::default();
        answers.add(at(0), Some(30.0), false);
        assert_eq!(told(&answers, Measure::LatencyP95, 1), Some((30.0, false, 1, Called::Slowest)));
        (1..7).for_each(|n| answers.add(at(n * 5), Some(20.0), false));
        assert_eq!(told(&answers, Measure::LatencyP50, 40), Some((20.0, false, 7, Called::Itself)));
        assert_eq!(told(&answers, Measure::LatencyP99, 40), Some((30.0, false, 7, Called::Slowest)));
        // A slow interval has its last five, whatever the window is.
        let mut slow = Answers::default();
        (0..9).for_each(|n| slow.add(at(n * 300), Some(20.0), false));
        assert_eq!(told(&slow, Measure::LatencyP50, 2400).map(|t| t.2), Some(5));
        let last = at(0) + TimeDelta::seconds(2400);
        assert_eq!(slow.within(last, 1).count(), LEAST);
    }
}
