//! Monitoring after the deployment: the document's windows as rounds with their times, and what came of each.
//!
//! ```text
//! First Hour      every 5 min   rounds 1 to 12, the first when the watch begins
//! First 24 Hours  hourly        from where the first hour ends
//! ```

mod allowed;
mod due;
mod plan;
pub(super) mod round;

pub(in crate::run) use allowed::{end, goes_on, is_open, may_begin};
pub use due::{due, evidence, so_far};
pub use plan::{Planned, next_after, next_change, open_at, plan, rounds_of, window_at, window_ends};
pub use round::{Held, Round, RoundId, Said, SoFar, Watched};

#[cfg(test)]
mod tests;
