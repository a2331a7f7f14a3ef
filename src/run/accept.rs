//! Takes in what the runner saw: a command ended, a shell reported where it is, a probe saw an alert.
//!
//! Such an event is made by the process that owns the run and can't come from outside: over the socket a client sends
//! a [`Request`](super::Request), and none of those says that something happened.

use super::claim;
use super::event::Event;
use super::ids::Attempt;
use super::monitoring::{self, SoFar};
use super::refusal::Refusal;
use super::state::RunState;
use super::waiting::wait_over;
use crate::caught;
use crate::mask::{Hidden, MOST_TOLD};
use crate::runbook::CommandId;

/// What an observed event comes to: itself with what follows from it, or nothing where it is known already.
///
/// Pure, as [`decide`](super::decide()). Refused is what no longer fits, such as the end of a command that was given
/// up before, and what only an operator can cause.
pub fn accept(state: &RunState, fact: Event) -> Result<Vec<Event>, Refusal> {
    // What was seen is so, whatever it is thought to lead to.
    caught::catch(|| accepted(state, fact.clone())).unwrap_or_else(|| Ok(vec![fact]))
}

fn accepted(state: &RunState, fact: Event) -> Result<Vec<Event>, Refusal> {
    let known = match &fact {
        Event::RunStarted(_) if state.start().is_some() => return Err(Refusal::Started),
        Event::ParameterForgotten { .. } | Event::ShellReplaced { .. } if state.outcome().is_some() => {
            return Err(Refusal::Over);
        }
        Event::WatchAccepted { .. } if state.watch().is_some() => return Err(Refusal::WatchedAlready),
        Event::CommandExited { command, attempt, exit, elapsed_ms, verdicts, .. } => {
            still_runs(state, command, *attempt)?;
            let holds = state.find(command).is_some_and(|c| claim::holds(c, *exit, verdicts));
            let over = wait_over(state, command, (*exit, holds), *elapsed_ms);
            return Ok(std::iter::once(fact).chain(over).collect());
        }
        Event::VerdictDerived { command, attempt, verdict } => {
            still_runs(state, command, *attempt)?;
            let judged = state.claims(command).get(verdict.claim).and_then(|c| c.judged.as_ref());
            judged == Some(&verdict.judgement)
        }
        Event::OutputMasked { command, attempt, hidden } => {
            let hidden = not_told(state, (command, *attempt), hidden);
            let told = Event::OutputMasked { command: command.clone(), attempt: *attempt, hidden };
            return Ok(match &told {
                Event::OutputMasked { hidden, .. } if hidden.is_empty() => vec![],
                _ => vec![told],
            });
        }
        Event::CommandLost { command, attempt, .. } | Event::CommandNotStarted { command, attempt, .. } => {
            still_runs(state, command, *attempt)?;
            false
        }
        Event::PlaceObserved { place } => place == state.place(),
        Event::PlaceLeft { command, .. } => !state.entered().contains(command),
        Event::ShellOpened { command, .. } => state.opened_by(command).is_some(),
        Event::ValueCaptured { name, value, .. } => {
            state.captured(name).last().is_some_and(|c| &c.value == value)
        }
        Event::AlertRaised { row, level, .. } => state.alert(row).is_some_and(|known| known.told == *level),
        Event::AlertCleared { row, .. } => state.alert(row).is_none(),
        Event::AddressAnswers { row, answers, .. } => state.does_answer(row) == Some(*answers),
        Event::RoundOpened { round, .. } => {
            monitoring::goes_on(state)?;
            state.watched().is_some_and(|w| w.round(*round).is_some())
        }
        Event::RoundClosed { round, .. } => {
            monitoring::is_open(state, *round)?;
            false
        }
        Event::MonitoringEnded { why } => return monitoring::end(state, why, &SoFar::default()),
        Event::RunStarted(_)
        | Event::RunResumed { .. }
        | Event::WatchAccepted { .. }
        | Event::ParameterForgotten { .. }
        | Event::PlaceEntered { .. }
        | Event::SurvivorsSeen { .. }
        | Event::ControlTaken { .. }
        | Event::ShellReplaced { .. }
        | Event::Gap { .. }
        | Event::OutputUnrecorded { .. }
        | Event::OutputAfter { .. }
        | Event::FileMade { .. }
        | Event::ProblemsRecognised { .. }
        | Event::MessageSent { .. } => false,
        _ => return Err(Refusal::NotObserved),
    };
    Ok(if known { vec![] } else { vec![fact] })
}

/// What was not told of a command's output before: bounded, and each thing once.
fn not_told(state: &RunState, (command, attempt): (&CommandId, Attempt), hidden: &[Hidden]) -> Vec<Hidden> {
    let ran = state.ran().iter().rev().find(|r| &r.command == command && r.attempt == attempt);
    let Some(ran) = ran else { return vec![] };
    let mut new: Vec<Hidden> = Vec::new();
    for one in hidden {
        let one = if ran.hidden.len() + new.len() < MOST_TOLD { one } else { &Hidden::Others };
        if !ran.hidden.contains(one) && !new.contains(one) {
            new.push(one.clone());
        }
    }
    new
}

/// An end that is told twice, or comes too late, changes nothing.
fn still_runs(state: &RunState, command: &CommandId, attempt: Attempt) -> Result<(), Refusal> {
    if state.running_attempt(command) == Some(attempt) { Ok(()) } else { Err(Refusal::NothingRuns) }
}
