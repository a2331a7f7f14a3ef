//! What going back needs to be there: values of variables, and files that were saved before.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Found, LookedAt, MadeFile, commands, of_procedures, procedures};
use crate::run::back_files::BackFiles;
use crate::run::claim::sign_of_failure;
use crate::run::gates::position::{gate_index, turns};
use crate::run::ids::Attempt;
use crate::run::state::{Captured, RunState, Standing};
use crate::runbook::parameters::{assigned_names, is_given, variables};
use crate::runbook::{Command, CommandId, Step, StepId};
use crate::shell::parse::Simple;
use crate::shell::{self, Effect, needs};

/// A file that a command of the way back puts back.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The command.
    pub command: CommandId,
    /// Its line.
    pub line: usize,
    /// The file as the command writes it.
    pub word: String,
    /// Which file that may be, the best first; or why that can't be told beforehand.
    pub candidates: Result<Vec<Candidate>, String>,
}

/// One file that may be put back.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its path.
    pub path: String,
    /// Values that lead to it, where they are not the last ones.
    pub values: Vec<(String, String)>,
    /// What was seen of it when a command had made it.
    pub made: Option<MadeFile>,
    /// When that command began.
    pub begun: Option<DateTime<Utc>>,
    /// It was made before the first command that changes data ran.
    pub before_change: bool,
}

impl Candidate {
    /// Why it can't be put back, if it can't: it has to be there, not empty, whole, unchanged since it was made, and
    /// made by a command that succeeded.
    pub fn fault(&self, state: &RunState, found: &Found) -> Option<String> {
        let facts = match found.files.get(&self.path)? {
            LookedAt::Not(why) => return Some(why.clone()),
            LookedAt::There(facts) => facts,
        };
        if let Some(fault) = facts.fault() {
            return Some(fault.into());
        }
        let made = self.made.as_ref()?;
        if let Standing::Failed | Standing::Lost | Standing::GonePast = state.standing(&made.command) {
            return Some(format!("{} made it and did not succeed", made.command));
        }
        if let Some(seen) = sign_of_failure(state.claims(&made.command)) {
            return Some(format!("{} made it and may have failed: {seen}", made.command));
        }
        match &made.looked {
            LookedAt::There(then) if then.bytes != facts.bytes => {
                Some(format!("its size has changed since {} made it", made.command))
            }
            LookedAt::There(then) if then.sha256 != facts.sha256 => {
                Some(format!("its checksum has changed since {} made it", made.command))
            }
            _ => None,
        }
    }
}

/// The file that a text's word stands for with these values, from a directory.
pub(super) fn path_of(
    word: &str,
    from: Option<&Path>,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    if word.contains("$(") || word.contains('`') || word.contains(['*', '?']) {
        return Err("the file is known only when the command runs".into());
    }
    let mut text = word.to_owned();
    if let Some(rest) = word.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        text = format!("$HOME{rest}");
    }
    let here = |name: &str| from.filter(|_| name == "PWD").map(|at| at.to_string_lossy().into_owned());
    for (name, at) in variables(&text).into_iter().rev() {
        let value = here(&name).or_else(|| value(&name));
        text.replace_range(at, &value.ok_or_else(|| format!("the value of ${name} is not known"))?);
    }
    if text.contains('$') {
        return Err("the file is known only when the command runs".into());
    }
    let path = Path::new(&text);
    if path.is_absolute() {
        return Ok(plain(path));
    }
    let from = from.ok_or("the directory is known only when the command runs")?;
    Ok(plain(&from.join(path)))
}

/// A path without `.` and `..`, by its words alone.
fn plain(path: &Path) -> String {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out.to_string_lossy().into_owned()
}

fn last_value(state: &RunState, name: &str) -> Option<String> {
    value_then(state, usize::MAX, None, name)
}

/// The files that procedures put back.
pub fn saved(state: &RunState, chosen: &[StepId]) -> Vec<Saved> {
    let words = put_back_by(state, of_procedures(state.runbook(), chosen)).into_iter();
    let saved = |(command, word, from): (&Command, String, Option<PathBuf>)| {
        let candidates = candidates(state, &word, from.as_deref());
        Saved { command: command.id.clone(), line: command.span.line, word, candidates }
    };
    words.map(saved).collect()
}

/// What commands of the way back put back, as written, each with the directory that it is in then.
fn put_back_by<'s>(
    state: &'s RunState,
    commands: Vec<&'s Command>,
) -> Vec<(&'s Command, String, Option<PathBuf>)> {
    let mut directory = Some(PathBuf::from(&state.place().directory)).filter(|d| d.is_absolute());
    let mut found = Vec::new();
    for command in commands.into_iter().filter(|c| !c.alternative) {
        let command = state.find(&command.id).unwrap_or(command);
        let text = state.text_of(command);
        if command.effect != Effect::Reads {
            let words = put_back(state, &text, directory.as_deref()).into_iter();
            found.extend(words.map(|word| (command, word, directory.clone())));
        }
        directory = after(&text, directory, state);
    }
    found
}

