//! Decides what is asked of a run that has an outcome.

use super::answers::{attest, choose_place, on_item};
use super::any_state::in_any_state;
use super::back;
use super::finish::finish;
use super::start::{RunTerms, run};
use crate::run::event::{Event, Outcome};
use crate::run::places;
use crate::run::refusal::Refusal;
use crate::run::request::{Request, Surroundings};
use crate::run::state::RunState;

/// After the outcome only notes, names, the log, the monitoring and going back are taken.
pub(super) fn decide(
    state: &RunState,
    request: &Request,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    match request {
        Request::Finish { outcome, reason } if state.is_unconfirmed() => {
            finish(state, *outcome, reason, around)
        }
        Request::Attest { command, expectation, met, note } if state.is_unconfirmed() => {
            let mut events = attest(state, command, *expectation, (*met, note))?;
            // What was not as it should be is a failure, whenever somebody looks.
            events.extend((!met).then_some(Event::RunFinished { outcome: Outcome::Failed }));
            Ok(events)
        }
        Request::Tick { .. } | Request::Untick { .. } | Request::SkipItem { .. }
            if state.is_unconfirmed() =>
        {
            on_item(state, request)
        }
        Request::RollBack { .. } => back::roll_back(state, request, around),
        // What going back needs is looked at where it is, before that is decided.
        Request::ChoosePlace { command, choice }
            if places::missing_for_back(state).as_ref() == Some(command) =>
        {
            choose_place(state, command, *choice)
        }
        Request::Run { command, seen, confirmed, again }
            if places::missing_for_back(state).as_ref() == Some(command) =>
        {
            run(state, command, &RunTerms { seen, confirmed: *confirmed, again: *again }, around)
        }
        // A value that going back needs can be answered before it begins.
        Request::SetParameter { name, value } => {
            Ok(vec![Event::ParameterSet { name: name.clone(), value: value.clone() }])
        }
        Request::Note { .. }
        | Request::Name { .. }
        | Request::AcceptPlan { .. }
        | Request::WroteLog { .. }
        | Request::Sign(_)
        | Request::HandOver { .. }
        | Request::ShowSecrets { .. }
        | Request::Baseline
        | Request::Acknowledge { .. }
        | Request::BeginMonitoring
        | Request::AnswerRound { .. }
        | Request::EndMonitoring { .. } => in_any_state(state, request, around),
        _ => Err(Refusal::Over),
    }
}
