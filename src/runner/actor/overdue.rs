//! Ends a command that takes longer than it may: than the document gives it (`timeout=5m`), or than the way into a place
//! and out of it is given.

use std::time::{Duration, Instant};

use super::Actor;
use crate::run::Request;
use crate::run::event::PlaceChoice;
use crate::runbook::CommandId;

/// How long a command has to end after a signal, before it gets the next.
const GRACE: Duration = Duration::from_secs(10);
/// The same for a way into a place or out of it, where nothing is done that takes time to be ended well.
const SHORT_GRACE: Duration = Duration::from_secs(2);
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
    /// It leads to another place, or back: whoever types there is answering what that asks, and has the time anew.
    way: bool,
}

impl Actor {
    /// Begins to count, where a command that has begun is limited: by the document, or because it leads to another
    /// place or back.
    pub(super) fn limit(&mut self, command: &CommandId) {
        let Some(found) = self.state.find(command) else { return };
        let through = self.state.place_choice(command) == Some(PlaceChoice::Through);
        let back = found.leaves_place() && self.is_elsewhere();
        let given = found.timeout_s.map(Duration::from_secs);
        let way = given.is_none() && (through || back);
        let limit = given.or(way.then_some(self.timers.reach_within));
        self.timers.limit = limit.map(|limit| {
            let at = Instant::now() + limit;
            Limit { command: command.clone(), at, seconds: limit.as_secs(), sent: 0, way }
        });
    }

    /// Somebody types into a command.
    pub(super) fn typed_into(&mut self, command: &CommandId) {
        let limit = self.timers.limit.as_mut().filter(|l| l.way && l.sent == 0 && &l.command == command);
        if let Some(limit) = limit {
            limit.at = Instant::now() + self.timers.reach_within;
        }
    }

    /// After how many seconds a command is being ended, where it is.
    pub(super) fn given_up_after(&self, command: &CommandId) -> Option<u64> {
        let limit = self.timers.limit.as_ref().filter(|l| l.sent > 0 && &l.command == command);
        limit.map(|limit| limit.seconds)
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
            let text = format!("{} has used up its {} s: gonogo ends it", limit.command, limit.seconds);
            // Where there is no room for the note, the signal is recorded all the same.
            self.ask(&Request::Note { about: limit.command.0.clone(), text, issue: false }, None).ok();
        }
        let cancel = Request::Cancel { command: limit.command.clone(), signal: (*signal).to_owned() };
        if self.ask(&cancel, None).is_ok() {
            limit.sent += 1;
        }
        limit.at = Instant::now() + if limit.way { SHORT_GRACE } else { GRACE };
        self.timers.limit = Some(limit);
    }
}
