//! History: runs of this document and their results.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::record::history::Told;

/// What was read, and where it is looked at.
#[derive(Debug, Default)]
pub struct HistoryState {
    /// Runs of this document, once they were read.
    pub runs: Option<Vec<Told>>,
    /// The row at the cursor.
    pub row: usize,
}
