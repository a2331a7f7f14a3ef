//! Decides whether a command is left out, or counts as done by hand.

use super::preconditions::{idle, known, needs_reason};
use crate::run::event::{Event, SkipReason};
use crate::run::refusal::Refusal;
use crate::run::state::{RunState, Standing};
use crate::run::{blocks, ways};
use crate::runbook::{Command, CommandId};
use crate::shell::Kind;

pub(super) fn skip(state: &RunState, id: &CommandId, reason: &SkipReason) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    skipped_as(state, command, reason)?;
    if matches!(state.standing(id), Standing::Passed | Standing::DoneNothingClaimed) {
        return Err(Refusal::Succeeded(id.clone()));
    }
    if *reason == SkipReason::Alternative && ways::is_open_again(state, command) {
        // Nothing was done instead of it.
        return Err(Refusal::ReasonNeeded);
    }
    let mut events = vec![Event::CommandSkipped { command: id.clone(), reason: reason.clone() }];
    match reason {
        SkipReason::Alternative => events.extend(ways::not_taken(state, command)),
        SkipReason::DoneBefore => events.extend(ways::left_out(state, command)),
        _ => {}
    }
    Ok(events)
}

/// Whether a reason can be given for skipping a command: most of them say what was seen or answered.
fn skipped_as(state: &RunState, command: &Command, reason: &SkipReason) -> Result<(), Refusal> {
    let so = match reason {
        SkipReason::Operator(words) => return needs_reason(words),
        // These follow from answers, which are asked for as such.
        SkipReason::ConditionNo | SkipReason::Doubtful | SkipReason::AlreadyHere => false,
        SkipReason::Interactive => command.kind == Kind::Interactive,
        SkipReason::DoneBefore => command.kind == Kind::Manual,
        SkipReason::BlockLeft => blocks::left_by(state, command).is_some(),
        SkipReason::Alternative => command.is_one_way(),
        SkipReason::Optional => true,
    };
    if so { Ok(()) } else { Err(Refusal::NotSkippedAs(command.id.clone(), reason.to_string())) }
}

/// A command that was done by hand settles which of several ways is gone.
pub(super) fn mark_done(state: &RunState, id: &CommandId, note: &str) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    needs_reason(note)?;
    let mut events = ways::left_out(state, command);
    events.push(Event::CommandMarkedDone { command: id.clone(), note: note.to_owned() });
    Ok(events)
}
