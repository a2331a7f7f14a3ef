//! What going back undoes, and what nothing in the procedure takes back.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::saved::{after, put_back, value_then, with_values};
use super::{belongs, of_procedures};
use crate::run::Exit;
use crate::run::policy::changes_data;
use crate::run::state::{Ran, RunState};
use crate::runbook::{Command, CommandId, StepId};
use crate::shell::touches::{Resolve, Tables, Thing, touches};
use crate::shell::{Effect, Kind, services};

/// Something that was changed in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The command that changed it.
    pub command: CommandId,
    /// Its first line.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The command of the way back that takes it back; nothing where none touches what it touched.
    pub by: Option<CommandId>,
}

/// A command of the way back with what it touches.
struct Back<'r> {
    command: &'r Command,
    text: String,
    things: Vec<Thing>,
    /// Files that it puts back: what made them changed nothing.
    sources: Vec<String>,
}

/// All that was changed in this run, in order, each with what takes it back.
///
/// What only made a file that the way back needs, or set a value, is no change of the service.
pub fn undone(state: &RunState, chosen: &[StepId]) -> Vec<Undone> {
    let back = back(state, chosen);
    let mut found: Vec<Undone> = Vec::new();
    for (at, ran) in state.ran().iter().enumerate().filter(|(_, r)| !belongs(state.runbook(), &r.command)) {
        let Some(command) = state.find(&ran.command) else { continue };
        let made = state.made_files().iter().any(|m| m.command == ran.command);
        // What was not found was not started.
        let absent = matches!(ran.exit, Some(Exit::Status(126 | 127)));
        let passed = command.effect == Effect::Reads || command.kind == Kind::Place || made || absent;
        if passed || found.iter().any(|u| u.command == ran.command) {
            continue;
        }
        let mut things = things_of(state, at, ran);
        let saved =
            |thing: &Thing| matches!(thing, Thing::File(f) if back.iter().any(|b| b.sources.contains(f)));
        things.retain(|thing| !saved(thing));
        if things.is_empty() {
            continue;
        }
        let by = taken_back(&back, &ran.text, &things).map(|b| b.command.id.clone());
        let text = ran.text.lines().next().unwrap_or_default().to_owned();
        found.push(Undone { command: ran.command.clone(), text, at: ran.started, by });
    }
    found
}

/// The command of the way back that takes back what a text changed. What was stopped is started; what was started stands
/// again as it was, or is stopped.
fn taken_back<'b, 'r>(back: &'b [Back<'r>], text: &str, things: &[Thing]) -> Option<&'b Back<'r>> {
    let meets = |b: &&Back<'_>| b.things.iter().any(|own| things.iter().any(|thing| own.meets(thing)));
    let starts = |b: &&Back<'_>| services::starts(&b.text);
    let served = things.iter().all(|t| matches!(t, Thing::Service(_)));
    let started = back.iter().filter(meets).rfind(starts);
    let (stops, starts) = (services::stops(text), services::starts(text));
    match (served, stops && !starts, starts) {
        (true, true, _) => started,
        (true, _, true) => started.or_else(|| back.iter().find(meets)),
        _ => back.iter().find(meets),
    }
}

/// The commands of a way back.
fn back<'s>(state: &'s RunState, chosen: &[StepId]) -> Vec<Back<'s>> {
    let mut directory = Some(PathBuf::from(&state.place().directory)).filter(|d| d.is_absolute());
    let mut found = Vec::new();
    for command in of_procedures(state.runbook(), chosen).into_iter().filter(|c| !c.alternative) {
        let command = state.find(&command.id).unwrap_or(command);
        let text = state.text_of(command);
        let from = directory.clone();
        directory = after(&text, directory, state);
        if command.effect == Effect::Reads {
            continue;
        }
        let word = |word: &str| with_values(word, &|name| value_then(state, usize::MAX, None, name));
        let here = from.as_deref().map(Path::to_string_lossy);
        let resolve = Resolve { directory: here.as_deref(), word: &word };
        let sources: Vec<String> =
            put_back(state, &text, from.as_deref()).iter().map(|w| resolve.path(w)).collect();
        let mut things = of_text(&text, &resolve);
        if !sources.is_empty() || text.contains("restore") {
            things.push(Thing::PutBack);
        }
        found.push(Back { command, text, things, sources });
    }
    found
}

/// What something that ran touched, with the values as they were then.
fn things_of(state: &RunState, at: usize, ran: &Ran) -> Vec<Thing> {
    let word = |word: &str| with_values(word, &|name| value_then(state, at, Some(&ran.command), name));
    let directory = Some(ran.place.directory.as_str()).filter(|d| d.starts_with('/'));
    of_text(&ran.text, &Resolve { directory, word: &word })
}

fn of_text(text: &str, resolve: &Resolve<'_>) -> Vec<Thing> {
    let mut things = touches(text, resolve);
    // Which database a migration changes is known to its program alone.
    if changes_data(text) && !things.iter().any(|t| matches!(t, Thing::Data(..))) {
        things.retain(|t| !matches!(t, Thing::Named(..)));
        things.push(Thing::Data(None, Tables::Unsaid));
    }
    things
}

/// What the record says against a command of the way back being needed: nothing that it takes back was started. It
/// is told, never taken for an answer.
pub fn not_needed(state: &RunState, command: &Command) -> Option<String> {
    let word = |word: &str| with_values(word, &|name| value_then(state, usize::MAX, None, name));
    let directory = Some(state.place().directory.as_str()).filter(|d| d.starts_with('/'));
    let resolve = Resolve { directory, word: &word };
    let of = |text: &str| of_text(text, &resolve);
    let own = of(&state.text_of(command));
    let known = |t: &Thing| !matches!(t, Thing::Service(_) | Thing::Named(..) | Thing::Cluster(..));
    if command.effect == Effect::Reads || own.is_empty() || !own.iter().all(known) {
        return None;
    }
    let steps = state.runbook().step_commands();
    let meets = |c: &Command| of(&c.text).iter().any(|thing| own.iter().any(|o| o.meets(thing)));
    let changing: Vec<&&Command> =
        steps.iter().filter(|c| !c.alternative && c.effect != Effect::Reads && meets(c)).collect();
    let ran = |id: &CommandId| state.ran().iter().any(|r| &r.command == id);
    if changing.is_empty() || changing.iter().any(|c| ran(&c.id)) {
        return None;
    }
    let ids: Vec<String> = changing.iter().map(|c| c.id.to_string()).collect();
    let was = if ids.len() == 1 { "was" } else { "were" };
    Some(format!("nothing that it undoes was done in this run: {} {was} never started", ids.join(", ")))
}
