//! A correction as it is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
