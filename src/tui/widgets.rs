//! Pieces that several screens are made of.

pub(in crate::tui) mod boxed;
pub mod editor;
pub mod pane;
pub(in crate::tui) mod plot;
pub(in crate::tui) mod strip;
pub(in crate::tui) mod text;
