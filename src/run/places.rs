//! Which place a command belongs to: the other side of the place commands before it, up to the `exit` that comes back.

use std::collections::BTreeSet;

use super::environment::contradicts;
use super::event::{Place, PlaceChoice, SkipReason};
use super::place_stack::{KnownPlaces, Led, Passed, PlaceStack};
use super::state::{CommandState, Displaced, RunState, Standing};
use crate::runbook::{Command, CommandId};
use crate::shell::entrance::{self, Door, Entrance};
use crate::shell::{Kind, containers};

/// Whether a command leads back from a place that one before it leads to. Any other `exit` ends the run's own shell.
pub fn leads_back(state: &RunState, command: &Command) -> bool {
    let until = || state.position(&command.id).unwrap_or(state.runbook().count_step_commands());
    let before = || match state.going_back() {
        None => between(state, 0, until()).any(|(_, c)| c.enters_place()),
        Some(_) => on_the_way_back(state, until()).any(Command::enters_place),
    };
    command.leaves_place() && before()
}

/// How a place command is gone through, as it would be now; nothing where gonogo can't follow it.
pub fn entrance_of(state: &RunState, command: &Command) -> Option<Entrance> {
    command.enters_place().then(|| entrance::entrance(&state.text_of(command)))?
}

/// Whether a command leads into another shell or out of one, by its text or as it was seen.
fn is_place(state: &RunState, command: &Command) -> bool {
    command.kind == Kind::Place || is_opened(state, command)
}

/// The place commands among the steps' commands from one index up to another, in order, as they would run now, each
/// with its index.
fn between(state: &RunState, from: usize, until: usize) -> impl Iterator<Item = (usize, &Command)> {
    let book = state.runbook();
    let written = book.to_places();
    let at = |index| written.partition_point(|place| *place < index);
    let written = written.get(at(from)..at(until)).unwrap_or_default();
    // An edit may make one of any command, and another command of one.
    let edited = state.edited().chain(state.opened.keys()).filter_map(|id| book.position(id));
    let edited: BTreeSet<usize> =
        edited.filter(|at| (from..until).contains(at) && written.binary_search(at).is_err()).collect();
    let mut edited = edited.into_iter().peekable();
    let mut written = written.iter().copied().peekable();
    let indices = std::iter::from_fn(move || match (written.peek(), edited.peek()) {
        (Some(place), Some(other)) if other < place => edited.next(),
        (Some(_), _) => written.next(),
        (None, _) => edited.next(),
    });
    let commands = indices.filter_map(|at| Some((at, book.step_command(at)?)));
    commands.map(|(at, c)| (at, state.find(&c.id).unwrap_or(c))).filter(|(_, c)| is_place(state, c))
}

/// The place commands among the first commands of the way back.
fn on_the_way_back(state: &RunState, until: usize) -> impl Iterator<Item = &Command> {
    state.path().into_iter().take(until).filter(|c| is_place(state, c))
}

/// What became of a place command.
fn passed(state: &RunState, command: &Command) -> Passed {
    let id = &command.id;
    let came_to = state.command(id);
    let (is_place, opened, choice) =
        (command.kind == Kind::Place, is_opened(state, command), state.place_choice(id));
    let skipped = matches!(came_to, CommandState::Skipped { reason: SkipReason::AlreadyHere, .. });
    let here = skipped || opened && choice == Some(PlaceChoice::AlreadyHere);
    let led = match came_to {
        _ if command.leaves_place() => {
            Led::Back { ran: is_place && matches!(came_to, CommandState::Exited { .. }) }
        }
        _ if gone_through(state, id) => {
            if is_place {
                Led::Through
            } else {
                Led::Nowhere
            }
        }
        CommandState::Pending => Led::Nowhere,
        _ if here => Led::Nowhere,
        _ => Led::ByHand,
    };
    let open = command.enters_place() && state.standing(id) == Standing::NotYet;
    Passed { led, open, unanswered: opened && choice.is_none() }
}

/// What is known of the steps' places with those before the command at an index; `known` is what was known before.
pub(super) fn known_until(state: &RunState, mut known: KnownPlaces, index: usize) -> KnownPlaces {
    if known.until > index {
        known = KnownPlaces::default();
    }
    for (at, command) in between(state, known.until, index) {
        known.pass(at, &command.id, passed(state, command));
    }
    known.until = index;
    known
}

/// Whether what is known of the steps' places holds with what has become of a command.
pub(super) fn is_known(state: &RunState, known: &KnownPlaces, id: &CommandId) -> bool {
    let Some(at) = state.runbook().position(id) else { return true };
    let command = state.find(id).filter(|command| is_place(state, command));
    known.holds(at, command.map(|command| passed(state, command)))
}

/// Where the steps' place commands lead to by the command at an index.
fn stack_at(state: &RunState, index: usize) -> PlaceStack {
    let known = Some(&state.known_places).filter(|known| known.until <= index);
    let (from, mut stack) = known.map(|known| (known.until, known.stack.clone())).unwrap_or_default();
    for (_, command) in between(state, from, index) {
        stack.pass(&command.id, passed(state, command));
    }
    stack
}

/// The same behind the last of the steps.
fn stack_at_end(state: &RunState) -> PlaceStack {
    stack_at(state, state.runbook().count_step_commands())
}

/// Where the place commands lead to along which a run comes to a command, those of the way forward first: whoever went
/// somewhere on it is still there on the way back. Nothing is known of a command that stands on no way.
fn stack_before(state: &RunState, id: &CommandId) -> Option<PlaceStack> {
    if let Some(at) = state.runbook().position(id) {
        return Some(stack_at(state, at));
    }
    let at = state.position(id)?;
    let mut stack = stack_at_end(state);
    on_the_way_back(state, at).for_each(|command| stack.pass(&command.id, passed(state, command)));
    Some(stack)
}

/// The place command before `command` that was gone through by hand or skipped: what follows it belongs
/// elsewhere, up to the `exit` that comes back.
pub fn left_to<'s>(state: &'s RunState, command: &Command) -> Option<&'s Command> {
    state.find(&stack_before(state, &command.id)?.by_hand?)
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
    stack_before(state, id)?.unanswered
}

/// The first place before a command, on the way that the run is on, of which nobody has said how it is gone to.
pub fn open_before(state: &RunState, id: &CommandId) -> Option<CommandId> {
    if state.going_back().is_none() {
        return stack_before(state, id)?.open;
    }
    let open = |c: &&Command| c.enters_place() && state.standing(&c.id) == Standing::NotYet;
    on_the_way_back(state, state.position(id)?).find(open).map(|c| c.id.clone())
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

/// The place commands whose other side a command belongs to; nothing is known of a command that stands on no way.
fn wanted(state: &RunState, id: &CommandId) -> Option<Vec<CommandId>> {
    Some(stack_before(state, id)?.inside)
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
    first_left(state, stack_at_end(state).inside)
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
