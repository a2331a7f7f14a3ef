//! What the store of a team and its journals share: the connection, and the tokens of the runs that are owned here.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::connection::{Connection, NoAnswer};
use super::refused::{self, Refused};
use crate::run::RunId;
use crate::run_files::FileError;
use crate::store::error::StoreError;

/// What its journals share.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) connection: Connection,
    /// This machine, as the others see it.
    pub(super) host: String,
    /// Where the tokens of the runs are kept that are owned here: whoever has one takes its run up without waiting.
    pub(super) tokens: Option<PathBuf>,
    pub(super) known: Mutex<BTreeMap<RunId, String>>,
}

/// Who owns a run, as the database knows it: the run's number and the token that only its owner has.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) key: i64,
    pub(super) token: String,
}

impl Session {
    /// What could not be done with this store, for a reason.
    pub(super) fn failed(&self, what: &'static str, error: NoAnswer) -> StoreError {
        let store = self.connection.name();
        match (refused::of(&error), error) {
            (Some(Refused::NoEnvironment), _) => StoreError::NoEnvironment { store },
            (_, NoAnswer::Refused(error)) => {
                let no_right = error.code() == &tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE;
                let why = error.message().to_owned();
                if no_right {
                    StoreError::NoRight { what, store, why }
                } else {
                    StoreError::Away { what, store, why }
                }
            }
            (_, NoAnswer::Away(why)) => StoreError::Away { what, store, why },
        }
    }

    /// Keeps the token of a run that is owned here, for the next process of this machine.
    pub(super) fn keep_token(&self, run: &RunId, token: &str) -> Result<(), StoreError> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(run.clone(), token.to_owned());
        let Some(directory) = &self.tokens else { return Ok(()) };
        let path = directory.join(&run.0);
        let written = write_own(directory, &path, token);
        Ok(written.map_err(FileError::of("write", &path))?)
    }

    pub(super) fn token(&self, run: &RunId) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(run).cloned();
        known.or_else(|| fs::read_to_string(self.tokens.as_ref()?.join(&run.0)).ok())
    }
}

/// A file that only its owner may read.
fn write_own(directory: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
