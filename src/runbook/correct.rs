//! Corrections: what somebody says of how a piece of the document is to be read (READING 3).
//!
//! The same words stand in three places, and the nearest to the run wins: what was said on the screens, what stands
//! in the document as a comment, what stands in `[reading]` of gonogo.toml.

mod apply;
mod find;
mod key;
mod subject;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use apply::{apply, set_languages};
pub use find::place_of;
pub(super) use find::{Targets, find};
pub use key::{key_of_fence, key_of_heading};
pub use subject::{Matter, Subject, subject};
pub use words::{NAMES, Word, parse};

/// One correction from outside the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Correction {
    /// What it is about: a heading's text or path (`Deployment > Verify`), a line (`line 12`), or the first words of a
    /// fence or command with their hash (`docker compose down #1f3a9c`).
    pub of: String,
    /// The words: `role=rollback`, `skip`, `kind=follow`.
    pub words: String,
    /// Who says so: `gonogo.toml`, or the operator who said it on the screens.
    pub by: String,
}

/// The file that keeps corrections beside the document.
pub const FILE: &str = "gonogo.toml";
