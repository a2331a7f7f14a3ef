//! Writers that outlive their command by a moment: what stands behind `>(…)`, of this command or of an `exec > >(tee f)`
//! before it. What they write is the command's output all the same, and a claim must not fail because it was on its way.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use super::super::proc;
use super::worker::Worker;

/// How long a command's end waits for them at most.
const LONGEST: Duration = Duration::from_millis(1500);
/// How long nothing must have come once all that was written to them was taken.
const QUIET: Duration = Duration::from_millis(25);
/// How often it is looked.
const EVERY: Duration = Duration::from_millis(5);

/// What is known of them.
#[derive(Default)]
pub(super) struct Writers {
    /// Since when the command that has ended waits for them.
    since: Option<Instant>,
    /// The end was marked once more after they were done.
    marked: bool,
    /// Those that went on for longer: they are not waited for again.
    known: Vec<u32>,
    /// The processes of the shell when the command began.
    before: Vec<u32>,
}

impl Writers {
    /// The command has ended: nothing waits for them any more.
    pub(super) fn ended(&mut self) {
        (self.since, self.marked) = (None, false);
    }
}

impl Worker {
    /// Whether the end of what runs waits for writers.
    pub(super) fn still_writes(&mut self) -> bool {
        if self.running.as_ref().is_none_or(|r| r.own.is_some()) || self.is_behind() {
            return false;
        }
        if self.state_pipe().is_some() {
            // The shell's state is on its way; who writes that is a process of the shell as well.
            return true;
        }
        let since = *self.writers.since.get_or_insert_with(Instant::now);
        let shell = self.process.child.id();
        let of_shell: Vec<u32> =
            proc::children(shell).into_iter().filter(|pid| proc::group(*pid) == Some(shell)).collect();
        let fresh = of_shell.iter().any(|pid| !self.writers.known.contains(pid));
        // Of one that was waited for before it is enough that it has taken all, and is quiet.
        let quiet = self.running.as_ref().is_none_or(|r| r.quiet_for() >= QUIET);
        let takes = !of_shell.is_empty() && (unread(shell) || !quiet);
        if (fresh || takes) && since.elapsed() < LONGEST {
            return true;
        }
        let through = self.running.as_ref().is_some_and(|r| r.substitutes) || !self.writers.known.is_empty();
        if through && !self.writers.marked {
            // What they wrote last may come behind the mark that was written when the command ended.
            self.writers.marked = true;
            self.running.iter_mut().for_each(super::running::Running::wait_for_marks);
            self.mark_end();
            return true;
        }
        self.writers.known = of_shell;
        false
    }

    /// Notes what is there when a command begins.
    pub(super) fn note_writers(&mut self) {
        self.writers.before = proc::children(self.process.child.id());
    }

    /// Whether the command that has ended has left something in the background.
    pub(super) fn left_writers(&self) -> bool {
        let now = proc::children(self.process.child.id());
        !self.is_behind() && now.iter().any(|pid| !self.writers.before.contains(pid))
    }

    /// When it is to be looked again.
    pub(super) fn writers_due_in(&self) -> Option<Duration> {
        self.writers.since.map(|_| EVERY)
    }
}

/// Whether something that the shell's commands wrote to a pipe of theirs was not taken yet.
fn unread(shell: u32) -> bool {
    [1, 2].into_iter().any(|number| {
        let path = format!("/proc/{shell}/fd/{number}");
        let pipe = std::fs::read_link(&path).is_ok_and(|to| to.to_string_lossy().starts_with("pipe:"));
        // Opening it for reading takes nothing out of it.
        pipe && open(&path).is_some_and(|pipe| rustix::io::ioctl_fionread(&pipe).is_ok_and(|left| left > 0))
    })
}

fn open(path: &str) -> Option<OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    rustix::fs::open(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty()).ok()
}
