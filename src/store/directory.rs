//! The store of this machine: a directory a run, with its journal in SQLite and the document's bytes; a line in
//! `pruned.jsonl` for each that was removed.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::environment::{self, Open};
use super::error::StoreError;
use super::follow::{self, Followed};
use super::held::{Hold, Holder};
use super::journal::{Journal, Store};
use super::sqlite::{Outline, SqliteJournal};
use super::summary::{Filter, RunSummary};
use super::tombstone::Tombstone;
use crate::run::environment::EnvironmentKey;
use crate::run::{Event, RunId, Seq};
use crate::run_files::{FileError, RunFiles, append, is_of_others, make_directory, sync_name};

/// So many lines are told at once to whoever follows.
const LINES_AT_ONCE: usize = 1000;

/// The document beside a journal.
const DOCUMENT: &str = "document.md";

/// What stays of runs that were removed.
const TOMBSTONES: &str = "pruned.jsonl";

/// Before the name of a run's directory while it is removed. No run is called like that.
const GOING: &str = ".pruned-";

/// All that gonogo keeps: `runs/ID/` and `locks/`.
#[derive(Clone, Debug)]
pub struct StateDirectory {
    root: PathBuf,
    /// Where the locks of all logins of this machine lie; nothing where there is no such place.
    machine_locks: Option<PathBuf>,
}

impl StateDirectory {
    /// The directory at `root`, created for its owner only.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        make_directory(root)?;
        refuse_strangers(root)?;
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

    /// The files of a run, whether there are any yet or not.
    fn files(&self, id: &RunId) -> RunFiles {
        RunFiles::of(&self.root, id.clone())
    }

    /// The files of a run that is there.
    fn known(&self, run: &RunId) -> Result<RunFiles, StoreError> {
        Ok(self.files(&self.find(Some(&run.0))?))
    }

    /// Where its journal lies.
    fn journal_of(&self, run: &RunId) -> Result<PathBuf, StoreError> {
        Ok(SqliteJournal::path_in(self.known(run)?.path()))
    }

    /// The journal of a run, for reading beside whoever writes it.
    fn read(&self, run: &RunId) -> Result<SqliteJournal, StoreError> {
        SqliteJournal::open_read_only(&self.journal_of(run)?)
    }

    /// Removes what has to go, also what a process that was killed meanwhile has left of it.
    fn remove_what_goes(&self) -> Result<(), StoreError> {
        let path = self.root.join("runs");
        let entries = fs::read_dir(&path).map_err(FileError::of("list", &path))?;
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_string_lossy().starts_with(GOING) {
                fs::remove_dir_all(entry.path()).map_err(FileError::of("remove", &entry.path()))?;
            }
        }
        Ok(())
    }

    /// What a run came to, from a few of its events: there may be many runs. One whose process was killed before it
    /// had begun is none.
    fn summary(&self, id: &RunId) -> Option<RunSummary> {
        let files = self.files(id);
        if !begun(&files) {
            return None;
        }
        let unreadable = || RunSummary::unreadable(id.clone());
        let Ok(Outline { first, last, finished }) = outline(&files) else { return Some(unreadable()) };
        let Some(first) = first else {
            // Killed before its first event it is none; with recordings, its events are lost.
            return files.has_recordings().then(unreadable);
        };
        let outcome = finished.and_then(|r| match r.event {
            Event::RunFinished { outcome } => Some(outcome),
            _ => None,
        });
        Some(RunSummary::of(id.clone(), first, last.map(|r| r.at), outcome).unwrap_or_else(unreadable))
    }
}

impl Store for StateDirectory {
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError> {
        let files = self.files(run);
        // A runner's log may lie there before its run does.
        files.make()?;
        write_durably(&files.path().join(DOCUMENT), document.as_bytes()).map_err(|error| {
            let taken = error.source.kind() == std::io::ErrorKind::AlreadyExists;
            if taken { StoreError::Taken(run.clone()) } else { error.into() }
        })?;
        journal(&files)
    }

    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError> {
        let files = self.known(run)?;
        let path = SqliteJournal::path_in(files.path());
        // One that holds nothing is damaged, and not begun anew.
        if !SqliteJournal::begun(&path) {
            return Err(StoreError::Empty { path });
        }
        journal(&files)
    }

    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError> {
        let path = self.root.join("runs");
        let entries = fs::read_dir(&path).map_err(FileError::of("list", &path))?;
        let names = entries.filter_map(Result::ok).map(|e| e.file_name().to_string_lossy().into_owned());
        let ids = names.filter(|name| !name.starts_with('.')).map(RunId);
        Ok(filter.of(ids.filter_map(|id| self.summary(&id)).collect()))
    }

