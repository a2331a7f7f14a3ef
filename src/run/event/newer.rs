//! What only a newer gonogo knows.

use serde_json::Value;

/// An event of a kind, or with a content, that only a newer gonogo knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Newer {
    /// What it calls itself.
    pub kind: String,
    /// All of it, as it is stored.
    pub(super) content: Value,
}
