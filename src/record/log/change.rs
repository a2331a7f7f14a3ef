//! What is written into a line, and where that comes from; or why nothing is.

use std::ops::Range;

use crate::run::state::Mark;
use crate::run::{RunState, Seq};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// In words.
    pub words: String,
    /// The event that says so.
    pub event: Option<Seq>,
}

impl Source {
    pub(super) fn of(state: &RunState, words: String, mark: &Mark) -> Self {
        Self { words, event: state.event_of(mark) }
    }
}

/// Why nothing can be written at a place.
#[derive(Clone, Debug)]
pub(crate) struct Unfilled(pub(super) String);

impl From<&str> for Unfilled {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl From<String> for Unfilled {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// A change in a line.
pub(super) struct Change {
    pub(super) at: Range<usize>,
    pub(super) text: String,
    /// Where the text comes from; nothing for what only keeps the line's shape.
    pub(super) source: Option<Source>,
}
