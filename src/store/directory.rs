//! The state directory and the directories of its runs.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::environment::{self, Open};
use super::error::StoreError;
use super::follow::{self, Followed};
use super::held::{Hold, Holder};
use super::journal::{Journal, Store};
use super::sqlite::{Outline, SqliteJournal};
use super::summary::{Filter, RunSummary};
use crate::run::environment::EnvironmentKey;
use crate::run::{Event, Record, RunId, RunState, Seq};

/// So many lines are told at once to whoever follows.
const LINES_AT_ONCE: usize = 1000;

/// Room that is kept for the journal of a run: some hundred events.
const RESERVED: u64 = 512 * 1024;

/// All that gonogo keeps: `runs/ID/` and `locks/`.
#[derive(Clone, Debug)]
pub struct StateDirectory {
    root: PathBuf,
    /// Where the locks of all logins of this machine lie; nothing where there is no such place.
    machine_locks: Option<PathBuf>,
}

/// One run's directory: `journal.db`, `document.md`, `recordings/`.
#[derive(Clone, Debug)]
pub struct RunDirectory {
    path: PathBuf,
    id: RunId,
}

/// Held while a process owns something; the system releases it with the process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl StateDirectory {
    /// Whether somebody has accepted commands with this hash here.
    pub fn has_accepted(&self, hash: &str) -> bool {
        let known = fs::read_to_string(self.root.join("accepted")).unwrap_or_default();
        known.lines().any(|line| line == hash)
    }

    /// Remembers that commands with this hash were accepted.
    pub fn accept(&self, hash: &str) -> Result<(), StoreError> {
        if self.has_accepted(hash) {
            return Ok(());
        }
        let path = self.root.join("accepted");
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(&path);
        file.and_then(|mut f| writeln!(f, "{hash}")).map_err(|source| StoreError::File {
            what: "write",
            path,
            source,
        })
    }

    /// The directory at `root`, created for its owner only.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        make_directory(&root.join("runs"))?;
        refuse_network(root)?;
        make_directory(&root.join("locks"))?;
        // What lies below can only be reached through these.
        for own in ["runs", "locks"] {
            refuse_others(&root.join(own))?;
        }
        Ok(Self { root: root.to_owned(), machine_locks: environment::machine_wide() })
    }

    /// The same without locks that others see: tests hold what has the same name at the same time.
    #[cfg(test)]
    pub(super) fn alone(self) -> Self {
        Self { machine_locks: None, ..self }
    }

    /// Creates a run's directory with the document's bytes in it.
    pub fn create(&self, id: &RunId, document: &[u8]) -> Result<RunDirectory, StoreError> {
        let run = self.run(id);
        // A runner's log may lie there before its run does.
        make_directory(&run.path.join("recordings"))?;
        write_durably(&run.path.join("document.md"), document).map_err(|error| match error {
            StoreError::File { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists => {
                StoreError::Taken(id.clone())
            }
            other => other,
        })?;
        Ok(run)
    }

    fn run(&self, id: &RunId) -> RunDirectory {
        RunDirectory { path: self.root.join("runs").join(&id.0), id: id.clone() }
    }

    /// The run named `name`, or by default the one that was active last.
    pub fn find(&self, name: Option<&str>) -> Result<RunDirectory, StoreError> {
        if let Some(name) = name {
            let run = self.run(&RunId(name.to_owned()));
            let plain = !name.contains('/') && !name.starts_with('.');
            return if plain && run.path.is_dir() {
                Ok(run)
            } else {
                Err(StoreError::NoRun(name.to_owned()))
            };
        }
        let runs = self.list()?;
        let readable = || runs.iter().filter(|r| r.started.is_some());
        let last = readable().find(|r| r.outcome.is_none()).or(readable().next());
        let last = last.or(runs.first()).ok_or(StoreError::NoRuns)?;
        Ok(self.run(&last.id))
    }

    /// All runs, the latest first. A run that can't be read is listed with what is known: its name.
    pub fn list(&self) -> Result<Vec<RunSummary>, StoreError> {
        Store::list(self, &Filter::default())
    }

    /// What a run came to, from a few of its events: there may be many runs. One whose process was killed before it
    /// had begun is none.
    fn summary(&self, name: &str) -> Option<RunSummary> {
        let run = self.run(&RunId(name.to_owned()));
        if !run.begun() {
            return None;
        }
        let unreadable = || RunSummary::unreadable(run.id.clone());
        let Ok(Outline { first, last, finished }) = run.outline() else { return Some(unreadable()) };
        let Some(first) = first else {
            // Killed before its first event it is none; with recordings, its events are lost.
            return run.has_recordings().then(unreadable);
        };
        let outcome = finished.and_then(|r| match r.event {
            Event::RunFinished { outcome } => Some(outcome),
            _ => None,
        });
        Some(RunSummary::of(run.id.clone(), first, last.map(|r| r.at), outcome).unwrap_or_else(unreadable))
    }

    /// What was answered for a document in an environment the last time: secrets were never kept. A document is known
    /// again by its title, so that a new version of it keeps its answers. `runs` are those of [`Self::list`].
    pub fn remembered(
        &self,
        runs: &[RunSummary],
        title: &str,
        environment: &str,
    ) -> BTreeMap<String, String> {
        let same = |r: &RunSummary| r.title == title && r.environment.eq_ignore_ascii_case(environment);
        let last = runs.iter().find(|r| same(r));
        let state = last.and_then(|r| self.run(&r.id).read_state().ok());
        let Some(state) = state else { return BTreeMap::new() };
        // What the document itself gave is taken from it anew.
        let own = crate::runbook::parameters::defaults(state.runbook(), &BTreeMap::new());
        let answered = state.parameters().iter().filter_map(|(n, v)| Some((n.clone(), v.clone()?)));
        answered.filter(|answer| !own.contains(answer)).collect()
    }

    /// The unfinished run of a document, in one environment or in any.
    pub fn unfinished(
        &self,
        sha256: &str,
        environment: Option<&str>,
    ) -> Result<Option<RunSummary>, StoreError> {
        let fits =
            |run: &RunSummary| run.sha256 == sha256 && environment.is_none_or(|e| e == run.environment);
        let open = Store::list(self, &Filter { unfinished: true, ..Filter::default() })?;
        Ok(open.into_iter().find(fits))
    }

    /// The state directory that a run's directory lies in, and the run.
    pub fn of_run(path: &Path) -> Result<(Self, RunDirectory), StoreError> {
        let name = path.file_name().and_then(|n| n.to_str());
        let root = path.parent().and_then(Path::parent);
        let (Some(name), Some(root)) = (name, root) else {
            return Err(StoreError::NoRun(path.display().to_string()));
        };
        let state = Self::open(root)?;
        let run = state.run(&RunId(name.to_owned()));
        Ok((state, run))
    }

    /// The state directory that a run lies in.
    pub fn around(run: &RunDirectory) -> Result<Self, StoreError> {
        Ok(Self::of_run(&run.path)?.0)
    }

    /// Where a run will be kept.
    pub fn place_of(&self, id: &RunId) -> PathBuf {
        self.run(id).path
    }

    /// A run that is not over and changes this environment, by what its document says of it; any but `except`.
    pub fn unfinished_in(
        &self,
        key: &EnvironmentKey,
        except: Option<&RunId>,
    ) -> Result<Option<RunSummary>, StoreError> {
        let same = |run: &RunSummary| {
            let document = self.run(&run.id).document();
            document.is_ok_and(|text| {
                let read = EnvironmentKey::of(&crate::runbook::read(&text), &run.environment);
                read.canonical() == key.canonical()
            })
        };
        // Reading a document takes time, and most runs are over or of another environment.
        let environment = Some(key.environment().to_owned());
        let open = Store::list(self, &Filter { environment, unfinished: true, most: None })?;
        Ok(open.into_iter().find(|run| Some(&run.id) != except && same(run)))
    }
}

