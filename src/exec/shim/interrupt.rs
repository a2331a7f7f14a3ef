//! Signals to what runs, and interrupts that are repeated until they arrive.

use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process_group};
use rustix::termios::tcgetpgrp;

use super::Worker;
use super::message::{FromShim, Signal};
use crate::runbook::CommandId;

/// After how long it is looked whether an interrupt arrived, and how often it is sent at most.
const SEEN: Duration = Duration::from_millis(40);
const MOST: u32 = 25;

/// An interrupt that was sent, until it is seen whether it arrived.
pub(super) struct Interrupt {
    group: Option<Pid>,
    at: Instant,
    tries: u32,
}

impl Interrupt {
    pub(super) fn due_in(&self) -> Duration {
        SEEN.saturating_sub(self.at.elapsed())
    }
}

impl Worker {
    /// Signals a command, in the foreground or in the background.
    pub(super) fn signal(&mut self, command: &CommandId, signal: Signal) {
        let signal = match signal {
            Signal::Int => rustix::process::Signal::INT,
            Signal::Term => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
        };
        let sent = if self.running.as_ref().is_some_and(|r| &r.command == command) {
            let interrupt = Interrupt { group: None, at: Instant::now(), tries: 0 };
            self.interrupt = (signal == rustix::process::Signal::INT).then_some(interrupt);
            self.signal_foreground(signal)
        } else {
            let group = self.follows.iter().find(|f| &f.command == command).and_then(|f| f.group);
            group.map_or(Ok(()), |group| kill_process_group(group, signal))
        };
        if let Err(error) = sent {
            (self.report)(FromShim::Trouble(format!("could not signal the command: {error}")));
        }
    }

    /// Signals whatever the terminal calls its foreground: what Ctrl-C would reach.
    fn signal_foreground(&mut self, signal: rustix::process::Signal) -> Result<(), rustix::io::Errno> {
        let group = tcgetpgrp(&self.process.terminal.master)?;
        if let Some(interrupt) = &mut self.interrupt {
            *interrupt = Interrupt { group: Some(group), at: Instant::now(), tries: interrupt.tries + 1 };
        }
        match kill_process_group(group, signal) {
            // It ended by itself just now; whether the command goes on is seen in a moment.
            Err(rustix::io::Errno::SRCH) => Ok(()),
            result => result,
        }
    }

    /// An interrupt can hit a process of a loop that was ending anyway, and the loop goes on. That is seen by
    /// another process in the foreground, which is interrupted in turn; one that ignores interrupts is not
    /// pressed again.
    pub(super) fn interrupt_again(&mut self) {
        let Some(interrupt) = &self.interrupt else { return };
        if interrupt.at.elapsed() < SEEN {
            return;
        }
        let now = tcgetpgrp(&self.process.terminal.master).ok();
        if interrupt.tries >= MOST || now == interrupt.group {
            self.interrupt = None;
        } else {
            let _gone = self.signal_foreground(rustix::process::Signal::INT);
        }
    }
}
