//! Checklist: what has to hold before the gate, after steps and at the end, with who said so.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChecklistState {
    /// The item, counted over all groups.
    pub item: usize,
    /// The steps led here, and go on once nothing is due.
    pub led: bool,
}
