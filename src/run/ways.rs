//! Several ways to do one thing, of which one is gone: taking one leaves the others out.

use super::event::{Event, SkipReason};
use super::state::{CommandState, RunState};
use crate::runbook::{Command, Way};

/// Whether one of the ways has been taken, and whether it is this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// None yet.
    Open,
    /// This one.
    This,
    /// Another one.
    Other,
}

/// Which of the ways was taken: one of which something was done and that was not given up.
pub fn taken(state: &RunState, way: &Way) -> Taken {
    let of_group = of_group(state, way);
    let done = of_group.iter().filter(|c| is_done(state, c)).filter_map(|c| c.way.as_ref());
    let mut standing = done.filter(|w| !given_up(state, &of_group, w)).peekable();
    if standing.peek().is_none() {
        Taken::Open
    } else if standing.any(|w| w.name == way.name) {
        Taken::This
    } else {
        Taken::Other
    }
}

fn is_done(state: &RunState, command: &Command) -> bool {
    matches!(
        state.command(&command.id),
        CommandState::Running { .. }
            | CommandState::Exited { .. }
            | CommandState::Lost { .. }
            | CommandState::DoneByHand { .. }
            | CommandState::Skipped { reason: SkipReason::DoneBefore, .. }
    )
}

/// Whether one of its commands failed and was skipped, and nothing of it was done after that: the other ways are
/// open again then.
fn given_up(state: &RunState, of_group: &[&Command], way: &Way) -> bool {
    let of_way = of_group.iter().filter(|c| c.way.as_ref().is_some_and(|w| w.name == way.name));
    let failed = |c: &Command| matches!(state.command(&c.id), CommandState::Skipped { after: Some(_), .. });
    of_way.rev().find(|c| failed(c) || is_done(state, c)).is_some_and(|c| failed(c))
}

/// Whether a command that was left out is open again, because the way that was taken instead of it was given up.
pub(super) fn is_open_again(state: &RunState, command: &Command) -> bool {
    let left_out = matches!(
        state.command(&command.id),
        CommandState::Skipped { reason: SkipReason::Alternative, after: None }
    );
    let Some(way) = command.way.as_ref().filter(|_| left_out) else { return false };
    let of_group = of_group(state, way);
    let mut others = of_group.iter().filter_map(|c| c.way.as_ref()).filter(|w| w.name != way.name);
    taken(state, way) != Taken::Other && others.any(|w| given_up(state, &of_group, w))
}

/// The names of the ways, in the document's order.
pub fn names<'s>(state: &'s RunState, way: &Way) -> Vec<&'s str> {
    let mut names: Vec<&str> = Vec::new();
    for way in of_group(state, way).iter().filter_map(|c| c.way.as_ref()) {
        if !names.contains(&way.name.as_str()) {
            names.push(&way.name);
        }
    }
    names
}

/// What taking a way by this command leaves out.
pub(super) fn left_out(state: &RunState, command: &Command) -> Vec<Event> {
    let Some(way) = &command.way else { return vec![] };
    skipped(state, way, |other| other.name != way.name)
}

/// What not taking the way of this command leaves out: all of that way but the command itself.
pub(super) fn not_taken(state: &RunState, command: &Command) -> Vec<Event> {
    let Some(way) = &command.way else { return vec![] };
    let mut events = skipped(state, way, |other| other.name == way.name);
    events.retain(|e| !matches!(e, Event::CommandSkipped { command: c, .. } if *c == command.id));
    events
}

fn skipped(state: &RunState, way: &Way, which: impl Fn(&Way) -> bool) -> Vec<Event> {
    let open = |c: &&&Command| {
        c.way.as_ref().is_some_and(&which) && matches!(state.command(&c.id), CommandState::Pending)
    };
    let skip =
        |c: &&Command| Event::CommandSkipped { command: c.id.clone(), reason: SkipReason::Alternative };
    of_group(state, way).iter().filter(open).map(skip).collect()
}

fn of_group<'s>(state: &'s RunState, way: &Way) -> Vec<&'s Command> {
    state.runbook().ways(&way.group).collect()
}
