//! Going back (DESIGN 10): which commands that takes, what has to be there for it, what stands in its way, what it
//! undoes and what it costs.
//!
//! All of it is derived from the document, the run's state and what was [`Found`] outside; nothing is invented where
//! the document has no way back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::event::Outcome;
use super::state::RunState;
use crate::runbook::{Block, Command, CommandId, Runbook, Step, StepId, words};

mod aspect;
mod board;
mod obstacles;
mod saved;
mod triggers;
mod undone;

pub use board::{Board, Line, board};
pub use obstacles::{Obstacle, WayOut, WayOutKind, obstacles};
pub use saved::{Candidate, Saved, leads_to_a_file, made_unseen, paths, saved, unknown_values};
pub(in crate::run) use triggers::content;
pub use triggers::{Trigger, triggers};
pub use undone::{Undone, not_needed, undone};

/// What was seen of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// Whether it is whole, where its kind says so at its end.
    pub complete: Option<bool>,
    /// When it was changed last.
    pub changed: Option<DateTime<Utc>>,
    /// Schemas that a dump removes only if nothing else is in them (`pg_dump --clean`, DROP SCHEMA without CASCADE).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<String>,
}

/// What came of looking at a file: its facts, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookedAt {
    /// It is there.
    There(FileFacts),
    /// It is not, or can't be read.
    Not(String),
}

/// What was seen outside before going back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Files by their path.
    pub files: BTreeMap<String, LookedAt>,
    /// The services of the compose project in the shell's directory, where it has one.
    pub services: Option<Vec<String>>,
    /// Variables that nobody has recorded, with whether the shell has a value for them; absent where the shell could
    /// not be asked.
    pub set: Option<BTreeMap<String, bool>>,
}

/// How somebody goes back, as it was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The line of the document's trigger that holds, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<usize>,
    /// Why.
    pub reason: String,
    /// The document's procedures that are gone through, in order.
    pub procedures: Vec<StepId>,
    /// What was known to be in the way, with what was chosen about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
    /// What a restore loses, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loses: Option<String>,
}

/// Going back, as far as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct GoingBack {
    /// What was decided.
    pub decided: Decided,
    /// Who did.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How much had been run before.
    pub ran_before: usize,
    /// Steps of the deployment that are gone through again behind the verification.
    pub along: Vec<StepId>,
    /// How the run had come out before, if it was over: so it has again when this is taken back.
    pub was: Option<(Outcome, DateTime<Utc>)>,
}

/// A file that a command made, as it was right afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeFile {
    /// The command.
    pub command: CommandId,
    /// Which time.
    pub attempt: super::Attempt,
    /// Its path.
    pub path: String,
    /// What was seen of it.
    pub looked: LookedAt,
    /// When.
    pub at: DateTime<Utc>,
}

/// The document's procedures for going back.
pub fn procedures(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    runbook.rollback.steps.iter()
}

/// The procedures that are taken when nobody chose: the only one, or the first.
pub fn usual(runbook: &Runbook) -> Vec<StepId> {
    procedures(runbook).take(1).map(|s| s.id.clone()).collect()
}

/// The commands of procedures, then those of the document's verification.
pub fn commands<'r>(runbook: &'r Runbook, chosen: &[StepId]) -> Vec<&'r Command> {
    let mut found = of_procedures(runbook, chosen);
    found.extend(runbook.rollback.verification.iter().flat_map(|b: &Block| &b.commands));
    found
}

/// The commands of procedures.
pub fn of_procedures<'r>(runbook: &'r Runbook, chosen: &[StepId]) -> Vec<&'r Command> {
    procedures(runbook).filter(|s| chosen.contains(&s.id)).flat_map(Step::commands).collect()
}

/// Whether a command belongs to the document's way back.
pub fn belongs(runbook: &Runbook, id: &CommandId) -> bool {
    runbook.goes_back(id)
}

/// A step of a procedure that is written as a numbered comment in its fence: "# 2. Restore database".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Its number.
    pub number: u32,
    /// Its words.
    pub title: String,
}

/// The numbered comment that a command stands under, if it stands under one.
pub fn numbered(command: &Command) -> Option<Numbered> {
    let line = command.about.as_ref()?.lines().next()?;
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let title = line[digits..].strip_prefix(['.', ')', ':'])?.trim();
    let number = line[..digits].parse().ok()?;
    (!title.is_empty()).then(|| Numbered { number, title: title.to_owned() })
}

/// Steps of the deployment that the way back speaks of in words: "(Same as deployment smoke tests above)".
pub fn referred(runbook: &Runbook) -> Vec<&Step> {
    const SAME: &[&str] = &["same", "above", "again", "repeat", "rerun", "run", "see", "as"];
    let back = procedures(runbook).flat_map(|s| &s.blocks).chain(&runbook.rollback.verification);
    let notes = back.flat_map(|b| &b.notes).map(|n| words::lower_words(&n.text));
    let notes: Vec<Vec<String>> =
        notes.filter(|said| said.iter().any(|w| SAME.contains(&w.as_str()))).collect();
    let mut found: Vec<&Step> = Vec::new();
    runbook.steps.iter().for_each(|s| named_in(s, &notes, &mut found));
    found
}

/// Adds the outermost steps whose titles stand in what is said.
fn named_in<'r>(step: &'r Step, notes: &[Vec<String>], found: &mut Vec<&'r Step>) {
    let title: BTreeSet<String> = words::lower_words(&step.title)
        .into_iter()
        .filter(|w| w.len() > 3)
        .map(|w| words::stem(&w))
        .collect();
    let named = title.len() > 1
        && notes.iter().any(|said| {
            let said: BTreeSet<String> = said.iter().map(|w| words::stem(w)).collect();
            title.is_subset(&said)
        });
    if named && !step.commands().is_empty() {
        found.push(step);
    } else {
        step.substeps.iter().for_each(|s| named_in(s, notes, found));
    }
}

/// Steps that are offered to be gone through again once the way back is behind: those that it speaks of and that
/// nobody took along yet.
pub fn offered(state: &RunState) -> Vec<&Step> {
    let along = state.going_back().map_or(&[][..], |b| &b.along);
    referred(state.runbook()).into_iter().filter(|s| !along.contains(&s.id)).collect()
}

/// How long the document says that its procedures take, in seconds; nothing where it does not.
pub fn estimate_s(runbook: &Runbook, chosen: &[StepId]) -> Option<u64> {
    let said: Vec<u64> =
        procedures(runbook).filter(|s| chosen.contains(&s.id)).filter_map(|s| s.estimate_s).collect();
    (!said.is_empty()).then(|| said.iter().sum())
}

#[cfg(test)]
mod tests;
