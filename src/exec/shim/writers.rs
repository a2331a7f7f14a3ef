//! Writers that outlive their command by a moment: what stands behind `>(…)`, of this command or of an `exec > >(tee f)`
//! before it. What they write is the command's output all the same, and a claim must not fail because it was on its way.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use super::super::proc;

/// How long a command's end waits for them at most.
const LONGEST: Duration = Duration::from_millis(1500);
/// How long nothing must have come once all that was written to them was taken.
pub(super) const QUIET: Duration = Duration::from_millis(25);
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

/// What is seen of the shell's processes when a command has ended.
pub(super) struct Seen {
    /// Those that stand in the shell's own group, as what is behind `>(…)` does.
    pub(super) of_shell: Vec<u32>,
    /// What was written to a pipe of the shell's commands was not taken yet.
    pub(super) unread: bool,
    /// Nothing has come for [`QUIET`].
    pub(super) quiet: bool,
}

impl Seen {
    /// Looks at a shell.
    pub(super) fn of(shell: u32, quiet: bool) -> Self {
        let of_shell: Vec<u32> =
            proc::children(shell).into_iter().filter(|pid| proc::group(*pid) == Some(shell)).collect();
        let unread = !of_shell.is_empty() && unread(shell);
        Self { of_shell, unread, quiet }
    }
}

/// What a command's end does about them.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// It waits for them.
    Longer,
    /// What they wrote last may come behind the mark that was written when the command ended: the end is marked again.
    ForMarks,
    /// It waits no more.
    NoMore,
}

impl Writers {
    /// Notes what is there when a command begins.
    pub(super) fn note(&mut self, shell: u32) {
        self.before = proc::children(shell);
    }

    /// The command has ended: nothing waits for them any more.
    pub(super) fn ended(&mut self) {
        (self.since, self.marked) = (None, false);
    }

    /// Whether the end of a command is to wait, by what is seen; `substitutes` where its own text has a `>(…)`.
    pub(super) fn wait(&mut self, seen: Seen, substitutes: bool, now: Instant) -> Wait {
        let since = *self.since.get_or_insert(now);
        let fresh = seen.of_shell.iter().any(|pid| !self.known.contains(pid));
        // Of one that was waited for before it is enough that it has taken all, and is quiet.
        let takes = !seen.of_shell.is_empty() && (seen.unread || !seen.quiet);
        if (fresh || takes) && now.saturating_duration_since(since) < LONGEST {
            return Wait::Longer;
        }
        if (substitutes || !self.known.is_empty()) && !self.marked {
            self.marked = true;
            return Wait::ForMarks;
        }
        self.known = seen.of_shell;
        Wait::NoMore
    }

    /// Whether a command has left something in the background, of the processes that its shell has now.
    pub(super) fn left(&self, now: &[u32]) -> bool {
        now.iter().any(|pid| !self.before.contains(pid))
    }

    /// When it is to be looked again.
    pub(super) fn due_in(&self) -> Option<Duration> {
        self.since.map(|_| EVERY)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(of_shell: &[u32], unread: bool, quiet: bool) -> Seen {
        Seen { of_shell: of_shell.to_vec(), unread, quiet }
    }

    #[test]
    fn a_command_without_them_ends_at_once() {
        let mut writers = Writers::default();
        assert_eq!(writers.due_in(), None);
        assert_eq!(writers.wait(seen(&[], false, false), false, Instant::now()), Wait::NoMore);
    }

    #[test]
    fn one_that_writes_through_them_waits_until_they_are_done_and_marks_its_end_again() {
        let (mut writers, now) = (Writers::default(), Instant::now());
        assert_eq!(writers.wait(seen(&[7], true, false), true, now), Wait::Longer);
        assert_eq!(writers.due_in(), Some(EVERY));
        assert_eq!(writers.wait(seen(&[], false, true), true, now), Wait::ForMarks);
        assert_eq!(writers.wait(seen(&[], false, true), true, now), Wait::NoMore, "marked once");
        writers.ended();
        assert_eq!(writers.due_in(), None);
        assert_eq!(
            writers.wait(seen(&[], false, true), true, now),
            Wait::ForMarks,
            "the next one's end is its own"
        );
    }

    #[test]
    fn one_that_goes_on_is_waited_for_once() {
        let (mut writers, now) = (Writers::default(), Instant::now());
        let tee = || seen(&[7], false, true);
        assert_eq!(writers.wait(tee(), false, now), Wait::Longer, "it is new");
        assert_eq!(writers.wait(tee(), false, now + LONGEST), Wait::NoMore, "no command waits for ever");
        writers.ended();
        let next = now + LONGEST;
        // It is known now, and what it wrote last may come behind the mark.
        assert_eq!(writers.wait(tee(), false, next), Wait::ForMarks);
        assert_eq!(writers.wait(tee(), false, next), Wait::NoMore);
    }

    #[test]
    fn a_known_one_is_waited_for_while_it_has_not_taken_all_or_is_not_quiet() {
        let (mut writers, now) = (Writers::default(), Instant::now());
        writers.wait(seen(&[7], false, true), false, now);
        writers.wait(seen(&[7], false, true), false, now + LONGEST);
        writers.ended();
        let next = now + LONGEST;
        assert_eq!(writers.wait(seen(&[7], true, true), false, next), Wait::Longer);
        assert_eq!(writers.wait(seen(&[7], false, false), false, next), Wait::Longer);
        assert_eq!(writers.wait(seen(&[7], false, true), false, next), Wait::ForMarks);
    }

    #[test]
    fn what_was_there_before_a_command_was_not_left_by_it() {
        let writers = Writers { before: vec![3, 4], ..Writers::default() };
        assert!(!writers.left(&[3]) && !writers.left(&[]));
        assert!(writers.left(&[3, 5]));
    }
}
