//! What going back needs to be there: values of variables, and files that were saved before.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Found, LookedAt, MadeFile, commands, of_procedures, procedures};
use crate::run::claim::sign_of_failure;
use crate::run::gates::position::{gate_index, turns};
use crate::run::ids::Attempt;
use crate::run::state::{Captured, Ran, RunState, Standing};
use crate::runbook::parameters::{assigned_names, is_given, variables};
use crate::runbook::{CommandId, Step, StepId};
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
fn path_of(
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
    let mut directory = Some(PathBuf::from(&state.place().directory)).filter(|d| d.is_absolute());
    let mut found = Vec::new();
    for command in of_procedures(state.runbook(), chosen).into_iter().filter(|c| !c.alternative) {
        let command = state.find(&command.id).unwrap_or(command);
        let text = state.text_of(command);
        if command.effect != Effect::Reads {
            for word in put_back(state, &text, directory.as_deref()) {
                let candidates = candidates(state, &word, directory.as_deref());
                found.push(Saved { command: command.id.clone(), line: command.span.line, word, candidates });
            }
        }
        directory = after(&text, directory, state);
    }
    found
}

/// Whether the file that some procedure puts back depends on a variable.
pub fn leads_to_a_file(state: &RunState, name: &str) -> bool {
    let back = procedures(state.runbook()).flat_map(Step::commands);
    let mut words = back.flat_map(|c| put_back(state, &state.text_of(c), None));
    words.any(|word| variables(&word).iter().any(|(used, _)| used == name))
}

/// The files that a text puts back: what is copied counts where its name or its value says that it was saved, or where
/// a step makes it as a copy under the same name.
pub(super) fn put_back(state: &RunState, text: &str, from: Option<&Path>) -> Vec<String> {
    let value = |name: &str| last_value(state, name);
    let copies = |step: &str, word: &str| {
        let parsed = shell::parse(step).unwrap_or_default();
        parsed.simples.iter().any(|s| {
            matches!(s.program(), "cp" | "rsync" | "tar" | "gzip" | "mv" | "install")
                && s.args().iter().skip(1).any(|a| a == word)
                || s.writes.iter().any(|w| w == word)
        })
    };
    needs::puts_back(text, &|word| {
        path_of(word, from, &value).is_ok_and(|path| needs::is_saved(&path))
            || state.runbook().step_commands().iter().any(|c| copies(&c.text, word))
    })
}

/// The directory after a command, as far as its words tell.
pub(super) fn after(text: &str, from: Option<PathBuf>, state: &RunState) -> Option<PathBuf> {
    let Some(parsed) = shell::parse(text) else { return from };
    let Some(cd) = parsed.simples.iter().rfind(|s| s.program() == "cd") else { return from };
    let to = cd.args().first()?;
    path_of(to, from.as_deref(), &|name| last_value(state, name)).ok().map(PathBuf::from)
}

/// What a word may stand for: with each value that its variables have had.
fn candidates(state: &RunState, word: &str, from: Option<&Path>) -> Result<Vec<Candidate>, String> {
    let used = variables(word);
    // Of several variables with a history only the first has its values tried.
    let turned = used.iter().map(|(name, _)| name).find(|n| state.captured(n).len() > 1);
    let mut found = match turned {
        None => vec![candidate(state, word, from, None)?],
        Some(name) => {
            let newest_first = state.captured(name).iter().rev();
            let each = newest_first.map(|c| candidate(state, word, from, Some((name, &c.value))));
            each.collect::<Result<Vec<_>, String>>()?
        }
    };
    let mut known = BTreeSet::new();
    found.retain(|c| known.insert(c.path.clone()));
    // The newest of those made before anything changed, then the others as they come: the newest first.
    found.sort_by_key(|c| (!c.before_change, c.made.is_none()));
    Ok(found)
}

/// What a word stands for with one variable set to this value, the others as they are.
fn candidate(
    state: &RunState,
    word: &str,
    from: Option<&Path>,
    set: Option<(&String, &String)>,
) -> Result<Candidate, String> {
    let value = |name: &str| match set {
        Some((turned, value)) if turned == name => Some(value.clone()),
        _ => last_value(state, name),
    };
    let path = path_of(word, from, &value)?;
    let made = state.made_files().iter().rev().find(|m| m.path == path).cloned();
    let begun = made.as_ref().and_then(|m| begun(state, &m.command, m.attempt));
    let change = first_change(state);
    let before_change = begun.is_some_and(|(at, _)| change.is_none_or(|change| at < change));
    let other = set.filter(|(name, value)| last_value(state, name).as_ref() != Some(*value));
    let values = other.map(|(name, value)| (name.clone(), value.clone())).into_iter().collect();
    Ok(Candidate { path, values, made, begun: begun.map(|(_, at)| at), before_change })
}

/// Which of the things that ran it was, and when it began.
fn begun(state: &RunState, id: &CommandId, attempt: Attempt) -> Option<(usize, DateTime<Utc>)> {
    let at = state.ran().iter().position(|r| &r.command == id && r.attempt == attempt)?;
    Some((at, state.ran()[at].started))
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
pub fn paths(state: &RunState) -> Vec<String> {
    let chosen: Vec<StepId> = procedures(state.runbook()).map(|s| s.id.clone()).collect();
    let all = saved(state, &chosen).into_iter().filter_map(|s| s.candidates.ok()).flatten();
    let mut paths: Vec<String> = all.map(|c| c.path).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Files that the way back puts back and that a command has made since they were last looked at: who made them, and
/// where they are.
pub fn made_unseen(state: &RunState) -> Vec<(CommandId, Attempt, String)> {
    if state.going_back().is_some() {
        return vec![];
    }
    let mut found = Vec::new();
    for path in paths(state) {
        let maker = state.ran().iter().enumerate().rev().find(|(at, ran)| {
            let changes = state.find(&ran.command).is_some_and(|c| c.effect != Effect::Reads);
            changes && ran.exit.is_some() && names(state, *at, ran, &path)
        });
        let Some((_, maker)) = maker else { continue };
        let seen = state
            .made_files()
            .iter()
            .any(|m| m.path == path && m.command == maker.command && m.attempt == maker.attempt);
        if !seen {
            found.push((maker.command.clone(), maker.attempt, path));
        }
    }
    found
}

impl RunState {
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

/// Whether what ran as number `at` names a file, with the values as they were then.
fn names(state: &RunState, at: usize, ran: &Ran, path: &str) -> bool {
    let Some(parsed) = shell::parse(&ran.text) else { return false };
    let value = |name: &str| value_then(state, at, Some(&ran.command), name);
    // `cd /backups && pg_dump d > d.sql` names it from where it has gone to.
    let mut from = Some(PathBuf::from(&ran.place.directory));
    for simple in &parsed.simples {
        let words = simple.words.iter().chain(&simple.writes).flat_map(|word| files_in(word));
        if words.into_iter().any(|word| path_of(&word, from.as_deref(), &value).is_ok_and(|p| p == path)) {
            return true;
        }
        if let ("cd" | "pushd", [to, ..]) = (simple.program(), simple.args()) {
            from = path_of(to, from.as_deref(), &value).ok().map(PathBuf::from);
        }
    }
    false
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
