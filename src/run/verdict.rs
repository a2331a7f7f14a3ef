//! What came of an expectation: a check and what was observed in, a verdict out.
//!
//! Pure. What can be read two ways, is not whole, or is not proven needs eyes; it is never guessed to be a pass.

mod block;
mod check;
pub mod compose;
mod evidence;
mod json;
mod judge;
pub(super) mod judgement;
mod signs;
mod source;
mod table;
mod text;

pub use block::judge_block;
pub use evidence::{Evidence, Freshness, Sibling};
pub use json::json_differs;
pub use judge::{judge, judge_beside, seen_so_far};
pub use judgement::{Judgement, Verdict};
pub use signs::{EVERY_PART, NO_ERROR, errors_at_success, part_failed};
pub use text::clean;

#[cfg(test)]
mod tests;
