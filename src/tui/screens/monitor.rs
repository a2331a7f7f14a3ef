//! Monitor: the document's windows after the deployment, round by round.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct MonitorState {
    /// The item at the cursor.
    pub item: usize,
}
