//! Levels: what a value comes to against its bounds, and when a change of it counts.

use serde::{Deserialize, Serialize};

use crate::runbook::measures::Bound;

/// How something is, the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worse than the target, not yet an alert; or too little to tell.
    Watch,
    /// It can't be looked at. Records of before say `stale` or `absent`.
    #[serde(alias = "stale", alias = "absent")]
    NotSeen,
    /// Beyond the alert threshold, or plainly broken.
    Alert,
    /// Asked, and nobody answered.
    Down,
}

impl Level {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Watch => "watch",
            Level::Alert => "alert",
            Level::NotSeen => "not seen",
            Level::Down => "down",
        }
    }

    /// More than something to watch: at a gate it is open, and it raises an alert.
    pub fn is_bad(self) -> bool {
        self > Level::Watch
    }
}

/// How a row stands, the worst first: the order in which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowLevel {
    /// Asked, and nobody answered.
    Down,
    /// Beyond its alert threshold, or plainly broken.
    Alert,
    /// It can't be looked at.
    NotSeen,
    /// Beyond its target, or too little to tell.
    Watch,
    /// A step of this run stopped it, and it is not yet due back.
    Stopped,
    /// Within its target.
    Ok,
    /// Nobody judges it, or there is nothing to measure.
    NotMeasured,
}

impl RowLevel {
    /// All of them, the worst first.
    pub const ALL: [RowLevel; 7] = [
        RowLevel::Down,
        RowLevel::Alert,
        RowLevel::NotSeen,
        RowLevel::Watch,
        RowLevel::Stopped,
        RowLevel::Ok,
        RowLevel::NotMeasured,
    ];

    /// Its word, in which what calls somebody is in capitals.
    pub fn word(self) -> &'static str {
        match self {
            RowLevel::Down => "DOWN",
            RowLevel::Alert => "ALERT",
            RowLevel::NotSeen => "not seen",
            RowLevel::Watch => "watch",
            RowLevel::Stopped => "stopped",
            RowLevel::Ok => "ok",
            RowLevel::NotMeasured => "–",
        }
    }

    /// As JSON and the lines of `gonogo monitor` name it.
    pub fn name(self) -> &'static str {
        match self {
            RowLevel::Down => "down",
            RowLevel::Alert => "alert",
            RowLevel::NotSeen => "not_seen",
            RowLevel::Watch => "watch",
            RowLevel::Stopped => "stopped",
            RowLevel::Ok => "ok",
            RowLevel::NotMeasured => "not_measured",
        }
    }

    /// DOWN or ALERT: somebody is called.
    pub fn calls(self) -> bool {
        matches!(self, RowLevel::Down | RowLevel::Alert)
    }

    /// Somebody or something judges it.
    pub fn is_judged(self) -> bool {
        !matches!(self, RowLevel::Stopped | RowLevel::NotMeasured)
    }
}

impl From<Level> for RowLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Ok => RowLevel::Ok,
            Level::Watch => RowLevel::Watch,
            Level::NotSeen => RowLevel::NotSeen,
            Level::Alert => RowLevel::Alert,
            Level::Down => RowLevel::Down,
        }
    }
}

/// What a document says of a metric, in its measure's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// What is aimed at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Bound>,
    /// What is still acceptable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptable: Option<Bound>,
    /// What raises an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Bound>,
}

impl Bounds {
    /// The level of a value; nothing where there are no bounds.
    ///
    /// 1. Beyond the alert threshold: alert. Without one, what is not acceptable is an alert.
    /// 2. At its target, or acceptable where there is no target: ok.
    /// 3. Everything between: watch.
    pub fn level(&self, value: f64) -> Option<Level> {
        let holds = |bound: Option<Bound>| bound.map(|b| b.holds(value));
        let (target, acceptable, alert) = (holds(self.target), holds(self.acceptable), holds(self.alert));
        if target.is_none() && acceptable.is_none() && alert.is_none() {
            return None;
        }
        Some(match (alert, target.or(acceptable)) {
            (Some(true), _) => Level::Alert,
            (None, _) if acceptable == Some(false) => Level::Alert,
            (_, Some(true) | None) => Level::Ok,
            (_, Some(false)) => Level::Watch,
        })
    }
}

impl Bounds {
    /// Nothing is said.
    pub fn is_empty(&self) -> bool {
        self.target.is_none() && self.acceptable.is_none() && self.alert.is_none()
    }

    /// Whether more is worse: what is aimed at is below a bound, or what raises an alert is above one.
    pub fn high_is_bad(&self) -> bool {
        match (self.target.or(self.acceptable), self.alert) {
            (Some(wanted), _) => wanted.is_upper(),
            (None, Some(alert)) => !alert.is_upper(),
            (None, None) => true,
        }
    }
}

/// So many samples in a row have to be worse before that counts.
const WORSE: u8 = 2;
/// So many samples in a row have to be better before that counts.
const BETTER: u8 = 3;

/// A level that does not flicker: worse counts when it was seen twice in a row, better when three times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steady {
    level: Option<Level>,
    times: u8,
    worse: bool,
}

impl Steady {
    /// The level that counts.
    pub fn level(self) -> Option<Level> {
        self.level
    }

    /// Whether a level begins a new turn: it goes another way than those before it, or they went none.
    pub(super) fn turns_to(self, seen: Level) -> bool {
        self.level.is_some_and(|level| seen != level && (self.times == 0 || self.worse != (seen > level)))
    }

    /// Takes the next sample's level; the level before, if it changed with this one.
    pub fn take(&mut self, seen: Level) -> Option<Level> {
        let Some(level) = self.level else {
            self.level = Some(seen);
            return None;
        };
        if seen == level {
            self.times = 0;
            return None;
        }
        let worse = seen > level;
        self.times = if self.times > 0 && self.worse == worse { self.times + 1 } else { 1 };
        self.worse = worse;
        if self.times < if worse { WORSE } else { BETTER } {
            return None;
        }
        (self.level, self.times) = (Some(seen), 0);
        Some(level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::measures::Side;

    fn bounds(target: f64, acceptable: f64, alert: Option<f64>) -> Bounds {
        let below = |value| Some(Bound { side: Side::Below, value });
        let above = |value| Bound { side: Side::Above, value };
        Bounds { target: below(target), acceptable: below(acceptable), alert: alert.map(above) }
    }

    #[test]
    fn a_value_has_the_level_of_the_bounds_it_keeps() {
        let b = bounds(500.0, 1000.0, Some(2000.0));
        let level = |value| b.level(value);
        assert_eq!(level(182.0), Some(Level::Ok));
        assert_eq!(level(500.0), Some(Level::Watch));
        assert_eq!(level(1500.0), Some(Level::Watch));
        assert_eq!(level(2000.0), Some(Level::Watch));
        assert_eq!(level(2000.1), Some(Level::Alert));
        assert_eq!(bounds(1.0, 2.0, None).level(3.0), Some(Level::Alert));
        assert_eq!(Bounds::default().level(3.0), None);
    }

    #[test]
    fn one_bad_sample_is_no_alert_and_one_good_one_ends_none() {
        use Level::{Alert, Ok, Watch};
        let mut steady = Steady::default();
        let mut take = |seen| {
            steady.take(seen);
            steady.level().unwrap()
        };
        assert_eq!([Ok, Alert, Ok, Alert].map(&mut take), [Ok; 4]);
        assert_eq!([Alert, Ok, Watch].map(&mut take), [Alert; 3]);
        assert_eq!([Ok, Alert, Ok, Ok, Ok].map(&mut take), [Ok, Ok, Ok, Ok, Ok]);
    }
}
