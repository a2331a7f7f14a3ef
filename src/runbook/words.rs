//! Small readers of words: numbers, durations, slugs.

mod durations;
mod lower;
mod titles;

pub use durations::{
    duration_s, estimate_s, every, interval_s, is_afterwards, is_relative, is_wait, unit_ms, window_s,
    without_estimate,
};
pub use lower::{lower_words, lower_words_with, stem};
pub use titles::{numbered, slug, step_word, timed};
