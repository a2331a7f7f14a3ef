//! What comes next in a run: the one thing that `Enter` does and that headless goes through.

use super::blocks;
use super::due;
use super::event::Outcome;
use super::gates::id::GateId;
use super::gates::position;
use super::places;
use super::state::{RunState, Standing};
use super::ways::{self, Taken};
use crate::runbook::{Command, CommandId, ItemId};
use crate::shell::Kind;
use crate::shell::entrance::{Door, Entrance};

/// The next thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Something runs.
    Running(CommandId),
    /// A command is repeated until it passes, and its next run is due in a moment.
    Waiting(CommandId),
    /// A gate wants a decision.
    Gate(GateId),
    /// A check item is due here: tick it, or leave it out with a reason.
    Check(ItemId),
    /// The document runs this only if something holds, or reading can't tell whether it is a command.
    Condition(CommandId),
    /// Variables of it have no value where it would run: does it run all the same?
    Unset(CommandId),
    /// Where do the commands after this one run?
    Place(CommandId),
    /// The document offers this as one of several ways or as optional.
    Choice(CommandId),
    /// To be done by hand.
    Manual(CommandId),
    /// To be run.
    Run(CommandId),
    /// Was it as the document says? With the expectation's number.
    Attest(CommandId, usize),
    /// Failed: run it again, mark it done, or go on with a reason.
    Failed(CommandId),
    /// Lost: nobody knows what came of it.
    Lost(CommandId),
    /// A place was entered by hand; gonogo can't run what belongs there.
    Elsewhere(CommandId),
    /// All commands are settled.
    Finish,
    /// The run has an outcome.
    Over,
}

impl Next {
    /// The command it is about.
    pub fn command(&self) -> Option<&CommandId> {
        match self {
            Next::Running(id)
            | Next::Waiting(id)
            | Next::Condition(id)
            | Next::Unset(id)
            | Next::Place(id)
            | Next::Choice(id)
            | Next::Manual(id)
            | Next::Run(id)
            | Next::Attest(id, _)
            | Next::Failed(id)
            | Next::Lost(id)
            | Next::Elsewhere(id) => Some(id),
            Next::Gate(_) | Next::Check(_) | Next::Finish | Next::Over => None,
        }
    }
}

/// What comes next, from the state alone.
pub fn next(state: &RunState) -> Next {
    if state.outcome().is_some_and(|(outcome, _)| outcome != Outcome::Unconfirmed) {
        return Next::Over;
    }
    if let Some(id) = state.running() {
        return Next::Running(id.clone());
    }
    if let Some(waiting) = state.waiting() {
        return Next::Waiting(waiting.command.clone());
    }
    if let Some((id, _)) = state.asks_unset() {
        return Next::Unset(id.clone());
    }
    let forward = state.going_back().is_none();
    let command = state.first_open();
    let wants = command.and_then(|c| open(state, c));
    let at = state.settled();
    let offered = matches!(wants, Some(Next::Choice(_) | Next::Condition(_)));
    let item = forward.then(|| due::next_until(state, at, offered)).flatten();
    let closed = |gate: GateId| !state.gate_of(gate).is_some_and(|g| g.go);
    let stands = |before: usize| before < at || before == at && command.is_some();
    let mut gates = position::ahead(state).iter().filter(|_| forward);
    let gate = gates.find(|(gate, before)| stands(*before) && closed(*gate));
    match (item, gate, command, wants) {
        (Some((due, item)), gate, ..) if gate.is_none_or(|(_, before)| due <= *before) => Next::Check(item),
        (_, Some((gate, _)), ..) => Next::Gate(*gate),
        (_, None, Some(command), Some(next)) => match places::missing(state, &command.id) {
            // What is only looked at, or goes on, needs no place.
            Some(place) if !matches!(next, Next::Attest(..) | Next::Running(_)) => Next::Place(place),
            None if matches!(next, Next::Run(_)) && places::displaced(state, command).is_some() => {
                Next::Place(command.id.clone())
            }
            _ => next,
        },
        _ => Next::Finish,
    }
}

/// The index of the first of the steps' commands that wants something; none where all are settled.
pub fn position(state: &RunState) -> Option<usize> {
    if state.going_back().is_none() {
        return state.first_open().map(|_| state.settled());
    }
    state.step_commands().iter().position(|c| open(state, c).is_some())
}

/// What a command still wants; `None` when it is settled.
pub fn open(state: &RunState, command: &Command) -> Option<Next> {
    let id = command.id.clone();
    match state.standing(&id) {
        Standing::Passed | Standing::DoneNothingClaimed | Standing::GonePast | Standing::Skipped => None,
        // In the background it goes on beside what comes next.
        Standing::Running if state.background().contains(&id) => None,
        Standing::Running => Some(Next::Running(id)),
        Standing::Failed => Some(Next::Failed(id)),
        Standing::Lost => Some(Next::Lost(id)),
        Standing::NeedsEyes => {
            let open = state.claims(&id).iter().position(|c| c.met().is_none());
            open.map(|at| Next::Attest(id, at))
        }
        Standing::NotYet => Some(fresh(state, command, id)),
    }
}

fn fresh(state: &RunState, command: &Command, id: CommandId) -> Next {
    if let Some(opened) = places::opened_before(state, &id) {
        return Next::Place(opened);
    }
    if places::left_to(state, command).is_some() {
        return Next::Elsewhere(id);
    }
    if blocks::left_by(state, command).is_some() {
        return Next::Choice(id);
    }
    if command.is_asked() && state.condition(&id).is_none() {
        return Next::Condition(id);
    }
    if command.way.as_ref().is_some_and(|way| ways::taken(state, way) != Taken::This) {
        return Next::Choice(id);
    }
    if command.kind == Kind::Place && state.place_choice(&id).is_none() {
        // The way back from a place that was entered is run like any other command.
        let back = command.leaves_place() && !state.entered().is_empty();
        let ends = command.leaves_place() && !places::leads_back(state, command);
        return if back || ends { Next::Run(id) } else { Next::Place(id) };
    }
    if (command.alternative || command.optional) && command.condition.is_none() {
        return Next::Choice(id);
    }
    if command.kind == Kind::Manual { Next::Manual(id) } else { Next::Run(id) }
}

/// What is open before a command, in the document's order: what going on at it skips. What only waits for
/// eyes has run and is not among it.
pub fn open_before<'s>(state: &'s RunState, id: &CommandId) -> Vec<&'s Command> {
    let before = state.path().into_iter().take_while(|c| &c.id != id);
    before.filter(|c| !matches!(open(state, c), None | Some(Next::Attest(..) | Next::Running(_)))).collect()
}

/// How far the run is: settled commands and all commands of a list.
pub fn progress(state: &RunState, commands: &[&Command]) -> (usize, usize) {
    let counted: Vec<_> =
        commands.iter().filter(|c| !c.alternative || state.standing(&c.id) != Standing::NotYet).collect();
    (counted.iter().filter(|c| open(state, c).is_none()).count(), counted.len())
}

/// The way to the host of a place that what comes next belongs to and that was left, or that the steps ended in: what was looked
/// at there is out of reach.
pub fn lost_way(state: &RunState) -> Option<Entrance> {
    let left = match state.first_open() {
        Some(next) => places::missing(state, &next.id),
        None => places::missing_for_back(state),
    };
    let place = state.find(&left?)?;
    places::entrance_of(state, place).filter(|e| e.door == Door::Ssh)
}
