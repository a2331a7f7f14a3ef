//! What level a row had at each look: fine for a quarter of an hour, by the minute for six hours, by five minutes for a
//! day. Bounded: three bytes a look, six a minute.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::level::{Level, RowLevel};

/// Looks are kept one by one for so many seconds.
const FINE_S: i64 = 900;
/// And so many of them at most.
const FINE: usize = 900;

/// What a look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Glance {
    /// It was seen, and nobody judges it.
    Plain,
    /// As it should be.
    Ok,
    /// Beyond its target, or too little to tell.
    Watch,
    /// It could not be looked at.
    NotSeen,
    /// Nothing answered of which there could be a figure.
    NoAnswer,
    /// Beyond its alert threshold, or plainly broken.
    Alert,
    /// Nobody answered.
    Down,
}

impl Glance {
    const ALL: [Glance; 7] = [
        Glance::Plain,
        Glance::Ok,
        Glance::Watch,
        Glance::NotSeen,
        Glance::NoAnswer,
        Glance::Alert,
        Glance::Down,
    ];

    /// The look failed: there was nobody who answered.
    pub fn failed(self) -> bool {
        matches!(self, Glance::Down | Glance::NoAnswer)
    }

    fn of(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or(Glance::Plain)
    }

    /// Where it is counted in a fold.
    fn place(self) -> usize {
        match self {
            Glance::Plain | Glance::Ok => 0,
            Glance::Watch => 1,
            Glance::NotSeen => 2,
            Glance::Alert => 3,
            Glance::NoAnswer | Glance::Down => 4,
        }
    }
}

impl From<Level> for Glance {
    fn from(level: Level) -> Self {
        match level {
            Level::Ok => Glance::Ok,
            Level::Watch => Glance::Watch,
            Level::NotSeen => Glance::NotSeen,
            Level::Alert => Glance::Alert,
            Level::Down => Glance::Down,
        }
    }
}

impl From<Glance> for RowLevel {
    fn from(glance: Glance) -> Self {
        match glance {
            Glance::Plain | Glance::NoAnswer => RowLevel::NotMeasured,
            Glance::Ok => RowLevel::Ok,
            Glance::Watch => RowLevel::Watch,
            Glance::NotSeen => RowLevel::NotSeen,
            Glance::Alert => RowLevel::Alert,
            Glance::Down => RowLevel::Down,
        }
    }
}

/// How many looks came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As it should be, or seen where nobody judges.
    pub fine: u64,
    /// Something to watch.
    pub watch: u64,
    /// Not to be looked at.
    pub unseen: u64,
    /// Alerts.
    pub alert: u64,
    /// Nobody answered.
    pub failed: u64,
    /// The worst level that counted meanwhile.
    pub counted: Option<Level>,
}

impl Tally {
    /// How many looks were made.
    pub fn looks(self) -> u64 {
        self.fine + self.watch + self.unseen + self.alert + self.failed
    }
}

/// A time in which the same was so, look for look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The first look of it: seconds since 1970, UTC.
    pub from: i64,
    /// The first look after it; nothing where there was none yet.
    pub until: Option<i64>,
}

/// A part of a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nobody looked.
    Blank,
    /// A look failed.
    Failed,
    /// The worst that was seen, or what still holds of the look before.
    Level(RowLevel),
}

/// The levels of a row over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    #[serde(default)]
    looks: Looks,
    #[serde(default)]
    minutes: Fold<60, 360>,
    #[serde(default)]
    fives: Fold<300, 288>,
}

/// A look or a fold of looks, as one.
#[derive(Clone, Copy)]
struct Piece {
    at: i64,
    until: i64,
    worst: Glance,
    /// What holds after it.
    last: Glance,
    counts: [u8; 5],
    counted: Option<Level>,
}

impl History {
    /// Takes a look in, with the level that counts after it.
    pub fn add(&mut self, at: DateTime<Utc>, seen: Glance, counts: Option<Level>) {
        let at = at.timestamp();
        let code = seen as u8 | counts.map_or(0, |level| (level as u8 + 1) << 4);
        self.looks.add(at, code);
        self.minutes.add(at, code);
        self.fives.add(at, code);
    }

    /// When it was looked at first, as far as that is kept: seconds since 1970, UTC.
    pub fn first_at(&self) -> Option<i64> {
        self.pieces().first().map(|p| p.at)
    }

