//! What an expectation comes to.

use serde::{Deserialize, Serialize};

/// What an expectation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything that is said was seen.
    Pass,
    /// What is said is contradicted.
    Fail,
    /// A person has to look.
    NeedsEyes,
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What was observed, short.
    pub observed: String,
    /// Where it differs, or why it needs eyes; empty for a plain pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The command's failure is what the document expects: its exit status is no failure then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exit_expected: bool,
    /// What was looked for was found, but for a reason it still needs eyes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub matched: bool,
}

impl Judgement {
    /// Only a person can tell.
    pub fn eyes(why: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::NeedsEyes,
            observed: String::new(),
            why: why.into(),
            exit_expected: false,
            matched: false,
        }
    }
}