impl Store for StateDirectory {
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError> {
        self.create(run, document.as_bytes())?.journal()
    }

    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError> {
        self.find(Some(&run.0))?.known_journal()
    }

    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError> {
        let path = self.root.join("runs");
        let entries = fs::read_dir(&path).map_err(|source| StoreError::File {
            what: "list",
            path: path.clone(),
            source,
        })?;
        let names = entries.filter_map(Result::ok).map(|e| e.file_name());
        Ok(filter.of(names.filter_map(|name| self.summary(&name.to_string_lossy())).collect()))
    }

    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError> {
        Ok(self.find(name)?.id)
    }

    fn document_of(&self, run: &RunId) -> Result<String, StoreError> {
        self.find(Some(&run.0))?.document()
    }

    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError> {
        let run = self.find(Some(&run.0))?;
        SqliteJournal::open_read_only(&SqliteJournal::path_in(&run.path))?.lines(after, most)
    }

    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError> {
        let path = SqliteJournal::path_in(&self.find(Some(&run.0))?.path);
        let mut open: Option<(SqliteJournal, Option<i64>)> = None;
        follow::follow(after, move |after| {
            let (journal, seen) = match open.take() {
                Some(known) => known,
                None => (SqliteJournal::open_read_only(&path)?, None),
            };
            // Asked before it is read: what is written in between is seen the next time.
            let version = Some(journal.version()?);
            let lines = if seen == version { vec![] } else { journal.lines(after, LINES_AT_ONCE)? };
            // Of more than that the rest comes at the next look.
            let seen = if lines.len() == LINES_AT_ONCE { None } else { version };
            open = Some((journal, seen));
            Ok(lines)
        })
    }

