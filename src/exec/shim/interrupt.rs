//! Signals that were sent and are not done with: interrupts that are repeated until they arrive, and a kill that its
//! command may outlive.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::super::proc;
use crate::runbook::CommandId;

/// After how long it is looked whether an interrupt arrived, and how often it is sent at most.
const SEEN: Duration = Duration::from_millis(40);
const MOST: u32 = 100;
/// How often nothing new has to be seen before it is taken to have arrived, or to be ignored.
const QUIET: u32 = 5;
/// The same where none of its processes had a turn on a processor meanwhile, and so could not react.
const STARVED: u32 = 75;

/// After how long a command that was killed and is still there is ended with its shell.
pub(super) const STILL_THERE: Duration = Duration::from_millis(300);

/// What is seen of the group that a command's interrupts go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) group: Pid,
    /// Its processes.
    pub(super) members: BTreeSet<u32>,
    /// Turns on a processor that the processes which were interrupted had.
    pub(super) turns: u64,
    /// What its first process has taken over from children that ended: it grows with each of them.
    pub(super) reaped: u64,
}

impl Sight {
    /// Looks at a group that is about to be interrupted.
    pub(super) fn first(group: Pid) -> Self {
        let members = members(group);
        Self { turns: turns(&members), reaped: reaped(group), group, members }
    }

    /// Looks at it again.
    fn again(group: Pid, interrupted: &BTreeSet<u32>) -> Self {
        Self { turns: turns(interrupted), reaped: reaped(group), group, members: members(group) }
    }
}

/// An interrupt that was sent, until it is seen whether it arrived.
struct Interrupt {
    command: CommandId,
    /// What was seen when it was sent, with turns and reaped as they were last.
    sight: Sight,
    at: Instant,
    tries: u32,
    /// How often nothing new was seen since, and how often not even a turn on a processor.
    quiet: u32,
    starved: u32,
}

/// Signals on their way.
#[derive(Default)]
pub(super) struct Signals {
    interrupt: Option<Interrupt>,
    /// A command that was killed, and when it has to be gone.
    kill: Option<(CommandId, Instant)>,
}

impl Signals {
    /// What they were for has ended.
    pub(super) fn forget(&mut self) {
        (self.interrupt, self.kill) = (None, None);
    }

    /// Another signal is sent: an interrupt before it is not repeated any more.
    pub(super) fn forget_interrupt(&mut self) {
        self.interrupt = None;
    }

    /// An interrupt is sent, after so many that did not arrive.
    pub(super) fn interrupted(&mut self, command: &CommandId, sight: Sight, tries: u32, now: Instant) {
        let command = command.clone();
        self.interrupt = Some(Interrupt { command, sight, at: now, tries, quiet: 0, starved: 0 });
    }

    /// A command is killed, and has to be gone by then. Killed again it has no more time than before.
    pub(super) fn killed(&mut self, command: &CommandId, until: Instant) {
        let until = self.kill.take_if(|(c, _)| c == command).map_or(until, |(_, before)| before.min(until));
        self.kill = Some((command.clone(), until));
    }

    /// The command whose processes are to be looked at now.
    pub(super) fn to_look_at(&self, now: Instant) -> Option<CommandId> {
        let sent = self.interrupt.as_ref()?;
        (now.saturating_duration_since(sent.at) >= SEEN).then(|| sent.command.clone())
    }

    /// Looks at the group that has the command's terminal now.
    pub(super) fn look(&self, group: Pid) -> Option<Sight> {
        self.interrupt.as_ref().map(|sent| Sight::again(group, &sent.sight.members))
    }

    /// Takes what is seen: an interrupt can hit a process of a loop that was ending anyway, and the loop goes on. That
    /// shows by another process in its place, which is interrupted in turn: gives how many were sent where one more is
    /// to be. One that ignores interrupts is not pressed again.
    pub(super) fn seen(&mut self, sight: Option<Sight>, now: Instant) -> Option<u32> {
        let mut sent = self.interrupt.take()?;
        let sight = sight?;
        // A loop's processes may be too short to be seen; that they were there can be.
        let first_look = sent.quiet + sent.starved == 0;
        let more = sent.sight.reaped != sight.reaped && !first_look;
        let others = more || sent.sight.group != sight.group || !sight.members.is_subset(&sent.sight.members);
        if others {
            return (sent.tries + 1 < MOST).then_some(sent.tries + 1);
        }
        if sent.quiet < QUIET && sent.starved < STARVED {
            // A loop may be just between two of its processes, and on a busy machine for long.
            if sent.sight.turns == sight.turns {
                sent.starved += 1;
            } else {
                sent.quiet += 1;
            }
            (sent.sight.turns, sent.sight.reaped, sent.at) = (sight.turns, sight.reaped, now);
            self.interrupt = Some(sent);
        }
        None
    }

    /// A command that was killed and should be gone by now. A loop of the shell's own loses one process by a kill and
    /// goes on with the next.
    pub(super) fn outlived(&mut self, now: Instant) -> Option<CommandId> {
        self.kill.take_if(|(_, until)| *until <= now).map(|(command, _)| command)
    }