    fn summary_of(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        self.summary(run).ok_or_else(|| StoreError::NoRun(run.0.clone()))
    }

    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError> {
        if let Some(name) = name {
            let id = RunId(name.to_owned());
            let plain = !name.contains('/') && !name.starts_with('.');
            if plain && self.files(&id).path().is_dir() {
                return Ok(id);
            }
            let stone = self.pruned()?.into_iter().rev().find(|stone| stone.run == id);
            return Err(stone.map_or(StoreError::NoRun(name.to_owned()), |s| StoreError::Pruned(Box::new(s))));
        }
        let runs = self.list(&Filter::default())?;
        let readable = || runs.iter().filter(|r| r.started.is_some());
        let last = readable().find(|r| r.outcome.is_none()).or(readable().next());
        let last = last.or(runs.first()).ok_or(StoreError::NoRuns)?;
        Ok(last.id.clone())
    }

    fn document_of(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        let path = self.known(run)?.path().join(DOCUMENT);
        Ok(fs::read(&path).map_err(FileError::of("read", &path))?)
    }

    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError> {
        self.read(run)?.lines(after, most)
    }

    fn readable_lines(&self, run: &RunId) -> (Vec<String>, Option<StoreError>) {
        match self.read(run) {
            Ok(journal) => journal.readable_lines(),
            Err(error) => (vec![], Some(error)),
        }
    }

    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError> {
        let path = self.journal_of(run)?;
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
        let store: &dyn Store = self;
        if let Some(other) = store.unfinished_in(key, Some(&holder.run))? {
            let holder = format!("run {} of {}, which is not finished", other.id, other.operator);
            return Err(StoreError::Held { environment: key.to_string(), holder });
        }
        let locks = [Some(self.root.join("locks")), self.machine_locks.clone()];
        environment::hold(locks.into_iter().flatten(), key, holder, &still_open)
    }

    fn prune(&self, stone: &Tombstone) -> Result<(), StoreError> {
        let files = self.known(&stone.run)?;
        if self.summary_of(&stone.run)?.outcome.is_none() {
            return Err(StoreError::Unfinished(stone.run.clone()));
        }
        let Some(_owned) = files.own()? else { return Err(StoreError::Owned(stone.run.clone())) };
        let path = self.root.join(TOMBSTONES);
        let line = serde_json::to_string(stone)
            .map_err(|source| StoreError::Encode { seq: stone.events, source })?;
        // Behind a line that a full disk has cut off there is a new one.
        let is_cut = fs::read(&path).is_ok_and(|text| text.last().is_some_and(|last| *last != b'\n'));
        let line = format!("{}{line}\n", if is_cut { "\n" } else { "" });
        // Durable before anything goes: a run is there, or this line is.
        append(&path)
            .and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| sync_name(&path))
            .map_err(FileError::of("write", &path))?;
        let going = files.path().with_file_name(format!("{GOING}{}", stone.run));
        fs::rename(files.path(), &going).map_err(FileError::of("remove", files.path()))?;
        self.remove_what_goes()
    }

    fn pruned(&self) -> Result<Vec<Tombstone>, StoreError> {
        let path = self.root.join(TOMBSTONES);
        match fs::read_to_string(&path) {
            // A line that was cut off by a full disk tells nothing, and its run is still there.
            Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
            Err(error) => Err(FileError::of("read", &path)(error).into()),
        }
    }
}

/// Opens the journal of a run for writing; makes one for a new run. Without room for it the room that is kept is given
/// back first.
fn journal(files: &RunFiles) -> Result<Box<dyn Journal>, StoreError> {
    let path = SqliteJournal::path_in(files.path());
    let opened = SqliteJournal::open(&path).or_else(|_| {
        files.release();
        SqliteJournal::open(&path)
    });
    Ok(Box::new(opened?))
}

