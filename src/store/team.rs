//! The store of a team with this machine's own beside it. What begins something new has to be in both before it happens;
//! what is recorded of it is in the team's store first, so that nothing stands here that the others can't come to see.
//!
//! While the team's store is away the same bytes are sent again until it answers: of lines that it may have nobody puts
//! others in their place. Meanwhile the runner holds what happens, as with a disk that is full, and starts no new step.

use std::time::Duration;

use super::chain::{Head, Line};
use super::directory::StateDirectory;
use super::error::{NotAppended, StoreError};
use super::follow::Followed;
use super::held::{Hold, Holder};
use super::journal::{Journal, Store};
use super::postgres::PostgresStore;
use super::summary::{Filter, RunSummary};
use super::tombstone::Tombstone;
use crate::run::environment::EnvironmentKey;
use crate::run::{RunId, Seq};

/// The first pause before what got no answer is sent again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// Lines that are brought here at once when a run is taken up from another machine.
const LINES_AT_ONCE: usize = 1000;

/// Both stores.
#[derive(Clone, Debug)]
pub struct TeamStore {
    here: StateDirectory,
    team: PostgresStore,
}

impl TeamStore {
    /// The team's store with the state directory of this machine.
    pub fn new(here: StateDirectory, team: PostgresStore) -> Self {
        Self { here, team }
    }

