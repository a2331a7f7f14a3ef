//! Decides about going back.

use super::preconditions::needs_reason;
use crate::run::event::{Event, SkipReason};
use crate::run::monitoring;
use crate::run::policy::Confirmation;
use crate::run::refusal::Refusal;
use crate::run::request::{Request, Surroundings};
use crate::run::rollback::{self, Board, Decided, Obstacle, WayOut};
use crate::run::state::RunState;
use crate::run::waiting::wait_ended;
use crate::runbook::{CommandId, StepId};
use crate::shell::Effect;

/// Begins to go back, once what stands in the way has a way out. What runs is left to the operator.
pub(super) fn roll_back(
    state: &RunState,
    request: &Request,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    let Request::RollBack { trigger, reason, procedures, confirmed, ways } = request else {
        return Ok(vec![]);
    };
    if state.goes_back() {
        return Err(Refusal::GoesBack);
    }
    needs_reason(reason)?;
    if rollback::of_procedures(state.runbook(), procedures).is_empty() {
        return Err(Refusal::NoWayBack);
    }
    if state.production() && *confirmed < Confirmation::TypeName {
        return Err(Refusal::BackUnconfirmed);
    }
    let found = around.found.as_ref().ok_or(Refusal::NotLooked)?;
    let now = around.outside.now.or(state.last_at()).unwrap_or_default();
    let board = rollback::board(state, procedures, found, (None, now));
    let offered = |(id, way): &&(CommandId, WayOut)| {
        board.obstacles.iter().any(|o| &o.command == id && o.ways.contains(way))
    };
    if let Some((id, _)) = ways.iter().find(|way| !offered(way)) {
        return Err(Refusal::NotOffered(id.clone()));
    }
    let known = ways_out(&board, ways)?;
    let mut events = Vec::new();
    if let Some(waiting) = state.waiting() {
        events.push(wait_ended(waiting, false, "the run is rolling back"));
    }
    if state.is_watched() {
        events.extend(monitoring::end(state, "the run is rolling back", &around.so_far)?);
    }
    events.push(Event::RollbackBegun(Box::new(Decided {
        trigger: *trigger,
        reason: reason.clone(),
        procedures: procedures.clone(),
        known,
        loses: board.loses.clone(),
    })));
    let mut added = state.added().len();
    for (command, way) in ways {
        match way {
            WayOut::Edit { text } => {
                events.push(Event::CommandEdited { command: command.clone(), text: text.clone() });
            }
            WayOut::Insert { before, text } | WayOut::DropFirst { before, text } => {
                added += 1;
                events.push(Event::CommandAdded {
                    command: CommandId(format!("added.{added}")),
                    text: text.clone(),
                    before: Some(before.clone()),
                });
            }
            WayOut::LeaveOut => events.push(Event::CommandSkipped {
                command: command.clone(),
                reason: SkipReason::Operator(reason.clone()),
            }),
            WayOut::AsWritten | WayOut::GoThere => {}
        }
    }
    for (name, value) in board.values {
        // From now on it is the last one for every shell that comes, and not only for this one.
        let known = state.captured(&name).iter().rev().find(|c| c.value == value);
        if let Some(command) = known.map(|c| c.command.clone()) {
            events.push(Event::ParameterSet { name: name.clone(), value: Some(value.clone()) });
            events.push(Event::ValueCaptured { name, value, command });
        }
    }
    Ok(events)
}

/// What was known to be in the way and what was chosen about it; a refusal where something has no way out.
fn ways_out(board: &Board, ways: &[(CommandId, WayOut)]) -> Result<Vec<String>, Refusal> {
    let mut known = Vec::new();
    for Obstacle { command, line, says, ways: offered, .. } in &board.obstacles {
        let taken =
            ways.iter().find(|(id, way)| id == command && offered.contains(way) && *way != WayOut::GoThere);
        let Some((_, way)) = taken else {
            return Err(Refusal::WayBack(format!("{command} (line {line}): {says}")));
        };
        known.push(format!("{command} (line {line}): {says}; {}", way.says()));
    }
    Ok(known)
}

/// Takes going back back, while nothing of it has changed anything.
pub(super) fn call_off(state: &RunState, reason: &str) -> Result<Vec<Event>, Refusal> {
    let back = state.going_back().ok_or(Refusal::NotGoingBack)?;
    needs_reason(reason)?;
    let changed = state.ran()[back.ran_before.min(state.ran().len())..]
        .iter()
        .any(|ran| state.find(&ran.command).is_none_or(|c| c.effect != Effect::Reads));
    if changed {
        return Err(Refusal::BackUnderWay);
    }
    Ok(vec![Event::RollbackCalledOff { reason: reason.to_owned() }])
}

/// Goes through a step again behind the way back.
pub(super) fn take_along(state: &RunState, step: &StepId) -> Result<Vec<Event>, Refusal> {
    let _back = state.going_back().ok_or(Refusal::NotGoingBack)?;
    if !rollback::offered(state).iter().any(|s| &s.id == step) {
        return Err(Refusal::NoStep(step.clone()));
    }
    Ok(vec![Event::StepTakenAlong { step: step.clone() }])
}
