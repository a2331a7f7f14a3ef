//! What probes say about a check item.

use serde::{Deserialize, Serialize};

/// What the probes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// A person has to say.
    Open,
}

/// What the probes say about an item, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The answer.
    pub answer: Answer,
    /// What was seen.
    pub words: String,
}
