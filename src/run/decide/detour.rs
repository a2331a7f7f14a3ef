//! Ways off the document's path: changing and adding commands, going on elsewhere, waiting, backgrounds.

use super::preconditions::{free, idle, known, needs_reason};
use super::start::started;
use crate::run::event::{Event, SkipReason};
use crate::run::ids::TextHash;
use crate::run::may_run::may_run;
use crate::run::refusal::Refusal;
use crate::run::request::{Seen, Surroundings};
use crate::run::state::RunState;
use crate::run::waiting::wait_ended;
use crate::run::{flow, unset};
use crate::runbook::{Command, CommandId, words};
use crate::shell::{Effect, Kind};

/// Seconds between the runs of a command that is waited for.
const WAIT_EVERY_S: u64 = 5;
/// Seconds after which waiting is given up where the document names no limit.
const WAIT_LIMIT_S: u64 = 300;

pub(super) fn edit(state: &RunState, id: &CommandId, text: &str) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    if command.kind == Kind::Manual {
        return Err(Refusal::Manual(id.clone()));
    }
    if state.added().contains(id) || text.trim().is_empty() {
        return Err(Refusal::NoCommandIn(text.to_owned()));
    }
    if state.text_of(command) == text {
        return Ok(vec![]);
    }
    Ok(vec![Event::CommandEdited { command: id.clone(), text: text.to_owned() }])
}

pub(super) fn add(state: &RunState, text: &str) -> Result<Vec<Event>, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Err(Refusal::NoCommandIn(text.to_owned()));
    }
    let command = CommandId(format!("added.{}", state.added().len() + 1));
    Ok(vec![Event::CommandAdded { command, text: text.to_owned(), before: None }])
}

/// Skips what is open before a command. Place commands are not skipped unasked: what follows one belongs to
/// the other side.
pub(super) fn skip_to(
    state: &RunState,
    id: &CommandId,
    listed: &[CommandId],
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    known(state, id)?;
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
    needs_reason(reason)?;
    let skipped = flow::open_before(state, id);
    if let Some(place) = skipped.iter().find(|c| c.enters_place()) {
        return Err(Refusal::PlaceOpen(place.id.clone()));
    }
    if skipped.is_empty() {
        return Err(Refusal::NothingBefore(id.clone()));
    }
    if !skipped.iter().map(|c| &c.id).eq(listed) {
        return Err(Refusal::NotAsSeen(id.clone()));
    }
    let words = format!("continued at {id}: {reason}");
    let skip = |c: &&Command| Event::CommandSkipped {
        command: c.id.clone(),
        reason: SkipReason::Operator(words.clone()),
    };
    Ok(skipped.iter().map(skip).collect())
}

pub(super) fn keep_in_background(state: &RunState, id: &CommandId) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    if state.running() != Some(id) {
        return Err(Refusal::NotRunning(id.clone()));
    }
    if command.kind != Kind::Follow {
        return Err(Refusal::NotAFollow(id.clone()));
    }
    if !state.has_terminals() {
        return Err(Refusal::NoBackground(id.clone()));
    }
    Ok(vec![Event::KeptInBackground { command: id.clone() }])
}

pub(super) fn wait_until(
    state: &RunState,
    id: &CommandId,
    seen: &Seen,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    free(state, id)?;
    let text = state.text_of(command);
    if TextHash::of(&text) != seen.text || state.changed_at(id) > seen.seq {
        return Err(Refusal::NotAsSeen(id.clone()));
    }
    if command.effect != Effect::Reads || command.kind != Kind::Run {
        return Err(Refusal::NotARead(id.clone()));
    }
    may_run(state, command)?;
    if let Some(asks) = unset::found(state, command, around)? {
        return Ok(asks);
    }
    let limit_s = limit(command).unwrap_or(WAIT_LIMIT_S);
    let wait = Event::WaitStarted { command: id.clone(), every_s: WAIT_EVERY_S, limit_s };
    Ok(vec![wait, started(state, id, text, around)])
}

/// The time the document itself allows: "within 2 minutes".
fn limit(command: &Command) -> Option<u64> {
    let mut said = command.expects.iter().map(|e| e.text.as_str()).chain(command.about.as_deref());
    said.find_map(|text| words::duration_s(text.split_once("within ")?.1))
}

/// The interval has passed: once more, if it is still wanted.
pub fn wait_again(state: &RunState, around: &Surroundings) -> Vec<Event> {
    let Some(waiting) = state.waiting().filter(|_| state.running().is_none()) else { return vec![] };
    let Some(command) = state.find(&waiting.command) else { return vec![] };
    if state.reads_differently() {
        return vec![wait_ended(waiting, false, "the document is read differently than before")];
    }
    vec![started(state, &waiting.command, state.text_of(command), around)]
}
