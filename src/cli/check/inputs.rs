//! What is checked: files as they are named, the runbooks of directories, standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cli::document::{self, Document};
use crate::cli::found_in;
use crate::cli::report::{CommandError, Status, note};
use crate::config::{ConfigError, Settings, file};

/// A document to check, with the settings beside it.
pub(super) struct Input {
    /// What it is called where it is told of.
    pub(super) name: String,
    pub(super) document: Document,
    /// The settings, or why they can't be used. Standard input has none beside it.
    pub(super) settings: Option<Result<Settings, ConfigError>>,
}

/// What was named.
pub(super) struct Inputs {
    paths: Vec<PathBuf>,
    stdin: PathBuf,
}

impl Inputs {
    /// Looks into directories; one without a runbook is a mistake.
    pub(super) fn of(named: &[PathBuf], stdin: &Path) -> Result<Self, CommandError> {
        let mut paths: Vec<PathBuf> = vec![];
        for path in named {
            if !path.is_dir() {
                paths.push(path.clone());
                continue;
            }
            let pages = found_in::pages(path);
            let passed = pages.passed_over();
            if pages.runbooks.is_empty() {
                let words = format!("{}: there is no runbook in it", path.display());
                let error = CommandError::new(Status::Usage, words)
                    .hint("a file that is named is checked whatever it holds");
                return Err(passed.into_iter().fold(error, CommandError::detail));
            }
            passed.into_iter().for_each(note);
            paths.extend(pages.runbooks.into_iter().map(|found| found.path));
        }
        Ok(Self { paths, stdin: stdin.to_owned() })
    }

    /// Reads them, one after the other.
    pub(super) fn read(&self) -> impl Iterator<Item = Result<Input, CommandError>> {
        self.paths.iter().map(|path| if path == Path::new("-") { self.typed() } else { named(path) })
    }

    fn typed(&self) -> Result<Input, CommandError> {
        let mut bytes = Vec::new();
        let most = file::LARGEST + 1;
        std::io::stdin().take(most).read_to_end(&mut bytes).map_err(|error| {
            CommandError::new(Status::Usage, format!("standard input could not be read: {error}"))
        })?;
        if bytes.len() as u64 == most {
            return Err(CommandError::new(Status::Usage, "standard input is too large"));
        }
        let document = document::of_bytes(&self.stdin, bytes, &[])?;
        Ok(Input { name: self.stdin.display().to_string(), document, settings: None })
    }
}

fn named(path: &Path) -> Result<Input, CommandError> {
    let settings = document::settings_or_why(Some(path), None);
    let corrections = settings.as_ref().map_or(vec![], document::corrections_of);
    let document = document::of_bytes(path, document::bytes(path)?, &corrections)?;
    Ok(Input { name: path.display().to_string(), document, settings: Some(settings) })
}
