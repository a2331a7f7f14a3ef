//! A runbook as it lies on the disk, with the settings beside it, and how a run of it begins.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::report::{CommandError, Status};
use crate::client;
use crate::config::{self, ConfigError, Settings};
use crate::run::environment::is_production;
use crate::run::event::Start;
use crate::run_files;
use crate::runbook::correct::{self, Correction};
use crate::runbook::{self, Environment, Runbook};

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

/// Reads a document; every way in which that can fail is told apart.
pub(super) fn document(path: &Path) -> Result<Document, CommandError> {
    let bytes = bytes(path)?;
    of_bytes(path, bytes, &corrections(path)?)
}

/// Writes a new file; what is there already is somebody's.
pub(super) fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

/// The bytes of a document.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, CommandError> {
    let shown = path.display();
    let usage = |message: String| CommandError::new(Status::Usage, message);
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => usage(format!("{shown}: no such file")),
        _ => usage(format!("{shown}: {error}")),
    })?;
    if metadata.is_dir() {
        return Err(usage(format!("{shown} is a directory; name the runbook in it")));
    }
    config::file::read(path, config::file::LARGEST).map_err(|error| usage(format!("{shown}: {error}")))
}

/// A document of these bytes.
pub(super) fn of_bytes(
    path: &Path,
    bytes: Vec<u8>,
    corrections: &[Correction],
) -> Result<Document, CommandError> {
    let shown = path.display();
    let usage = |message: String| CommandError::new(Status::Usage, message);
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
    let runbook = runbook::read_with(&text, corrections);
    Ok(Document { path: path.to_owned(), text, runbook })
}

/// What the settings beside a document say of how it is to be read.
fn corrections(path: &Path) -> Result<Vec<Correction>, CommandError> {
    match settings_or_why(Some(path), None) {
        Ok(settings) => Ok(corrections_of(&settings)),
        // Reading needs no home.
        Err(ConfigError::NoHome) => Ok(vec![]),
        Err(error) => Err(error.into()),
    }
}

/// What settings say of how a document is to be read.
pub(super) fn corrections_of(settings: &Settings) -> Vec<Correction> {
    let said = settings.reading.iter().cloned();
    said.map(|(of, words)| Correction { of, words, by: correct::FILE.to_owned() }).collect()
}

/// The directory that a document lies in.
pub(super) fn directory(document: &Path) -> &Path {
    document.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Settings for a document, with what the flags say. What stands beside it and was not accepted is waiting in them.
pub(super) fn settings(document: Option<&Path>, operator: Option<String>) -> Result<Settings, CommandError> {
    Ok(settings_or_why(document, operator)?)
}

/// The same, for whoever tells what is wrong with them in their own way.
pub(super) fn settings_or_why(
    document: Option<&Path>,
    operator: Option<String>,
) -> Result<Settings, ConfigError> {
    let beside = document.map(directory);
    let mut settings = config::load(beside, operator.as_deref())?;
    let state_dir = settings.state_dir.clone();
    run_files::take_accepted(&mut settings, &state_dir);
    Ok(settings)
}

/// Under which terms a run of a document in an environment is started with nobody there.
pub(super) fn start(document: &Document, environment: &Environment, settings: &Settings) -> Start {
    Start {
        document: document.path.display().to_string(),
        title: document.runbook.title.clone(),
        sha256: document.runbook.sha256.clone(),
        environment: environment.name.clone(),
        production: is_production(environment, settings.production(&environment.name)),
        operator: settings.operator.clone(),
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        headless: true,
        zone_s: Some(client::zone_s()),
        sign: settings.sign.policy.kept(),
        corrections: document.runbook.corrections.clone(),
        ..Start::default()
    }
}
