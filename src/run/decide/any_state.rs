//! Decides what is taken whatever state the run is in.

use super::preconditions::needs_reason;
use super::watch;
use crate::run::event::Event;
use crate::run::refusal::Refusal;
use crate::run::request::{Request, Surroundings};
use crate::run::sign;
use crate::run::state::RunState;

/// Notes, names, signatures and what is watched: taken whatever state the run is in.
pub(super) fn in_any_state(
    state: &RunState,
    request: &Request,
    around: &Surroundings,
) -> Result<Vec<Event>, Refusal> {
    if let Some(decided) = watch::decide(state, request, around) {
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
        // What it says is recorded: nothing that the record does not have already.
        Request::ShowSecrets { hidden } => {
            let mut hidden = hidden.clone();
            hidden.retain(|one| one.is_kept() && state.hidden().contains(one));
            if hidden.is_empty() {
                return Err(Refusal::NothingKept);
            }
            Event::SecretsShown { hidden }
        }
        Request::HandOver { to } => {
            if to.trim().is_empty() {
                return Err(Refusal::NameNeeded);
            }
            Event::HandedOver { to: to.clone() }
        }
        _ => return Err(Refusal::Over),
    }])
}
