//! Programs that sources ask, run by whoever may start processes.

use std::time::Duration;

use futures::future::BoxFuture;

use crate::run::health::Unseen;

/// So much of what a program prints is kept.
pub const MOST_PRINTED: usize = 64 * 1024;

/// What a program printed, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Its exit status; nothing where it was ended because it took too long.
    pub status: Option<i32>,
    /// What it printed, on both streams, up to [`MOST_PRINTED`].
    pub output: String,
    /// It printed more.
    pub cut: bool,
}

/// Runs a script by a shell of its own, beside every shell of a run: no terminal, nothing to read, its own process group,
/// all of which has ended when it tells.
pub trait Programs: Send + Sync + std::fmt::Debug {
    /// What a script printed within a limit.
    fn run(&self, script: String, limit: Duration) -> BoxFuture<'_, Result<Ran, Unseen>>;
}