    fn hold(&self, key: &EnvironmentKey, holder: &Holder) -> Result<Hold, StoreError> {
        if let Some(other) = self.unfinished_in(key, Some(&holder.run))? {
            let holder = format!("run {} of {}, not over yet", other.id, other.operator);
            return Err(StoreError::Held { environment: key.to_string(), holder });
        }
        let locks = [Some(self.root.join("locks")), self.machine_locks.clone()];
        environment::hold(locks.into_iter().flatten(), key, holder, &still_open)
    }
}

impl RunDirectory {
    /// The run's id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where recordings go.
    pub fn recordings(&self) -> PathBuf {
        self.path.join("recordings")
    }

    /// What the probes saw, as it was saved last. It is no part of the record.
    pub fn readings(&self) -> Option<String> {
        fs::read_to_string(self.path.join("readings.json")).ok()
    }

    /// What the probes had seen when this was its hash, where that was kept.
    pub fn readings_of(&self, hash: &str) -> Option<String> {
        fs::read_to_string(self.path.join(format!("readings-{}.json", hash.get(..16)?))).ok()
    }

    /// Keeps what the probes saw, whole or not at all; whether there was room for it.
    pub fn save_readings(&self, text: &str) -> bool {
        let (path, new) = (self.path.join("readings.json"), self.path.join("readings.json.new"));
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&new);
        file.and_then(|mut f| f.write_all(text.as_bytes())).and_then(|()| fs::rename(&new, &path)).is_ok()
    }

    /// Keeps the readings that were saved last, beside those that will be: `readings-HASH.json`, by the first
    /// sixteen digits of their hash. Where that can't be had the hash stands alone.
    pub fn keep_readings(&self, hash: &str) {
        let name = format!("readings-{}.json", hash.get(..16).unwrap_or(hash));
        let (from, to) = (self.path.join("readings.json"), self.path.join(name));
        let _kept = fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop));
    }

    /// Takes room for the journal in advance; whether it was there. A full disk must not keep a rollback from being
    /// recorded.
    pub fn reserve(&self) -> bool {
        let path = self.path.join("reserve");
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&path);
        let taken = file.is_ok_and(|f| {
            rustix::fs::fallocate(&f, rustix::fs::FallocateFlags::empty(), 0, RESERVED).is_ok()
        });
        if !taken {
            self.release();
        }
        taken
    }

    /// Gives that room back, for the journal.
    pub fn release(&self) {
        let _none = fs::remove_file(self.path.join("reserve"));
    }

    /// Where its runner listens.
    pub fn socket(&self) -> PathBuf {
        self.path.join("socket")
    }

    /// Where the place that its commands run in is kept, created for its owner only.
    pub fn place(&self) -> Result<PathBuf, StoreError> {
        let path = self.path.join("place");
        make_directory(&path)?;
        Ok(path)
    }

    /// Whether the run is over, by its journal.
    pub(super) fn has_outcome(&self) -> Result<bool, StoreError> {
        if !self.begun() {
            // Its owner was killed before anything came of it.
            return Ok(true);
        }
        Ok(self.outline()?.finished.is_some())
    }

    /// Takes the lock of the run's owner; `None` where another process has it.
    pub fn own(&self) -> Result<Option<Lock>, StoreError> {
        let file = open_lock(&self.path.join("runner.lock"))?;
        Ok(file.try_lock().is_ok().then_some(Lock { _file: file }))
    }

    /// The document's bytes as read when the run started.
    pub fn document(&self) -> Result<String, StoreError> {
        let path = self.path.join("document.md");
        fs::read_to_string(&path).map_err(|source| StoreError::File { what: "read", path, source })
    }

    /// What was read out of the document, kept under the name of its hash.
    pub fn plan_name(plan: &str) -> String {
        format!("plan-{}.lock", plan.get(..16).unwrap_or(plan))
    }

    /// Keeps what was read out of the document beside it, for whoever takes the run up with another version.
    pub fn keep_plan(&self, plan: &crate::runbook::lock::Lock) -> Result<(), StoreError> {
        self.keep(&Self::plan_name(&plan.digest()), plan.render().as_bytes())
    }

    /// What was read out of the document when this was its hash, where that was kept.
    pub fn plan(&self, plan: &str) -> Option<String> {
        fs::read_to_string(self.path.join(Self::plan_name(plan))).ok()
    }

    /// Opens the journal for writing; makes one for a new run. Without room for it the room that is kept is given
    /// back first.
    pub fn journal(&self) -> Result<Box<dyn Journal>, StoreError> {
        let path = SqliteJournal::path_in(&self.path);
        let opened = SqliteJournal::open(&path).or_else(|_| {
            self.release();
            SqliteJournal::open(&path)
        });
        Ok(Box::new(opened?))
    }

    /// Whether anything was ever written of the run: its journal may be gone or empty all the same.
    fn begun(&self) -> bool {
        self.has_recordings() || SqliteJournal::begun(&SqliteJournal::path_in(&self.path))
    }

    fn has_recordings(&self) -> bool {
        fs::read_dir(self.recordings()).is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Opens the journal of a run that was begun. One that holds nothing is damaged, and not begun anew.
    pub fn known_journal(&self) -> Result<Box<dyn Journal>, StoreError> {
        let path = SqliteJournal::path_in(&self.path);
        if !SqliteJournal::begun(&path) {
            return Err(StoreError::Empty { path });
        }
        self.journal()
    }

    /// What was recorded after the event numbered `seq`, read beside whoever writes it.
    pub fn records_after(&self, seq: Seq) -> Result<Vec<Record>, StoreError> {
        let records = SqliteJournal::open_read_only(&SqliteJournal::path_in(&self.path))?.read()?;
        Ok(records.into_iter().filter(|r| r.seq > seq).collect())
    }

    fn outline(&self) -> Result<Outline, StoreError> {
        SqliteJournal::open_read_only(&SqliteJournal::path_in(&self.path))?.outline()
    }

    /// The document's path as it was given.
    pub fn document_path(&self) -> Option<PathBuf> {
        match self.outline().ok()?.first?.event {
            Event::RunStarted(start) => Some(PathBuf::from(start.document)),
            _ => None,
        }
    }

    /// The journal's lines as they are stored, read beside whoever writes them; nothing about them is checked.
    pub fn lines(&self) -> Result<Vec<String>, StoreError> {
        let journal = SqliteJournal::open_read_only(&SqliteJournal::path_in(&self.path))?;
        match journal.readable_lines() {
            (lines, None) => Ok(lines),
            (_, Some(error)) => Err(error),
        }
    }

    /// One line of the journal as it is stored.
    pub fn line(&self, seq: Seq) -> Result<String, StoreError> {
        SqliteJournal::open_read_only(&SqliteJournal::path_in(&self.path))?.line(seq)
    }

    /// Where sign-offs are kept.
    pub fn signatures(&self) -> PathBuf {
        self.path.join("signatures")
    }

    /// Keeps a file beside the journal that says nothing that the journal does not: it stands for people and for
    /// other programs. What was there before it is replaced whole.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            make_directory(parent)?;
        }
        let mut new = path.clone().into_os_string();
        new.push(".new");
        let new = PathBuf::from(new);
        let failed = |source| StoreError::File { what: "write", path: path.clone(), source };
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&new, &path).map_err(failed)
    }

    /// The state as the journal tells it, read beside whoever writes it.
    pub fn read_state(&self) -> Result<RunState, StoreError> {
        let records = SqliteJournal::open_read_only(&SqliteJournal::path_in(&self.path))?.read()?;
        let runbook = Arc::new(crate::runbook::read(&self.document()?));
        Ok(records.iter().fold(RunState::new(runbook), RunState::apply))
    }
}

