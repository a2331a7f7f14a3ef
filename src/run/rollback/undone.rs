//! What going back undoes, and what nothing in the procedure takes back.

use chrono::{DateTime, Utc};

use super::aspect::Aspect;
use super::{belongs, of_procedures};
use crate::run::state::RunState;
use crate::runbook::{Command, CommandId, StepId};
use crate::shell::Kind;

/// Something that was changed in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The command that changed it.
    pub command: CommandId,
    /// Its first line.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The command of the way back that takes it back; nothing where none does.
    pub by: Option<CommandId>,
}

/// All that was changed in this run, in order, each with what takes it back.
///
/// What only made a file that the way back needs, or set a value, is no change of the service.
pub fn undone(state: &RunState, chosen: &[StepId]) -> Vec<Undone> {
    let back: Vec<(Aspect, &Command)> = of_procedures(state.runbook(), chosen)
        .into_iter()
        .filter(|c| !c.alternative)
        .filter_map(|c| Some((Aspect::of(c, &c.text)?, c)))
        .collect();
    let mut found: Vec<Undone> = Vec::new();
    for ran in state.ran().iter().filter(|r| !belongs(state.runbook(), &r.command)) {
        let Some(command) = state.find(&ran.command) else { continue };
        let Some(aspect) = Aspect::of(command, &ran.text) else { continue };
        if command.kind == Kind::Place {
            continue;
        }
        let prepares = state.made_files().iter().any(|m| m.command == ran.command)
            || ran.text.trim_start().starts_with("export ")
            || ran.text.trim_start().starts_with("git fetch");
        if prepares || found.iter().any(|u| u.command == ran.command) {
            continue;
        }
        let by = back.iter().find(|(own, _)| own.takes_back(aspect)).map(|(_, c)| c.id.clone());
        let text = ran.text.lines().next().unwrap_or_default().to_owned();
        found.push(Undone { command: ran.command.clone(), text, at: ran.started, by });
    }
    found
}

/// What the record says against a command of the way back being needed: nothing that it takes back was started. It
/// is told, never taken for an answer.
pub fn not_needed(state: &RunState, command: &Command) -> Option<String> {
    let aspect = Aspect::of(command, &command.text)?;
    if matches!(aspect, Aspect::Other | Aspect::Stops | Aspect::Starts) {
        return None;
    }
    let steps = state.runbook().step_commands();
    let of_aspect: Vec<&&Command> = steps
        .iter()
        .filter(|c| !c.alternative && Aspect::of(c, &c.text).is_some_and(|own| aspect.takes_back(own)))
        .collect();
    let ran = |id: &CommandId| state.ran().iter().any(|r| &r.command == id);
    if of_aspect.is_empty() || of_aspect.iter().any(|c| ran(&c.id)) {
        return None;
    }
    let ids: Vec<String> = of_aspect.iter().map(|c| c.id.to_string()).collect();
    Some(format!("{} was not changed in this run: {} was never started", aspect.word(), ids.join(", ")))
}
