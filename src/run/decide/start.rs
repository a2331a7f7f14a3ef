//! Decides whether a command is started.

use super::preconditions::{free, known};
use crate::run::event::Event;
use crate::run::ids::{Attempt, TextHash};
use crate::run::may_run::may_run;
use crate::run::policy::{Confirmation, confirmation};
use crate::run::refusal::Refusal;
use crate::run::request::{Seen, Surroundings};
use crate::run::state::{CommandState, RunState};
use crate::run::{unset, ways};
use crate::runbook::CommandId;
use crate::shell::Effect;

/// What comes with a request to run.
pub(super) struct RunTerms<'r> {
    pub(super) seen: &'r Seen,
    pub(super) confirmed: Confirmation,
    pub(super) again: bool,
}

pub(super) fn run(
    state: &RunState,
    id: &CommandId,
    terms: &RunTerms<'_>,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    free(state, id)?;
    let text = state.text_of(command);
    if TextHash::of(&text) != terms.seen.text || state.changed_at(id) > terms.seen.seq {
        return Err(Refusal::NotAsSeen(id.clone()));
    }
    may_run(state, command)?;
    if terms.confirmed < confirmation(command, state.production()) {
        return Err(Refusal::Unconfirmed(id.clone()));
    }
    let succeeded = matches!(state.command(id), CommandState::Exited { exit, .. } if exit.is_success());
    if succeeded && command.effect != Effect::Reads && !terms.again {
        return Err(Refusal::Repeat(id.clone()));
    }
    if let Some(asks) = unset::found(state, command, around)? {
        return Ok(asks);
    }
    let mut events = ways::left_out(state, command);
    events.push(started(state, id, text, around));
    Ok(events)
}

pub(super) fn started(state: &RunState, id: &CommandId, text: String, around: &Surroundings) -> Event {
    Event::CommandStarted {
        command: id.clone(),
        attempt: Attempt(last_attempt(state, id).0 + 1),
        text,
        place: state.place().clone(),
        shell: around.shell.clone(),
    }
}

pub(super) fn last_attempt(state: &RunState, id: &CommandId) -> Attempt {
    state.last_run(id).map_or(Attempt(0), |r| r.attempt)
}