    /// The pieces it is kept in, the oldest first: each look is in one of them.
    fn pieces(&self) -> Vec<Piece> {
        let looks = self.looks.all();
        let Some(first) = looks.first().map(|(at, _)| *at) else { return vec![] };
        // What a fold holds beside the looks that are kept one by one is whole minutes before them.
        let folded = self.minutes.first_at().is_some_and(|at| at + 60 <= first);
        let fine_from = if folded { first.div_euclid(60) * 60 + 60 } else { i64::MIN };
        let minutes_first = self.minutes.first_at().unwrap_or(first);
        let older = self.fives.first_at().is_some_and(|at| at + 300 <= minutes_first);
        let minutes_from = if older { minutes_first.div_euclid(300) * 300 + 300 } else { i64::MIN };
        let mut pieces: Vec<Piece> = Vec::new();
        if older {
            pieces.extend(self.fives.pieces().filter(|p| p.at < minutes_from));
        }
        if folded {
            pieces.extend(self.minutes.pieces().filter(|p| p.at >= minutes_from && p.at < fine_from));
        }
        pieces.extend(looks.into_iter().filter(|(at, _)| *at >= fine_from).map(|(at, code)| {
            let mut counts = [0; 5];
            let seen = Glance::of(code & 15);
            counts[seen.place()] = 1;
            Piece { at, until: at + 1, worst: seen, last: seen, counts, counted: counted(code) }
        }));
        pieces
    }

    /// So many parts of `bucket_s` seconds from a time on, up to now. A value holds until the next look is late, which
    /// it is after one and a half intervals.
    pub fn cells(&self, (from, bucket_s, count): (i64, i64, usize), every_s: u64, now: i64) -> Vec<Cell> {
        let (bucket_s, hold) = (bucket_s.max(1), (every_s.max(1) * 3).div_ceil(2) as i64);
        let pieces = self.pieces();
        let mut next = pieces.partition_point(|p| p.at < from);
        let mut held = next.checked_sub(1).and_then(|at| pieces.get(at));
        let mut cells = Vec::with_capacity(count);
        for bucket in 0..count as i64 {
            let (begins, ends) = (from + bucket * bucket_s, from + (bucket + 1) * bucket_s);
            let mut worst: Option<Glance> = None;
            while let Some(piece) = pieces.get(next).filter(|p| p.at < ends) {
                worst = worst.max(Some(piece.worst));
                (held, next) = (Some(piece), next + 1);
            }
            cells.push(match worst {
                Some(worst) if worst.failed() => Cell::Failed,
                Some(worst) => Cell::Level(worst.into()),
                None if begins > now => Cell::Blank,
                None => match held {
                    Some(piece) if begins < piece.until + hold => Cell::Level(piece.last.into()),
                    _ => Cell::Blank,
                },
            });
        }
        cells
    }

    /// The first look from a time on that was answered as it should be: seconds since 1970, UTC.
    pub fn first_good(&self, from: i64) -> Option<i64> {
        let good = |p: &&Piece| p.at >= from && p.worst <= Glance::Watch;
        self.pieces().iter().find(good).map(|p| p.at)
    }

    /// What the looks from a time on and before another came to.
    pub fn tally(&self, from: i64, until: i64) -> Tally {
        let mut tally = Tally::default();
        for piece in self.pieces().iter().filter(|p| p.at >= from && p.at < until) {
            let [fine, watch, unseen, alert, failed] = piece.counts.map(u64::from);
            tally.fine += fine;
            tally.watch += watch;
            tally.unseen += unseen;
            tally.alert += alert;
            tally.failed += failed;
            tally.counted = tally.counted.max(piece.counted);
        }
        tally
    }

    /// The times in which looks came to something, as exactly as they are kept.
    pub fn spells(&self, from: i64, until: i64, is: impl Fn(Glance) -> bool) -> Vec<Spell> {
        let mut spells: Vec<Spell> = Vec::new();
        let mut goes_on = false;
        for piece in self.pieces().iter().filter(|p| p.at >= from && p.at < until) {
            if is(piece.worst) {
                if !goes_on {
                    spells.push(Spell { from: piece.at, until: None });
                }
                goes_on = true;
            } else if goes_on {
                if let Some(last) = spells.last_mut() {
                    last.until = Some(piece.at);
                }
                goes_on = false;
            }
        }
        spells
    }
}

