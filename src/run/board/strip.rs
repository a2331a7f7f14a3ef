//! A row over time, in parts that stand on the clock: a picture moves only when a part is complete.

use chrono::{DateTime, Utc};

use crate::run::health::{Bounds, Cell, History, RowLevel, Series};

/// Lengths that a part may have, in seconds.
const STEPS: [i64; 16] = [5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400];
/// As much time as fits where nobody says how much: a quarter of an hour.
const FITS_S: i64 = 900;

/// How much time is looked at, in how many parts at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Seconds; nothing is from the first look on, a quarter of an hour at most.
    pub seconds: Option<i64>,
    /// Parts.
    pub columns: usize,
}

impl Default for View {
    fn default() -> Self {
        Self { seconds: None, columns: 60 }
    }
}

/// The parts of a view at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) from: i64,
    pub(super) bucket_s: i64,
    pub(super) count: usize,
}

impl View {
    /// Time begins with the first look and fills to the right; once it is full it moves by whole parts.
    pub(super) fn parts(self, first: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Parts {
        let columns = self.columns.max(1) as i64;
        let (first, now) = (first.unwrap_or(now).timestamp(), now.timestamp());
        let seconds = self.seconds.unwrap_or_else(|| (now - first).min(FITS_S).max(columns * STEPS[0]));
        let fits = |step: &&i64| **step * columns >= seconds;
        let bucket_s = STEPS.iter().find(fits).copied().unwrap_or(seconds / columns + 1);
        let floor = |at: i64| at.div_euclid(bucket_s) * bucket_s;
        let from = floor(first).max(floor(now) - (columns - 1) * bucket_s);
        Parts { from, bucket_s, count: columns as usize }
    }
}

/// The levels of a row over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// When the first part begins: seconds since 1970, UTC.
    pub from: i64,
    /// Seconds of each part.
    pub bucket_s: i64,
    /// The worst of each part, the oldest first; those to come are blank.
    pub cells: Vec<Cell>,
}

impl Strip {
    /// Of a history. What a step stopped, for as long as it did, is stopped and not down.
    pub(super) fn of(
        history: &History,
        parts: Parts,
        (every_s, now): (u64, DateTime<Utc>),
        stopped: &[(i64, i64)],
    ) -> Self {
        let Parts { from, bucket_s, count } = parts;
        let mut cells = history.cells((from, bucket_s, count), every_s, now.timestamp());
        for (at, cell) in cells.iter_mut().enumerate() {
            let begins = from + at as i64 * bucket_s;
            let is = stopped.iter().any(|(since, until)| *since < begins + bucket_s && begins < *until);
            let bad = matches!(cell, Cell::Failed)
                || matches!(cell, Cell::Level(l) if !matches!(l, RowLevel::Ok | RowLevel::NotMeasured));
            if is && bad {
                *cell = Cell::Level(RowLevel::Stopped);
            }
        }
        Self { from, bucket_s, cells }
    }

    /// The part that a moment lies in, seconds since 1970, UTC; one before the first is negative.
    pub fn part(&self, at: i64) -> i64 {
        (at - self.from).div_euclid(self.bucket_s.max(1))
    }

    /// The cell that a moment lies in; nothing where it lies before the first.
    pub fn cell(&self, at: i64) -> Option<usize> {
        usize::try_from(self.part(at)).ok()
    }

    /// Up to the last part that anything is known of.
    pub fn known(&self) -> &[Cell] {
        let end = self.cells.iter().rposition(|cell| *cell != Cell::Blank).map_or(0, |at| at + 1);
        self.cells.get(..end).unwrap_or_default()
    }

    /// As one letter a part: o ok, w watch, a alert, d down, n not seen, s stopped, `-` not measured, a blank for
    /// nothing.
    pub fn letters(&self) -> String {
        let letter = |cell: &Cell| match cell {
            Cell::Blank => ' ',
            Cell::Failed | Cell::Level(RowLevel::Down) => 'd',
            Cell::Level(RowLevel::Alert) => 'a',
            Cell::Level(RowLevel::NotSeen) => 'n',
            Cell::Level(RowLevel::Watch) => 'w',
            Cell::Level(RowLevel::Stopped) => 's',
            Cell::Level(RowLevel::Ok) => 'o',
            Cell::Level(RowLevel::NotMeasured) => '-',
        };
        self.known().iter().map(letter).collect()
    }
}

/// A figure over time: for each part the best, the worst and the mean, nothing where nothing was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    /// When the first part begins: seconds since 1970, UTC.
    pub from: i64,
    /// Seconds of each part.
    pub bucket_s: i64,
    /// What was seen, the oldest first.
    pub parts: Vec<Option<Bucket>>,
    /// What is drawn as nothing and as full: the best there is, and the threshold that a full one stands for.
    pub scale: (f64, f64),
}

/// A figure in one part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// The best of it.
    pub best: f64,
    /// The worst of it.
    pub worst: f64,
    /// Its mean.
    pub mean: f64,
}

