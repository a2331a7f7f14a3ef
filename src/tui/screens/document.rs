//! The document as a text to read: where it is read, what is searched for, what was said of it.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::sync::Arc;

use crate::runbook::doubt::Doubt;
use crate::runbook::rendered::Rendered;

/// The document as a text to read.
#[derive(Debug, Default)]
pub struct Document {
    /// Its lines, once it was looked at.
    pub lines: Option<Arc<Vec<Rendered>>>,
    /// The line at the cursor, from 1.
    pub line: usize,
    /// Rows of that line that are scrolled away, where it is longer than the screen.
    pub skipped: usize,
    /// What is searched for.
    pub pattern: Option<String>,
    /// What was said from outside of how lines are to be read.
    pub said: Vec<Said>,
}

/// A correction from outside of the document, at its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The line that it is about.
    pub line: usize,
    /// Who says so.
    pub by: String,
    /// Its words: `kind=follow`.
    pub words: String,
}

/// A command that could be read in another way too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// Its first line.
    pub line: usize,
    /// Its last line.
    pub end_line: usize,
    /// In which way.
    pub doubt: Doubt,
}
