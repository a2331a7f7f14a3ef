//! What a shell offers while somebody types: runs, commands, environments and parameters by what is there. Nothing is
//! written, no other machine is asked, and what can't be read offers nothing: the prompt is no place for errors.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::{Command, CommandFactory};
use clap_complete::CompleteEnv;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::Shells;

use super::document::{self, Document};
use super::found_in;
use super::store;
use crate::config::file;
use crate::run::RunId;
use crate::run::rollback::WayOutKind;
use crate::runbook::discover::{self, Page};
use crate::text::first_line;

/// So many runs and pages are looked into; of others the name is enough.
const LOOKED_INTO: usize = 50;

/// Answers a shell that asks what may come next (`COMPLETE=bash gonogo -- …`); whether one did.
pub(super) fn answered() -> bool {
    let asks = std::env::var("COMPLETE").is_ok_and(|shell| {
        let name = Path::new(&shell).file_stem().and_then(OsStr::to_str);
        name.is_some_and(|name| Shells::builtins().completer(name).is_some())
    });
    let here = std::env::current_dir().ok();
    let env = CompleteEnv::with_factory(shown).bin("gonogo");
    asks && env.try_complete(std::env::args_os(), here.as_deref()).unwrap_or(true)
}

/// The command line without the verbs that gonogo itself uses.
pub(super) fn shown() -> Command {
    let whole = super::Cli::command();
    let verbs = whole.get_subcommands().filter(|verb| !verb.is_hide_set()).cloned();
    Command::new("gonogo").args(whole.get_arguments().cloned()).subcommands(verbs)
}

/// The words of the line that is typed, without the program.
fn typed() -> Vec<String> {
    let words = std::env::args().skip_while(|word| word != "--").skip(2);
    words.collect()
}

fn offer(value: impl Into<String>, help: impl Into<String>) -> CompletionCandidate {
    let help: String = help.into();
    let help = (!help.is_empty()).then(|| crate::visible::line(&help).into_owned());
    CompletionCandidate::new(value.into()).help(help.map(Into::into))
}

/// Those that begin as what is typed.
fn begun(current: &OsStr, all: impl IntoIterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return vec![] };
    let fitting = all.into_iter().filter(|(value, _)| value.starts_with(current));
    fitting.enumerate().map(|(at, (value, help))| offer(value, help).display_order(Some(at))).collect()
}

/// All runs of this machine, the latest first.
pub(super) fn runs(current: &OsStr) -> Vec<CompletionCandidate> {
    begun(current, run_ids(current, Which::All))
}

/// Runs without an outcome.
pub(super) fn unfinished(current: &OsStr) -> Vec<CompletionCandidate> {
    begun(current, run_ids(current, Which::Unfinished))
}

/// Runs, and archives of runs.
pub(super) fn runs_and_archives(current: &OsStr) -> Vec<CompletionCandidate> {
    let archives = PathCompleter::file().filter(|path| ends_with(path, &["gz", "tgz"]));
    let mut all = runs(current);
    all.extend(archives.complete(current));
    all
}

/// Which runs are offered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    /// Those without an outcome.
    Unfinished,
}

/// Ids of runs with what they are, those that were changed last first. Of the latest it is known whether they fit; others
/// are left out where that matters.
fn run_ids(current: &OsStr, which: Which) -> Vec<(String, String)> {
    let Some(state_dir) = state_dir() else { return vec![] };
    let (Ok(store), Ok(entries)) = (store::at(&state_dir), std::fs::read_dir(state_dir.join("runs"))) else {
        return vec![];
    };
    let begin = current.to_string_lossy().into_owned();
    let name = |entry: &std::fs::DirEntry| entry.file_name().into_string().ok();
    let named = entries.filter_map(Result::ok).filter_map(|entry| Some((name(&entry)?, entry)));
    let mut found: Vec<(String, Option<SystemTime>)> = named
        .filter(|(name, _)| !name.starts_with('.') && name.starts_with(&begin))
        .map(|(name, entry)| (name, entry.metadata().and_then(|m| m.modified()).ok()))
        .collect();
    found.sort_by(|(one, at), (other, then)| then.cmp(at).then(one.cmp(other)));
    let told = |(at, (id, _)): (usize, (String, Option<SystemTime>))| {
        if at >= LOOKED_INTO {
            return (which == Which::All).then(|| (id, String::new()));
        }
        let run = store.summary_of(&RunId(id.clone())).ok()?;
        if which == Which::Unfinished && run.outcome.is_some() {
            return None;
        }
        let came = run.outcome.map_or("unfinished".to_owned(), |outcome| outcome.to_string());
        Some((id, [run.environment, came, run.title].join(" · ")))
    };
    found.into_iter().enumerate().filter_map(told).collect()
}

