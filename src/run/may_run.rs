//! Everything that stands between a command and the shell, but confirmations.

use super::event::parts::PlaceChoice;
use super::gates::id::GateId;
use super::gates::position;
use super::places;
use super::refusal::Refusal;
use super::state::{Displaced, RunState};
use crate::runbook::{Command, parameters};
use crate::shell::Kind;

/// Whether a command may be given to the shell as things are; else the first thing that has to be done before.
pub fn may_run(state: &RunState, command: &Command) -> Result<(), Refusal> {
    let id = command.id.clone();
    // What somebody typed is no part of the plan.
    if state.reads_differently() && !state.added().contains(&id) {
        let by = state.plan().map_or("", |(_, gonogo)| gonogo);
        return Err(Refusal::ReadDifferently(by.to_owned()));
    }
    if command.kind == Kind::Manual {
        return Err(Refusal::Manual(id));
    }
    if let Some(hole) = state.open_holes(command).first() {
        return Err(Refusal::Hole(id, (*hole).to_owned()));
    }
    // Whatever became of it, no placeholder reaches the shell. A secret is filled in there.
    let left = |hole: &parameters::Hole| {
        command.holes.contains(&hole.name)
            && match state.parameters().get(&hole.name) {
                None => true,
                Some(secret_or_value) => secret_or_value.as_ref().is_some_and(|v| !v.contains(&hole.name)),
            }
    };
    if let Some(hole) = command_holes(state, command).into_iter().find(left) {
        return Err(Refusal::Hole(id, hole.name));
    }
    if let Some(forgotten) = state.forgotten_in(command) {
        return Err(Refusal::Forgotten(id, forgotten.to_owned()));
    }
    if !command.parses {
        return Err(Refusal::Unparsable(id));
    }
    let position = state.position(&command.id);
    let closed = |(gate, at): &(GateId, usize)| {
        position.is_some_and(|p| p >= *at) && !state.gate_of(*gate).is_some_and(|g| g.go)
    };
    // Gates stand on the way forward: there is none on the way back.
    if state.going_back().is_none() && position::ahead(state).iter().any(closed) {
        return Err(Refusal::GateClosed(id));
    }
    let place = || places::open_before(state, &command.id);
    if let Some(open) = place().or_else(|| places::opened_before(state, &command.id)) {
        return Err(Refusal::PlaceOpen(open));
    }
    if let Some(left) = places::left_to(state, command) {
        return Err(Refusal::Elsewhere(id, left.text.clone()));
    }
    in_its_place(state, command)?;
    if command.is_asked() && state.condition(&command.id).is_none() {
        return Err(Refusal::ConditionOpen(id));
    }
    let goes_back = command.leaves_place() && !state.entered().is_empty();
    let answered = state.place_choice(&command.id).is_some_and(|c| c != PlaceChoice::AlreadyHere);
    let ends = command.leaves_place() && !places::leads_back(state, command);
    if command.kind == Kind::Place && !goes_back && !ends && !answered {
        return Err(Refusal::PlaceOpen(id));
    }
    Ok(())
}

/// Whether the run is in the place that a command belongs to, and that place is what the environment says.
fn in_its_place(state: &RunState, command: &Command) -> Result<(), Refusal> {
    if let Some(place) = places::missing(state, &command.id) {
        return Err(Refusal::PlaceLeft(place));
    }
    if let Some(place) = places::too_far(state, &command.id) {
        return Err(Refusal::TooFar(command.id.clone(), place));
    }
    if let Some(host) = places::contradiction(state).filter(|_| !command.leaves_place()) {
        return Err(Refusal::WrongHost(host.to_owned(), state.environment().to_owned()));
    }
    if let Some(Displaced { expected, seen }) = places::displaced(state, command) {
        return Err(Refusal::Displaced(command.id.clone(), expected.to_string(), seen.to_string()));
    }
    Ok(())
}

fn command_holes(state: &RunState, command: &Command) -> Vec<parameters::Hole> {
    if command.holes.is_empty() { vec![] } else { parameters::holes(&state.text_of(command)) }
}
