//! A shell that is not where it is thought to be: at a prompt of the document's, or reading a file of the document's.

use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::termios::tcgetpgrp;

use super::super::super::spawn::wait_readable;
use super::super::terminal::drain;
use super::super::worker::Worker;
use super::At;

/// How often it is looked whether the shell is at a prompt that is not ours: the less often, the longer a command runs.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const LOOK_AT_LEAST: Duration = Duration::from_secs(2);

/// How long an `EXIT` trap may take, and how long a shell without one.
const TRAP: Duration = Duration::from_secs(10);
const NO_TRAP: Duration = Duration::from_millis(500);

impl Worker {
    /// Leaves the shell by `exit`, as whoever types does: its `EXIT` trap runs to its end, and jobs that it left in the
    /// background go on. False where it is not at its prompt, or does not end.
    pub(in super::super) fn leave_shell(&mut self) -> bool {
        if !matches!(self.typist.at, At::Prompt) {
            return false;
        }
        let trap = self.known().is_some_and(|s| s.has_trap("EXIT"));
        self.type_in("exit");
        self.process.channel.start.open();
        self.process.channel.prompt.open();
        let until = Instant::now() + if trap { TRAP } else { NO_TRAP };
        let Some(exited) = self.exited.as_ref() else { return false };
        // What it writes meanwhile must not hold it up.
        let (out, error) = (&self.process.terminal.master, &self.process.error.master);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let ready = wait_readable(&[exited, out, error], Some(left));
            if ready[0] {
                return true;
            }
            if left.is_zero() {
                return false;
            }
            for master in [out, error] {
                drain(master, |_| {});
            }
        }
    }

    /// When it is to be looked again whether a shell that runs something is at a prompt that is not ours.
    pub(in super::super) fn typist_due_in(&self) -> Option<Duration> {
        let runs = matches!(self.typist.at, At::Running) && !self.is_behind();
        let running = self.running.as_ref().filter(|_| runs)?;
        let every = (running.started.elapsed() / 8).clamp(LOOK_EVERY, LOOK_AT_LEAST);
        Some(self.typist.looked.map_or(every, |at| every.saturating_sub(at.elapsed())))
    }

    /// A document that sets its own `PS1` takes away what tells the end of a command. Then the shell waits in the same
    /// read as at our prompts, and gets them back with the status that it has.
    pub(in super::super) fn find_lost_prompt(&mut self) {
        if self.typist_due_in() != Some(Duration::ZERO) {
            return;
        }
        self.typist.looked = Some(Instant::now());
        self.end_question();
        let own = tcgetpgrp(&self.process.terminal.master) == Ok(Pid::from_child(&self.process.child));
        if own
            && self.typist.reads_into.is_some()
            && reads_into(self.process.child.id()) == self.typist.reads_into
        {
            self.keep_modes();
            self.typing_modes();
            let text = self.process.prompts.give_back(&self.typist.prompt);
            self.type_in(&text);
        }
    }

    /// Whether the shell still reads its own terminal.
    pub(super) fn has_terminal(&self) -> bool {
        let Some(own) = self.process.terminal.path() else { return true };
        std::fs::read_link(format!("/proc/{}/fd/0", self.process.child.id()))
            .map_or(true, |reads| reads == std::path::Path::new(&own))
    }
}

/// Where a process that waits for its standard input reads it into (proc(5), `/proc/pid/syscall`); nothing where it does
/// something else, or may not be looked at.
pub(super) fn reads_into(pid: u32) -> Option<String> {
    let call = std::fs::read_to_string(format!("/proc/{pid}/syscall")).ok()?;
    let mut fields = call.split(' ').skip(1);
    (fields.next()? == "0x0").then(|| fields.next().map(str::to_owned)).flatten()
}
