//! Decides what a request leads to: events, or a refusal with the reason.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::event::{Event, Exit, Outcome, Place, PlaceChoice, ProcessIdentity, SkipReason, Start};
use super::flow;
use super::ids::{Attempt, Seq, TextHash};
use super::policy::{self, Confirmation};
use super::state::{CommandState, RunState, Standing};
use crate::runbook::{Command, CommandId, ItemId};
use crate::shell::Kind;

/// What the client had drawn when the key was pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The hash of the command's text in that frame.
    pub text: TextHash,
    /// The last event that the frame showed.
    pub seq: Seq,
}

/// What the runner knows and `decide` has to be told, because it never touches the outside.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The shell that would run a command.
    pub shell: ProcessIdentity,
}

/// What can be asked of a run. Operators' requests come from clients, facts from the runner itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// A client starts the run.
    Start(Start),
    /// A client answers a parameter; `value` is absent for a secret one, which goes to the shell only.
    SetParameter {
        /// Its name.
        name: String,
        /// Its value.
        value: Option<String>,
    },
    /// A client runs a command.
    Run {
        /// The command.
        command: CommandId,
        /// What was on screen.
        seen: Seen,
        /// What the operator gave for a destructive command.
        confirmed: Confirmation,
        /// The operator knows that it succeeded before.
        again: bool,
    },
    /// A client skips a command.
    Skip {
        /// The command.
        command: CommandId,
        /// Why.
        reason: SkipReason,
    },
    /// A client says that a command was done by hand.
    MarkDone {
        /// The command.
        command: CommandId,
        /// What they say about it.
        note: String,
    },
    /// A client answers a condition.
    Answer {
        /// The command.
        command: CommandId,
        /// Whether it holds.
        holds: bool,
    },
    /// A client answers where the followers of a place command run.
    ChoosePlace {
        /// The command.
        command: CommandId,
        /// The answer.
        choice: PlaceChoice,
    },
    /// A client attests an expectation.
    Attest {
        /// The command.
        command: CommandId,
        /// Which expectation.
        expectation: usize,
        /// Met or not.
        met: bool,
        /// What they say about it.
        note: String,
    },
    /// A client ticks an item.
    Tick {
        /// The item.
        item: ItemId,
        /// What was seen.
        evidence: Option<String>,
    },
    /// A client takes a tick back.
    Untick {
        /// The item.
        item: ItemId,
    },
    /// A client skips an item.
    SkipItem {
        /// The item.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// A client decides at the gate.
    DecideGate {
        /// Go or no-go.
        go: bool,
        /// Why.
        reason: String,
    },
    /// A client wants a running command ended.
    Cancel {
        /// `INT`, `TERM` or `KILL`.
        signal: String,
    },
    /// A client writes a note.
    Note {
        /// What it is about.
        about: String,
        /// The words.
        text: String,
        /// It is an issue.
        issue: bool,
    },
    /// A client names somebody.
    Name {
        /// `engineer` or `reviewer`.
        role: String,
        /// Who.
        name: String,
    },
    /// A client ends the run.
    Finish {
        /// With this outcome.
        outcome: Outcome,
    },
    /// A client has written the log.
    WroteLog {
        /// Where to.
        path: String,
    },
    /// Fact: a process took the run up again.
    Resumed {
        /// The version of gonogo.
        gonogo: String,
    },
    /// Fact: a shell reported where it is.
    Observed {
        /// Where.
        place: Place,
    },
    /// Fact: a command ended.
    Exited {
        /// The command.
        command: CommandId,
        /// How.
        exit: Exit,
        /// How long it took.
        elapsed_ms: u64,
        /// Bytes of output.
        bytes: u64,
        /// Where the shell is.
        place: Place,
    },
    /// Fact: the shell that ran a command is gone.
    Lost {
        /// What is known.
        why: String,
    },
    /// Fact: a command changed a variable.
    Captured {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// The command.
        command: CommandId,
    },
    /// Fact: a new shell stands in for one that ended.
    ShellReplaced {
        /// What was lost.
        lost: String,
    },
}

