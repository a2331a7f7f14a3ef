//! Follow commands that go on in the background, each on a terminal of its own.

use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, kill_process_group, pidfd_open};
use rustix::termios::tcgetpgrp;

use super::super::shell::ToShell;
use super::super::spawn::wait_readable;
use super::message::FromShim;
use super::running::{Running, UNKNOWN};
use super::worker::Worker;
use crate::run::Exit;
use crate::runbook::CommandId;

impl Worker {
    /// Takes the shell back from a follow command: it is stopped, which gives the prompt back, and goes on
    /// when the prompt is there.
    pub(super) fn background(&mut self, command: &CommandId) {
        let Some(running) = self.running.as_mut().filter(|r| &r.command == command) else { return };
        if running.own.is_none() {
            let words = format!("{command} has no terminal of its own: what is run next waits for its end");
            (self.report)(FromShim::Trouble(words));
        } else if running.ended.is_none() {
            running.leaving = true;
            self.stop_leaving();
        }
    }

    /// A command that was only just handed over has no processes of its own yet; they are waited for.
    pub(super) fn stop_leaving(&mut self) {
        let Some(running) = self.running.as_mut().filter(|r| r.leaving && r.group.is_none()) else { return };
        let shell = Pid::from_child(&self.process.child);
        let group = tcgetpgrp(&self.process.terminal.master).ok().filter(|g| *g != shell);
        let Some(group) = group else { return };
        if kill_process_group(group, rustix::process::Signal::STOP).is_ok() {
            running.group = Some(group);
            running.gone = pidfd_open(group, PidfdFlags::empty()).ok();
        }
    }

    /// The prompt is back: what was stopped goes on.
    pub(super) fn left(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        running.leaving = false;
        if running.gone.is_none() {
            // It had ended before it could be watched.
            running.ended = Some((UNKNOWN, Instant::now()));
        }
        if let Some(group) = running.group {
            let _gone = kill_process_group(group, rustix::process::Signal::CONT);
        }
        self.follows.push(running);
        if !self.is_behind() {
            self.disown_stopped();
        }
        self.tell(&ToShell::Snapshot);
        self.take_queued();
    }

    /// What came while a command held the shell.
    pub(super) fn take_queued(&mut self) {
        while self.running.is_none()
            && let Some(message) = self.queued.pop_front()
        {
            self.message(message);
        }
    }

    /// Commands in the background end on their own: seen by their first process, told by its last words. Their
    /// last output may come later than either.
    pub(super) fn ended_in_background(&mut self) {
        let gone = |f: &Running| {
            f.gone.as_ref().is_some_and(|fd| wait_readable(&[fd], Some(Duration::ZERO)) == [true])
        };
        if self.follows.iter().any(gone) {
            // What it said before it went may not have been read yet.
            self.reports();
            for follow in self.follows.iter_mut().filter(|f| gone(f)) {
                follow.gone = None;
                follow.ended = Some((follow.told.unwrap_or(UNKNOWN), Instant::now()));
                follow.mark_end();
            }
        }
        while let Some(at) = self.follows.iter().position(Running::all_read) {
            let follow = self.follows.remove(at);
            let status = follow.ended.map_or(UNKNOWN, |(status, _)| status);
            let exit = if status == UNKNOWN { Exit::Unknown } else { Exit::Status(status) };
            self.exited(follow, exit);
        }
    }
}
