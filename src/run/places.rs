//! Which place a command belongs to: the other side of the place commands before it, up to the `exit` that comes back.

use super::environment::contradicts;
use super::event::{Place, PlaceChoice, SkipReason};
use super::state::{CommandState, Displaced, RunState};
use crate::runbook::{Command, CommandId};
use crate::shell::entrance::{self, Door, Entrance};
use crate::shell::{Kind, containers};

/// Whether a command leads back from a place that one before it leads to. Any other `exit` ends the run's own shell.
pub fn leads_back(state: &RunState, command: &Command) -> bool {
    let before = || on_the_way(state, state.position(&command.id).unwrap_or(usize::MAX));
    command.leaves_place() && before().into_iter().any(Command::enters_place)
}

/// How a place command is gone through, as it would be now; nothing where gonogo can't follow it.
pub fn entrance_of(state: &RunState, command: &Command) -> Option<Entrance> {
    command.enters_place().then(|| entrance::entrance(&state.text_of(command)))?
}

/// Whether a command leads into another shell or out of one, by its text or as it was seen.
fn is_place(state: &RunState, command: &Command) -> bool {
    command.kind == Kind::Place || is_opened(state, command)
}

/// The place commands among the first of the steps' commands, in order, as they would run now.
fn forward(state: &RunState, until: usize) -> Vec<&Command> {
    let book = state.runbook();
    // An edit may make one of any command, and another command of one.
    let edited = state.edited().chain(state.opened.keys()).filter_map(|id| book.position(id));
    let mut at: Vec<usize> =
        book.to_places().iter().copied().chain(edited).filter(|at| *at < until).collect();
    at.sort_unstable();
    at.dedup();
    let commands = at.into_iter().filter_map(|at| book.step_command(at));
    commands.map(|c| state.find(&c.id).unwrap_or(c)).filter(|c| is_place(state, c)).collect()
}

/// The place commands among the first commands of the way that the run is on.
pub(super) fn on_the_way(state: &RunState, until: usize) -> Vec<&Command> {
    if state.going_back().is_none() {
        return forward(state, until);
    }
    state.path().into_iter().take(until).filter(|c| is_place(state, c)).collect()
}

/// The place commands along which a run comes to a command, those of the way forward first: whoever went somewhere on
/// it is still there on the way back.
fn before<'s>(state: &'s RunState, id: &CommandId) -> Option<Vec<&'s Command>> {
    if let Some(at) = state.runbook().position(id) {
        return Some(forward(state, at));
    }
    let at = state.position(id)?;
    Some([forward(state, usize::MAX), on_the_way(state, at)].concat())
}

/// The place command before `command` that was gone through by hand or skipped: what follows it belongs
/// elsewhere, up to the `exit` that comes back.
pub fn left_to<'s>(state: &'s RunState, command: &Command) -> Option<&'s Command> {
    let mut left = None;
    for earlier in before(state, &command.id)? {
        if earlier.leaves_place() {
            left = None;
            continue;
        }
        let skipped = matches!(
            state.command(&earlier.id),
            CommandState::Skipped { reason: SkipReason::AlreadyHere, .. }
        );
        let here = skipped
            || is_opened(state, earlier) && state.place_choice(&earlier.id) == Some(PlaceChoice::AlreadyHere);
        let settled = !matches!(state.command(&earlier.id), CommandState::Pending);
        if settled && !here && !gone_through(state, &earlier.id) {
            left = Some(earlier);
        }
    }
    left
}

/// Whether a command was seen to open a shell, which its text does not show.
fn is_opened(state: &RunState, command: &Command) -> bool {
    state.opened_by(&command.id).is_some()
}

/// The command before another one that was seen to open a shell, while nobody has said where what follows it runs.
pub fn opened_before(state: &RunState, id: &CommandId) -> Option<CommandId> {
    // Mostly there is none, and this is asked of each command.
    if state.opened.is_empty() {
        return None;
    }
    let open = |c: &&Command| is_opened(state, c) && state.place_choice(&c.id).is_none();
    before(state, id)?.into_iter().find(open).map(|c| c.id.clone())
}

