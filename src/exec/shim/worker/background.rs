//! Follow commands that go on in the background, each on a terminal of its own.

use std::time::{Duration, Instant};

use rustix::process::{PidfdFlags, kill_process_group, pidfd_open};

use super::super::super::shell::ToShell;
use super::super::super::spawn::wait_readable;
use super::super::message::FromShim;
use super::super::running::{Running, UNKNOWN};
use super::Worker;
use crate::runbook::CommandId;

impl Worker {
    /// Takes the shell back from a follow command: it is stopped, which gives the prompt back, and goes on
    /// when the prompt is there.
    pub(super) fn background(&mut self, command: &CommandId) {
        let Some(running) = self.live.running.as_mut().filter(|r| &r.command == command) else { return };
        if running.own.is_none() {
            let words = format!("{command} has no terminal of its own: the next command waits until it ends");
            (self.report)(FromShim::Trouble(words));
        } else if running.there().is_some() {
            running.leaving = true;
            self.begin_there();
        } else if running.ended.is_none() {
            running.leaving = true;
            self.stop_leaving();
        }
    }

    /// A command that was only just handed over has no processes of its own yet; they are waited for.
    pub(super) fn stop_leaving(&mut self) {
        let leaving = |r: &&mut Running| r.leaving && r.group.is_none() && r.there().is_none();
        let Some(running) = self.live.running.as_mut().filter(leaving) else { return };
        let shell = self.bash.pid();
        let Some(group) = self.bash.foreground().filter(|g| *g != shell) else { return };
        if kill_process_group(group, rustix::process::Signal::STOP).is_ok() {
            running.group = Some(group);
            running.gone = pidfd_open(group, PidfdFlags::empty()).ok();
        }
    }

    /// The terminal of a follow command on another side has come: it is begun there, and leaves the shell free. Without one
    /// it holds the shell.
    pub(super) fn begin_there(&mut self) {
        let Some(running) = self.live.running.as_mut() else { return };
        let leaving = running.leaving;
        let Some(there) = running.there_mut() else { return };
        if let Some(text) = there.begins() {
            self.tell(&ToShell::Run(&text));
        } else if let Some(text) = there.gives_up(Instant::now()) {
            (running.own, running.leaving) = (None, false);
            self.tell(&ToShell::Run(&text));
        } else if leaving && there.free {
            running.leaving = false;
            self.live.follows.extend(self.live.running.take());
            self.tell(&ToShell::Snapshot);
            self.take_held();
        }
    }

    /// The prompt is back: what was stopped goes on.
    pub(super) fn left(&mut self) {
        let Some(mut running) = self.live.running.take() else { return };
        running.leaving = false;
        if running.gone.is_none() {
            // It had ended before it could be watched.
            running.ended = Some((UNKNOWN, Instant::now()));
        }
        if let Some(group) = running.group {
            let _gone = kill_process_group(group, rustix::process::Signal::CONT);
        }
        self.live.follows.push(running);
        if !self.doors.is_behind() {
            self.disown_stopped();
        }
        self.tell(&ToShell::Snapshot);
        self.take_held();
    }

    /// What came while a command held the shell.
    pub(super) fn take_held(&mut self) {
        while self.live.running.is_none()
            && let Some(message) = self.inbox.held()
        {
            self.message(message);
        }
    }

    /// Commands in the background end on their own: seen by their first process, told by its last words. Their
    /// last output may come later than either.
    pub(super) fn ended_in_background(&mut self) {
        let gone =
            |f: &Running| f.gone().is_some_and(|fd| wait_readable(&[fd], Some(Duration::ZERO)) == [true]);
        if let Some(running) = self.live.running.as_mut().filter(|r| r.there().is_some() && gone(r)) {
            running.ended = Some((UNKNOWN, Instant::now()));
        }
        if self.live.follows.iter().any(gone) {
            // What it said before it went may not have been read yet.
            self.reports();
            for follow in self.live.follows.iter_mut().filter(|f| gone(f)) {
                follow.gone = None;
                follow.ended = Some((follow.told.unwrap_or(UNKNOWN), Instant::now()));
                follow.mark_end();
            }
        }
        while let Some((follow, exit)) = self.live.take_ended_follow() {
            self.exited(follow, exit);
        }
    }
}
