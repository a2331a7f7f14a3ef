//! Decides what a request leads to: events, or a refusal with the reason.

use super::event::{Event, Outcome, PlaceChoice, RECORD_VERSION, Record, SkipReason};
use super::flow::{self, Next};
use super::gates::{self, GateId};
use super::ids::{Attempt, TextHash};
use super::policy::{self, Confirmation};
use super::refusal::Refusal;
use super::request::{Request, Seen, Surroundings};
use super::state::{CommandState, RunState, Standing};
use super::{blocks, places, sign, unset, ways};
use crate::caught;
use crate::runbook::{Command, CommandId, ItemId, parameters};
use crate::shell::Kind;
use crate::shell::entrance::host_name;

mod back;
mod detour;
mod ended;
mod reading;

pub use detour::wait_again;
pub(super) use detour::wait_over;
use detour::{add, edit, keep_in_background, skip_to, wait_ended, wait_until};

/// Decides. Pure: the same state, request and surroundings always give the same answer.
///
/// What would fail when it is folded is refused here: once it is in the journal, every reader would have to do
/// without it.
pub fn decide(state: &RunState, request: &Request, around: &Surroundings) -> Result<Vec<Event>, Refusal> {
    if let Some((seq, kind)) = state.newer().first() {
        return Err(Refusal::Newer { seq: *seq, kind: kind.clone() });
    }
    let decided = caught::catch(|| decided(state, request, around)).ok_or(Refusal::NotTaken)?;
    let events = decided?;
    if brings_text(request) && !foreseen(state, &events) {
        return Err(Refusal::NotTaken);
    }
    Ok(events)
}

/// Whether a request brings text that is read as a command or a document.
fn brings_text(request: &Request) -> bool {
    matches!(
        request,
        Request::Edit { .. }
            | Request::Add { .. }
            | Request::Correct(_)
            | Request::SetParameter { .. }
            | Request::RollBack { .. }
            | Request::Sign(_)
    )
}

/// Whether all of these events can be folded.
fn foreseen(state: &RunState, events: &[Event]) -> bool {
    let mut next = state.clone();
    for event in events {
        let record = Record {
            v: RECORD_VERSION,
            run: state.id().clone(),
            seq: next.seq().next(),
            at: state.last_at().unwrap_or_default(),
            actor: String::new(),
            epoch: state.epoch(),
            prev: String::new(),
            event: event.clone(),
        };
        next.advance(&record);
    }
    next.untaken().len() == state.untaken().len()
}

fn decided(state: &RunState, request: &Request, around: &Surroundings) -> Result<Vec<Event>, Refusal> {
    if state.outcome().is_some() {
        return ended::decide(state, request, around);
    }
    match request {
        Request::Run { command, seen, confirmed, again } => {
            run(state, command, &RunTerms { seen, confirmed: *confirmed, again: *again }, around)
        }
        Request::Skip { command, reason } => skip(state, command, reason),
        Request::MarkDone { command, note } => {
            let found = known(state, command)?;
            idle(state, command)?;
            needs_reason(note)?;
            let mut events = ways::left_out(state, found);
            events.push(Event::CommandMarkedDone { command: command.clone(), note: note.clone() });
            Ok(events)
        }
        Request::Answer { command, holds } => answer(state, command, *holds),
        Request::Correct(correction) => reading::correct(state, correction),
        Request::ChoosePlace { command, choice } => choose_place(state, command, *choice),
        Request::Attest { command, expectation, met, note } => {
            attest(state, command, *expectation, (*met, note))
        }
        Request::Tick { .. } | Request::Untick { .. } | Request::SkipItem { .. } => on_item(state, request),
        Request::DecideGate { gate, go, reason } => decide_gate(state, (*gate, *go), reason, around),
        Request::Edit { command, text } => edit(state, command, text),
        Request::Add { text } => add(state, text),
        Request::SkipTo { command, skips, reason } => skip_to(state, command, skips, reason),
        Request::KeepInBackground { command } => keep_in_background(state, command),
        Request::WaitUntil { command, seen } => wait_until(state, command, seen, around),
        Request::StopWaiting => {
            let waiting = state.waiting().ok_or(Refusal::NothingRuns)?;
            Ok(vec![wait_ended(waiting, false, "given up by the operator")])
        }
        Request::Cancel { command, signal } => {
            if state.running() != Some(command) && !state.background().contains(command) {
                return Err(Refusal::NothingRuns);
            }
            if !["INT", "TERM", "KILL"].contains(&signal.as_str()) {
                return Err(Refusal::NoSignal(signal.clone()));
            }
            Ok(vec![Event::CancelRequested { command: command.clone(), signal: signal.clone() }])
        }
        Request::Finish { outcome, reason } => finish(state, *outcome, reason, around),
        Request::SetParameter { name, value } => {
            Ok(vec![Event::ParameterSet { name: name.clone(), value: value.clone() }])
        }
        Request::RollBack { .. } => back::roll_back(state, request, around),
        Request::CallOffRollback { reason } => back::call_off(state, reason),
        Request::TakeAlong { step } => back::take_along(state, step),
        _ => in_any_state(state, request),
    }
}

