//! A store in memory, for tests of what stands above a store; it can be told to hang and to fail.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::chain::{self, Head, Line};
use super::error::{NotAppended, StoreError};
use super::follow::{self, Followed};
use super::held::{Hold, Holder};
use super::journal::{Journal, Store};
use super::summary::Filter;
use super::summary::RunSummary;
use super::tombstone::Tombstone;
use crate::run::environment::EnvironmentKey;
use crate::run::{Event, Record, RunId, Seq};
use crate::run_files::FileError;

/// The store. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryStore(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Kept>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    runs: BTreeMap<String, Run>,
    held: BTreeMap<String, Holder>,
    pruned: Vec<Tombstone>,
    /// Appends wait for as long as this is so.
    hangs: bool,
    /// Appends fail for as long as this is so.
    full: bool,
}

#[derive(Debug, Default)]
struct Run {
    document: String,
    lines: Vec<String>,
}

impl MemoryStore {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has appends wait, or go on.
    pub(crate) fn hang(&self, hangs: bool) {
        self.kept().hangs = hangs;
        self.0.changed.notify_all();
    }

    /// Has appends fail as on a full disk, or not.
    pub(crate) fn fill(&self, full: bool) {
        self.kept().full = full;
    }

    fn run<T>(&self, run: &RunId, read: impl FnOnce(&Run) -> T) -> Result<T, StoreError> {
        self.kept().runs.get(&run.0).map(read).ok_or_else(|| StoreError::NoRun(run.0.clone()))
    }

    fn journal(&self, run: &RunId) -> Box<dyn Journal> {
        Box::new(MemoryJournal { store: self.clone(), run: run.clone() })
    }
}

impl Run {
    fn summary(&self, id: &str) -> Option<RunSummary> {
        let records: Vec<Record> = self.lines.iter().filter_map(|l| Record::read(l).ok()).collect();
        let outcome = records.iter().rev().find_map(|r| match r.event {
            Event::RunFinished { outcome } => Some(outcome),
            _ => None,
        });
        let last = records.last().map(|r| r.at);
        RunSummary::of(RunId(id.to_owned()), records.into_iter().next()?, last, outcome)
    }
}

struct MemoryJournal {
    store: MemoryStore,
    run: RunId,
}

impl Journal for MemoryJournal {
    fn head(&self) -> Result<Head, StoreError> {
        self.store.run(&self.run, |run| Head::of(run.lines.last().map(String::as_str)))?
    }

    fn append(&mut self, lines: &[Line]) -> Result<Head, NotAppended> {
        let mut kept = self.store.kept();
        while kept.hangs {
            kept = self.store.0.changed.wait(kept).unwrap_or_else(PoisonError::into_inner);
        }
        if kept.full {
            let source = std::io::ErrorKind::StorageFull.into();
            return Err(StoreError::from(FileError { what: "write", path: "memory".into(), source }).into());
        }
        let run = kept.runs.get_mut(&self.run.0).ok_or_else(|| StoreError::NoRun(self.run.0.clone()))?;
        let head = Head::of(run.lines.last().map(String::as_str))?;
        let stored = |seq: Seq| Ok(run.lines.get(seq.0 as usize - 1).cloned().unwrap_or_default());
        let new = chain::to_write(lines, &head, stored)?;
        let texts: Vec<String> = new.iter().map(|line| line.text.clone()).collect();
        run.lines.extend(texts);
        Ok(Head::of(run.lines.last().map(String::as_str))?)
    }
}

impl Store for MemoryStore {
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError> {
        let mut kept = self.kept();
        if kept.runs.contains_key(&run.0) {
            return Err(StoreError::Taken(run.clone()));
        }
        kept.runs.insert(run.0.clone(), Run { document: document.to_owned(), lines: vec![] });
        drop(kept);
        Ok(self.journal(run))
    }

    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError> {
        if self.run(run, |run| run.lines.is_empty())? {
            return Err(StoreError::Empty { path: run.0.clone().into() });
        }
        Ok(self.journal(run))
    }

    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError> {
        Ok(filter.of(self.kept().runs.iter().filter_map(|(id, run)| run.summary(id)).collect()))
    }

    fn summary_of(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        self.run(run, |known| known.summary(&run.0))?.ok_or_else(|| StoreError::NoRun(run.0.clone()))
    }

    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError> {
        if let Some(name) = name {
            let id = RunId(name.to_owned());
            let stone = self.kept().pruned.iter().find(|stone| stone.run == id).cloned();
            let pruned = |error| stone.map_or(error, |s| StoreError::Pruned(Box::new(s)));
            return self.run(&id, |_| id.clone()).map_err(pruned);
        }
        let runs = self.list(&Filter::default())?;
        let last = runs.iter().find(|r| r.outcome.is_none()).or(runs.first());
        last.map(|run| run.id.clone()).ok_or(StoreError::NoRuns)
    }

    fn document_of(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        self.run(run, |run| run.document.clone().into_bytes())
    }

    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError> {
        self.run(run, |run| run.lines.iter().skip(after.0 as usize).take(most).cloned().collect())
    }

    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError> {
        let (store, run) = (self.clone(), run.clone());
        follow::follow(after, move |after| store.lines_of(&run, after, usize::MAX))
    }

    fn hold(&self, key: &EnvironmentKey, holder: &Holder) -> Result<Hold, StoreError> {
        let mut kept = self.kept();
        if let Some(other) = kept.held.get(&key.canonical()).filter(|other| other.run != holder.run) {
            let holder = format!("run {}, {} since {}", other.run, other.operator, other.since);
            return Err(StoreError::Held { environment: key.to_string(), holder });
        }
        kept.held.insert(key.canonical(), holder.clone());
        drop(kept);
        let (store, key) = (self.clone(), key.canonical());
        Ok(Hold::new(move || drop(store.kept().held.remove(&key))))
    }

    fn prune(&self, stone: &Tombstone) -> Result<(), StoreError> {
        if self.summary_of(&stone.run)?.outcome.is_none() {
            return Err(StoreError::Unfinished(stone.run.clone()));
        }
        let mut kept = self.kept();
        kept.pruned.push(stone.clone());
        kept.runs.remove(&stone.run.0);
        Ok(())
    }

    fn pruned(&self) -> Result<Vec<Tombstone>, StoreError> {
        Ok(self.kept().pruned.clone())
    }
}