/// The place that the run is in already and that a place command leads to by the same words: at the head of every
/// step, for whoever opens a terminal for each.
pub fn already_inside(state: &RunState, command: &Command) -> Option<CommandId> {
    let last = state.entered().last().filter(|id| **id != command.id && command.enters_place())?;
    let there = state.text_of(state.find(last)?);
    entrance::leads_to_the_same(&state.text_of(command), &there).then(|| last.clone())
}

/// Where the shell should be for a command of the document, and where it is instead by no command of it.
pub fn displaced<'s>(state: &'s RunState, command: &Command) -> Option<&'s Displaced> {
    let on_its_way = state.position(&command.id).is_some();
    state.whereabouts.displaced().filter(|_| on_its_way && !command.leaves_place())
}

/// Whether a place command was answered with going through it, and not left out after that.
fn gone_through(state: &RunState, id: &CommandId) -> bool {
    state.place_choice(id) == Some(PlaceChoice::Through)
        && !matches!(state.command(id), CommandState::Skipped { .. } | CommandState::DoneByHand { .. })
}

/// The place commands whose other side whoever has come along these commands is on, the outermost first.
fn inside<'s>(state: &RunState, along: impl IntoIterator<Item = &'s Command>) -> Vec<CommandId> {
    let mut inside: Vec<CommandId> = Vec::new();
    for command in along.into_iter().filter(|c| c.kind == Kind::Place) {
        if command.leaves_place() {
            // One that was not run leads nowhere; what it would have left was never entered, or is entered still.
            if matches!(state.command(&command.id), CommandState::Exited { .. }) {
                inside.pop();
            }
        } else if gone_through(state, &command.id) {
            inside.push(command.id.clone());
        }
    }
    inside
}

/// The place commands whose other side a command belongs to; nothing is known of a command that stands on no way.
fn wanted(state: &RunState, id: &CommandId) -> Option<Vec<CommandId>> {
    Some(inside(state, before(state, id)?))
}

/// The first of these that the run is not on the other side of.
fn first_left(state: &RunState, wanted: Vec<CommandId>) -> Option<CommandId> {
    let entered = state.entered();
    wanted.into_iter().enumerate().find(|(at, id)| entered.get(*at) != Some(id)).map(|(_, id)| id)
}

/// The place command that has to be gone through once more before a command can run: its other side was left.
pub fn missing(state: &RunState, id: &CommandId) -> Option<CommandId> {
    first_left(state, wanted(state, id)?)
}

/// The place command that has to be gone through once more before it can be gone back: what the way back needs lies on
/// its other side.
pub fn missing_for_back(state: &RunState) -> Option<CommandId> {
    if state.goes_back() {
        return None;
    }
    first_left(state, inside(state, forward(state, usize::MAX)))
}

/// The place that the run is in and a command does not belong to: it stands before the way there.
pub fn too_far(state: &RunState, id: &CommandId) -> Option<CommandId> {
    let wanted = wanted(state, id)?;
    state.entered().get(wanted.len()).cloned()
}

/// The place that a run is in although its host speaks of another environment than the one chosen.
pub fn contradiction(state: &RunState) -> Option<&str> {
    let host = state.place().host();
    let wrong = contradicts(host, state.environment(), state.production());
    (wrong && !state.entered().is_empty()).then_some(host)
}

/// Where the run is over a connection that may be cut, as written; nothing where it is not.
pub fn over_ssh(state: &RunState) -> Option<String> {
    state.entered().iter().find_map(|id| {
        let entrance = entrance_of(state, state.find(id)?)?;
        (entrance.door == Door::Ssh).then(|| entrance.host.unwrap_or_default())
    })
}

/// The container that the run is in, as written: from inside of it nothing is probed.
pub fn container(state: &RunState) -> Option<String> {
    let entered = state.entered().iter().rev().filter_map(|id| entrance_of(state, state.find(id)?));
    let mut here = entered.take_while(|entrance| entrance.door != Door::Ssh);
    here.find_map(|entrance| entrance.words.get(containers::container(&entrance.words)?).cloned())
}

/// What was seen of shells.
impl RunState {
    /// Where the shell of this machine was left, or is.
    pub fn here(&self) -> &Place {
        self.whereabouts.here().unwrap_or(&self.place)
    }

    /// What opened a shell while a command ran that does not read like that.
    pub fn opened_by(&self, id: &CommandId) -> Option<&str> {
        self.opened.get(id).map(String::as_str)
    }
}