mod watch;

pub(super) use watch::{end as end_monitoring, goes_on as monitoring_goes_on, open as round_is_open};

/// Notes, names, signatures and what is watched: taken whatever state the run is in.
fn in_any_state(state: &RunState, request: &Request) -> Result<Vec<Event>, Refusal> {
    if let Some(decided) = watch::decide(state, request) {
        return decided;
    }
    Ok(vec![match request {
        Request::Note { about, text, issue } => {
            needs_reason(text)?;
            Event::Noted { about: about.clone(), text: text.clone(), issue: *issue }
        }
        Request::Name { role, name } => {
            needs_reason(name)?;
            let other = match role.as_str() {
                "engineer" => "reviewer",
                "reviewer" => "engineer",
                _ => return Err(Refusal::NoRole(role.clone())),
            };
            if state.person(other).is_some_and(|(n, _)| n.eq_ignore_ascii_case(name)) {
                return Err(Refusal::SamePerson);
            }
            Event::PersonNamed { role: role.clone(), name: name.clone() }
        }
        Request::Sign(sign_off) => return sign::sign(state, sign_off),
        Request::WroteLog { path } => Event::LogWritten { path: path.clone() },
        Request::AcceptPlan { plan, .. } if plan != state.own_plan() => return Err(Refusal::OtherPlan),
        Request::AcceptPlan { .. } if !state.reads_differently() => return Ok(vec![]),
        Request::AcceptPlan { gonogo, plan, changes } => {
            Event::PlanAccepted { gonogo: gonogo.clone(), plan: plan.clone(), changes: changes.clone() }
        }
        Request::HandOver { to } => {
            needs_reason(to)?;
            Event::HandedOver { to: to.clone() }
        }
        _ => return Err(Refusal::Over),
    }])
}

/// What comes with a request to run.
struct RunTerms<'r> {
    seen: &'r Seen,
    confirmed: Confirmation,
    again: bool,
}

fn run(
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
    if terms.confirmed < policy::confirmation(command, state.production()) {
        return Err(Refusal::Unconfirmed(id.clone()));
    }
    let succeeded = matches!(state.command(id), CommandState::Exited { exit, .. } if exit.is_success());
    if succeeded && command.effect != crate::shell::Effect::Reads && !terms.again {
        return Err(Refusal::Repeat(id.clone()));
    }
    if let Some(asks) = unset::found(state, command, around)? {
        return Ok(asks);
    }
    let mut events = ways::left_out(state, command);
    events.push(started(state, id, text, around));
    Ok(events)
}

/// Whether the shell is free for a command.
fn free(state: &RunState, id: &CommandId) -> Result<(), Refusal> {
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
    if state.background().contains(id) {
        return Err(Refusal::InBackground(id.clone()));
    }
    match state.waiting() {
        Some(waiting) => Err(Refusal::Waits(waiting.command.clone())),
        None => Ok(()),
    }
}

fn started(state: &RunState, id: &CommandId, text: String, around: &Surroundings) -> Event {
    Event::CommandStarted {
        command: id.clone(),
        attempt: Attempt(last_attempt(state, id).0 + 1),
        text,
        place: state.place().clone(),
        shell: around.shell.clone(),
    }
}

fn command_holes(state: &RunState, command: &Command) -> Vec<parameters::Hole> {
    if command.holes.is_empty() { vec![] } else { parameters::holes(&state.text_of(command)) }
}

/// Everything that stands between a command and the shell, but confirmations.
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
    if state.going_back().is_none() && gates::ahead(state).iter().any(closed) {
        return Err(Refusal::GateClosed(id));
    }
    for place in places::on_the_way(state, position.unwrap_or(0)).into_iter().filter(|c| c.enters_place()) {
        if state.standing(&place.id) == Standing::NotYet {
            return Err(Refusal::PlaceOpen(place.id.clone()));
        }
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
    match places::contradiction(state) {
        Some(host) if !command.leaves_place() => {
            Err(Refusal::WrongHost(host.to_owned(), state.environment().to_owned()))
        }
        _ => Ok(()),
    }
}