/// Whether the file that some procedure puts back depends on a variable.
pub fn leads_to_a_file(state: &RunState, name: &str) -> bool {
    state.back_files().variables.contains(name)
}

/// The files that a text puts back: what is copied counts where its name or its value says that it was saved, or where
/// a step makes it as a copy under the same name.
pub(super) fn put_back(state: &RunState, text: &str, from: Option<&Path>) -> Vec<String> {
    let value = |name: &str| last_value(state, name);
    needs::puts_back(text, &|word| {
        path_of(word, from, &value).is_ok_and(|path| needs::is_saved(&path)) || state.copied().contains(word)
    })
}

fn copies_to(simple: &Simple) -> Vec<String> {
    let copies = matches!(simple.program(), "cp" | "rsync" | "tar" | "gzip" | "mv" | "install");
    let args = simple.args().get(1..).filter(|_| copies).unwrap_or_default();
    args.iter().cloned().chain(simple.writes.iter().cloned()).collect()
}

/// The directory after a command, as far as its words tell.
pub(super) fn after(text: &str, from: Option<PathBuf>, state: &RunState) -> Option<PathBuf> {
    let Some(parsed) = shell::parse(text) else { return from };
    let Some(cd) = parsed.simples.iter().rfind(|s| s.program() == "cd") else { return from };
    let to = cd.args().first()?;
    path_of(to, from.as_deref(), &|name| last_value(state, name)).ok().map(PathBuf::from)
}

/// A variable with one of its values.
type Set<'s> = (&'s str, &'s str);

/// The values to try for a word: of several variables with a history only the first has its values tried.
fn values_of<'s>(state: &'s RunState, word: &str) -> Vec<Option<Set<'s>>> {
    let used = variables(word);
    let turned =
        used.iter().find_map(|(name, _)| state.captured.get_key_value(name).filter(|(_, c)| c.len() > 1));
    let Some((name, values)) = turned else { return vec![None] };
    values.iter().rev().map(|captured| Some((name.as_str(), captured.value.as_str()))).collect()
}

/// What a word may stand for: with each value that its variables have had.
fn candidates(state: &RunState, word: &str, from: Option<&Path>) -> Result<Vec<Candidate>, String> {
    let each = values_of(state, word).into_iter().map(|set| candidate(state, word, from, set));
    let mut found = each.collect::<Result<Vec<_>, String>>()?;
    let mut known = BTreeSet::new();
    found.retain(|c| known.insert(c.path.clone()));
    // The newest of those made before anything changed, then the others as they come: the newest first.
    found.sort_by_key(|c| (!c.before_change, c.made.is_none()));
    Ok(found)
}

/// The file that a word stands for with one variable set to this value, the others as they are.
fn path_with(
    state: &RunState,
    word: &str,
    from: Option<&Path>,
    set: Option<Set<'_>>,
) -> Result<String, String> {
    let value = |name: &str| match set {
        Some((turned, value)) if turned == name => Some(value.to_owned()),
        _ => last_value(state, name),
    };
    path_of(word, from, &value)
}

/// What is known of that file.
fn candidate(
    state: &RunState,
    word: &str,
    from: Option<&Path>,
    set: Option<Set<'_>>,
) -> Result<Candidate, String> {
    let path = path_with(state, word, from, set)?;
    let made = state.made_files().iter().rev().find(|m| m.path == path).cloned();
    let begun = made.as_ref().and_then(|m| begun(state, &m.command, m.attempt));
    let change = first_change(state);
    let before_change = begun.is_some_and(|(at, _)| change.is_none_or(|change| at < change));
    let other = set.filter(|(name, value)| last_value(state, name).as_deref() != Some(*value));
    let values = other.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    Ok(Candidate { path, values, made, begun: begun.map(|(_, at)| at), before_change })
}

/// Which of the things that ran it was, and when it began.
fn begun(state: &RunState, id: &CommandId, attempt: Attempt) -> Option<(usize, DateTime<Utc>)> {
    let mut places = state.ran_at.get(id)?.iter().filter_map(|at| Some((*at, state.ran.get(*at)?)));
    places.find(|(_, ran)| ran.attempt == attempt).map(|(at, ran)| (at, ran.started))
}

