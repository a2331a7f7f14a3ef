//! `gonogo [RUNBOOK]`: the terminal UI.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;

use super::report::{CommandError, Status};
use crate::client::{self, Host};
use crate::config::{self, Settings};
use crate::exec::spawn::own_program;
use crate::run::event::{Start, Window};
use crate::run::health::Watch;
use crate::run::policy;
use crate::runbook::correct::{self, Correction};
use crate::runbook::lock::Agreement;
use crate::runbook::{self, Environment, Runbook};
use crate::store::{RunDirectory, StateDirectory};
use crate::tui;

/// A document as it was read from a file.
#[derive(Debug)]
pub(super) struct Document {
    /// Its path as given.
    pub(super) path: PathBuf,
    /// Its text.
    pub(super) text: String,
    /// What was read out of it.
    pub(super) runbook: Runbook,
}

/// The largest document that is read; beyond it something else was meant.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads a document; every way in which that can fail is told apart.
pub(super) fn document(path: &Path) -> Result<Document, CommandError> {
    let shown = path.display();
    let usage = |message: String| CommandError::new(Status::Usage, message);
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => usage(format!("{shown}: there is no such file")),
        _ => usage(format!("{shown}: {error}")),
    })?;
    if metadata.is_dir() {
        return Err(usage(format!("{shown} is a directory; name the runbook in it")));
    }
    if metadata.len() > LARGEST {
        return Err(usage(format!(
            "{shown} has {} MiB; a runbook has at most {}",
            metadata.len() >> 20,
            LARGEST >> 20
        )));
    }
    let bytes = std::fs::read(path).map_err(|error| usage(format!("{shown}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        usage(format!("{shown}:{line}: not UTF-8 text (byte {at})"))
            .hint("convert it first, for example with iconv -f WINDOWS-1252 -t UTF-8")
    })?;
    if text.trim().is_empty() {
        return Err(usage(format!("{shown} is empty")));
    }
    // A byte order mark is no text; without it every span would be three bytes off.
    let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
    let runbook = runbook::read_with(&text, &corrections(path)?);
    Ok(Document { path: path.to_owned(), text, runbook })
}

/// What the settings beside a document say of how it is to be read.
fn corrections(path: &Path) -> Result<Vec<Correction>, CommandError> {
    match settings(Some(path), None) {
        Ok(settings) => {
            let said = settings.reading.into_iter();
            Ok(said.map(|(of, words)| Correction { of, words, by: correct::FILE.to_owned() }).collect())
        }
        // Reading needs no home.
        Err(_) if std::env::var_os("HOME").is_none() => Ok(vec![]),
        Err(error) => Err(error),
    }
}

/// Settings for a document, with what the flags say.
pub(super) fn settings(document: Option<&Path>, operator: Option<String>) -> Result<Settings, CommandError> {
    let beside = document.map(|d| d.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let mut settings = config::load(beside)?;
    settings.operator = operator.unwrap_or(settings.operator);
    Ok(settings)
}

/// Under which terms a run of a document in an environment is started with nobody there.
pub(super) fn start(document: &Document, environment: &Environment, settings: &Settings) -> Start {
    Start {
        document: document.path.display().to_string(),
        title: document.runbook.title.clone(),
        sha256: document.runbook.sha256.clone(),
        environment: environment.name.clone(),
        production: policy::is_production(environment, settings.production(&environment.name)),
        operator: settings.operator.clone(),
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        headless: true,
        zone_s: Some(client::zone_s()),
        sign: settings.sign.policy.kept(),
        corrections: document.runbook.corrections.clone(),
        ..Start::default()
    }
}

/// What is watched in a run, as the document, the settings and the flags say.
pub(super) fn watch(
    runbook: &Runbook,
    settings: &Settings,
    environment: &Environment,
    flags: &[String],
) -> Result<Watch, CommandError> {
    let usage = |why: String| CommandError::new(Status::Usage, why);
    let mut watch = Watch::in_environment(runbook, environment, settings).map_err(usage)?;
    let said = settings.watch_in(&environment.name);
    for (probe, on) in super::monitor::choices(&watch, flags)? {
        watch.turn(&probe, on, runbook, &said);
    }
    Ok(watch)
}

/// Commands of the settings beside a document that nobody has accepted here.
pub(super) fn waiting(settings: &Settings, state: &StateDirectory) -> Vec<(String, String)> {
    let accepted = settings.beside.is_empty() || state.has_accepted(&settings.beside_hash());
    if accepted { vec![] } else { settings.beside.clone() }
}

/// How the screens are opened.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ScreenArgs {
    /// Look only: nothing can be changed
    #[arg(long)]
    pub(super) read_only: bool,
    /// A linear transcript with prompts, for serial consoles and screen readers
    #[arg(long)]
    pub(super) plain: bool,
    /// The change window, local time
    #[arg(long, value_name = "T-T")]
    pub(super) window: Option<String>,
}

