//! Pieces that several screens are made of.

pub mod editor;
pub mod pane;