/// The state directory, where there are runs in it.
fn state_dir() -> Option<PathBuf> {
    let state_dir = document::settings(None, None).ok()?.state_dir;
    state_dir.join("runs").is_dir().then_some(state_dir)
}

/// A run, or a command of the one that is named before or was last.
pub(super) fn run_then_command(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut words = typed();
    words.pop();
    let after = words.iter().skip_while(|word| *word != "output").skip(1);
    let run = after.filter(|word| !word.starts_with('-')).last();
    let mut all = commands_that_ran(run.map(String::as_str));
    if run.is_none() {
        all.extend(run_ids(current, Which::All));
    }
    begun(current, all)
}

fn commands_that_ran(run: Option<&str>) -> Vec<(String, String)> {
    let ran = || {
        let state_dir = state_dir()?;
        let store = store::at(&state_dir).ok()?;
        let state = store.state_of(&store.find(run).ok()?).ok()?;
        let mut ran: Vec<(String, String)> = vec![];
        for one in state.ran() {
            let text = state.runbook().command(&one.command).map(|c| first_line(&state.text_of(c)));
            let exit = one.exit.map_or("running".to_owned(), |exit| exit.to_string());
            ran.retain(|(id, _)| *id != one.command.0);
            ran.push((one.command.0.clone(), format!("{exit} · {}", text.unwrap_or_default())));
        }
        Some(ran)
    };
    ran().unwrap_or_default()
}

/// Pages of Markdown, those that read as runbooks first.
pub(super) fn runbooks(current: &OsStr) -> Vec<CompletionCandidate> {
    let pages = PathCompleter::file().filter(found_in::is_page).complete(current);
    let mut left = LOOKED_INTO;
    let told = |page: CompletionCandidate| {
        let path = Path::new(page.get_value());
        if path.is_dir() || left == 0 {
            return page.display_order(Some(1));
        }
        left -= 1;
        let runbook = file::text(path).ok().map(|text| crate::runbook::read(&text));
        match runbook.filter(|runbook| discover::page(runbook) == Page::Runbook) {
            Some(runbook) => page.help(Some(runbook.title.clone().into())).display_order(Some(0)),
            None => page.display_order(Some(1)),
        }
    };
    pages.into_iter().map(told).collect()
}

/// The document that the line names.
fn named() -> Option<Document> {
    let path = typed().into_iter().map(PathBuf::from).find(|word| found_in::is_page(word))?;
    document::document(&path).ok()
}

/// Environments of the document that the line names.
pub(super) fn environments(current: &OsStr) -> Vec<CompletionCandidate> {
    let names = |document: Document| {
        let environments = document.runbook.environments.clone();
        environments.into_iter().map(|e| (e.name, String::new())).collect::<Vec<_>>()
    };
    begun(current, named().map_or(vec![], names))
}

/// Parameters of that document: the name, never a value.
pub(super) fn parameters(current: &OsStr) -> Vec<CompletionCandidate> {
    let names = |document: Document| {
        let parameters = document.runbook.parameters.clone();
        parameters.into_iter().map(|p| (format!("{}=", p.name), String::new())).collect::<Vec<_>>()
    };
    begun(current, named().map_or(vec![], names))
}

/// Commands of that document.
pub(super) fn commands(current: &OsStr) -> Vec<CompletionCandidate> {
    begun(current, commands_of_named().into_iter().map(|(id, text, _)| (id, text)))
}

/// Commands of that document with a condition, each with both answers.
pub(super) fn answers(current: &OsStr) -> Vec<CompletionCandidate> {
    let asking = commands_of_named().into_iter().filter(|(_, _, asks)| *asks);
    let both = |(id, text, _): (String, String, bool)| {
        ["yes", "no"].map(|answer| (format!("{id}={answer}"), text.clone()))
    };
    begun(current, asking.flat_map(both))
}

fn commands_of_named() -> Vec<(String, String, bool)> {
    let all = |document: Document| {
        let commands = document.runbook.step_commands();
        let told = commands
            .iter()
            .map(|c| (c.id.0.clone(), first_line(&c.text), c.condition.is_some() || c.doubt.is_some()));
        told.collect::<Vec<_>>()
    };
    named().map_or(vec![], all)
}

/// Ways out of what blocks a rollback.
pub(super) fn ways_out(current: &OsStr) -> Vec<CompletionCandidate> {
    begun(current, WayOutKind::ALL.into_iter().map(|kind| (kind.name().to_owned(), String::new())))
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|ending| endings.contains(&ending))
}
