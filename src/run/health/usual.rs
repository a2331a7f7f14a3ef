//! How a figure usually is: the median of a quarter of an hour with its spread, which is what a change is told against.

use serde::{Deserialize, Serialize};

/// A figure of the time before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// Half of the readings were below it.
    pub median: f64,
    /// One in twenty was below it.
    pub p05: f64,
    /// One in twenty was above it.
    pub p95: f64,
    /// Of so many readings.
    pub n: u64,
}

impl Usual {
    /// Of these readings; nothing of none.
    pub fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let rank = ((sorted.len() as f64 * share).ceil() as usize).max(1) - 1;
            sorted.get(rank).copied()
        };
        Some(Self { median: at(0.5)?, p05: at(0.05)?, p95: at(0.95)?, n: sorted.len() as u64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reading_that_is_out_of_line_changes_nothing() {
        let mut values = vec![20.0; 39];
        values.push(900.0);
        let usual = Usual::of(values.into_iter()).unwrap();
        assert_eq!((usual.median, usual.p05, usual.p95, usual.n), (20.0, 20.0, 20.0, 40));
        assert_eq!(Usual::of(std::iter::empty()), None);
    }
}
