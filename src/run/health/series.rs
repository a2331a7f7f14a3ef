//! What a figure was over time: fine for the last quarter of an hour, coarse for a day. Bounded.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// So many fine points are kept: a quarter of an hour at five seconds.
const FINE: usize = 180;
/// Seconds that go into one coarse point.
pub const BUCKET_S: i64 = 300;
/// So many coarse points are kept: a day.
const COARSE: usize = 288;

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i64, f64)", into = "(i64, f64)")]
pub struct Point {
    /// Seconds since 1970, UTC.
    pub at: i64,
    /// In the measure's unit.
    pub value: f64,
}

impl From<(i64, f64)> for Point {
    fn from((at, value): (i64, f64)) -> Self {
        Self { at, value }
    }
}

impl From<Point> for (i64, f64) {
    fn from(point: Point) -> Self {
        (point.at, point.value)
    }
}

/// Five minutes of values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coarse {
    /// When they begin: seconds since 1970, UTC.
    pub at: i64,
    /// How many there were.
    pub n: u32,
    /// Their mean.
    pub mean: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub most: f64,
}

/// A figure over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    fine: VecDeque<Point>,
    coarse: VecDeque<Coarse>,
}

impl Series {
    /// Adds a value.
    pub fn add(&mut self, at: DateTime<Utc>, value: f64) {
        let at = at.timestamp();
        if self.fine.len() == FINE {
            self.fine.pop_front();
        }
        self.fine.push_back(Point { at, value });
        let begins = at - at.rem_euclid(BUCKET_S);
        match self.coarse.back_mut() {
            Some(last) if last.at == begins => {
                last.n += 1;
                last.mean += (value - last.mean) / f64::from(last.n);
                last.least = last.least.min(value);
                last.most = last.most.max(value);
            }
            _ => {
                if self.coarse.len() == COARSE {
                    self.coarse.pop_front();
                }
                self.coarse.push_back(Coarse { at: begins, n: 1, mean: value, least: value, most: value });
            }
        }
    }

    /// The last quarter of an hour, the oldest first.
    pub fn fine(&self) -> impl DoubleEndedIterator<Item = &Point> {
        self.fine.iter()
    }

    /// The last day in steps of five minutes, the oldest first.
    pub fn coarse(&self) -> impl DoubleEndedIterator<Item = &Coarse> {
        self.coarse.iter()
    }

    /// The latest value.
    pub fn last(&self) -> Option<Point> {
        self.fine.back().copied()
    }

    /// The last value before a time, as exactly as it is kept.
    pub fn before(&self, at: i64) -> Option<Point> {
        let fine = self.fine.iter().rev().find(|p| p.at < at).copied();
        let folded = || self.coarse.iter().rev().find(|c| c.at + BUCKET_S <= at);
        fine.or_else(|| folded().map(|c| Point { at: c.at + BUCKET_S - 1, value: c.mean }))
    }

    /// The most that was ever seen; 0 where nothing was, or less.
    pub fn most(&self) -> f64 {
        self.coarse.iter().map(|c| c.most).fold(0.0, f64::max)
    }

    /// Those of a time, as exactly as they are kept: from one time on and before another. What is kept one by one is a
    /// part of its own.
    pub fn within(&self, from: i64, until: i64) -> impl Iterator<Item = Coarse> {
        let fine_from = self.fine.front().map_or(i64::MAX, |p| p.at);
        let coarse = self.coarse.iter().filter(move |c| c.at + BUCKET_S <= fine_from).copied();
        let one = |p: &Point| Coarse { at: p.at, n: 1, mean: p.value, least: p.value, most: p.value };
        let all = coarse.chain(self.fine.iter().map(one));
        all.filter(move |part| (from..until).contains(&part.at))
    }

    /// So many parts of `bucket_s` seconds from a time on: what was seen in each, with the last of it.
    pub fn buckets(&self, from: i64, bucket_s: i64, count: usize) -> Vec<Option<(Point, Coarse)>> {
        let mut parts: Vec<Option<(Point, Coarse)>> = vec![None; count];
        let mut add = |at: i64, one: Coarse| {
            let place = (at - from).div_euclid(bucket_s.max(1));
            let Some(part) = usize::try_from(place).ok().and_then(|place| parts.get_mut(place)) else {
                return;
            };
            let last = Point { at, value: one.mean };
            match part {
                None => *part = Some((last, one)),
                Some((point, known)) => {
                    let n = known.n + one.n;
                    let sum = known.mean * f64::from(known.n) + one.mean * f64::from(one.n);
                    (known.n, known.mean) = (n, sum / f64::from(n.max(1)));
                    known.least = known.least.min(one.least);
                    known.most = known.most.max(one.most);
                    *point = last;
                }
            }
        };
        let fine_from = self.fine.front().map_or(i64::MAX, |p| p.at);
        for coarse in self.coarse.iter().filter(|c| c.at + BUCKET_S <= fine_from) {
            add(coarse.at, *coarse);
        }
        for Point { at, value } in &self.fine {
            add(*at, Coarse { at: *at, n: 1, mean: *value, least: *value, most: *value });
        }
        parts
    }

    /// Seconds for which it is known, to be drawn: a quarter of an hour at least, a day at most.
    pub fn known_for(&self, now: DateTime<Utc>) -> i64 {
        let first = self.coarse.front().map_or(now.timestamp(), |c| c.at);
        (now.timestamp() - first).clamp(900, 86_400)
    }

    /// The span before `until`, in `columns` equal parts: the mean of each, nothing where nothing was seen.
    pub fn parts(&self, until: DateTime<Utc>, seconds: i64, columns: usize) -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0u32); columns];
        let from = until.timestamp() - seconds;
        let mut add = |at: i64, value: f64| {
            let passed = at - from;
            if passed > 0 && passed <= seconds && columns > 0 {
                let column = ((passed - 1) * columns as i64 / seconds) as usize;
                let (sum, n) = &mut sums[column.min(columns - 1)];
                *sum += value;
                *n += 1;
            }
        };
        let fine_from = self.fine.front().map_or(i64::MAX, |p| p.at);
        for coarse in self.coarse.iter().filter(|c| c.at + BUCKET_S <= fine_from) {
            add(coarse.at + BUCKET_S / 2, coarse.mean);
        }
        self.fine.iter().for_each(|p| add(p.at, p.value));
        sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / f64::from(n))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_100 + seconds, 0).unwrap()
    }

    #[test]
    fn a_series_stays_bounded_and_keeps_a_day() {
        let mut series = Series::default();
        for n in 0..50_000 {
            series.add(at(n * 5), n as f64);
        }
        assert_eq!((series.fine().count(), series.coarse().count()), (FINE, COARSE));
        assert!((series.last().unwrap().value - 49_999.0).abs() < 0.5);
        let bucket = series.coarse().next_back().unwrap();
        assert!(bucket.least < bucket.mean && bucket.mean < bucket.most);
    }

    #[test]
    fn where_nothing_was_seen_there_is_nothing() {
        let mut series = Series::default();
        series.add(at(11), 1.0);
        series.add(at(12), 3.0);
        series.add(at(35), 5.0);
        assert_eq!(series.parts(at(40), 40, 4), [None, Some(2.0), None, Some(5.0)]);
    }
}
