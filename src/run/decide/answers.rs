//! Decides what answers lead to: whether a condition holds, where a place is, what was seen, which items are done.

use super::preconditions::{idle, known, needs_reason};
use crate::run::environment::contradicts;
use crate::run::event::{Event, PlaceChoice, SkipReason};
use crate::run::refusal::Refusal;
use crate::run::request::Request;
use crate::run::state::{CommandState, RunState};
use crate::run::{items, places, unset};
use crate::runbook::{Command, CommandId, ItemId};
use crate::shell::Kind;
use crate::shell::entrance::host_name;

pub(super) fn answer(state: &RunState, id: &CommandId, holds: bool) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    if let Some(events) = unset::answered(state, command, holds) {
        return Ok(events);
    }
    if !command.is_asked() {
        return Err(Refusal::NoCommand(id.clone()));
    }
    let mut events = vec![Event::ConditionAnswered { command: id.clone(), holds }];
    if !holds {
        let reason = if command.doubt.is_some() { SkipReason::Doubtful } else { SkipReason::ConditionNo };
        let with = |c: &&Command| matches!(state.command(&c.id), CommandState::Pending);
        let others = state.runbook().asked_with(id).filter(with).map(|c| c.id.clone());
        let skipped = std::iter::once(id.clone()).chain(others);
        events.extend(skipped.map(|command| Event::CommandSkipped { command, reason: reason.clone() }));
    }
    Ok(events)
}

pub(super) fn choose_place(
    state: &RunState,
    id: &CommandId,
    choice: PlaceChoice,
) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    if places::displaced(state, command).is_some() && choice == PlaceChoice::AlreadyHere {
        return Ok(vec![Event::PlaceAccepted { place: state.place().clone() }]);
    }
    if state.opened_by(id).is_some() && choice != PlaceChoice::Through {
        // It has run: what is said is where what follows it runs.
        return Ok(vec![Event::PlaceChosen { command: id.clone(), choice }]);
    }
    if command.kind != Kind::Place {
        return Err(Refusal::NoCommand(id.clone()));
    }
    let mut events = vec![Event::PlaceChosen { command: id.clone(), choice }];
    if choice == PlaceChoice::Through {
        let entrance = places::entrance_of(state, command).ok_or_else(|| Refusal::NoEntrance(id.clone()))?;
        let host = entrance.host.as_deref().map(host_name);
        if let Some(host) = host.filter(|h| contradicts(h, state.environment(), state.production())) {
            return Err(Refusal::WrongHost(host.to_owned(), state.environment().to_owned()));
        }
    }
    if choice == PlaceChoice::AlreadyHere {
        let host = state.place().host();
        if contradicts(host, state.environment(), state.production()) {
            return Err(Refusal::WrongHost(host.to_owned(), state.environment().to_owned()));
        }
        events.push(Event::CommandSkipped { command: id.clone(), reason: SkipReason::AlreadyHere });
    }
    Ok(events)
}

pub(super) fn attest(
    state: &RunState,
    id: &CommandId,
    expectation: usize,
    said: (bool, &str),
) -> Result<Vec<Event>, Refusal> {
    let (CommandState::Exited { attempt, claims, .. } | CommandState::Running { attempt, claims, .. }) =
        state.command(id)
    else {
        return Err(Refusal::NothingToAttest(id.clone()));
    };
    let claim = claims.get(expectation).ok_or_else(|| Refusal::NothingToAttest(id.clone()))?;
    let (met, note) = said;
    if claim.overrules(met) && note.trim().is_empty() {
        return Err(Refusal::Overrules(id.clone()));
    }
    Ok(vec![Event::Attested {
        command: id.clone(),
        attempt: *attempt,
        expectation,
        met,
        note: note.to_owned(),
    }])
}

/// Ticks an item, takes that back, or leaves the item out.
pub(super) fn on_item(state: &RunState, request: &Request) -> Result<Vec<Event>, Refusal> {
    let (item, event) = match request {
        Request::Tick { item, evidence, reason } => {
            let against = state.runbook().item(item).and_then(|i| items::against(state, i));
            let reason = reason.as_ref().filter(|r| !r.trim().is_empty());
            if let Some(why) = against.filter(|_| reason.is_none()) {
                return Err(Refusal::TickNeedsReason(why));
            }
            let (evidence, reason) = (evidence.clone(), reason.cloned());
            (item, Event::ItemTicked { item: item.clone(), evidence, reason })
        }
        Request::Untick { item } => (item, Event::ItemUnticked { item: item.clone() }),
        Request::SkipItem { item, reason } => {
            needs_reason(reason)?;
            (item, Event::ItemSkipped { item: item.clone(), reason: reason.clone() })
        }
        _ => return Err(Refusal::Over),
    };
    known_item(state, item)?;
    Ok(vec![event])
}

fn known_item(state: &RunState, id: &ItemId) -> Result<(), Refusal> {
    state.runbook().item(id).map(|_| ()).ok_or_else(|| Refusal::NoItem(id.clone()))
}