impl Buckets {
    /// Of a series, drawn against bounds. A value holds until the next look is late.
    pub(super) fn of(
        series: &Series,
        parts: Parts,
        (every_s, now): (u64, DateTime<Utc>),
        (bounds, unit): (&Bounds, &str),
    ) -> Self {
        let high_is_bad = bounds.high_is_bad();
        let hold = (every_s.max(1) * 3).div_ceil(2) as i64;
        let seen = series.buckets(parts.from, parts.bucket_s, parts.count);
        let mut kept: Option<(i64, Bucket)> = series
            .before(parts.from)
            .map(|point| (point.at, Bucket { best: point.value, worst: point.value, mean: point.value }));
        let mut all = Vec::with_capacity(parts.count);
        for (at, seen) in seen.into_iter().enumerate() {
            let begins = parts.from + at as i64 * parts.bucket_s;
            if let Some((last, seen)) = seen {
                let (best, worst) =
                    if high_is_bad { (seen.least, seen.most) } else { (seen.most, seen.least) };
                let bucket = Bucket { best, worst, mean: seen.mean };
                let end = Bucket { best: last.value, worst: last.value, mean: last.value };
                kept = Some((last.at, end));
                all.push(Some(bucket));
            } else {
                let holds = |(at, _): &(i64, Bucket)| begins < at + hold && begins <= now.timestamp();
                all.push(kept.filter(holds).map(|(_, bucket)| bucket));
            }
        }
        let most = series.most().max(0.0);
        Self { from: parts.from, bucket_s: parts.bucket_s, parts: all, scale: scale(bounds, unit, most) }
    }

    /// How high a value is drawn, from 0 for the best there is to 1 for the threshold. Low is calm, high is bad,
    /// whichever way round the figure goes.
    pub fn height(&self, value: f64) -> f64 {
        let (best, full) = self.scale;
        if (full - best).abs() < f64::MIN_POSITIVE {
            return 0.0;
        }
        ((value - best) / (full - best)).clamp(0.0, 1.0)
    }
}

/// From the best value there is to the alert threshold, else to what is acceptable, else to the target. Percent without
/// bounds is 0 to 100, other figures 0 to the most that was ever seen, rounded up.
fn scale(bounds: &Bounds, unit: &str, most: f64) -> (f64, f64) {
    let threshold = bounds.alert.or(bounds.acceptable).or(bounds.target).map(|bound| bound.value);
    let best = match (bounds.high_is_bad(), unit) {
        (true, _) => 0.0,
        (false, "%") => 100.0,
        // There is no best of what has no end: as good as it was, and no worse than twice what is asked for.
        (false, _) => most.max(threshold.unwrap_or(0.0) * 2.0),
    };
    match threshold {
        Some(threshold) => (best, threshold),
        None if unit == "%" => (0.0, 100.0),
        None => (0.0, rounded_up(most)),
    }
}

/// To one, two or five and noughts.
fn rounded_up(most: f64) -> f64 {
    if most <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(most.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| step * power >= most);
    step.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::measures::{Bound, Side};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_100 + seconds, 0).unwrap()
    }

    #[test]
    fn a_terminal_of_any_width_has_its_parts() {
        for columns in [0, 1, 60, 180, 181, 400, 5000] {
            let parts = View { seconds: None, columns }.parts(Some(at(0)), at(7200));
            assert_eq!(parts.count, columns.max(1));
            assert!(parts.bucket_s * parts.count as i64 >= 900.min(5 * columns as i64), "{parts:?}");
        }
    }

    fn heights(values: &[f64], bounds: &Bounds) -> Vec<i64> {
        let mut series = Series::default();
        values.iter().enumerate().for_each(|(n, value)| series.add(at(n as i64 * 15), *value));
        let end = at(values.len() as i64 * 15 - 15);
        let view = View { seconds: None, columns: values.len() };
        let buckets = Buckets::of(&series, view.parts(Some(at(0)), end), (15, end), (bounds, "%"));
        let eighths =
            |bucket: &Option<Bucket>| bucket.map_or(-1, |b| (buckets.height(b.worst) * 7.0).round() as i64);
        buckets.parts.iter().map(eighths).collect()
    }

    fn bounds(side: Side, [target, acceptable, alert]: [f64; 3]) -> Bounds {
        let other = if side == Side::Below { Side::Above } else { Side::Below };
        Bounds {
            target: Some(Bound { side, value: target }),
            acceptable: Some(Bound { side, value: acceptable }),
            alert: Some(Bound { side: other, value: alert }),
        }
    }

    #[test]
    fn what_is_far_from_its_threshold_is_drawn_flat_and_what_is_at_it_is_full() {
        let memory = bounds(Side::Below, [60.0, 80.0, 90.0]);
        let flat = |heights: &[i64]| heights.windows(2).all(|pair| pair[0] == pair[1]);
        assert!(flat(&heights(&[3.6, 4.2, 5.0, 6.0], &memory)));
        let disk = bounds(Side::Above, [40.0, 20.0, 10.0]);
        assert!(
            flat(&heights(&[76.0, 74.0, 72.0, 70.0, 69.0], &disk)),
            "{:?}",
            heights(&[76.0, 69.0], &disk)
        );
        assert_eq!(heights(&[5.0, 98.0], &memory), [0, 7]);
        assert_eq!(heights(&[81.0, 6.2], &disk), [1, 7]);
        assert_eq!(heights(&[7.0, 100.0], &Bounds::default()), [0, 7], "percent is of a hundred");
    }

    #[test]
    fn time_begins_with_the_first_look_and_moves_by_whole_parts() {
        let view = View { seconds: Some(900), columns: 60 };
        let parts = |now| view.parts(Some(at(7)), at(now));
        assert_eq!((parts(20).from, parts(20).bucket_s), (at(0).timestamp(), 15));
        assert_eq!(parts(890).from, parts(20).from, "it fills");
        assert_eq!(parts(905).from, at(15).timestamp());
        assert_eq!(parts(914).from, at(15).timestamp(), "and stands until a part is complete");
        assert_eq!(View { seconds: None, columns: 60 }.parts(Some(at(7)), at(30)).bucket_s, 5);
    }
}
