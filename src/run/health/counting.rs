//! What counts of a row from look to look: its level, since when, what it was before, and all its looks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::history::{Glance, History};
use super::level::{Level, Steady};
use super::reason::Reason;
use super::sample::RowId;

/// A row's level as it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Counting {
    pub(super) row: RowId,
    pub(super) steady: Steady,
    /// It was well at some time: only then is what follows a change.
    pub(super) well: bool,
    /// When the level that counts began: with the first of the looks that made it count.
    #[serde(default)]
    pub(super) since: Option<DateTime<Utc>>,
    /// The first of the looks that are not as what counts.
    #[serde(default)]
    pub(super) turned: Option<DateTime<Utc>>,
    /// Since when there has been no level at all.
    #[serde(default)]
    pub(super) without_since: Option<DateTime<Utc>>,
    /// The worst value since it was last ok.
    #[serde(default)]
    pub(super) worst: Option<f64>,
    /// So many looks in a row found nobody of whom there could be a figure.
    #[serde(default)]
    pub(super) unanswered: u8,
    /// Since when its figure has been beyond its alert threshold, of what alerts only once that has lasted.
    #[serde(default)]
    pub(super) beyond: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(super) history: History,
}

/// What one look says of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) at: DateTime<Utc>,
    pub(super) level: Option<Level>,
    pub(super) reason: Option<Reason>,
    pub(super) value: Option<f64>,
    /// More is worse.
    pub(super) high_is_bad: bool,
}

/// The level that counted until a look changed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Was {
    /// The level.
    pub level: Level,
    /// Since when it counted.
    pub since: Option<DateTime<Utc>>,
    /// The worst value since the row was last ok.
    pub worst: Option<f64>,
}

impl Counting {
    pub(super) fn new(row: RowId) -> Self {
        Self {
            row,
            steady: Steady::default(),
            well: false,
            since: None,
            turned: None,
            without_since: None,
            worst: None,
            unanswered: 0,
            beyond: None,
            history: History::default(),
        }
    }

    /// Takes a look in; what counted before, where this one changed it.
    pub(super) fn take(&mut self, seen: Seen) -> Option<Was> {
        let glance = match (seen.level, seen.reason) {
            (Some(level), _) => level.into(),
            (None, Some(Reason::NoAnswer)) => Glance::NoAnswer,
            (None, _) => Glance::Plain,
        };
        let was = seen.level.and_then(|level| self.count(level, seen));
        match seen.level {
            Some(_) => self.without_since = None,
            None => {
                self.without_since.get_or_insert(seen.at);
            }
        }
        self.unanswered = if glance == Glance::NoAnswer { self.unanswered.saturating_add(1) } else { 0 };
        // What counted of before says nothing of a look that is better.
        let counts = match seen.level {
            Some(level) => self.steady.level().map(|counts| counts.min(level)),
            None => (self.unanswered >= 2).then_some(Level::Down),
        };
        self.history.add(seen.at, glance, counts);
        was
    }

    fn count(&mut self, level: Level, seen: Seen) -> Option<Was> {
        self.well |= level <= Level::Watch;
        if let Some(value) = seen.value.filter(|_| level != Level::Ok) {
            let worse = |known: f64| if seen.high_is_bad { value.max(known) } else { value.min(known) };
            self.worst = Some(self.worst.map_or(value, worse));
        }
        let before = self.steady.level();
        if self.steady.turns_to(level) {
            self.turned = Some(seen.at);
        } else if before == Some(level) {
            self.turned = None;
        }
        let changed = self.steady.take(level);
        if before.is_none() {
            self.since = Some(seen.at);
            return None;
        }
        let was = Was { level: changed?, since: self.since, worst: self.worst };
        self.since = self.turned.take().or(Some(seen.at));
        if self.steady.level() == Some(Level::Ok) {
            self.worst = None;
        }
        Some(was)
    }

    /// The level that counts, where the last look may say otherwise: what is worse and does not count yet is
    /// something to watch, what is better does not count before it was seen often enough.
    pub(super) fn standing(&self, seen: Option<Level>) -> Option<Level> {
        let seen = seen?;
        Some(match self.steady.level() {
            Some(counts) if seen > counts => seen.min(counts.max(Level::Watch)),
            Some(counts) => counts,
            None => seen,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::runbook::probes::ProbeId;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_level_began_with_the_first_look_that_made_it_count() {
        let mut counting = Counting::new(RowId::Subject(ProbeId("p".into()), String::new()));
        let mut take = |seconds: i64, level: Level, value: f64| {
            let seen = Seen {
                at: at(seconds),
                level: Some(level),
                reason: None,
                value: Some(value),
                high_is_bad: true,
            };
            let was = counting.take(seen);
            (was, counting.since, counting.standing(Some(level)))
        };
        assert_eq!(take(0, Level::Ok, 1.0).1, Some(at(0)));
        let (was, _, standing) = take(5, Level::Down, 9.0);
        assert_eq!((was, standing), (None, Some(Level::Watch)), "once is too little to tell");
        take(10, Level::Ok, 1.0);
        take(15, Level::Alert, 8.0);
        let (was, since, _) = take(20, Level::Alert, 12.0);
        assert_eq!(was.map(|w| (w.level, w.since)), Some((Level::Ok, Some(at(0)))));
        assert_eq!(since, Some(at(15)));
        take(25, Level::Ok, 1.0);
        let (_, _, standing) = take(30, Level::Ok, 1.0);
        assert_eq!(standing, Some(Level::Alert), "twice well is not yet well");
        let (was, since, standing) = take(35, Level::Ok, 1.0);
        assert_eq!(was.and_then(|w| w.worst), Some(12.0));
        assert_eq!((since, standing), (Some(at(25)), Some(Level::Ok)));
    }
}
