//! What the way back says in words of its own steps and of those of the deployment.

use std::collections::BTreeSet;

use super::procedures::procedures;
use crate::run::state::RunState;
use crate::runbook::{Command, Runbook, Step, words};

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
