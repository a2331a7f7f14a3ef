//! The journal: append-only, durable when `append` returns.

use std::path::PathBuf;

use thiserror::Error;

use crate::run::Record;

/// An append-only list of a run's events.
pub trait Journal: Send {
    /// Appends records; they are on stable storage when this returns.
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError>;

    /// All records, their chain checked.
    fn read(&self) -> Result<Vec<Record>, StoreError>;
}

/// What can go wrong with what is kept.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum StoreError {
    #[error("could not {what} {path}: {source}")]
    File { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("could not {what} the journal {path}: {source}")]
    Database { what: &'static str, path: PathBuf, source: rusqlite::Error },
    #[error(
        "the journal {path} was written by a newer gonogo (schema {found}, this one knows {known}); use that version"
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "the journal {path} holds nothing although its run was begun: `gonogo runs --salvage DIR` saves what is left"
    )]
    Empty { path: PathBuf },
    #[error("event {seq} could not be written as JSON: {source}")]
    Encode { seq: u64, source: serde_json::Error },
    #[error("event {seq} of the journal can't be read: {source}")]
    Decode { seq: u64, source: serde_json::Error },
    #[error("the journal is damaged at event {seq}: it does not follow from the one before")]
    Broken { seq: u64 },
    #[error("there is no run {0}; `gonogo runs` lists them")]
    NoRun(String),
    #[error(
        "{path} is on a network filesystem ({kind}), where locks and the order of writes can't be relied on; set GONOGO_STATE_DIR to a local directory"
    )]
    Network { path: PathBuf, kind: &'static str },
    #[error(
        "{path} belongs to user {owner}, not to user {ours}: set GONOGO_STATE_DIR to a directory of your own"
    )]
    Stranger { path: PathBuf, ours: u32, owner: u32 },
    #[error("{path} can be entered by others (mode {mode:o}), and runs hold secrets: chmod 700 {path}")]
    Open { path: PathBuf, mode: u32 },
    #[error("there is no run yet")]
    NoRuns,
    #[error("{environment} is held by {holder}")]
    Held { environment: String, holder: String },
    #[error("the state directory can't be found: {0}; set GONOGO_STATE_DIR")]
    NoHome(String),
}
