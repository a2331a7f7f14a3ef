//! Levels: what a value comes to against its bounds, and when a change of it counts.

use serde::{Deserialize, Serialize};

use crate::runbook::measures::Bound;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worse than the target, not yet an alert.
    Watch,
    /// Beyond the alert threshold, or plainly broken.
    Alert,
    /// It was seen, but too long ago.
    Stale,
    /// It could not be seen.
    Absent,
}

impl Level {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Watch => "watch",
            Level::Alert => "alert",
            Level::Stale => "stale",
            Level::Absent => "absent",
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
