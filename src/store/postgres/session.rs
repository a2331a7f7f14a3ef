//! What the store of a team and its journals share: the connection, and the tokens of the runs that are owned here.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::connection::{Connection, NoAnswer};
use super::refused::{self, Refused};
use crate::run::RunId;
use crate::run_files::{FileError, replace};
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
    /// The schema was looked at, and is one that this version may write.
    pub(super) looked_at: AtomicBool,
    /// When the server was asked for it last and did not answer, and why.
    pub(super) silent: Mutex<Option<(Instant, String)>>,
}

/// Who owns a run, as the database knows it: the run's number and the token that only its owner has.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) key: i64,
    pub(super) token: String,
}

impl Session {
    pub(super) fn new(connection: Connection, host: &str, tokens: Option<PathBuf>) -> Self {
        let (known, looked_at, silent) = (Mutex::default(), AtomicBool::new(false), Mutex::default());
        Self { connection, host: host.to_owned(), tokens, known, looked_at, silent }
    }

    /// What could not be done with this store, for a reason.
    pub(super) fn failed(&self, what: &'static str, error: NoAnswer) -> StoreError {
        let store = self.connection.name();
        match (refused::of(&error), error) {
            (Some(Refused::NoEnvironment), _) => StoreError::NoEnvironment { store },
            (_, NoAnswer::Refused(error)) => {
                let (code, why) = (error.code().code().to_owned(), error.message().to_owned());
                if error.code() == &tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE {
                    StoreError::NoRight { what, store, why }
                } else if passes(&code) {
                    StoreError::Away { what, store, why }
                } else {
                    StoreError::Refused { what, store, why, code }
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
        // One that is empty would be nobody's.
        let written = fs::create_dir_all(directory).and_then(|()| replace(&path, token.as_bytes(), true));
        Ok(written.map_err(FileError::of("write", &path))?)
    }

    pub(super) fn token(&self, run: &RunId) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(run).cloned();
        let kept = || fs::read_to_string(self.tokens.as_ref()?.join(&run.0)).ok();
        known.or_else(kept).filter(|token| !token.trim().is_empty())
    }
}

/// Whether what the server says may be over soon, and the same can be asked again: connections, resources, somebody's
/// intervention, a conflict, a lock, a standby that only reads (PostgreSQL's documentation, "PostgreSQL Error Codes").
fn passes(code: &str) -> bool {
    ["08", "53", "57", "58", "40"].iter().any(|class| code.starts_with(class))
        || matches!(code, "55P03" | "25006" | "3D000")
}
