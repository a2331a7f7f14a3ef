//! Decides what a request leads to: events, or a refusal with the reason.

use super::event::Event;
use super::refusal::Refusal;
use super::request::{Request, Surroundings};
use super::state::RunState;
use super::waiting::wait_ended;
use crate::caught;

mod answers;
mod any_state;
mod back;
mod detour;
mod ended;
mod finish;
mod preconditions;
mod reading;
mod skip;
mod start;
mod watch;

use answers::{answer, attest, choose_place, on_item};
use any_state::in_any_state;
pub use detour::wait_again;
use detour::{add, edit, keep_in_background, skip_to, wait_until};
use finish::{decide_gate, finish};
use skip::{mark_done, skip};
use start::{RunTerms, run};

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
        let record = next.next_record(event.clone(), state.last_at().unwrap_or_default());
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
        Request::MarkDone { command, note } => mark_done(state, command, note),
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
            let waiting = state.waiting().ok_or(Refusal::NotWaiting)?;
            Ok(vec![wait_ended(waiting, false, "given up by the operator")])
        }
        Request::Cancel { command, signal } => {
            if state.running() != Some(command) && !state.background().contains(command) {
                return Err(Refusal::NotRunning(command.clone()));
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
        _ => in_any_state(state, request, around),
    }
}

#[cfg(test)]
mod tests;
