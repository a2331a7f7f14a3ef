//! What a store of runs does, whatever keeps it: [`Store`] for everybody, [`Journal`] for the owner of one run.

use std::path::PathBuf;

use thiserror::Error;

use super::chain::{Head, Line};
use super::directory::RunSummary;
use super::environment::{Hold, Holder};
use super::follow::Followed;
use crate::run::environment::EnvironmentKey;
use crate::run::{RunId, Seq};

/// Where runs are kept. Lines go in and come out as bytes: a store never writes JSON of its own, so that what is hashed
/// is what is stored.
pub trait Store: Send + Sync {
    /// Keeps a new run's document and gives its owner an empty journal. An id that is taken is refused.
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError>;

    /// Gives the owner of a run that was begun its journal.
    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError>;

    /// Runs that fit, the latest first. One that can't be read is listed with what is known of it.
    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError>;

    /// The run of this name; without one the run that was active last, an unfinished one before those that are over.
    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError>;

    /// A run's document, as it was read when the run started.
    fn document_of(&self, run: &RunId) -> Result<String, StoreError>;

    /// At most so many lines after an event, as they are stored; nothing about them is checked.
    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError>;

    /// Lines after an event as they are stored, for as long as this is kept.
    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError>;

    /// Holds an environment for a run; says who has it where somebody has.
    fn hold(&self, key: &EnvironmentKey, holder: &Holder) -> Result<Hold, StoreError>;
}

/// What an owner has. Dropping it releases nothing.
pub trait Journal: Send {
    /// The last line that is there.
    fn head(&self) -> Result<Head, StoreError>;

    /// Appends lines, all or none; they are on stable storage when this returns.
    ///
    /// Lines that are there already, byte for byte, are no mistake: whoever does not know whether they arrived sends
    /// them again.
    fn append(&mut self, lines: &[Line]) -> Result<Head, NotAppended>;
}

/// Which runs are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those in an environment of this name.
    pub environment: Option<String>,
    /// Those without an outcome.
    pub unfinished: bool,
    /// So many of them, the latest.
    pub most: Option<usize>,
}

impl Filter {
    /// Whether a run is one of those, but for how many there are.
    pub(super) fn fits(&self, run: &RunSummary) -> bool {
        let named = |name: &String| run.environment.eq_ignore_ascii_case(name);
        self.environment.as_ref().is_none_or(named)
            && (!self.unfinished || run.outcome.is_none() && run.started.is_some())
    }

    /// Those of these that fit, the latest first.
    pub(super) fn of(&self, mut runs: Vec<RunSummary>) -> Vec<RunSummary> {
        runs.retain(|run| self.fits(run));
        runs.sort_by_key(|r| std::cmp::Reverse(r.last));
        runs.truncate(self.most.unwrap_or(usize::MAX));
        runs
    }
}

/// Why lines were not appended.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum NotAppended {
    #[error(
        "another process has taken this run over (it is its owner number {epoch}): this one records nothing more"
    )]
    Fenced { epoch: u32 },
    #[error("event {at} is another one in the journal than here: somebody else has written to it")]
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
    #[error("could not {what} {path}: {source}")]
    File { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("could not {what} the journal {path}: {source}")]
    Database { what: &'static str, path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
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
    #[error("there is a run {0} already")]
    Taken(RunId),
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
