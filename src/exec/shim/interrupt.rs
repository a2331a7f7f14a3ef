//! Signals to what runs, and interrupts that are repeated until they arrive.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process_group};
use rustix::termios::tcgetpgrp;

use super::super::proc;
use super::message::{FromShim, Signal};
use super::worker::Worker;
use crate::runbook::CommandId;

/// After how long it is looked whether an interrupt arrived, and how often it is sent at most.
const SEEN: Duration = Duration::from_millis(40);
const MOST: u32 = 100;
/// How often nothing new has to be seen before it is taken to have arrived, or to be ignored.
const QUIET: u32 = 5;
/// The same where none of its processes had a turn on a processor meanwhile, and so could not react.
const STARVED: u32 = 75;

/// After how long a command that was killed and is still there is ended with its shell.
const STILL_THERE: Duration = Duration::from_millis(300);

/// An interrupt that was sent, until it is seen whether it arrived.
pub(super) struct Interrupt {
    command: CommandId,
    group: Option<Pid>,
    /// The group's processes when it was sent.
    members: BTreeSet<u32>,
    at: Instant,
    tries: u32,
    /// How often nothing new was seen since, and how often not even a turn on a processor.
    quiet: u32,
    starved: u32,
    /// Turns on a processor that its processes had.
    turns: u64,
    /// What its first process has taken over from children that ended: it grows with each of them.
    reaped: u64,
}

impl Interrupt {
    pub(super) fn due_in(&self) -> Duration {
        SEEN.saturating_sub(self.at.elapsed())
    }
}

impl Worker {
    /// Signals a command, in the foreground or in the background.
    pub(super) fn signal(&mut self, command: &CommandId, signal: Signal) {
        if !self.doors.is_empty() && self.entering.is_none() {
            // Behind a door the process here is the door itself.
            if self.running.as_ref().is_some_and(|r| &r.command == command) {
                self.signal_behind(signal);
            }
            return;
        }
        let signal = match signal {
            Signal::Int => rustix::process::Signal::INT,
            Signal::Term => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
        };
        self.interrupt = None;
        if signal == rustix::process::Signal::KILL {
            self.kill = Some((command.clone(), Instant::now()));
        }
        if let Err(error) = self.send_signal(command, signal, 0) {
            (self.report)(FromShim::Trouble(format!("could not signal the command: {error}")));
        }
    }

    /// The processes that a signal for a command is meant for: what Ctrl-C at its terminal would reach.
    fn group_of(&self, command: &CommandId) -> Option<Pid> {
        if self.running.as_ref().is_some_and(|r| &r.command == command) {
            return tcgetpgrp(&self.process.terminal.master).ok();
        }
        self.follows.iter().find(|f| &f.command == command).and_then(|f| f.group)
    }

    fn send_signal(
        &mut self,
        command: &CommandId,
        signal: rustix::process::Signal,
        tries: u32,
    ) -> Result<(), rustix::io::Errno> {
        let Some(group) = self.group_of(command) else { return Ok(()) };
        if signal == rustix::process::Signal::INT {
            let (command, members) = (command.clone(), members(group));
            let turns = members.iter().map(|pid| proc::turns(*pid)).sum();
            let reaped = reaped(group);
            let (group, at) = (Some(group), Instant::now());
            let sent = Interrupt { command, group, members, at, tries, quiet: 0, starved: 0, turns, reaped };
            self.interrupt = Some(sent);
        }
        match kill_process_group(group, signal) {
            // It ended by itself just now; whether the command goes on is seen in a moment.
            Err(rustix::io::Errno::SRCH) => Ok(()),
            result => result,
        }
    }

    /// A loop of the shell's own loses one process by a kill and goes on with the next. To end it at once its
    /// shell has to go; another one stands in for it.
    pub(super) fn kill_shell(&mut self) {
        if self.kill.as_ref().is_none_or(|(_, at)| at.elapsed() < STILL_THERE) {
            return;
        }
        let Some((command, _)) = self.kill.take() else { return };
        if self.running.as_ref().is_some_and(|r| r.command == command && r.ended.is_none()) {
            let shell = Pid::from_child(&self.process.child);
            let _gone = rustix::process::kill_process(shell, rustix::process::Signal::KILL);
        }
    }

    /// When that is to be looked at.
    pub(super) fn kill_due_in(&self) -> Option<Duration> {
        self.kill.as_ref().map(|(_, at)| STILL_THERE.saturating_sub(at.elapsed()))
    }

    /// An interrupt can hit a process of a loop that was ending anyway, and the loop goes on. That is seen by
    /// another process in its place, which is interrupted in turn; one that ignores interrupts is not pressed
    /// again.
    pub(super) fn interrupt_again(&mut self) {
        if self.interrupt.as_ref().is_none_or(|i| i.at.elapsed() < SEEN) {
            return;
        }
        let Some(mut sent) = self.interrupt.take() else { return };
        let Some(group) = self.group_of(&sent.command) else { return };
        // A loop's processes may be too short to be seen; that they were there can be.
        let first_look = sent.quiet + sent.starved == 0;
        let more = std::mem::replace(&mut sent.reaped, reaped(group)) != sent.reaped && !first_look;
        let others = more || sent.group != Some(group) || !members(group).is_subset(&sent.members);
        if !others && sent.quiet < QUIET && sent.starved < STARVED {
            // A loop may be just between two of its processes, and on a busy machine for long.
            let turns = sent.members.iter().map(|pid| proc::turns(*pid)).sum();
            if std::mem::replace(&mut sent.turns, turns) == turns {
                sent.starved += 1;
            } else {
                sent.quiet += 1;
            }
            sent.at = Instant::now();
            self.interrupt = Some(sent);
        } else if others && sent.tries + 1 < MOST {
            let _gone = self.send_signal(&sent.command, rustix::process::Signal::INT, sent.tries + 1);
        }
    }
}

fn reaped(group: Pid) -> u64 {
    proc::reaped(group.as_raw_nonzero().get().unsigned_abs())
}

/// The processes of a group.
fn members(wanted: Pid) -> BTreeSet<u32> {
    let wanted = Some(wanted.as_raw_nonzero().get().unsigned_abs());
    proc::all().filter(|pid| proc::group(*pid) == wanted).collect()
}