/// Whether anything was ever written of a run: its journal may be gone or empty all the same.
fn begun(files: &RunFiles) -> bool {
    files.has_recordings() || SqliteJournal::begun(&SqliteJournal::path_in(files.path()))
}

fn outline(files: &RunFiles) -> Result<Outline, StoreError> {
    SqliteJournal::open_read_only(&SqliteJournal::path_in(files.path()))?.outline()
}

/// Whether the run in a directory is over, where that can be told.
fn still_open(directory: &Path) -> Open {
    match fs::metadata(directory) {
        // It was removed, and with it what could be gone on with.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Open::No,
        Err(_) => Open::OfAnotherLogin,
        Ok(_) => match outcome_in(directory) {
            Ok(true) => Open::No,
            Ok(false) => Open::Yes,
            Err(error) => Open::Damaged(error.to_string()),
        },
    }
}

fn outcome_in(directory: &Path) -> Result<bool, StoreError> {
    let files = RunFiles::at(directory).ok_or_else(|| StoreError::NoRun(directory.display().to_string()))?;
    StateDirectory::open(files.state_dir())?;
    // Whether a run is over, by its journal. One whose owner was killed before anything came of it is.
    if !begun(&files) {
        return Ok(true);
    }
    let Outline { first, finished, .. } = outline(&files)?;
    Ok(finished.is_some() || first.is_none() && !files.has_recordings())
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

/// Refuses a directory that somebody else owns or can write to: what gonogo trusts there could be theirs.
fn refuse_strangers(path: &Path) -> Result<fs::Metadata, StoreError> {
    let known = fs::metadata(path).map_err(FileError::of("look at", path))?;
    let ours = rustix::process::geteuid().as_raw();
    if known.uid() != ours {
        return Err(StoreError::Stranger { path: path.to_owned(), ours, owner: known.uid() });
    }
    if is_of_others(&known) {
        return Err(StoreError::Writable { path: path.to_owned(), mode: known.mode() & 0o777 });
    }
    Ok(known)
}

/// Secrets, sockets and locks are its owner's alone.
fn refuse_others(path: &Path) -> Result<(), StoreError> {
    let mode = refuse_strangers(path)?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(StoreError::Open { path: path.to_owned(), mode });
    }
    Ok(())
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let failed = FileError::of("write", path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(&failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_name(path)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_run_without_events_is_none_and_one_that_lost_them_is_damaged() {
        let root = tempfile::tempdir().unwrap();
        let state = StateDirectory::open(root.path()).unwrap();
        let id = RunId("t-1".into());
        let run = state.files(&id);
        let list = || state.list(&Filter::default()).unwrap();
        run.make().unwrap();
        assert!(list().is_empty());
        drop(state.create(&id, "# T").unwrap());
        assert!(list().is_empty(), "killed before its first event");
        assert!(matches!(still_open(run.path()), Open::No), "nothing holds an environment for it");
        fs::write(run.recordings().join("1_1.1.raw"), "x").unwrap();
        assert!(matches!(still_open(run.path()), Open::Yes), "commands ran, whatever became of its events");
        assert_eq!(list()[0].title, "can't be read");
        for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
            let _none = fs::remove_file(run.path().join(name));
        }
        assert_eq!(list().len(), 1);
        assert!(matches!(state.open(&id).err(), Some(StoreError::Empty { .. })), "it is not begun anew");
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

    #[test]
    fn a_root_that_others_own_or_can_write_to_is_refused_with_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        for mode in [0o777, 0o720, 0o702] {
            fs::set_permissions(root.path(), fs::Permissions::from_mode(mode)).unwrap();
            let refused = StateDirectory::open(root.path()).unwrap_err().to_string();
            let remedy = format!("chmod 700 {}", root.path().display());
            assert!(refused.contains(&format!("mode {mode:o}")) && refused.ends_with(&remedy), "{refused}");
        }
        assert!(!root.path().join("runs").exists(), "nothing is made there");
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        StateDirectory::open(root.path()).unwrap();
        // Whoever may give it away tries the other case as well.
        if std::os::unix::fs::chown(root.path(), Some(65_534), None).is_ok() {
            let refused = StateDirectory::open(root.path()).unwrap_err().to_string();
            assert!(refused.contains("belongs to user 65534"), "{refused}");
        }
    }
}
