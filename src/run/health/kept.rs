//! Whether what was read in a span kept a bound: one reading beyond it is no breach, two in a row are.

use super::series::Coarse;
use crate::runbook::measures::Bound;

/// How readings of a span kept a bound. Those that are no longer kept one by one are told by the five minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kept {
    /// The worst of them.
    pub(super) worst: f64,
    /// So many were surely beyond it.
    pub(super) beyond: u64,
    /// Two in a row were.
    pub(super) twice: bool,
    /// Two in a row may have been: of some five minutes it is only known that not all were within it.
    pub(super) perhaps: bool,
}

impl Kept {
    pub(super) fn of(parts: &[Coarse], bound: Bound) -> Self {
        let high = bound.is_upper();
        let worst_of = |part: &Coarse| if high { part.most } else { part.least };
        let best_of = |part: &Coarse| if high { part.least } else { part.most };
        let worst = parts.iter().map(worst_of).reduce(|a, b| if high { a.max(b) } else { a.min(b) });
        let surely = |part: &Coarse| !bound.holds(best_of(part));
        let several = || parts.iter().filter(|part| part.n > 1);
        Self {
            worst: worst.unwrap_or_default(),
            beyond: parts.iter().filter(|part| surely(part)).map(|part| u64::from(part.n)).sum(),
            twice: several().any(surely) || parts.windows(2).any(|pair| pair.iter().all(surely)),
            perhaps: several().any(|part| !bound.holds(worst_of(part))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::measures::Side;

    fn part(n: u32, least: f64, most: f64) -> Coarse {
        Coarse { at: 0, n, mean: f64::midpoint(least, most), least, most }
    }

    fn told(parts: &[Coarse], side: Side, value: f64) -> (bool, bool) {
        let kept = Kept::of(parts, Bound { side, value });
        (kept.twice, kept.perhaps)
    }

    #[test]
    fn five_minutes_beyond_a_bound_are_no_single_reading() {
        let one = part(1, 9.0, 9.0);
        let well = part(1, 1.0, 1.0);
        assert_eq!(told(&[well, one, well], Side::AtMost, 5.0), (false, false), "once is no breach");
        assert_eq!(told(&[well, one, one], Side::AtMost, 5.0), (true, false));
        assert_eq!(told(&[well, part(60, 8.0, 9.0), well], Side::AtMost, 5.0), (true, true));
        assert_eq!(told(&[part(60, 1.0, 9.0), well], Side::AtMost, 5.0), (false, true), "nobody can tell");
        assert_eq!(told(&[part(60, 1.0, 4.0), well], Side::AtMost, 5.0), (false, false));
        assert_eq!(told(&[part(60, 3.0, 4.0)], Side::AtLeast, 5.0), (true, true));
        assert_eq!(told(&[part(60, 3.0, 9.0)], Side::AtLeast, 5.0), (false, true));
        let worst = Kept::of(&[part(60, 3.0, 9.0), well], Bound { side: Side::AtLeast, value: 5.0 }).worst;
        assert!((worst - 1.0).abs() < f64::EPSILON, "{worst}");
    }
}
