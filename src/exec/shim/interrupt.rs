//! Signals to what runs, and interrupts that are repeated until they arrive.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process_group};
use rustix::termios::tcgetpgrp;

use super::Worker;
use super::message::{FromShim, Signal};
use crate::runbook::CommandId;

/// After how long it is looked whether an interrupt arrived, and how often it is sent at most.
const SEEN: Duration = Duration::from_millis(40);
const MOST: u32 = 25;
/// How often nothing new has to be seen before it is taken to have arrived, or to be ignored.
const QUIET: u32 = 5;

/// An interrupt that was sent, until it is seen whether it arrived.
pub(super) struct Interrupt {
    command: CommandId,
    group: Option<Pid>,
    /// The group's processes when it was sent.
    members: BTreeSet<u32>,
    at: Instant,
    tries: u32,
    /// How often nothing new was seen since.
    quiet: u32,
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
        self.interrupt = None;
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
            self.interrupt =
                Some(Interrupt { command, group: Some(group), members, at: Instant::now(), tries, quiet: 0 });
        }
        match kill_process_group(group, signal) {
            // It ended by itself just now; whether the command goes on is seen in a moment.
            Err(rustix::io::Errno::SRCH) => Ok(()),
            result => result,
        }
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
        let others = sent.group != Some(group) || !members(group).is_subset(&sent.members);
        if !others && sent.quiet < QUIET {
            // A loop may be just between two of its processes.
            (sent.quiet, sent.at) = (sent.quiet + 1, Instant::now());
            self.interrupt = Some(sent);
        } else if others && sent.tries + 1 < MOST {
            let _gone = self.send_signal(&sent.command, rustix::process::Signal::INT, sent.tries + 1);
        }
    }
}

/// The processes of a group, from `/proc` (proc(5): the group is the fifth field of `stat`).
fn members(group: Pid) -> BTreeSet<u32> {
    let wanted = group.as_raw_nonzero().get().to_string();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let in_group = |pid: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name, in brackets, may hold spaces.
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2)) == Some(&wanted)
    };
    pids.filter(in_group).collect()
}