fn counted(code: u8) -> Option<Level> {
    [Level::Ok, Level::Watch, Level::NotSeen, Level::Alert, Level::Down]
        .get(usize::from(code >> 4).checked_sub(1)?)
        .copied()
}

/// The last looks: seconds since the one before in two bytes, what they came to in one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i64, String)", into = "(i64, String)")]
struct Looks {
    /// When the last one was.
    last: i64,
    looks: VecDeque<[u8; 3]>,
}

impl Looks {
    fn add(&mut self, at: i64, code: u8) {
        let passed = if self.looks.is_empty() { 0 } else { (at - self.last).clamp(0, i64::from(u16::MAX)) };
        if passed == i64::from(u16::MAX) {
            // So long nobody looked that the time between no longer fits: what was before is in the folds.
            self.looks.clear();
        }
        let [low, high] = (passed as u16).to_le_bytes();
        self.looks.push_back([low, high, code]);
        self.last = self.last.max(at);
        while self.looks.len() > FINE || self.first_at().is_some_and(|first| first < at - FINE_S) {
            self.looks.pop_front();
        }
    }

    fn first_at(&self) -> Option<i64> {
        let after =
            self.looks.iter().skip(1).map(|[low, high, _]| i64::from(u16::from_le_bytes([*low, *high])));
        (!self.looks.is_empty()).then(|| self.last - after.sum::<i64>())
    }

    fn all(&self) -> Vec<(i64, u8)> {
        let mut at = self.first_at().unwrap_or(0);
        let mut all = Vec::with_capacity(self.looks.len());
        for (n, [low, high, code]) in self.looks.iter().enumerate() {
            if n > 0 {
                at += i64::from(u16::from_le_bytes([*low, *high]));
            }
            all.push((at, *code));
        }
        all
    }
}

impl From<(i64, String)> for Looks {
    fn from((last, text): (i64, String)) -> Self {
        Self { last, looks: unpacked(&text) }
    }
}

impl From<Looks> for (i64, String) {
    fn from(looks: Looks) -> Self {
        (looks.last, packed(&looks.looks))
    }
}

fn packed<const N: usize>(all: &VecDeque<[u8; N]>) -> String {
    STANDARD_NO_PAD.encode(all.iter().flatten().copied().collect::<Vec<u8>>())
}

fn unpacked<const N: usize>(text: &str) -> VecDeque<[u8; N]> {
    let bytes = STANDARD_NO_PAD.decode(text).unwrap_or_default();
    bytes.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok()).collect()
}

/// Looks by parts of so many seconds, so many of them: the worst, the worst that counted, and how many came to what.
/// More than 255 of one kind are counted as 255.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i64, String)", into = "(i64, String)")]
struct Fold<const STEP: i64, const MOST: usize> {
    /// The number of the first part, counted from 1970.
    first: i64,
    parts: VecDeque<[u8; 6]>,
}

impl<const STEP: i64, const MOST: usize> Fold<STEP, MOST> {
    fn add(&mut self, at: i64, code: u8) {
        let number = at.div_euclid(STEP);
        if self.parts.is_empty() || number - self.first >= (self.parts.len() + MOST) as i64 {
            self.parts.clear();
            self.first = number;
        }
        while number - self.first >= self.parts.len() as i64 {
            self.parts.push_back([0; 6]);
        }
        while self.parts.len() > MOST {
            self.parts.pop_front();
            self.first += 1;
        }
        // A clock that was put back counts in the first part that there is.
        let place = (number - self.first).max(0) as usize;
        let Some(part) = self.parts.get_mut(place) else { return };
        let seen = Glance::of(code & 15);
        let empty = part[1..].iter().all(|count| *count == 0);
        let worst = if empty { seen } else { Glance::of(part[0] & 15).max(seen) };
        part[0] = worst as u8 | (part[0] >> 4).max(code >> 4) << 4;
        part[1 + seen.place()] = part[1 + seen.place()].saturating_add(1);
    }

    fn first_at(&self) -> Option<i64> {
        (!self.parts.is_empty()).then_some(self.first * STEP)
    }