fn skip(state: &RunState, id: &CommandId, reason: &SkipReason) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    skipped_as(state, command, reason)?;
    if matches!(state.standing(id), Standing::Passed | Standing::DoneNothingClaimed) {
        return Err(Refusal::Settled(id.clone()));
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

fn answer(state: &RunState, id: &CommandId, holds: bool) -> Result<Vec<Event>, Refusal> {
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

fn choose_place(state: &RunState, id: &CommandId, choice: PlaceChoice) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    if command.kind != Kind::Place {
        return Err(Refusal::NoCommand(id.clone()));
    }
    let mut events = vec![Event::PlaceChosen { command: id.clone(), choice }];
    if choice == PlaceChoice::Through {
        let entrance = places::entrance_of(state, command).ok_or_else(|| Refusal::NoEntrance(id.clone()))?;
        let host = entrance.host.as_deref().map(host_name);
        if let Some(host) = host.filter(|h| policy::contradicts(h, state.environment(), state.production())) {
            return Err(Refusal::WrongHost(host.to_owned(), state.environment().to_owned()));
        }
    }
    if choice == PlaceChoice::AlreadyHere {
        let host = state.place().host();
        if policy::contradicts(host, state.environment(), state.production()) {
            return Err(Refusal::WrongHost(host.to_owned(), state.environment().to_owned()));
        }
        events.push(Event::CommandSkipped { command: id.clone(), reason: SkipReason::AlreadyHere });
    }
    Ok(events)
}

fn attest(
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

fn decide_gate(
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

fn finish(
    state: &RunState,
    outcome: Outcome,
    reason: &str,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    nothing_lives(state)?;
    back::may_end(state, outcome)?;
    if outcome == Outcome::Unconfirmed {
        return ended::unconfirmed(state);
    }
    let mut events = Vec::new();
    if outcome == Outcome::Deployed {
        match flow::next(state) {
            Next::Gate(gate) => return Err(Refusal::GateAhead(gate.title().into())),
            next => {
                if let Some(open) = next.command() {
                    return Err(Refusal::Settled(open.clone()));
                }
            }
        }
        events.extend(decide_gate(state, (GateId::SignOff, true), reason, around)?);
    }
    events.push(Event::RunFinished { outcome });
    // What the document wants watched afterwards begins by itself: whoever finishes at night goes home then.
    let attended = state.start().is_some_and(|(start, _)| !start.headless);
    if outcome == Outcome::Deployed && attended && watch::may_begin(state).is_ok() {
        events.push(Event::MonitoringBegan);
    }
    Ok(events)
}

/// A run is over only when nothing runs in it any more.
fn nothing_lives(state: &RunState) -> Result<(), Refusal> {
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
    if let Some(follow) = state.background().first() {
        return Err(Refusal::InBackground(follow.clone()));
    }
    if let Some(waiting) = state.waiting() {
        return Err(Refusal::Waits(waiting.command.clone()));
    }
    Ok(())
}

fn known<'s>(state: &'s RunState, id: &CommandId) -> Result<&'s Command, Refusal> {
    state.find(id).ok_or_else(|| Refusal::NoCommand(id.clone()))
}

/// Ticks an item, takes that back, or leaves the item out.
fn on_item(state: &RunState, request: &Request) -> Result<Vec<Event>, Refusal> {
    let (item, event) = match request {
        Request::Tick { item, evidence } => {
            (item, Event::ItemTicked { item: item.clone(), evidence: evidence.clone() })
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

fn idle(state: &RunState, id: &CommandId) -> Result<(), Refusal> {
    if state.running() == Some(id) {
        Err(Refusal::Busy(id.clone()))
    } else if state.background().contains(id) {
        Err(Refusal::InBackground(id.clone()))
    } else if state.waiting().is_some_and(|w| &w.command == id) {
        Err(Refusal::Waits(id.clone()))
    } else {
        Ok(())
    }
}

fn needs_reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonNeeded) } else { Ok(()) }
}

fn last_attempt(state: &RunState, id: &CommandId) -> Attempt {
    state.last_run(id).map_or(Attempt(0), |r| r.attempt)
}

#[cfg(test)]
mod tests;
