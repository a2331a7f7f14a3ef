//! What a change comes to: whether it is more than the figure moves by itself.

use crate::run::health::{Bounds, RowLevel, Usual};

/// So many readings there have to be on both sides.
const ENOUGH: u64 = 20;
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
