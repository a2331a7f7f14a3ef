//! What runs in a place: one command in the foreground, follow commands in the background.

use std::time::Duration;

use super::running::{Running, UNKNOWN};
use crate::run::Exit;
use crate::runbook::CommandId;

/// The commands that have not ended.
#[derive(Default)]
pub(super) struct Live {
    /// It holds the shell.
    pub(super) running: Option<Running>,
    /// Follow commands that go on in the background, each on a terminal of its own.
    pub(super) follows: Vec<Running>,
}

impl Live {
    pub(super) fn all(&self) -> impl Iterator<Item = &Running> {
        self.running.iter().chain(&self.follows)
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Running> {
        self.running.iter_mut().chain(&mut self.follows)
    }

    pub(super) fn find(&self, command: &CommandId) -> Option<&Running> {
        self.all().find(|r| &r.command == command)
    }

    /// Whether a command holds the shell.
    pub(super) fn holds(&self, command: &CommandId) -> bool {
        self.running.as_ref().is_some_and(|r| &r.command == command)
    }

    /// When something of them is due.
    pub(super) fn due_in(&self) -> Option<Duration> {
        self.all().filter_map(Running::due_in).min()
    }

    /// How the one in the foreground ended, once all of its output was read.
    pub(super) fn ended(&self) -> Option<Exit> {
        let running = self.running.as_ref().filter(|r| r.all_read())?;
        Some(exit(running))
    }

    /// Takes one of the background that has ended and whose output was read to its end.
    pub(super) fn take_ended_follow(&mut self) -> Option<(Running, Exit)> {
        let at = self.follows.iter().position(Running::all_read)?;
        let follow = self.follows.remove(at);
        let exit = exit(&follow);
        Some((follow, exit))
    }

    /// Takes them all.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = Running> + use<> {
        self.running.take().into_iter().chain(std::mem::take(&mut self.follows))
    }
}

fn exit(of: &Running) -> Exit {
    match of.ended {
        Some((status, _)) if status != UNKNOWN => Exit::Status(status),
        _ => Exit::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::super::screen::Size;
    use super::super::super::shell::END_MARK;
    use super::super::super::spawn::Pty;
    use super::super::message::Mode;
    use super::super::running::tests::begun;
    use super::super::terminal::winsize;
    use super::*;

    fn one() -> CommandId {
        CommandId("1/1".into())
    }

    fn follow(id: &str) -> Running {
        begun(id, Mode::Follow, Pty::open(winsize(Size::LOGICAL)).ok())
    }

    /// The shell or a first process has told the end, and the last output was read.
    fn end(running: &mut Running, status: i32) {
        running.ended = Some((status, Instant::now()));
        let (_, terminal) = rustix::pipe::pipe().unwrap();
        running.feed(0, END_MARK, &terminal, &|_| {});
        running.feed(1, END_MARK, &terminal, &|_| {});
    }

    #[test]
    fn the_one_in_the_foreground_has_ended_when_its_output_was_read() {
        let mut live = Live::default();
        assert_eq!(live.ended(), None);
        live.running = Some(begun("1/1", Mode::Run, None));
        assert!(live.holds(&one()) && live.find(&one()).is_some());
        assert_eq!(live.ended(), None);
        live.running.as_mut().unwrap().ended = Some((3, Instant::now()));
        assert_eq!(live.ended(), None, "its last output is on its way");
        live.running.iter_mut().for_each(|running| end(running, 3));
        assert_eq!(live.ended(), Some(Exit::Status(3)));
        live.running.iter_mut().for_each(|running| end(running, UNKNOWN));
        assert_eq!(live.ended(), Some(Exit::Unknown));
    }

    #[test]
    fn a_follow_kept_in_the_background_is_found_and_holds_no_shell() {
        let mut live = Live::default();
        live.follows.push(follow("1/1"));
        live.running = Some(begun("1/2", Mode::Run, None));
        assert!(!live.holds(&one()) && live.find(&one()).is_some());
        assert!(live.take_ended_follow().is_none(), "it goes on");
        assert_eq!(live.all().count(), 2);
    }

    #[test]
    fn follows_end_one_by_one_each_with_what_its_last_words_told() {
        let mut live = Live::default();
        live.follows.extend(["1/1", "1/2", "1/3"].map(follow));
        end(&mut live.follows[0], 0);
        end(&mut live.follows[2], UNKNOWN);
        let mut ended = Vec::new();
        while let Some((follow, exit)) = live.take_ended_follow() {
            ended.push((follow.command.to_string(), exit));
        }
        assert_eq!(ended, [("1/1".into(), Exit::Status(0)), ("1/3".into(), Exit::Unknown)]);
        assert_eq!(live.take_all().count(), 1);
        assert_eq!(live.all().count(), 0);
    }
}
