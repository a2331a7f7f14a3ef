//! `gonogo [RUNBOOK]` and `attach`: the terminal UI, or the transcript in its stead.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, CommandFactory};
use clap_complete::ArgValueCompleter;

use super::complete;
use super::document::{self, Document};
use super::opened::{Opened, ScreenArgs};
use super::report::{CommandError, Status, say_text};
use super::runtime::runtime;
use super::{agreed, choose, plain, preflight, store, typed, watched};
use crate::config::Settings;
use crate::run::Outcome;
use crate::run::RunId;
use crate::run::environment::NO_ENVIRONMENT;
use crate::run_files::RunFiles;
use crate::runbook;
use crate::runbook::lock::Agreement;
use crate::store::{Filter, Store};
use crate::tui;

/// The unfinished run of a document, in this environment where one was named, if there is one; else, for somebody
/// who only looks, its last.
pub(super) fn known(
    store: &dyn Store,
    settings: &Settings,
    (sha256, environment): (&str, Option<&str>),
    looks: bool,
) -> Result<Option<RunFiles>, CommandError> {
    let mut found = store.unfinished(sha256, environment)?;
    if looks && found.is_none() {
        found = store.list(&Filter::default())?.into_iter().find(|run| run.sha256 == sha256);
    }
    Ok(found.map(|run| RunFiles::of(&settings.state_dir, run.id)))
}

/// Arguments of `attach`.
#[derive(Debug, Args)]
pub(super) struct AttachArgs {
    /// The run; by default the active one, or the last
    #[arg(add = ArgValueCompleter::new(complete::unfinished))]
    run: Option<String>,
    #[command(flatten)]
    screens: ScreenArgs,
}

/// Opens the terminal UI on a runbook, or on the run that was active last.
pub(super) fn open(
    path: Option<PathBuf>,
    operator: Option<String>,
    (args, environment): (&ScreenArgs, Option<&str>),
) -> Result<Status, CommandError> {
    let named = match &path {
        Some(path) if path.is_dir() => Some(choose::below(path)?),
        Some(path) if path.exists() => Some(path.clone()),
        Some(path) => return Err(typed::no_such_runbook(&super::Cli::command(), &path.to_string_lossy())),
        None => None,
    };
    let settings = document::settings(named.as_deref(), operator)?;
    let store = store::of(&settings)?;
    let path = match named {
        Some(path) => path,
        None => match last(&*store)? {
            Last::Run(id) => {
                terminal_needed(&format!("gonogo status {id}"))?;
                let run = RunFiles::of(&settings.state_dir, id);
                return attach(settings, store, run, args);
            }
            Last::Runbook(path) => path,
        },
    };
    let of = environment.map_or("--env ENV".to_owned(), |name| format!("--env {name}"));
    terminal_needed(&format!("gonogo run {} {of} --headless --yes", path.display()))?;
    let document = document::document(&path)?;
    let environment = match environment {
        Some(name) => Some(preflight::environment(&document.runbook, Some(name))?.name),
        None => None,
    };
    let of = (document.runbook.sha256.as_str(), environment.as_deref());
    let run = known(&*store, &settings, of, args.read_only)?;
    if args.read_only && run.is_none() {
        return Err(CommandError::new(
            Status::Usage,
            format!("{} has no run to watch yet", document.path.display()),
        )
        .hint("start one without --read-only"));
    }
    let opened = Opened { run, environment, ..Opened::new(args)? };
    show(settings, store, document, opened)
}

/// What is opened where nothing was named.
enum Last {
    /// The run that is not over, else the last one.
    Run(RunId),
    /// A runbook of the repository.
    Runbook(PathBuf),
}

/// A run that is not over comes before the runbooks that are here, and these before one that is.
fn last(store: &dyn Store) -> Result<Last, CommandError> {
    let last = store.find(None);
    if let Ok(id) = &last
        && store.summary_of(id).is_ok_and(|run| run.outcome.is_none())
    {
        return Ok(Last::Run(id.clone()));
    }
    match choose::here()? {
        Some(path) => Ok(Last::Runbook(path)),
        None => last.map(Last::Run).map_err(|error| {
            CommandError::from(error).hint("name a runbook: gonogo RUNBOOK.md; gonogo list DIR finds them")
        }),
    }
}

