//! One row of what is watched, and a figure at a time.

use super::level::{Bounds, Level};
use super::reason::{Reason, Unseen};
use super::sample::{Figure, RowId};
use super::words::amount;
use crate::runbook::measures::Measure;

/// So many failures there have to be before a rate of them is an alert.
const FAILURES: u64 = 2;

/// A figure at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// In the measure's unit; where `over` is set it is more than this.
    pub value: f64,
    /// It is the limit of how long an answer is waited for, and more.
    pub over: bool,
    /// Of so many answers, where it is of several.
    pub n: Option<u64>,
    /// So many of them were errors, where that is known.
    pub errors: Option<u64>,
    /// The seconds that they were made in.
    pub window_s: Option<u64>,
    /// It is the slowest answer: there were too few for what was asked for.
    pub slowest: bool,
    /// What half of the answers were slower than, where it is the slowest of enough for that: whatever percentile was
    /// asked for is no less.
    pub median: Option<f64>,
}

impl Reading {
    pub(super) fn one(value: f64, n: Option<u64>) -> Self {
        Self { value, over: false, n, errors: None, window_s: None, slowest: false, median: None }
    }

    /// As people read it.
    pub fn words(&self, measure: Measure) -> String {
        let over = if self.over { ">" } else { "" };
        format!("{over}{}", amount(measure, self.value))
    }

    /// What it comes to against bounds: too few answers and one failure are never an alert by themselves, unless half of
    /// the answers are beyond what a higher percentile may be.
    pub fn level(&self, measure: Measure, bounds: &Bounds) -> Option<Level> {
        let level = bounds.level(if self.over { self.value.next_up() } else { self.value })?;
        // Nobody knows how much longer it would have taken: that is never well.
        let level = if self.over { level.max(Level::Watch) } else { level };
        let few = self.slowest
            || measure == Measure::ErrorRate && self.errors.is_some_and(|errors| errors < FAILURES);
        let surely = self.median.is_some_and(|median| bounds.level(median) == Some(Level::Alert));
        Some(if few && !surely { level.min(Level::Watch) } else { level })
    }
}

/// A row that is not well.
#[derive(Clone, Debug, PartialEq)]
pub struct Unwell {
    /// Which.
    pub row: RowId,
    /// Its level and what was seen.
    pub words: String,
    /// It is more than something to watch.
    pub bad: bool,
    /// It was well at the last look, and counts as bad still.
    pub answers_again: bool,
}

/// One row as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub id: RowId,
    /// What it is called.
    pub title: String,
    /// What of several subjects it speaks of: the disk with the least room.
    pub subject: String,
    /// How it was at the last look; nothing where that is no question, or there was nothing to measure.
    pub level: Option<Level>,
    /// How it is by what counts: worse when it was seen twice, better when it was seen three times.
    pub counts: Option<Level>,
    /// Why there is no figure, or why it is as bad as it is.
    pub reason: Option<Reason>,
    /// The value or state, or why there is none in a word or two.
    pub now: String,
    /// The value, where it is a number.
    pub value: Option<f64>,
    /// How that was made.
    pub reading: Option<Reading>,
    /// What else is known.
    pub about: String,
    /// Where its figure comes from.
    pub figure: Option<Figure>,
    /// What the document says of it.
    pub bounds: Bounds,
    /// The line of the document it comes from; 0 where it comes from elsewhere.
    pub line: usize,
    /// Seconds since it was seen.
    pub age_s: Option<u64>,
    /// The difference to the time before, where that is known.
    pub since: Option<f64>,
    /// Lines to read.
    pub lines: Vec<String>,
}

impl Row {
    /// Whether it was well at the last look, and counts as bad still.
    pub fn answers_again(&self) -> bool {
        self.level == Some(Level::Ok) && self.counts.is_some_and(Level::is_bad)
    }

    pub(super) fn new(id: RowId, title: String, line: usize) -> Self {
        Self {
            id,
            title,
            subject: String::new(),
            level: None,
            counts: None,
            reason: None,
            now: String::new(),
            value: None,
            reading: None,
            about: String::new(),
            figure: None,
            bounds: Bounds::default(),
            line,
            age_s: None,
            since: None,
            lines: vec![],
        }
    }

    pub(super) fn unseen(self, unseen: &Unseen) -> Self {
        Self {
            level: unseen.level(),
            reason: Some(unseen.reason),
            now: unseen.reason.word().to_owned(),
            about: unseen.words.clone(),
            ..self
        }
    }

    /// A target that nothing measures.
    pub fn has_no_source(&self) -> bool {
        matches!(self.id, RowId::Target(_)) && self.figure.is_none()
    }

    /// Name, value and what is known, for a message.
    pub fn words(&self) -> String {
        // What a reason says in words says more than its word.
        let now = if self.reason.is_some() && !self.about.is_empty() { "" } else { self.now.as_str() };
        let parts = [now, self.about.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        format!("{} {}", self.full_title(), parts.join(", ")).trim_end().to_owned()
    }

    /// What it is called, with the one of several subjects that it speaks of.
    pub fn full_title(&self) -> String {
        format!("{} {}", self.title, self.subject).trim_end().to_owned()
    }
}
