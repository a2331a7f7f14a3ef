//! Which command has made a file that the way back needs: each is looked through once, when it has ended.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::saved::{path_of, paths, value_then};
use crate::run::ids::Attempt;
use crate::run::state::{Ran, RunState};
use crate::runbook::CommandId;
use crate::shell::{self, Effect};

/// The last of the commands that named each file: it is what made it as it is.
#[derive(Debug, Default)]
pub struct Makers(BTreeMap<String, (usize, CommandId, Attempt)>);

impl Makers {
    /// By everything that has ended so far.
    pub fn of(state: &RunState) -> Self {
        let mut makers = Self::default();
        makers.note_from(state, 0);
        makers
    }

    /// A command has ended.
    pub fn ended(&mut self, state: &RunState, id: &CommandId) {
        if let Some(at) = state.place_of_last_run(id) {
            self.note(state, at);
        }
    }

    /// A value is known that a command has left. What ran after it may name files by it, and has ended before it was told.
    pub fn left_value(&mut self, state: &RunState, id: &CommandId) {
        if let Some(at) = state.place_of_last_run(id) {
            self.note_from(state, at);
        }
    }

    fn note_from(&mut self, state: &RunState, first: usize) {
        (first..state.ran().len()).for_each(|at| self.note(state, at));
    }

    fn note(&mut self, state: &RunState, at: usize) {
        let Some(ran) = state.ran().get(at).filter(|ran| ran.exit.is_some()) else { return };
        let changes = state.find(&ran.command).is_some_and(|c| c.effect != Effect::Reads);
        if !changes || !state.back_files().any {
            return;
        }
        for path in named(state, at, ran) {
            let last = self.0.entry(path).or_insert_with(|| (at, ran.command.clone(), ran.attempt));
            if last.0 <= at {
                *last = (at, ran.command.clone(), ran.attempt);
            }
        }
    }

    /// Files that the way back puts back and that a command has made since they were last looked at: who made them, and
    /// where they are.
    pub fn unseen(&self, state: &RunState) -> Vec<(CommandId, Attempt, String)> {
        if state.going_back().is_some() {
            return vec![];
        }
        let made = paths(state).iter().filter_map(|path| {
            let (_, command, attempt) = self.0.get(path)?;
            let known =
                |m: &super::MadeFile| m.path == *path && m.command == *command && m.attempt == *attempt;
            let seen = state.made_files().iter().any(known);
            (!seen).then(|| (command.clone(), *attempt, path.clone()))
        });
        made.collect()
    }
}

/// The files that what ran as number `at` names, with the values as they were then.
fn named(state: &RunState, at: usize, ran: &Ran) -> Vec<String> {
    let parsed = shell::parse(&ran.text).unwrap_or_default();
    let value = |name: &str| value_then(state, at, Some(&ran.command), name);
    // `cd /backups && pg_dump d > d.sql` names it from where it has gone to.
    let mut from = Some(PathBuf::from(&ran.place.directory));
    let mut found = Vec::new();
    for simple in &parsed.simples {
        let words = simple.words.iter().chain(&simple.writes).flat_map(|word| files_in(word));
        found.extend(words.filter_map(|word| path_of(&word, from.as_deref(), &value).ok()));
        if let ("cd" | "pushd", [to, ..]) = (simple.program(), simple.args()) {
            from = path_of(to, from.as_deref(), &value).ok().map(PathBuf::from);
        }
    }
    found
}

/// The files that a word may name: `d.sql`, `--file=d.sql`, `-fd.sql`, `conf{,.bak}`.
fn files_in(word: &str) -> Vec<String> {
    let may_be = |word: &&str| word.contains(['/', '.', '$']);
    let value = word.split_once('=').map(|(_, value)| value);
    let glued = word.strip_prefix('-').filter(|w| !w.starts_with('-')).and_then(|w| w.get(1..));
    let plain = [Some(word), value, glued].into_iter().flatten();
    let braces =
        word.split_once('{').zip(word.rsplit_once('}')).map_or(vec![], |((before, _), (_, after))| {
            let inner = word.get(before.len() + 1..word.len() - after.len() - 1).unwrap_or_default();
            let each = inner.split(',').filter(|_| inner.contains(',') && !before.ends_with('$'));
            each.map(|part| format!("{before}{part}{after}")).collect()
        });
    plain.filter(may_be).map(str::to_owned).chain(braces).collect()
}