/// Why a request leads to nothing. Each says what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum Refusal {
    #[error("the run is over")]
    Over,
    #[error("the run has been started already")]
    Started,
    #[error("{0} still runs: wait for it, or end it with F8")]
    Busy(CommandId),
    #[error("nothing runs")]
    NothingRuns,
    #[error("there is no command {0}")]
    NoCommand(CommandId),
    #[error("there is no check item {0}")]
    NoItem(ItemId),
    #[error("{0} changed after it was drawn: look again, then press the key again")]
    NotAsSeen(CommandId),
    #[error("{0} waits for the gate: decide go or no-go first")]
    GateClosed(CommandId),
    #[error("{0} has an unanswered placeholder: {1}")]
    Hole(CommandId, String),
    #[error("{0} is not something bash would take; edit the document, or do it by hand and mark it done")]
    Unparsable(CommandId),
    #[error("answer the condition of {0} first")]
    ConditionOpen(CommandId),
    #[error("say where the commands after {0} run first")]
    PlaceOpen(CommandId),
    #[error("{0} belongs to the other side of \"{1}\": do it there and mark it done")]
    Elsewhere(CommandId, String),
    #[error("{0} is destructive and was not confirmed as it has to be")]
    Unconfirmed(CommandId),
    #[error("{0} changes something and has succeeded before: confirm to run it again")]
    Repeat(CommandId),
    #[error("{0} is done by hand: mark it done")]
    Manual(CommandId),
    #[error("{0} has nothing to attest")]
    NothingToAttest(CommandId),
    #[error("a reason is needed")]
    ReasonNeeded,
    #[error("the host \"{0}\" speaks of another environment than {1}")]
    WrongHost(String, String),
    #[error("{0} is settled; run it again instead")]
    Settled(CommandId),
    #[error("the engineer and the reviewer have to be different people")]
    SamePerson,
}

/// Decides. Pure: the same state, request and surroundings always give the same answer.
pub fn decide(state: &RunState, request: &Request, around: &Surroundings) -> Result<Vec<Event>, Refusal> {
    if let Request::Start(start) = request {
        return if state.start().is_some() {
            Err(Refusal::Started)
        } else {
            Ok(vec![Event::RunStarted(start.clone())])
        };
    }
    if state.outcome().is_some() {
        return after_the_end(state, request);
    }
    match request {
        Request::Run { command, seen, confirmed, again } => {
            run(state, command, &RunTerms { seen, confirmed: *confirmed, again: *again }, around)
        }
        Request::Skip { command, reason } => skip(state, command, reason),
        Request::MarkDone { command, note } => {
            known(state, command)?;
            idle(state, command)?;
            Ok(vec![Event::CommandMarkedDone { command: command.clone(), note: note.clone() }])
        }
        Request::Answer { command, holds } => answer(state, command, *holds),
        Request::ChoosePlace { command, choice } => choose_place(state, command, *choice),
        Request::Attest { command, expectation, met, note } => {
            attest(state, command, *expectation, (*met, note))
        }
        Request::Tick { item, evidence } => {
            known_item(state, item)?;
            Ok(vec![Event::ItemTicked { item: item.clone(), evidence: evidence.clone() }])
        }
        Request::Untick { item } => {
            known_item(state, item)?;
            Ok(vec![Event::ItemUnticked { item: item.clone() }])
        }
        Request::SkipItem { item, reason } => {
            known_item(state, item)?;
            needs_reason(reason)?;
            Ok(vec![Event::ItemSkipped { item: item.clone(), reason: reason.clone() }])
        }
        Request::DecideGate { go, reason } => decide_gate(state, *go, reason),
        Request::Cancel { signal } => {
            let command = state.running().ok_or(Refusal::NothingRuns)?;
            Ok(vec![Event::CancelRequested { command: command.clone(), signal: signal.clone() }])
        }
        Request::Finish { outcome } => finish(state, *outcome),
        Request::SetParameter { name, value } => {
            Ok(vec![Event::ParameterSet { name: name.clone(), value: value.clone() }])
        }
        Request::Captured { name, value, command } => {
            let known = state.captured(name).last().is_some_and(|c| &c.value == value);
            let event =
                Event::ValueCaptured { name: name.clone(), value: value.clone(), command: command.clone() };
            Ok(if known { vec![] } else { vec![event] })
        }
        _ => fact_or_note(state, request),
    }
}