/// Whether the run in a directory is over, where that can be told.
fn still_open(directory: &Path) -> Open {
    match fs::metadata(directory) {
        // It was removed, and with it what could be gone on with.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Open::No,
        Err(_) => Open::OfAnotherLogin,
        Ok(_) => match StateDirectory::of_run(directory).map(|(_, run)| run.has_outcome()) {
            Ok(Ok(true)) => Open::No,
            Ok(Ok(false)) => Open::Yes,
            Ok(Err(error)) | Err(error) => Open::Damaged(error.to_string()),
        },
    }
}

fn open_lock(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(|source| StoreError::File { what: "open", path: path.to_owned(), source })
}

/// Locks and the order of writes can't be relied on over a network: two people could own one environment.
fn refuse_network(root: &Path) -> Result<(), StoreError> {
    // Magic numbers of statfs(2).
    const NETWORK: [(i64, &str); 5] =
        [(0x6969, "NFS"), (0xff53_4d42, "CIFS"), (0xfe53_4d42, "SMB"), (0x517b, "SMB"), (0x5346_414f, "AFS")];
    let Ok(known) = rustix::fs::statfs(root) else { return Ok(()) };
    let magic = known.f_type & 0xffff_ffff;
    match NETWORK.iter().find(|(number, _)| *number == magic) {
        Some((_, kind)) => Err(StoreError::Network { path: root.to_owned(), kind }),
        None => Ok(()),
    }
}