    /// When something is to be looked at.
    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        let left = |at: Instant, limit: Duration| limit.saturating_sub(now.saturating_duration_since(at));
        let interrupt = self.interrupt.as_ref().map(|sent| left(sent.at, SEEN));
        let kill = self.kill.as_ref().map(|(_, until)| until.saturating_duration_since(now));
        interrupt.into_iter().chain(kill).min()
    }
}

fn turns(members: &BTreeSet<u32>) -> u64 {
    members.iter().map(|pid| proc::turns(*pid)).sum()
}

fn reaped(group: Pid) -> u64 {
    proc::reaped(group.as_raw_nonzero().get().unsigned_abs())
}

/// The processes of a group.
fn members(wanted: Pid) -> BTreeSet<u32> {
    let wanted = Some(wanted.as_raw_nonzero().get().unsigned_abs());
    proc::all().filter(|pid| proc::group(*pid) == wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> CommandId {
        CommandId("1/1".into())
    }

    fn sight(group: i32, members: &[u32], turns: u64, reaped: u64) -> Sight {
        let group = Pid::from_raw(group).unwrap();
        Sight { group, members: members.iter().copied().collect(), turns, reaped }
    }

    /// An interrupt that was sent to a group of one process.
    fn sent(tries: u32) -> (Signals, Instant) {
        let (mut signals, now) = (Signals::default(), Instant::now());
        signals.interrupted(&one(), sight(10, &[10], 5, 0), tries, now);
        (signals, now)
    }

    #[test]
    fn it_is_looked_only_after_a_moment() {
        let (signals, now) = sent(0);
        assert_eq!(signals.to_look_at(now), None);
        assert_eq!(signals.due_in(now), Some(SEEN));
        assert_eq!(signals.to_look_at(now + SEEN), Some(one()));
        assert_eq!(signals.due_in(now + SEEN), Some(Duration::ZERO));
    }

    #[test]
    fn another_process_in_its_place_is_interrupted_in_turn() {
        for other in [sight(11, &[11], 0, 0), sight(10, &[10, 12], 5, 0)] {
            let (mut signals, now) = sent(0);
            assert_eq!(signals.seen(Some(other), now + SEEN), Some(1));
            assert_eq!(signals.due_in(now), None, "the next one is noted when it is sent");
        }
    }

    #[test]
    fn a_loop_whose_processes_are_too_short_to_be_seen_is_known_by_what_it_reaped() {
        let (mut signals, now) = sent(0);
        // What it reaped up to the first look may be what was interrupted.
        assert_eq!(signals.seen(Some(sight(10, &[10], 6, 1)), now), None);
        assert_eq!(signals.seen(Some(sight(10, &[10], 7, 2)), now), Some(1));
    }

    #[test]
    fn one_that_ignores_interrupts_is_not_pressed_again() {
        let (mut signals, now) = sent(0);
        for turn in 0..u64::from(QUIET) {
            assert_eq!(signals.seen(Some(sight(10, &[10], 6 + turn, 0)), now), None);
            assert_eq!(signals.due_in(now), Some(SEEN), "it is looked again");
        }
        assert_eq!(signals.seen(Some(sight(10, &[10], 100, 0)), now), None);
        assert_eq!(signals.due_in(now), None, "it was seen often enough");
        assert_eq!(signals.seen(Some(sight(11, &[11], 0, 0)), now), None, "nothing was sent any more");
    }

    #[test]
    fn one_that_had_no_turn_on_a_processor_is_given_longer() {
        let (mut signals, now) = sent(0);
        for _ in 0..STARVED {
            assert_eq!(signals.seen(Some(sight(10, &[10], 5, 0)), now), None);
            assert_eq!(signals.due_in(now), Some(SEEN));
        }
        signals.seen(Some(sight(10, &[10], 5, 0)), now);
        assert_eq!(signals.due_in(now), None);
    }

    #[test]
    fn it_is_sent_so_often_at_most_and_to_nobody_who_has_gone() {
        let (mut signals, now) = sent(MOST - 1);
        assert_eq!(signals.seen(Some(sight(11, &[11], 0, 0)), now), None);
        let (mut signals, now) = sent(0);
        assert_eq!(signals.seen(None, now), None);
        assert_eq!(signals.to_look_at(now + SEEN), None);
    }

    #[test]
    fn a_command_that_outlives_a_kill_is_told_once() {
        let (mut signals, now) = (Signals::default(), Instant::now());
        signals.killed(&one(), now + STILL_THERE);
        assert_eq!(signals.outlived(now), None);
        assert_eq!(signals.due_in(now), Some(STILL_THERE));
        assert_eq!(signals.outlived(now + STILL_THERE), Some(one()));
        assert_eq!(signals.outlived(now + STILL_THERE), None);
        signals.killed(&one(), now + STILL_THERE);
        signals.forget();
        assert_eq!(signals.outlived(now + STILL_THERE), None, "it has ended");
    }

    #[test]
    fn another_signal_ends_the_repeating_and_not_the_kill() {
        let (mut signals, now) = sent(0);
        signals.killed(&one(), now + STILL_THERE);
        signals.forget_interrupt();
        assert_eq!(signals.to_look_at(now + SEEN), None);
        assert_eq!(signals.outlived(now + STILL_THERE), Some(one()));
    }
}