/// Facts, notes and names are taken whatever state the run is in.
fn fact_or_note(state: &RunState, request: &Request) -> Result<Vec<Event>, Refusal> {
    Ok(vec![match request {
        Request::Note { about, text, issue } => {
            needs_reason(text)?;
            Event::Noted { about: about.clone(), text: text.clone(), issue: *issue }
        }
        Request::Name { role, name } => {
            needs_reason(name)?;
            let other = if role == "engineer" { "reviewer" } else { "engineer" };
            if state.person(other).is_some_and(|(n, _)| n.eq_ignore_ascii_case(name)) {
                return Err(Refusal::SamePerson);
            }
            Event::PersonNamed { role: role.clone(), name: name.clone() }
        }
        Request::WroteLog { path } => Event::LogWritten { path: path.clone() },
        Request::Resumed { gonogo } => Event::RunResumed { gonogo: gonogo.clone() },
        Request::Observed { place } if place == state.place() => return Ok(vec![]),
        Request::Observed { place } => Event::PlaceObserved { place: place.clone() },
        Request::Exited { command, exit, elapsed_ms, bytes, place } => Event::CommandExited {
            command: command.clone(),
            attempt: running_attempt(state, command)?,
            exit: *exit,
            elapsed_ms: *elapsed_ms,
            bytes: *bytes,
            place: place.clone(),
        },
        Request::Lost { why } => {
            let command = state.running().ok_or(Refusal::NothingRuns)?;
            Event::CommandLost {
                command: command.clone(),
                attempt: running_attempt(state, command)?,
                why: why.clone(),
            }
        }
        Request::ShellReplaced { lost } => Event::ShellReplaced { lost: lost.clone() },
        _ => return Err(Refusal::Over),
    }])
}

/// After the outcome only notes, names, the log and late facts are taken.
fn after_the_end(state: &RunState, request: &Request) -> Result<Vec<Event>, Refusal> {
    match request {
        Request::Observed { .. }
        | Request::Note { .. }
        | Request::Name { .. }
        | Request::WroteLog { .. }
        | Request::Resumed { .. } => fact_or_note(state, request),
        _ => Err(Refusal::Over),
    }
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
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
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
    Ok(vec![Event::CommandStarted {
        command: id.clone(),
        attempt: Attempt(last_attempt(state, id).0 + 1),
        text,
        place: state.place().clone(),
        shell: around.shell.clone(),
    }])
}

/// Everything that stands between a command and the shell, but confirmations.
pub fn may_run(state: &RunState, command: &Command) -> Result<(), Refusal> {
    let id = command.id.clone();
    if command.kind == Kind::Manual {
        return Err(Refusal::Manual(id));
    }
    if let Some(hole) = state.open_holes(command).first() {
        return Err(Refusal::Hole(id, (*hole).to_owned()));
    }
    if !command.parses {
        return Err(Refusal::Unparsable(id));
    }
    let commands = state.runbook().step_commands();
    let position = commands.iter().position(|c| c.id == command.id);
    if let (Some(position), Some(gate)) = (position, policy::gate_index(state.runbook()))
        && position >= gate
        && !state.gate().is_some_and(|g| g.go)
    {
        return Err(Refusal::GateClosed(id));
    }
    let before = commands.iter().take(position.unwrap_or(0));
    for place in before.filter(|c| c.kind == Kind::Place && !flow::is_exit(c)) {
        if state.standing(&place.id) == Standing::NotYet {
            return Err(Refusal::PlaceOpen(place.id.clone()));
        }
    }
    if let Some(left) = flow::left_to(state, command) {
        return Err(Refusal::Elsewhere(id, left.text.clone()));
    }
    if command.condition.is_some() && state.condition(&command.id).is_none() {
        return Err(Refusal::ConditionOpen(id));
    }
    if command.kind == Kind::Place
        && state.place_choice(&command.id) != Some(PlaceChoice::InteractiveThenStop)
    {
        return Err(Refusal::PlaceOpen(id));
    }
    Ok(())
}

