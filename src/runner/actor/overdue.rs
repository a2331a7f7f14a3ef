//! Ends a command that takes longer than the document gives it (`timeout=5m`).

use std::time::{Duration, Instant};

use super::Actor;
use crate::run::Request;
use crate::runbook::CommandId;

/// How long a command has to end after a signal, before it gets the next.
const GRACE: Duration = Duration::from_secs(10);
/// The signals that it gets, one after another: asked, told, made to.
const SIGNALS: [&str; 3] = ["INT", "TERM", "KILL"];

/// A command that may not take longer than this.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    command: CommandId,
    at: Instant,
    /// What it was given, in seconds.
    seconds: u64,
    /// How many signals it got.
    sent: usize,
}

impl Actor {
    /// Begins to count, where the document limits a command that has begun.
    pub(super) fn limit(&mut self, command: &CommandId) {
        let seconds = self.state.find(command).and_then(|c| c.timeout_s);
        self.timers.limit = seconds.map(|seconds| {
            let at = Instant::now() + Duration::from_secs(seconds);
            Limit { command: command.clone(), at, seconds, sent: 0 }
        });
    }

    /// The command has ended.
    pub(super) fn unlimit(&mut self, command: &CommandId) {
        self.timers.limit.take_if(|limit| limit.command == *command);
    }

    /// When the command that is limited is to get a signal.
    pub(super) fn limit_due_in(&self) -> Option<Duration> {
        self.timers.limit.as_ref().map(|limit| limit.at.saturating_duration_since(Instant::now()))
    }

    /// Sends the next signal to a command whose time is over.
    pub(super) fn end_overdue(&mut self) {
        let Some(mut limit) = self.timers.limit.take_if(|limit| limit.at <= Instant::now()) else { return };
        let Some(signal) = SIGNALS.get(limit.sent) else { return };
        if limit.sent == 0 {
            let text =
                format!("{} has taken the {} s that it may take: it is ended", limit.command, limit.seconds);
            // Where there is no room for the note, the signal is recorded all the same.
            self.ask(&Request::Note { about: limit.command.0.clone(), text, issue: false }, None).ok();
        }
        let cancel = Request::Cancel { command: limit.command.clone(), signal: (*signal).to_owned() };
        if self.ask(&cancel, None).is_ok() {
            limit.sent += 1;
        }
        limit.at = Instant::now() + GRACE;
        self.timers.limit = Some(limit);
    }
}
