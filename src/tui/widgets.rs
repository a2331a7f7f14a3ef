//! Pieces that several screens are made of.

pub(in crate::tui) mod boxed;
pub(in crate::tui) mod chart;
pub mod editor;
pub(in crate::tui) mod facts;
pub(in crate::tui) mod fold;
pub mod pane;
pub(in crate::tui) mod plot;
pub(in crate::tui) mod rows;
pub(in crate::tui) mod strip;
pub(in crate::tui) mod text;