fn skip(state: &RunState, id: &CommandId, reason: &SkipReason) -> Result<Vec<Event>, Refusal> {
    known(state, id)?;
    idle(state, id)?;
    if let SkipReason::Operator(words) = reason {
        needs_reason(words)?;
    }
    if matches!(state.standing(id), Standing::Passed | Standing::DoneNothingClaimed) {
        return Err(Refusal::Settled(id.clone()));
    }
    Ok(vec![Event::CommandSkipped { command: id.clone(), reason: reason.clone() }])
}

fn answer(state: &RunState, id: &CommandId, holds: bool) -> Result<Vec<Event>, Refusal> {
    let command = known(state, id)?;
    idle(state, id)?;
    if command.condition.is_none() {
        return Err(Refusal::NoCommand(id.clone()));
    }
    let mut events = vec![Event::ConditionAnswered { command: id.clone(), holds }];
    if !holds {
        events.push(Event::CommandSkipped { command: id.clone(), reason: SkipReason::ConditionNo });
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
    let CommandState::Exited { attempt, attested, .. } = state.command(id) else {
        return Err(Refusal::NothingToAttest(id.clone()));
    };
    if expectation >= attested.len() {
        return Err(Refusal::NothingToAttest(id.clone()));
    }
    let (met, note) = said;
    Ok(vec![Event::Attested {
        command: id.clone(),
        attempt: *attempt,
        expectation,
        met,
        note: note.to_owned(),
    }])
}

fn decide_gate(state: &RunState, go: bool, reason: &str) -> Result<Vec<Event>, Refusal> {
    let open: Vec<ItemId> = state.open_items().into_iter().cloned().collect();
    if !open.is_empty() || !go {
        needs_reason(reason)?;
    }
    let mut events = vec![Event::GateDecided { go, reason: reason.to_owned(), open }];
    if !go {
        events.push(Event::RunFinished { outcome: Outcome::NoGo });
    }
    Ok(events)
}

fn finish(state: &RunState, outcome: Outcome) -> Result<Vec<Event>, Refusal> {
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
    if outcome == Outcome::Deployed
        && let Some(open) = flow::next(state).command()
    {
        return Err(Refusal::Settled(open.clone()));
    }
    Ok(vec![Event::RunFinished { outcome }])
}

fn known<'s>(state: &'s RunState, id: &CommandId) -> Result<&'s Command, Refusal> {
    state.runbook().command(id).ok_or_else(|| Refusal::NoCommand(id.clone()))
}

fn known_item(state: &RunState, id: &ItemId) -> Result<(), Refusal> {
    state.runbook().item(id).map(|_| ()).ok_or_else(|| Refusal::NoItem(id.clone()))
}

fn idle(state: &RunState, id: &CommandId) -> Result<(), Refusal> {
    if state.running() == Some(id) { Err(Refusal::Busy(id.clone())) } else { Ok(()) }
}

fn needs_reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonNeeded) } else { Ok(()) }
}

fn last_attempt(state: &RunState, id: &CommandId) -> Attempt {
    state.ran().iter().rev().find(|r| &r.command == id).map_or(Attempt(0), |r| r.attempt)
}

fn running_attempt(state: &RunState, id: &CommandId) -> Result<Attempt, Refusal> {
    match state.command(id) {
        CommandState::Running { attempt, .. } => Ok(*attempt),
        _ => Err(Refusal::NothingRuns),
    }
}

#[cfg(test)]
mod tests;
