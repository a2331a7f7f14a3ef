//! Corrections: what somebody says of how a piece of the document is to be read (READING 3).
//!
//! The same words stand in three places, and the nearest to the run wins: what was said on the screens, what stands
//! in the document as a comment, what stands in `[reading]` of gonogo.toml.

mod apply;
mod correction;
mod find;
mod key;
mod subject;
mod words;

pub(super) use apply::{apply, set_languages};
pub use correction::{Correction, FILE};
pub use find::place_of;
pub(super) use find::{Targets, find};
pub use key::{key_of_fence, key_of_heading};
pub use subject::{Matter, Subject, subject};
pub use words::{NAMES, Word, parse};