/// Secrets, sockets and locks are its owner's alone.
fn refuse_others(path: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::File { what: "look at", path: path.to_owned(), source };
    let known = fs::metadata(path).map_err(failed)?;
    let (ours, mode) = (rustix::process::geteuid().as_raw(), known.mode() & 0o777);
    if known.uid() != ours {
        return Err(StoreError::Stranger { path: path.to_owned(), ours, owner: known.uid() });
    }
    if mode & 0o077 != 0 {
        return Err(StoreError::Open { path: path.to_owned(), mode });
    }
    Ok(())
}

pub(super) fn make_directory(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|source| StoreError::File {
        what: "create",
        path: path.to_owned(),
        source,
    })
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = |source| StoreError::File { what: "write", path: path.to_owned(), source };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    if let Some(parent) = path.parent() {
        File::open(parent).and_then(|d| d.sync_all()).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_run_without_events_is_none_and_one_that_lost_them_is_damaged() {
        let root = tempfile::tempdir().unwrap();
        let state = StateDirectory::open(root.path()).unwrap();
        let run = state.create(&RunId("t-1".into()), b"# T").unwrap();
        assert!(state.list().unwrap().is_empty());
        drop(run.journal().unwrap());
        assert!(state.list().unwrap().is_empty(), "killed before its first event");
        fs::write(run.recordings().join("1_1.1.raw"), "x").unwrap();
        assert_eq!(state.list().unwrap()[0].title, "can't be read");
        for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
            let _none = fs::remove_file(run.path().join(name));
        }
        assert_eq!(state.list().unwrap().len(), 1);
        assert!(matches!(run.known_journal().err(), Some(StoreError::Empty { .. })), "it is not begun anew");
    }

    #[test]
    fn a_directory_that_others_can_enter_is_refused_with_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        StateDirectory::open(root.path()).unwrap();
        let runs = root.path().join("runs");
        fs::set_permissions(&runs, fs::Permissions::from_mode(0o750)).unwrap();
        let refused = StateDirectory::open(root.path()).unwrap_err().to_string();
        assert!(
            refused.contains("mode 750") && refused.ends_with(&format!("chmod 700 {}", runs.display())),
            "{refused}"
        );
    }
}
