//! What can go wrong with what is kept.

use std::path::PathBuf;

use thiserror::Error;

use super::tombstone::Tombstone;
use crate::run::RunId;
use crate::run_files::FileError;

/// Why lines were not appended.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum NotAppended {
    #[error("another process owns this run now (owner number {epoch}): this one records nothing more")]
    Fenced { epoch: u32 },
    #[error("the journal has a different event {at}: another process has written to it")]
    Fork { at: u64 },
    #[error("the journal did not answer within {} s", .0.as_secs())]
    Late(std::time::Duration),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What can go wrong with what is kept.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum StoreError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("could not {what} the journal {path}: {source}")]
    Database { what: &'static str, path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("the journal {path} was removed while its run went on: no new step starts")]
    Removed { path: PathBuf },
    #[error(
        "the journal {path} was written by a newer gonogo (schema {found}, this one knows {known}); use that version"
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "the journal {path} contains nothing although its run has started: `gonogo runs --salvage DIR` saves what is left"
    )]
    Empty { path: PathBuf },
    #[error("event {seq} could not be written as JSON: {source}")]
    Encode { seq: u64, source: serde_json::Error },
    #[error("event {seq} of the journal can't be read: {source}")]
    Decode { seq: u64, source: serde_json::Error },
    #[error("the journal is damaged at event {seq}: it does not follow from the event before")]
    Broken { seq: u64 },
    #[error("there is no run {0}; `gonogo runs` lists them")]
    NoRun(String),
    #[error("run {} was removed by {} on {}: {}", .0.run, .0.by, .0.at.format("%d %b %Y"), .0.reason)]
    Pruned(Box<Tombstone>),
    #[error("run {0} is not over: resume it, or give it up with `gonogo stop {0}`")]
    Unfinished(RunId),
    #[error("a process still has run {0} open: wait until it ends")]
    Owned(RunId),
    #[error("there is a run {0} already")]
    Taken(RunId),
    #[error(
        "{path} is on a network filesystem ({kind}), where locks and the order of writes are not reliable; set GONOGO_STATE_DIR to a local directory"
    )]
    Network { path: PathBuf, kind: &'static str },
    #[error(
        "{path} belongs to user {owner}, not to user {ours}: set GONOGO_STATE_DIR to a directory of your own"
    )]
    Stranger { path: PathBuf, ours: u32, owner: u32 },
    #[error("others can enter {path} (mode {mode:o}), and runs contain secrets: chmod 700 {path}")]
    Open { path: PathBuf, mode: u32 },
    #[error(
        "other users can write to {path} (mode {mode:o}), and gonogo trusts its contents: remove what is not yours there, then chmod 700 {path}"
    )]
    Writable { path: PathBuf, mode: u32 },
    #[error("there is no run yet")]
    NoRuns,
    #[error("{environment} is held by {holder}")]
    Held { environment: String, holder: String },
    #[error("the state directory can't be found: {0}; set GONOGO_STATE_DIR")]
    NoHome(String),
    #[error("{0}")]
    Settings(String),
    #[error("the address of the team's store can't be read: {0}")]
    Address(String),
    #[error("could not {what} the store {store}: {why}")]
    Away { what: &'static str, store: String, why: String },
    #[error("the store {store} refused to {what} it: {why} (SQLSTATE {code}): whoever keeps it has to look")]
    Refused { what: &'static str, store: String, why: String, code: String },
    #[error("your login may not {what} the store {store}: {why}; whoever keeps it grants the role for that")]
    NoRight { what: &'static str, store: String, why: String },
    #[error("the database {store} contains no store yet")]
    NoStore { store: String },
    #[error(
        "the store {store} is of a newer gonogo (schema {found}, this one writes {known}); use that version"
    )]
    NewerStore { store: String, found: i32, known: i32 },
    #[error("the run has not been given its environment in the store {store}")]
    NoEnvironment { store: String },
    #[error("\"{0}\" can't be a schema's name: lower-case letters, digits and _ only")]
    SchemaName(String),
    #[error(
        "run {run} is owned by {by}: nobody else can continue it before that one has been silent for 30 s"
    )]
    OwnedBy { run: RunId, by: String },
}
