//! Why settings are not taken, with the place where that is seen.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// What is wrong with the settings.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum ConfigError {
    #[error("could not read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}:{line}: {message}{hint}")]
    Parse { path: PathBuf, line: usize, message: String, hint: String },
    #[error("{path}: probes.{name}: {why}")]
    Probe { path: PathBuf, name: String, why: String },
    #[error(
        "{path}: {what} belongs in your own settings (~/.config/gonogo/config.toml) or {variable}, not beside a runbook"
    )]
    NotBeside { path: PathBuf, what: &'static str, variable: &'static str },
    #[error("the team's store can't be used: {why}")]
    Store { why: String },
    #[error("the home directory can't be found: set GONOGO_STATE_DIR")]
    NoHome,
}

impl ConfigError {
    /// The file that is wrong, with the line where that is known.
    pub fn place(&self) -> Option<(&Path, usize)> {
        match self {
            Self::Parse { path, line, .. } => Some((path, *line)),
            Self::Read { path, .. } | Self::Probe { path, .. } | Self::NotBeside { path, .. } => {
                Some((path, 1))
            }
            Self::NoHome | Self::Store { .. } => None,
        }
    }
}
