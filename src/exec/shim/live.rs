//! What runs in a place: one command in the foreground, follow commands in the background.

use std::time::Duration;

use super::running::{Running, UNKNOWN};
use crate::run::Exit;
use crate::runbook::CommandId;

/// The commands that have not ended.
#[derive(Default)]
pub(super) struct Live {
    /// It holds the shell.
    pub(super) running: Option<Running>,
    /// Follow commands that go on in the background, each on a terminal of its own.
    pub(super) follows: Vec<Running>,
}

impl Live {
    pub(super) fn all(&self) -> impl Iterator<Item = &Running> {
        self.running.iter().chain(&self.follows)
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Running> {
        self.running.iter_mut().chain(&mut self.follows)
    }

    pub(super) fn find(&self, command: &CommandId) -> Option<&Running> {
        self.all().find(|r| &r.command == command)
    }

    /// Whether a command holds the shell.
    pub(super) fn holds(&self, command: &CommandId) -> bool {
        self.running.as_ref().is_some_and(|r| &r.command == command)
    }

    /// When something of them is due.
    pub(super) fn due_in(&self) -> Option<Duration> {
        self.all().filter_map(Running::due_in).min()
    }

    /// How the one in the foreground ended, once all of its output was read.
    pub(super) fn ended(&self) -> Option<Exit> {
        let running = self.running.as_ref().filter(|r| r.all_read())?;
        Some(exit(running))
    }

    /// Takes one of the background that has ended and whose output was read to its end.
    pub(super) fn take_ended_follow(&mut self) -> Option<(Running, Exit)> {
        let at = self.follows.iter().position(Running::all_read)?;
        let follow = self.follows.remove(at);
        let exit = exit(&follow);
        Some((follow, exit))
    }

    /// Takes them all.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = Running> + use<> {
        self.running.take().into_iter().chain(std::mem::take(&mut self.follows))
    }
}

fn exit(of: &Running) -> Exit {
    match of.ended {
        Some((status, _)) if status != UNKNOWN => Exit::Status(status),
        _ => Exit::Unknown,
    }
}