impl ScreenArgs {
    /// The change window, if one was given.
    pub(super) fn window(&self) -> Result<Option<Window>, CommandError> {
        let window = self.window.as_deref().map(|w| tui::app::window(w, chrono::Utc::now())).transpose();
        window.map_err(|why| CommandError::new(Status::Usage, format!("--window: {why}")))
    }
}

/// Opens the terminal UI on a runbook, or on the run that was active last.
pub(super) fn open(
    path: Option<PathBuf>,
    operator: Option<String>,
    args: &ScreenArgs,
) -> Result<Status, CommandError> {
    terminal_needed()?;
    let settings = settings(path.as_deref(), operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let (document, run) = match path {
        Some(path) => {
            let document = document(&path)?;
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
        return super::plain::plain(settings, state, document, opened);
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

/// What the screens are opened with beside the document.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The unfinished run to offer.
    pub(super) run: Option<RunDirectory>,
    /// Where the shell starts; by default here.
    pub(super) directory: Option<PathBuf>,
    /// The environment that was named already.
    pub(super) environment: Option<String>,
    /// The change window.
    pub(super) window: Option<Window>,
    /// Look only.
    pub(super) read_only: bool,
    /// A transcript instead of screens.
    pub(super) plain: bool,
    /// Go to the run at once.
    pub(super) at_once: bool,
    /// Go to its way back.
    pub(super) goes_back: bool,
    /// The run ends with this process.
    pub(super) within: bool,
}

impl Opened {
    /// Where runners live.
    pub(super) fn host(&self) -> Host {
        if self.within { Host::Within } else { Host::Processes(own_program()) }
    }

    /// From the flags.
    pub(super) fn new(args: &ScreenArgs) -> Result<Self, CommandError> {
        let window = args.window()?;
        Ok(Self { window, read_only: args.read_only, plain: args.plain, ..Self::default() })
    }
}

/// Runs the screens until the operator leaves.
pub(super) fn screens(
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
        watch(&document.runbook, &settings, environment, &[])?;
    }
    // A run that is gone on with goes by its own document.
    let agreement = if at_once { Agreement::None } else { super::lock::agreement(&document) };
    let before = state.list()?;
    let environments = document.runbook.environments.iter().map(|e| e.name.to_lowercase());
    let environments = environments
        .chain(document.runbook.environments.is_empty().then(|| policy::NO_ENVIRONMENT.to_owned()));
    let title = &document.runbook.title;
    let remembered =
        environments.map(|name| (name.clone(), state.remembered(&before, title, &name))).collect();
    let opening = tui::Opening {
        waiting: waiting(&settings, state),
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
    let end = super::runtime()?
        .block_on(tui::run(opening))
        .map_err(|error| CommandError::new(Status::Failed, error.to_string()))?;
    if let Some(words) = end.words {
        super::report::say(words)?;
    }
    Ok(match end.outcome {
        Some(crate::run::Outcome::RolledBack) => Status::RolledBack,
        Some(crate::run::Outcome::Unconfirmed) => Status::NeedsEyes,
        Some(crate::run::Outcome::Failed | crate::run::Outcome::NoGo) => Status::Failed,
        _ => Status::Done,
    })
}
