//! Shell text: splitting a script into commands and telling what a command does.
//!
//! Pure: text in, data out. Where a command ends is told by a scanner of our own, what it consists of by
//! `brush-parser`'s grammar; `bash -n` is the oracle in tests.

mod around;
pub mod classify;
pub mod containers;
pub mod entrance;
pub mod grammar;
pub mod losses;
mod names;
pub mod needs;
pub mod parse;
pub mod quote;
mod reads;
pub mod services;
pub mod split;
pub mod touches;
pub mod traps;

pub use around::Around;
pub use classify::{Classified, Effect, Kind, classify, opens_shell};
pub use names::Names;
pub use parse::{Parsed, Simple, is_and_list, is_pipeline, parse, pipes, stages};
pub use reads::may_read;
pub use split::{Piece, PieceKind, split};
