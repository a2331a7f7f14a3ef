//! The command log: everything that was run, in order.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommandsState {
    /// The row at the cursor.
    pub row: usize,
}
