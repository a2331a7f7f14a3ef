//! What a headless run needs to know before anything runs.

mod answers;
mod doubts;
mod environment;
mod fates;
mod unanswered;
mod values;
mod ways;

pub(super) use answers::{Answers, Back, PlaceAnswer, way_to_set};
pub(super) use environment::environment;
pub(super) use fates::{Fate, fates};
pub(super) use unanswered::{all_answered, goes_again, refused, unanswered};