/// `gonogo attach`.
pub(super) fn attach_to(args: &AttachArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let run = args.run.as_deref().map_or(String::new(), |run| format!(" {run}"));
    terminal_needed(&format!("gonogo status{run}, gonogo output{run} COMMAND"))?;
    let settings = document::settings(None, operator)?;
    let (store, run) = store::find(&settings, args.run.as_deref())?;
    attach(settings, store, run, &args.screens)
}

/// Opens the terminal UI on a run.
pub(super) fn attach(
    settings: Settings,
    store: Arc<dyn Store>,
    run: RunFiles,
    args: &ScreenArgs,
) -> Result<Status, CommandError> {
    on_run(settings, store, run, Opened { at_once: true, ..Opened::new(args)? })
}

/// Opens the terminal UI on a run, as `opened` says.
pub(super) fn on_run(
    settings: Settings,
    store: Arc<dyn Store>,
    run: RunFiles,
    opened: Opened,
) -> Result<Status, CommandError> {
    let text = store.text_of(run.id())?;
    let path = store.document_path(run.id()).unwrap_or_default();
    let runbook = runbook::read(&text);
    let opened = Opened { run: Some(run), ..opened };
    show(settings, store, Document { path, text, runbook }, opened)
}

/// The screens, or the transcript where that was asked for.
pub(super) fn show(
    settings: Settings,
    store: Arc<dyn Store>,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    if opened.plain {
        return plain::plain(settings, store, document, opened);
    }
    screens(settings, store, document, opened)
}

/// Screens and transcript need somebody at a terminal.
pub(super) fn terminal_needed(instead: &str) -> Result<(), CommandError> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(CommandError::new(Status::Usage, "the screens need a terminal")
        .hint(format!("without a terminal: {instead}")))
}

/// Runs the screens until the operator leaves.
fn screens(
    settings: Settings,
    store: Arc<dyn Store>,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    let (host, within) = (opened.host(), opened.within);
    let Opened { run, directory, environment, window, read_only, at_once, goes_back, .. } = opened;
    let keys = tui::keymap::Keymap::new(&settings.keys)
        .map_err(|error| CommandError::new(Status::Usage, error.to_string()))?;
    let directory = match directory {
        Some(directory) => directory,
        None => std::env::current_dir()?,
    };
    // A mistake in the settings is told before the screens are there.
    for environment in &document.runbook.environments {
        watched::watch(&document.runbook, &settings, environment, &watched::Said::default())?;
        if let Some(waiting) = &settings.waiting {
            watched::watch(&document.runbook, &waiting.with, environment, &watched::Said::default())?;
        }
    }
    // A run that is gone on with goes by its own document.
    let agreement = if at_once { Agreement::None } else { agreed::agreement(&document) };
    let before = store.list(&Filter::default())?;
    let environments = document.runbook.environments.iter().map(|e| e.name.to_lowercase());
    let environments =
        environments.chain(document.runbook.environments.is_empty().then(|| NO_ENVIRONMENT.to_owned()));
    let title = &document.runbook.title;
    // Nothing is started where somebody goes to a run, and reading what was answered takes as long as opening it.
    let asked = environments.filter(|_| !at_once);
    let remembered = asked.map(|name| (name.clone(), store.remembered(&before, title, &name))).collect();
    let opening = tui::Opening {
        settings,
        store,
        path: document.path,
        document: document.text,
        runbook: document.runbook,
        agreement,
        directory,
        environment,
        run,
        before,
        remembered,
        keys,
        window,
        host,
        at_once,
        goes_back,
        read_only,
    };
    let end = runtime()?
        .block_on(tui::run(opening))
        .map_err(|error| CommandError::new(Status::Failed, error.to_string()))?;
    // What runs within this process goes with it: whoever started it says what is left.
    if let Some(words) = end.words.filter(|_| !within) {
        let _terminal_gone = say_text(words);
    }
    Ok(match end.outcome {
        Some(Outcome::RolledBack) => Status::RolledBack,
        Some(Outcome::Unconfirmed) => Status::NeedsEyes,
        Some(Outcome::Failed | Outcome::NoGo) => Status::Failed,
        _ => Status::Done,
    })
}
