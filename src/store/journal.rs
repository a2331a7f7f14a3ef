//! What a store of runs does, whatever keeps it: [`Store`] for everybody, [`Journal`] for the owner of one run.

use std::fmt::Debug;

use super::chain::{Head, Line};
use super::error::{NotAppended, StoreError};
use super::follow::Followed;
use super::held::{Hold, Holder};
use super::summary::{Filter, RunSummary};
use super::tombstone::Tombstone;
use crate::run::environment::EnvironmentKey;
use crate::run::{RunId, Seq};

/// Where runs are kept. Lines go in and come out as bytes: a store never writes JSON of its own, so that what is hashed
/// is what is stored.
pub trait Store: Debug + Send + Sync {
    /// Keeps a new run's document and gives its owner an empty journal. An id that is taken is refused.
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError>;

    /// Gives the owner of a run that was begun its journal. Of the processes of one machine the lock among the run's
    /// files says which one that is ([`crate::run_files::RunFiles::own`]).
    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError>;

    /// Runs that fit, the latest first. One that can't be read is listed with what is known of it.
    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError>;

    /// What a list tells of one run: how it began, when its last event was, how it came out.
    fn summary_of(&self, run: &RunId) -> Result<RunSummary, StoreError>;

    /// The run of this name; without one the run that was active last, an unfinished one before those that are over.
    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError>;

    /// A run's document, byte for byte as it was read when the run started.
    fn document_of(&self, run: &RunId) -> Result<Vec<u8>, StoreError>;

    /// At most so many lines after an event, as they are stored; nothing about them is checked.
    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError>;

    /// Lines of a damaged run up to the first that can't be read, and why it can't.
    fn readable_lines(&self, run: &RunId) -> (Vec<String>, Option<StoreError>) {
        match self.lines_of(run, Seq(0), usize::MAX) {
            Ok(lines) => (lines, None),
            Err(error) => (vec![], Some(error)),
        }
    }

    /// Lines after an event as they are stored, for as long as this is kept.
    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError>;

    /// Holds an environment for a run; says who has it where somebody has.
    fn hold(&self, key: &EnvironmentKey, holder: &Holder) -> Result<Hold, StoreError>;

    /// Who owns a run on another machine, in words; nothing where it is, or was last, owned on this one.
    fn elsewhere(&self, _run: &RunId) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Removes a run that is over with all that is kept of it, but for this. One without an outcome, or that a process
    /// owns, is refused.
    fn prune(&self, stone: &Tombstone) -> Result<(), StoreError>;

    /// What stays of the runs that were removed, in that order.
    fn pruned(&self) -> Result<Vec<Tombstone>, StoreError>;
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
