//! What was seen last of a row.

use crate::run::health::amount;
use crate::runbook::measures::Measure;

/// What was seen last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Now {
    /// As people read it, or why there is nothing, in a word or two: `3.5 s`, `refused`, `no answer`.
    pub words: String,
    /// The number, in the measure's unit; nothing where it is none.
    pub value: Option<f64>,
    /// What is measured.
    pub measure: Option<Measure>,
    /// It is more than the number: an answer was waited for no longer.
    pub over: bool,
    /// Of so many answers, where it is of several.
    pub n: Option<u64>,
    /// The seconds in which these were made.
    pub window_s: Option<u64>,
    /// It is the slowest of them: there were too few for what was asked for.
    pub slowest: bool,
}

impl Now {
    /// A value of this row's measure, as people read it.
    pub fn amount(&self, value: f64) -> String {
        self.measure.map_or_else(|| format!("{value}"), |measure| amount(measure, value))
    }

    /// Its unit; empty where it has none.
    pub fn unit(&self) -> &'static str {
        self.measure.map_or("", Measure::unit)
    }
}
