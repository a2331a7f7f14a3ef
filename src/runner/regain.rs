//! What is known of a connection of the probes' own, to a host whose place was lost.

use std::time::{Duration, Instant};

use crate::exec::shim::Regained;

/// After how long it is tried, and how long the wait becomes at most.
const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(5);

/// A connection of the probes' own.
#[derive(Debug, Default)]
pub(super) struct Regain {
    pub(super) up: Option<Regained>,
    /// It is being tried.
    pub(super) trying: bool,
    /// The server wants to know more than can be said unasked: it is not asked again.
    pub(super) refused: bool,
    /// When it is tried, or looked at, next.
    pub(super) next: Option<Instant>,
    /// How long it was waited for the last time.
    waited: Duration,
}

impl Regain {
    /// The place is there, or has just been lost: what was before counts no more.
    pub(super) fn forget(&mut self) {
        *self = Self { trying: self.trying, ..Self::default() };
    }

    /// Waits, longer from time to time.
    pub(super) fn wait(&mut self) {
        self.waited = (self.waited * 2).clamp(FIRST, LONGEST);
        self.next = Some(Instant::now() + self.waited);
    }
}
