//! Variables that a command uses and that are unset or empty where it would run: bash would make nothing of them, so that
//! `rm -rf "$DIR/"` and `releases/$VERSION` become something else. Somebody says whether it runs all the same.
//!
//! 1. Asked to run a command, the runner looks in the shell for the variables it needs. What has no value is told to
//!    `decide`, which records the question instead of a start.
//! 2. The answer is recorded as well. One that has it run counts for these variables of this command until the run ends.
//! 3. A value that is given for a variable takes it out of the question.

use super::event::{Event, SkipReason};
use super::refusal::Refusal;
use super::request::Surroundings;
use super::state::{RunState, Standing};
use crate::runbook::{Command, CommandId};

impl RunState {
    /// The command that waits for an answer because variables of it have no value, with their names.
    pub fn asks_unset(&self) -> Option<(&CommandId, &[String])> {
        self.unset.asks.as_ref().map(|(id, names)| (id, names.as_slice()))
    }

    /// Whether it was answered that a command runs although this variable has no value.
    pub fn runs_unset(&self, id: &CommandId, name: &str) -> bool {
        self.unset.accepted.get(id).is_some_and(|names| names.contains(name))
    }

    /// The value that a command waits for first: a placeholder's, a secret that nobody knows any more, a variable that
    /// has none.
    pub fn wanted_value<'s>(&'s self, command: &'s Command) -> Option<&'s str> {
        let unset = || {
            let (_, names) = self.asks_unset().filter(|(id, _)| **id == command.id)?;
            names.first().map(String::as_str)
        };
        self.forgotten_in(command).or_else(|| self.open_holes(command).first().copied()).or_else(unset)
    }
}

/// The names in a sentence: `$A is`, `$A and $B are`.
pub fn are(names: &[String]) -> String {
    let variables: Vec<String> = names.iter().map(|name| format!("${name}")).collect();
    match variables.as_slice() {
        [one] => format!("{one} is"),
        _ => format!("{} are", variables.join(" and ")),
    }
}

/// The question instead of a start, where variables of the command have no value and nobody has answered for them.
pub(super) fn found(
    state: &RunState,
    command: &Command,
    around: &Surroundings,
) -> Result<Option<Vec<Event>>, Refusal> {
    let open: Vec<String> =
        around.unset.iter().filter(|name| !state.runs_unset(&command.id, name)).cloned().collect();
    if open.is_empty() || state.outcome().is_some() {
        return Ok(None);
    }
    if state.asks_unset() == Some((&command.id, open.as_slice())) {
        return Err(Refusal::Unset(command.id.clone(), are(&open)));
    }
    Ok(Some(vec![Event::UnsetFound { command: command.id.clone(), names: open }]))
}

/// What an answer leads to, where a command was asked about because of its variables.
pub(super) fn answered(state: &RunState, command: &Command, runs: bool) -> Option<Vec<Event>> {
    let (_, names) = state.asks_unset().filter(|(id, _)| **id == command.id)?;
    let mut events = vec![Event::UnsetAnswered { command: command.id.clone(), runs }];
    let on_its_way = state.position(&command.id).is_some();
    let open = !matches!(state.standing(&command.id), Standing::Passed | Standing::DoneNothingClaimed);
    if !runs && on_its_way && open {
        let reason = SkipReason::Operator(format!("{} unset or empty", are(names)));
        events.push(Event::CommandSkipped { command: command.id.clone(), reason });
    }
    Some(events)
}