    fn pieces(&self) -> impl Iterator<Item = Piece> {
        let looked = |(_, part): &(usize, &[u8; 6])| part[1..].iter().any(|count| *count > 0);
        self.parts.iter().enumerate().filter(looked).map(|(n, part)| {
            let [codes, fine, watch, unseen, alert, failed] = *part;
            let worst = Glance::of(codes & 15);
            let counts = [fine, watch, unseen, alert, failed];
            // What there was most of is what went on.
            let most = counts.iter().enumerate().max_by_key(|(_, count)| **count).map_or(0, |(at, _)| at);
            let last = match most {
                _ if most == worst.place() => worst,
                0 => Glance::Ok,
                1 => Glance::Watch,
                2 => Glance::NotSeen,
                3 => Glance::Alert,
                _ => Glance::Down,
            };
            let at = (self.first + n as i64) * STEP;
            Piece { at, until: at + STEP, worst, last, counts, counted: counted(codes) }
        })
    }
}

impl<const STEP: i64, const MOST: usize> From<(i64, String)> for Fold<STEP, MOST> {
    fn from((first, text): (i64, String)) -> Self {
        Self { first, parts: unpacked(&text) }
    }
}

impl<const STEP: i64, const MOST: usize> From<Fold<STEP, MOST>> for (i64, String) {
    fn from(fold: Fold<STEP, MOST>) -> Self {
        (fold.first, packed(&fold.parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: i64 = 1_700_000_100;

    fn looked(every_s: i64, looks: i64, failed: &[i64]) -> History {
        let mut history = History::default();
        for n in 0..looks {
            let (seen, counts) =
                if failed.contains(&n) { (Glance::Down, Level::Ok) } else { (Glance::Ok, Level::Ok) };
            history.add(DateTime::from_timestamp(BEGAN + n * every_s, 0).unwrap(), seen, Some(counts));
        }
        history
    }

    fn strip(cells: &[Cell]) -> String {
        let sign = |cell: &Cell| match cell {
            Cell::Blank => ' ',
            Cell::Failed => 'X',
            Cell::Level(RowLevel::Ok) => 'o',
            Cell::Level(RowLevel::Down) => 'd',
            Cell::Level(_) => '?',
        };
        cells.iter().map(sign).collect()
    }

    #[test]
    fn a_slow_probe_draws_an_unbroken_strip_and_a_late_one_a_blank() {
        let history = looked(300, 3, &[]);
        let cells = history.cells((BEGAN, 15, 80), 300, BEGAN + 1200);
        assert_eq!(strip(&cells), format!("{}{}", "o".repeat(71), " ".repeat(9)), "one and a half intervals");
    }

    #[test]
    fn a_failed_look_is_one_mark_at_any_zoom_also_after_a_day() {
        for (every, looks, at) in [(5, 17_280, 40), (5, 180, 90), (300, 12, 5), (5, 4000, 600)] {
            let history = looked(every, looks, &[at]);
            let length = every * looks;
            for bucket in [15, 20, 60, 300, 600] {
                let from = BEGAN - BEGAN.rem_euclid(bucket);
                let count = (length / bucket + 2) as usize;
                let cells = history.cells((from, bucket, count), every as u64, BEGAN + length);
                let marks = cells.iter().filter(|c| **c == Cell::Failed).count();
                assert_eq!(marks, 1, "every {every}, {looks} looks, {bucket} s: {}", strip(&cells));
                let seen = strip(&cells);
                assert!(!seen.trim().contains(' '), "unbroken: every {every}, {bucket} s: {seen}");
            }
        }
    }

    #[test]
    fn looks_are_counted_wherever_they_are_kept() {
        let history = looked(5, 5000, &[10, 4990]);
        let all = history.tally(i64::MIN, i64::MAX);
        // What was on the edge of a fold is in it or in what is finer, never in both.
        assert_eq!((all.looks(), all.failed), (5000, 2));
        assert_eq!(history.first_at(), Some(BEGAN - BEGAN.rem_euclid(300)));
        let spells = history.spells(BEGAN + 4900 * 5, i64::MAX, Glance::failed);
        let from = BEGAN + 4990 * 5;
        assert_eq!(spells, [Spell { from, until: Some(from + 5) }]);
    }

    #[test]
    fn a_day_of_thirty_rows_is_small_and_comes_back_as_it_was() {
        let history = looked(5, 20_000, &[3, 19_990]);
        let bytes =
            history.looks.looks.len() * 3 + (history.minutes.parts.len() + history.fives.parts.len()) * 6;
        assert!(bytes * 30 < 200_000, "{bytes}");
        let text = serde_json::to_string(&history).unwrap();
        assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
    }
}
