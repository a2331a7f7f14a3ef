//! Decides at gates, and how a run comes out.

use super::preconditions::nothing_lives;
use crate::run::event::{Event, Outcome};
use crate::run::flow::{self, Next};
use crate::run::gates::{self, GateId};
use crate::run::monitoring::may_begin;
use crate::run::refusal::Refusal;
use crate::run::request::Surroundings;
use crate::run::state::RunState;
use crate::runbook::Command;

pub(super) fn decide_gate(
    state: &RunState,
    (gate, go): (GateId, bool),
    reason: &str,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    let board = gates::open_words(&gates::board(state, gate, &around.outside));
    if reason.trim().is_empty() {
        match board.first() {
            _ if !go => return Err(Refusal::ReasonNeeded),
            Some(first) => return Err(Refusal::GateOpen(first.clone())),
            None => {}
        }
    }
    // Before anything was changed a NO-GO is the end; afterwards there is a way back to be taken first.
    let ends = !go && gate == GateId::Change;
    if ends {
        nothing_lives(state)?;
    }
    let open = gates::open_items(state, gate);
    let readings = around.readings.clone();
    let mut events = vec![Event::GateDecided { gate, go, reason: reason.to_owned(), open, board, readings }];
    if ends {
        events.push(Event::RunFinished { outcome: Outcome::NoGo });
    }
    Ok(events)
}

pub(super) fn finish(
    state: &RunState,
    outcome: Outcome,
    reason: &str,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    nothing_lives(state)?;
    may_end(state, outcome)?;
    if outcome == Outcome::Unconfirmed {
        return unconfirmed(state);
    }
    let mut events = Vec::new();
    if outcome == Outcome::Deployed {
        match flow::next(state) {
            Next::Gate(gate) => return Err(Refusal::GateAhead(gate.title().into())),
            next => {
                if let Some(open) = next.command() {
                    return Err(Refusal::StillOpen(open.clone()));
                }
            }
        }
        events.extend(decide_gate(state, (GateId::SignOff, true), reason, around)?);
    }
    if outcome == Outcome::Failed && !reason.trim().is_empty() {
        events.push(Event::Noted { about: String::new(), text: reason.to_owned(), issue: true });
    }
    events.push(Event::RunFinished { outcome });
    // What the document wants watched afterwards begins by itself: whoever finishes at night goes home then.
    let attended = state.start().is_some_and(|(start, _)| !start.headless);
    if outcome == Outcome::Deployed && attended && may_begin(state).is_ok() {
        events.push(Event::MonitoringBegan);
    }
    Ok(events)
}

/// All was gone through, and what only a person can judge is left.
fn unconfirmed(state: &RunState) -> Result<Vec<Event>, Refusal> {
    let wants = |c: &Command| flow::open(state, c).filter(|n| !matches!(n, Next::Attest(..)));
    if let Some(open) = state.path().iter().find_map(|c| wants(c)?.command().cloned()) {
        return Err(Refusal::StillOpen(open));
    }
    let known = state.is_unconfirmed();
    Ok(if known { vec![] } else { vec![Event::RunFinished { outcome: Outcome::Unconfirmed }] })
}

/// Whether a run may come out so, as far as going back is concerned.
fn may_end(state: &RunState, outcome: Outcome) -> Result<(), Refusal> {
    match (outcome, state.going_back()) {
        (Outcome::RolledBack, None) => Err(Refusal::NotGoingBack),
        (Outcome::RolledBack, Some(_)) => match flow::next(state) {
            Next::Finish => Ok(()),
            next => Err(next.command().map_or(Refusal::RollbackOpen, |c| Refusal::StillOpen(c.clone()))),
        },
        (Outcome::Deployed, Some(_)) => Err(Refusal::NotDeployed),
        _ => Ok(()),
    }
}