    /// Asks the team's store; where it is away, this machine's, which has what was run here.
    fn either<T>(&self, ask: impl Fn(&dyn Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match ask(&self.team) {
            Err(away @ (StoreError::Away { .. } | StoreError::NoRun(_))) => {
                ask(&self.here).map_err(|here| if matches!(away, StoreError::NoRun(_)) { here } else { away })
            }
            known => known,
        }
    }

    /// The journal of this machine for a run that was begun on another one, up to where the team's store has it.
    fn bring_here(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError> {
        let document = self.team.document_of(run)?;
        let mut here = match self.here.open(run) {
            // Whoever takes it up has made its directory already.
            Err(StoreError::NoRun(_) | StoreError::Empty { .. }) => {
                self.here.create(run, &String::from_utf8_lossy(&document))?
            }
            known => known?,
        };
        loop {
            let after = here.head()?.seq;
            let lines = self.team.lines_of(run, after, LINES_AT_ONCE)?;
            if lines.is_empty() {
                return Ok(here);
            }
            let lines = lines.into_iter().map(Line::read).collect::<Result<Vec<_>, _>>()?;
            here.append(&lines).map_err(|error| match error {
                NotAppended::Store(error) => error,
                _ => StoreError::Broken { seq: after.0 + 1 },
            })?;
        }
    }
}

/// The journal of a run of this machine in the team's store, which was away when the run was taken up: it is owned there
/// with the first line that is added.
struct LaterJournal {
    team: PostgresStore,
    run: RunId,
    /// Where this machine's journal ends.
    begun: Head,
    journal: Option<Box<dyn Journal>>,
}

impl Journal for LaterJournal {
    fn head(&self) -> Result<Head, StoreError> {
        self.journal.as_ref().map_or_else(|| Ok(self.begun.clone()), |journal| journal.head())
    }

    fn append(&mut self, lines: &[Line]) -> Result<Head, NotAppended> {
        let journal = match self.journal.take() {
            Some(journal) => journal,
            None => self.team.open(&self.run)?,
        };
        self.journal.insert(journal).append(lines)
    }
}

/// What the team's store answers; nothing while it is away.
fn unless_away<T>(answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match answer {
        Err(StoreError::Away { .. }) => Ok(None),
        answer => answer.map(Some),
    }
}

/// The journal of a run in both.
struct TeamJournal {
    here: Box<dyn Journal>,
    team: Box<dyn Journal>,
}

impl Journal for TeamJournal {
    fn head(&self) -> Result<Head, StoreError> {
        self.team.head()
    }

    fn append(&mut self, lines: &[Line]) -> Result<Head, NotAppended> {
        let (mut pause, longest) = PAUSES;
        let head = loop {
            match self.team.append(lines) {
                Err(NotAppended::Store(StoreError::Away { .. })) => {
                    // Nobody who waits for these waits longer than they want to (`Writer`).
                    std::thread::park_timeout(pause);
                    pause = (pause * 2).min(longest);
                }
                done => break done?,
            }
        };
        self.here.append(lines)?;
        Ok(head)
    }
}

impl Store for TeamStore {
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError> {
        let team = self.team.create(run, document)?;
        let here = self.here.create(run, document)?;
        Ok(Box::new(TeamJournal { here, team }))
    }

    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError> {
        // It is owned before its lines are read: nobody else adds any after that.
        match self.team.open(run) {
            // What was begun before there was a team, or without it, stays here.
            Err(StoreError::NoRun(_)) => self.here.open(run),
            Err(away @ StoreError::Away { .. }) => {
                let here = match self.here.open(run) {
                    Err(StoreError::NoRun(_)) => return Err(away),
                    here => here?,
                };
                if !self.team.was_owned_here(run) {
                    return Ok(here);
                }
                let (team, run, begun) = (self.team.clone(), run.clone(), here.head()?);
                let team = Box::new(LaterJournal { team, run, begun, journal: None });
                Ok(Box::new(TeamJournal { here, team }))
            }
            team => {
                let team = team?;
                Ok(Box::new(TeamJournal { here: self.bring_here(run)?, team }))
            }
        }
    }

    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError> {
        let here = self.here.list(filter)?;
        let Some(mut runs) = unless_away(self.team.list(filter))? else { return Ok(here) };
        runs.extend(
            here.into_iter().filter(|own| !runs.iter().any(|run| run.id == own.id)).collect::<Vec<_>>(),
        );
        Ok(filter.of(runs))
    }

    fn summary_of(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        self.either(|store| store.summary_of(run))
    }

    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError> {
        if name.is_some() {
            return self.either(|store| store.find(name));
        }
        // What goes on here comes before what others do.
        let open_here = self.here.list(&Filter { unfinished: true, most: Some(1), ..Filter::default() })?;
        if let Some(run) = open_here.into_iter().next() {
            return Ok(run.id);
        }
        self.either(|store| store.find(None)).or_else(|error| match error {
            StoreError::NoRuns => self.here.find(None),
            error => Err(error),
        })
    }

    fn document_of(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        self.either(|store| store.document_of(run))
    }

    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError> {
        self.either(|store| store.lines_of(run, after, most))
    }

    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError> {
        self.either(|store| store.follow(run, after))
    }

    fn hold(&self, key: &EnvironmentKey, holder: &Holder) -> Result<Hold, StoreError> {
        let here = self.here.hold(key, holder)?;
        let team = match self.team.hold(key, holder) {
            Ok(team) => team,
            // What was begun holds its environment there until it has an outcome.
            Err(StoreError::Away { .. }) if self.team.was_owned_here(&holder.run) => return Ok(here),
            Err(error) => {
                here.release();
                return Err(error);
            }
        };
        Ok(Hold::new(move || {
            team.release();
            here.release();
        }))
    }

    fn elsewhere(&self, run: &RunId) -> Result<Option<String>, StoreError> {
        if self.here.find(Some(&run.0)).is_ok() { Ok(None) } else { self.team.elsewhere(run) }
    }

    fn prune(&self, stone: &Tombstone) -> Result<(), StoreError> {
        let team = match self.team.prune(stone) {
            Err(StoreError::NoRun(_)) => None,
            pruned => Some(pruned?),
        };
        match (self.here.prune(stone), team) {
            // It was of another machine.
            (Err(StoreError::NoRun(_)), Some(())) => Ok(()),
            (pruned, _) => pruned,
        }
    }

    fn pruned(&self) -> Result<Vec<Tombstone>, StoreError> {
        let here = self.here.pruned()?;
        let Some(mut stones) = unless_away(self.team.pruned())? else { return Ok(here) };
        stones.extend(
            here.into_iter().filter(|own| !stones.iter().any(|s| s.run == own.run)).collect::<Vec<_>>(),
        );
        Ok(stones)
    }
}
