//! What a sentence or an output behind a fence is about: one command of it, or all of the block.

mod around;
mod outcomes;
mod subject;

pub(super) use around::place;
pub(super) use subject::claim;
