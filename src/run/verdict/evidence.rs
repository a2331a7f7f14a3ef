//! What is observed of a command that ended, and what one look at it comes to.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::run::event::Exit;

/// How old what a command shows may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing before it should have caused it.
    #[default]
    Any,
    /// It has to be younger than this: a command that should have caused it began then.
    Since(DateTime<Utc>),
    /// Whatever it shows began after the cause: the cause made what it looks at.
    Made,
}

/// Another command of the same block, for "all should succeed".
#[derive(Clone, Copy, Debug)]
pub struct Sibling<'e> {
    /// What was run, or would be.
    pub text: &'e str,
    /// How it ended, if it was run.
    pub exit: Option<Exit>,
}

/// What was observed of a command that ended.
#[derive(Clone, Debug)]
pub struct Evidence<'e> {
    /// What was run.
    pub text: &'e str,
    /// How it ended.
    pub exit: Exit,
    /// The exit status of each stage of the pipeline; one where it is no pipeline.
    pub stages: &'e [i32],
    /// How long it took.
    pub elapsed: Duration,
    /// Standard output as text, cleaned; absent where it was not kept.
    pub output: Option<&'e str>,
    /// All of it is there.
    pub whole: bool,
    /// Standard error is in it: the place has one terminal for both.
    pub merged: bool,
    /// Standard error as text, cleaned.
    pub error: &'e str,
    /// The services of the compose file that a compose command looks at, where it could be read.
    pub services: Option<&'e [String]>,
    /// The other commands of its block.
    pub siblings: &'e [Sibling<'e>],
    /// How old what it shows may be.
    pub fresh: Freshness,
}

/// What one look at the evidence came to, before the rules that hold over all checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Pass(String),
    /// What was observed, and how it contradicts.
    Fail(String, String),
    /// What was observed, and why it can't be told.
    Eyes(String, String),
}
