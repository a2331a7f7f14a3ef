//! Log and sign-off: the document's template as it will be written, and what a reviewer has to see.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogState {
    /// The row at the cursor.
    pub row: usize,
}
