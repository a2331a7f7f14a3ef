//! The gates of a run and what is open before each: a decision belongs to somebody who has seen all of
//! it.
//!
//! 1. Before the first command that changes the service.
//! 2. After the verification, where steps follow it.
//! 3. Before the run ends as deployed, which is what the sign-off is about.

mod board;
pub(super) mod id;
pub(super) mod outside;
pub(super) mod position;

pub use board::{Point, board, count_items, open_count, open_items, open_words};
pub use id::GateId;
pub use outside::Outside;
pub use position::{gate_index, index, inside, point_of_no_return, with_commands};
