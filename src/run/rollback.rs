//! Going back: which commands that takes, what has to be there for it, what stands in its way, what it
//! undoes and what it costs.
//!
//! All of it is derived from the document, the run's state and what was [`Found`] outside; nothing is invented where
//! the document has no rollback.

mod board;
pub(super) mod decided;
pub(super) mod found;
mod obstacles;
pub(super) mod procedures;
mod referred;
mod saved;
mod triggers;
mod undone;
pub(super) mod way_out;

pub use board::{Board, Line, board};
pub use decided::{Decided, GoingBack};
pub use found::{FileFacts, Found, Inside, LookedAt, MadeFile};
pub use obstacles::{Obstacle, obstacles, says_no_place};
pub use procedures::{belongs, commands, estimate_s, of_procedures, procedures, usual};
pub use referred::{Numbered, numbered, offered, referred};
pub use saved::{Candidate, Saved, leads_to_a_file, made_unseen, paths, saved, unknown_values};
pub use triggers::{Trigger, triggers};
pub use undone::{Undone, not_needed, undone};
pub use way_out::{WayOut, WayOutKind};

#[cfg(test)]
pub(in crate::run) mod tests;
