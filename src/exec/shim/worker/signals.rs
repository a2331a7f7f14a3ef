//! Signals to what runs.

use std::time::Instant;

use rustix::process::{Pid, kill_process, kill_process_group};

use super::super::interrupt::{STILL_THERE, Sight};
use super::super::message::{FromShim, Signal};
use super::super::own::There;
use super::super::running::Running;
use super::super::terminal::write_all;
use super::Worker;
use super::doors::OBEYED;
use crate::runbook::CommandId;

/// After so many interrupts that hit a process just ending the shell itself is interrupted as well.
const MISSED: u32 = 3;

impl Worker {
    /// Signals a command, in the foreground or in the background.
    pub(super) fn signal(&mut self, command: &CommandId, signal: Signal) {
        let there = self.live.find(command).and_then(Running::there);
        if let Some((way, group)) = there.and_then(There::group) {
            if signal == Signal::Kill && self.live.holds(command) {
                self.signals.killed(command, Instant::now() + OBEYED);
            }
            self.doors.sent.send_to(way.clone(), group, signal);
            return;
        }
        // What was kept in the background before the first door was gone through is a process of this machine.
        if !self.doors.open.is_empty() && !self.live.follows.iter().any(|f| &f.command == command) {
            // Behind a door the process here is the door itself.
            if self.live.holds(command) {
                self.signal_behind(command, signal);
            }
            return;
        }
        self.signals.forget_interrupt();
        let signal = match signal {
            Signal::Int => rustix::process::Signal::INT,
            Signal::Term => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
        };
        if signal == rustix::process::Signal::KILL {
            self.signals.killed(command, Instant::now() + STILL_THERE);
        }
        if let Err(error) = self.send_signal(command, signal, 0) {
            // `su` and `sudo` are another user's; their terminal is ours.
            if signal == rustix::process::Signal::INT && self.doors.is_behind() {
                let _gone = write_all(&self.bash.process.terminal.master, &[3]);
                return;
            }
            (self.report)(FromShim::Trouble(format!("could not signal the command: {error}")));
        }
    }

    /// The processes that a signal for a command is meant for: what Ctrl-C at its terminal would reach.
    fn group_of(&self, command: &CommandId) -> Option<Pid> {
        if self.live.holds(command) {
            return self.bash.foreground();
        }
        self.live.follows.iter().find(|f| &f.command == command).and_then(|f| f.group)
    }

    fn send_signal(
        &mut self,
        command: &CommandId,
        signal: rustix::process::Signal,
        tries: u32,
    ) -> Result<(), rustix::io::Errno> {
        let Some(group) = self.group_of(command) else { return Ok(()) };
        let interrupts = signal == rustix::process::Signal::INT;
        if interrupts && self.live.holds(command) {
            // A loop of processes that are gone before anything reaches them is interrupted where it goes round.
            let shell = self.bash.pid();
            if tries >= MISSED && group != shell {
                let _gone = kill_process(shell, signal);
            }
            if tries >= MISSED || group == shell {
                self.typist.is_interrupted();
            }
        }
        // The group is looked at afterwards: meanwhile a short process would have made way for the next one.
        let sent = kill_process_group(group, signal);
        if interrupts {
            self.signals.interrupted(command, Sight::first(group), tries, Instant::now());
        }
        match sent {
            // It ended by itself just now; whether the command goes on is seen in a moment.
            Err(rustix::io::Errno::SRCH) => Ok(()),
            result => result,
        }
    }

    /// To end at once a command that outlives a kill its shell has to go; another one stands in for it.
    pub(super) fn kill_shell(&mut self) {
        let Some(command) = self.signals.outlived(Instant::now()) else { return };
        if self.live.running.as_ref().is_some_and(|r| r.command == command && r.ended.is_none()) {
            if self.doors.open.is_empty() { self.bash.kill() } else { self.end_way() }
        }
    }

    /// Looks whether an interrupt has arrived, and sends it again where it has not.
    pub(super) fn interrupt_again(&mut self) {
        let Some(command) = self.signals.to_look_at(Instant::now()) else { return };
        let sight = self.group_of(&command).and_then(|group| self.signals.look(group));
        if let Some(tries) = self.signals.seen(sight, Instant::now()) {
            let _gone = self.send_signal(&command, rustix::process::Signal::INT, tries);
        }
    }
}
