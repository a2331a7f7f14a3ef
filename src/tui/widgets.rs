//! Pieces that several screens are made of.

pub(in crate::tui) mod boxed;
pub mod editor;
pub(in crate::tui) mod figures;
pub mod pane;
pub(in crate::tui) mod text;
