//! `gonogo [RUNBOOK]` and `attach`: the terminal UI, or the transcript in its stead.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;

use super::document::{self, Document};
use super::opened::{Opened, ScreenArgs};
use super::report::{CommandError, Status, say};
use super::runtime::runtime;
use super::{accepted, agreed, plain, watched};
use crate::config::Settings;
use crate::run::Outcome;
use crate::run::environment::NO_ENVIRONMENT;
use crate::runbook;
use crate::runbook::lock::Agreement;
use crate::store::{RunDirectory, StateDirectory};
use crate::tui;

/// The unfinished run of a document, in this environment where one was named, if there is one; else, for somebody
/// who only looks, its last.
pub(super) fn known(
    state: &StateDirectory,
    sha256: &str,
    environment: Option<&str>,
    looks: bool,
) -> Result<Option<RunDirectory>, CommandError> {
    let mut found = state.unfinished(sha256, environment)?;
    if looks && found.is_none() {
        found = state.list()?.into_iter().find(|run| run.sha256 == sha256);
    }
    Ok(found.map(|run| state.find(Some(&run.id.0))).transpose()?)
}

/// Arguments of `attach`.
#[derive(Debug, Args)]
pub(super) struct AttachArgs {
    /// The run; by default the active one, else the last
    run: Option<String>,
    #[command(flatten)]
    screens: ScreenArgs,
}

/// Opens the terminal UI on a runbook, or on the run that was active last.
pub(super) fn open(
    path: Option<PathBuf>,
    operator: Option<String>,
    args: &ScreenArgs,
) -> Result<Status, CommandError> {
    terminal_needed()?;
    let settings = document::settings(path.as_deref(), operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let (document, run) = match path {
        Some(path) => {
            let document = document::document(&path)?;
            let run = known(&state, &document.runbook.sha256, None, args.read_only)?;
            (document, run)
        }
        None => {
            let run = state
                .find(None)
                .map_err(|error| CommandError::from(error).hint("name a runbook: gonogo RUNBOOK.md"))?;
            return attach(settings, &state, run, args);
        }
    };
    if args.read_only && run.is_none() {
        return Err(CommandError::new(
            Status::Usage,
            format!("{} has no run to look at yet", document.path.display()),
        )
        .hint("without --read-only it can be started"));
    }
    let opened = Opened { run, ..Opened::new(args)? };
    show(settings, &state, document, opened)
}

/// `gonogo attach`.
pub(super) fn attach_to(args: &AttachArgs, operator: Option<String>) -> Result<Status, CommandError> {
    terminal_needed()?;
    let settings = document::settings(None, operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let run = state.find(args.run.as_deref())?;
    attach(settings, &state, run, &args.screens)
}

/// Opens the terminal UI on a run.
pub(super) fn attach(
    settings: Settings,
    state: &StateDirectory,
    run: RunDirectory,
    args: &ScreenArgs,
) -> Result<Status, CommandError> {
    on_run(settings, state, run, Opened { at_once: true, ..Opened::new(args)? })
}

/// Opens the terminal UI on a run, as `opened` says.
pub(super) fn on_run(
    settings: Settings,
    state: &StateDirectory,
    run: RunDirectory,
    opened: Opened,
) -> Result<Status, CommandError> {
    let text = run.document()?;
    let path = run.document_path().unwrap_or_default();
    let runbook = runbook::read(&text);
    let opened = Opened { run: Some(run), ..opened };
    show(settings, state, Document { path, text, runbook }, opened)
}

/// The screens, or the transcript where that was asked for.
pub(super) fn show(
    settings: Settings,
    state: &StateDirectory,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    if opened.plain {
        return plain::plain(settings, state, document, opened);
    }
    screens(settings, state, document, opened)
}

/// Screens and transcript need somebody at a terminal.
pub(super) fn terminal_needed() -> Result<(), CommandError> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(CommandError::new(Status::Usage, "the screens need a terminal")
        .hint("without one: gonogo run RUNBOOK --env ENV --headless --yes"))
}

/// Runs the screens until the operator leaves.
fn screens(
    settings: Settings,
    state: &StateDirectory,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    let host = opened.host();
    let Opened { run, directory, environment, window, read_only, at_once, goes_back, .. } = opened;
    let keys = tui::keymap::Keymap::new(&settings.keys)
        .map_err(|error| CommandError::new(Status::Usage, error.to_string()))?;
    let directory = match directory {
        Some(directory) => directory,
        None => std::env::current_dir()?,
    };
    // A mistake in the settings is told before the screens are there.
    for environment in &document.runbook.environments {
        watched::watch(&document.runbook, &settings, environment, &[])?;
    }
    // A run that is gone on with goes by its own document.
    let agreement = if at_once { Agreement::None } else { agreed::agreement(&document) };
    let before = state.list()?;
    let environments = document.runbook.environments.iter().map(|e| e.name.to_lowercase());
    let environments =
        environments.chain(document.runbook.environments.is_empty().then(|| NO_ENVIRONMENT.to_owned()));
    let title = &document.runbook.title;
    let remembered =
        environments.map(|name| (name.clone(), state.remembered(&before, title, &name))).collect();
    let opening = tui::Opening {
        waiting: accepted::waiting(&settings, state),
        settings,
        state: state.clone(),
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
    if let Some(words) = end.words {
        say(words)?;
    }
    Ok(match end.outcome {
        Some(Outcome::RolledBack) => Status::RolledBack,
        Some(Outcome::Unconfirmed) => Status::NeedsEyes,
        Some(Outcome::Failed | Outcome::NoGo) => Status::Failed,
        _ => Status::Done,
    })
}
