//! A shell that is not where it is thought to be: at a prompt of the document's, or reading a file of the document's.

use std::time::{Duration, Instant};

/// How often it is looked whether the shell is at a prompt that is not ours: the less often, the longer a command runs.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const LOOK_AT_LEAST: Duration = Duration::from_secs(2);
/// How long a shell needs at most from its gate to its read.
const TO_READ: Duration = Duration::from_millis(20);

/// Looks for prompts that are not ours. A document that sets its own `PS1` takes away what tells the end of a command;
/// then the shell waits in the same read as at our prompts.
#[derive(Default)]
pub(in super::super) struct Lookout {
    /// Where bash keeps what it reads at its prompt, as the system call that waits for it tells.
    reads_into: Option<String>,
    asked_where: bool,
    /// When it was looked last.
    looked: Option<Instant>,
}

impl Lookout {
    /// Sees where a shell at our prompt reads; once in its life, it needs a moment.
    pub(in super::super) fn learn(&mut self, shell: u32) {
        if std::mem::replace(&mut self.asked_where, true) {
            return;
        }
        let begun = Instant::now();
        while self.reads_into.is_none() && begun.elapsed() < TO_READ {
            self.reads_into = reads_into(shell);
            std::thread::yield_now();
        }
    }

    /// Notes that it was looked, or that a command has only begun.
    pub(in super::super) fn looked(&mut self, now: Instant) {
        self.looked = Some(now);
    }

    /// When it is to be looked again, where a command has run for so long.
    pub(in super::super) fn due_in(&self, runs_for: Duration, now: Instant) -> Duration {
        let every = (runs_for / 8).clamp(LOOK_EVERY, LOOK_AT_LEAST);
        self.looked.map_or(every, |at| every.saturating_sub(now.saturating_duration_since(at)))
    }

    /// Whether a shell reads where it reads at a prompt.
    pub(in super::super) fn sees_prompt(&self, shell: u32) -> bool {
        self.reads_into.is_some() && reads_into(shell) == self.reads_into
    }
}

/// Where a process that waits for its standard input reads it into (proc(5), `/proc/pid/syscall`); nothing where it does
/// something else, or may not be looked at.
fn reads_into(pid: u32) -> Option<String> {
    let call = std::fs::read_to_string(format!("/proc/{pid}/syscall")).ok()?;
    let mut fields = call.split(' ').skip(1);
    (fields.next()? == "0x0").then(|| fields.next().map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_the_less_often_the_longer_a_command_runs() {
        let (mut lookout, now) = (Lookout::default(), Instant::now());
        assert_eq!(lookout.due_in(Duration::ZERO, now), LOOK_EVERY);
        assert_eq!(lookout.due_in(Duration::from_secs(8), now), Duration::from_secs(1));
        assert_eq!(lookout.due_in(Duration::from_hours(1), now), LOOK_AT_LEAST);
        lookout.looked(now);
        assert_eq!(lookout.due_in(Duration::ZERO, now + LOOK_EVERY / 2), LOOK_EVERY / 2);
        assert_eq!(lookout.due_in(Duration::ZERO, now + LOOK_AT_LEAST), Duration::ZERO);
    }

    #[test]
    fn a_shell_that_was_not_seen_at_its_prompt_is_never_taken_to_be_at_one() {
        let mut lookout = Lookout::default();
        // There is no such process.
        lookout.learn(0);
        assert!(!lookout.sees_prompt(0));
    }
}