/// Which of the things that ran was the first to change data. What is tidied up before the gate is no change.
fn first_change(state: &RunState) -> Option<usize> {
    let back = state.going_back().map_or(usize::MAX, |b| b.ran_before);
    let gate = gate_index(state.runbook()).unwrap_or(0);
    let changes = |id: &CommandId| {
        let behind = state.runbook().position(id).is_none_or(|at| at >= gate);
        behind && state.find(id).is_some_and(turns)
    };
    state.ran().iter().take(back).position(|r| changes(&r.command))
}

/// All paths that the way back may put back: they are looked at before it begins.
pub fn paths(state: &RunState) -> &[String] {
    &state.back_files().paths
}

impl RunState {
    pub(super) fn back_files(&self) -> &BackFiles {
        self.back_files.get_or_init(|| self.find_back_files())
    }

    fn find_back_files(&self) -> BackFiles {
        let mut found = BackFiles::default();
        let back: Vec<&Command> = procedures(&self.runbook).flat_map(Step::commands).collect();
        for command in &back {
            let holes = self.runbook.uses_in(&command.id).map(|(parameter, _)| parameter.name.clone());
            let text = self.text_of(self.find(&command.id).unwrap_or(command));
            let used = variables(&text).into_iter().map(|(name, _)| name);
            found.names.extend(command.holes.iter().cloned().chain(holes).chain(used));
            found.any |= !needs::puts_back(&text, &|_| true).is_empty();
        }
        let mut paths = BTreeSet::new();
        for (_, word, from) in put_back_by(self, back) {
            let path = |set| path_with(self, &word, from.as_deref(), set);
            let each: Result<Vec<String>, String> = values_of(self, &word).into_iter().map(path).collect();
            paths.extend(each.unwrap_or_default());
            found.variables.extend(variables(&word).into_iter().map(|(name, _)| name));
        }
        found.paths = paths.into_iter().collect();
        found
    }

    /// What the steps write or copy something to, as written.
    fn copied(&self) -> &BTreeSet<String> {
        self.copied.get_or_init(|| {
            let commands = self.runbook.step_commands();
            let parsed = commands.iter().filter_map(|command| shell::parse(&command.text));
            parsed.flat_map(|parsed| parsed.simples).flat_map(|simple| copies_to(&simple)).collect()
        })
    }

    /// Files that the way back puts back and that were no good when they were last made, with why.
    pub fn bad_files(&self) -> impl Iterator<Item = (&MadeFile, &str)> {
        let all = self.made_files();
        let last = all.iter().enumerate().filter(|(at, file)| {
            all.get(at + 1..).is_some_and(|later| later.iter().all(|other| other.path != file.path))
        });
        last.filter_map(|(_, file)| match &file.looked {
            LookedAt::There(facts) => Some((file, facts.fault()?)),
            LookedAt::Not(why) => Some((file, why.as_str())),
        })
    }
}

/// The value that a variable had for what ran as number `at`: what a command sets itself is known to it too.
pub(super) fn value_then(
    state: &RunState,
    at: usize,
    command: Option<&CommandId>,
    name: &str,
) -> Option<String> {
    let visible = |c: &&Captured| c.ran <= at || c.ran == at + 1 && Some(&c.command) == command;
    let captured = state.captured(name).iter().rev().find(visible).map(|c| c.value.clone());
    captured.or_else(|| state.parameters().get(name).cloned().flatten())
}

/// A word with the values that are known in place of their variables.
pub(super) fn with_values(word: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = word.to_owned();
    for (name, at) in variables(word).into_iter().rev() {
        if let Some(value) = value(&name) {
            text.replace_range(at, &value);
        }
    }
    text
}

/// Variables that procedures use and whose values nobody has recorded: the shell has to be asked for them.
pub fn unknown_values(state: &RunState, chosen: &[StepId]) -> Vec<(CommandId, usize, String)> {
    let mut own = BTreeSet::new();
    let mut found: Vec<(CommandId, usize, String)> = Vec::new();
    for command in commands(state.runbook(), chosen).into_iter().filter(|c| !c.alternative) {
        let text = state.find(&command.id).map_or_else(|| command.text.clone(), |c| state.text_of(c));
        let set = assigned_names(&text);
        for (name, at) in variables(&text) {
            let known = own.contains(&name)
                || set.contains(&name)
                || is_given(&name)
                || !state.captured(&name).is_empty()
                // A secret is known to whoever was told it, and not by the record.
                || state.parameters().get(&name).is_some_and(Option::is_some);
            let at = command.span.line + text[..at.start.min(text.len())].matches('\n').count();
            if !known && !found.iter().any(|(_, _, n)| *n == name) {
                found.push((command.id.clone(), at, name));
            }
        }
        own.extend(set);
    }
    found
}
