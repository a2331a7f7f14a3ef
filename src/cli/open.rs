//! `gonogo [RUNBOOK]`: the terminal UI.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::report::{CommandError, Status};
use crate::config::{self, Settings};
use crate::runbook::{self, Runbook};
use crate::store::StateDirectory;
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
    let runbook = runbook::read(&text);
    Ok(Document { path: path.to_owned(), text, runbook })
}

/// Settings for a document, with what the flags say.
pub(super) fn settings(document: Option<&Path>, operator: Option<String>) -> Result<Settings, CommandError> {
    let beside = document.map(|d| d.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let mut settings = config::load(beside)?;
    settings.operator = operator.unwrap_or(settings.operator);
    Ok(settings)
}

/// Opens the terminal UI on a runbook, or on the run that was active last.
pub(super) fn open(path: Option<PathBuf>, operator: Option<String>) -> Result<Status, CommandError> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(CommandError::new(Status::Usage, "the screens need a terminal")
            .hint("without one: gonogo run RUNBOOK --env ENV --headless --yes"));
    }
    let settings = settings(path.as_deref(), operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let (document, run) = match path {
        Some(path) => {
            let document = document(&path)?;
            let run = active(&state, &document.runbook.sha256)?;
            (document, run)
        }
        None => {
            let run = state
                .find(None)
                .map_err(|error| CommandError::from(error).hint("name a runbook: gonogo RUNBOOK.md"))?;
            let text = run.document()?;
            let path = run.read_state()?.start().map(|(s, _)| PathBuf::from(&s.document)).unwrap_or_default();
            let runbook = runbook::read(&text);
            (Document { path, text, runbook }, Some(run))
        }
    };
    screens(settings, &state, document, Opened { run, ..Opened::default() })
}

/// The unfinished run of a document, if there is one.
pub(super) fn active(
    state: &StateDirectory,
    sha256: &str,
) -> Result<Option<crate::store::RunDirectory>, CommandError> {
    for summary in state.list()?.iter().filter(|r| r.outcome.is_none() && r.started.is_some()) {
        let run = state.find(Some(&summary.id.0))?;
        if run.read_state().is_ok_and(|s| s.start().is_some_and(|(start, _)| start.sha256 == sha256)) {
            return Ok(Some(run));
        }
    }
    Ok(None)
}

/// What the screens are opened with beside the document.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The unfinished run to offer.
    pub(super) run: Option<crate::store::RunDirectory>,
    /// Where the shell starts; by default here.
    pub(super) directory: Option<PathBuf>,
    /// The environment that was named already.
    pub(super) environment: Option<String>,
}

/// Runs the screens until the operator leaves.
pub(super) fn screens(
    settings: Settings,
    state: &StateDirectory,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    let Opened { run, directory, environment } = opened;
    let directory = match directory {
        Some(directory) => directory,
        None => std::env::current_dir()?,
    };
    let before = state.list()?;
    let opening = tui::Opening {
        settings,
        state: state.clone(),
        path: document.path,
        document: document.text,
        runbook: document.runbook,
        directory,
        environment,
        run,
        before,
    };
    let end = super::runtime()?
        .block_on(tui::run(opening))
        .map_err(|error| CommandError::new(Status::Failed, error.to_string()))?;
    if let Some(words) = end.words {
        super::report::say(words)?;
    }
    Ok(match end.outcome {
        Some(crate::run::Outcome::Failed | crate::run::Outcome::NoGo) => Status::Failed,
        _ => Status::Done,
    })
}
