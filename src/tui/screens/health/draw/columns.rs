//! How wide each column of Health is. It follows from the terminal's width alone, so that a strip has as many parts as
//! there are columns for it.

/// From so many columns on all limits, how it was before and the chart have room.
const WIDE: usize = 110;
/// From so many on there is room for what a change comes to.
const WIDER: usize = 170;
/// The pointer before a row.
pub(super) const POINTER: usize = 3;
/// A level's sign and word.
pub(super) const LEVEL: usize = 10;
/// How long it stands so.
pub(super) const LASTS: usize = 5;

/// Columns of each part of a row; each but the pointer is followed by a blank.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Columns {
    pub(super) what: usize,
    pub(super) now: usize,
    /// How many limits are shown: the one that matters, or all three.
    pub(super) limits: usize,
    pub(super) limit: usize,
    pub(in crate::tui) strip: usize,
    /// How it was before; nothing where there is no room.
    pub(super) before: usize,
    /// What the change comes to.
    pub(super) change: usize,
    pub(super) width: usize,
}

impl Columns {
    pub(in crate::tui) fn of(width: usize) -> Self {
        let (what, now, limit) = match width {
            0..72 => (14, 9, 6),
            72..WIDE => (20, 9, 7),
            WIDE..WIDER => (24, 11, 8),
            _ => (32, 14, 9),
        };
        let limits = if width < WIDE { 1 } else { 3 };
        let before = if width < WIDE { 0 } else { 10 };
        let change = if width < WIDER { 0 } else { 18 };
        let fixed = POINTER + LEVEL + what + now + limits * (limit + 1) + LASTS + 4;
        let behind = if before > 0 { before + 1 } else { 0 } + if change > 0 { change + 1 } else { 0 };
        let strip = width.saturating_sub(fixed + behind).max(6);
        Self { what, now, limits, limit, strip, before, change, width }
    }

    pub(super) fn is_wide(self) -> bool {
        self.limits == 3
    }
}
