//! What is always on this machine of a run, wherever its journal is kept: its directory with socket, lock, recordings,
//! readings, signatures and the place's own files; and beside the runs, which settings were accepted here.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::Settings;
use crate::run::RunId;
use crate::runbook::lock;

/// Room that is kept for what has to be recorded on a full disk: some hundred events.
pub const RESERVED: u64 = 512 * 1024;

/// A file of ours that could not be had.
#[derive(Debug, Error)]
#[error("could not {what} {path}: {source}")]
pub struct FileError {
    /// What was tried.
    pub what: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why it failed.
    pub source: io::Error,
}

impl FileError {
    /// What becomes of an error at this.
    pub(crate) fn of(what: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self { what, path: path.to_owned(), source }
    }
}

/// One run's directory: `runs/ID/` in the state directory.
#[derive(Clone, Debug)]
pub struct RunFiles {
    state_dir: PathBuf,
    path: PathBuf,
    id: RunId,
}

/// Held while a process owns something; the system releases it with the process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl RunFiles {
    /// Those of a run, whether there are any yet or not.
    pub fn of(state_dir: &Path, id: RunId) -> Self {
        Self { state_dir: state_dir.to_owned(), path: state_dir.join("runs").join(&id.0), id }
    }

    /// Those whose directory this is; nothing where no run's can lie there.
    pub fn at(path: &Path) -> Option<Self> {
        let state_dir = path.parent()?.parent()?.to_owned();
        let id = RunId(path.file_name()?.to_str()?.to_owned());
        Some(Self { state_dir, path: path.to_owned(), id })
    }

    /// Makes the directory, for its owner only.
    pub fn make(&self) -> Result<(), FileError> {
        make_directory(&self.recordings())
    }

    /// The run's id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The state directory that it lies in.
    pub fn state_dir(&self) -> &Path {
        &self.state_dir
    }

    /// Whether it was removed.
    pub fn is_gone(&self) -> bool {
        !self.path.is_dir()
    }

    /// Where recordings go.
    pub fn recordings(&self) -> PathBuf {
        self.path.join("recordings")
    }

    /// Whether anything was recorded.
    pub fn has_recordings(&self) -> bool {
        fs::read_dir(self.recordings()).is_ok_and(|mut entries| entries.next().is_some())
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
        replace(&self.path.join("readings.json"), text.as_bytes(), false).is_ok()
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
    pub fn place(&self) -> Result<PathBuf, FileError> {
        let path = self.path.join("place");
        make_directory(&path)?;
        Ok(path)
    }

    /// Takes the lock of the run's owner; `None` where another process has it.
    pub fn own(&self) -> Result<Option<Lock>, FileError> {
        let path = self.path.join("runner.lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(&path).map_err(FileError::of("open", &path))?;
        Ok(file.try_lock().is_ok().then_some(Lock { _file: file }))
    }

    /// What was read out of the document, kept under the name of its hash.
    pub fn plan_name(plan: &str) -> String {
        format!("plan-{}.lock", plan.get(..16).unwrap_or(plan))
    }

    /// Keeps what was read out of the document beside it, for whoever takes the run up with another version.
    pub fn keep_plan(&self, plan: &lock::Lock) -> Result<(), FileError> {
        self.keep(&Self::plan_name(&plan.digest()), plan.render().as_bytes())
    }

    /// What was read out of the document when this was its hash, where that was kept.
    pub fn plan(&self, plan: &str) -> Option<String> {
        fs::read_to_string(self.path.join(Self::plan_name(plan))).ok()
    }

    /// Where sign-offs are kept.
    pub fn signatures(&self) -> PathBuf {
        self.path.join("signatures")
    }

    /// Keeps a file beside the journal that says nothing that the journal does not: it stands for people and for
    /// other programs. What was there before it is replaced whole.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            make_directory(parent)?;
        }
        replace(&path, bytes, true).map_err(FileError::of("write", &path))
    }
}

/// Replaces a file that only its owner may read, whole or not at all; `durably` waits for the disk.
pub(crate) fn replace(path: &Path, bytes: &[u8], durably: bool) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    if durably {
        file.sync_all()?;
    }
    fs::rename(&new, path)
}

/// Waits until the disk has the name of a file.
pub(crate) fn sync_name(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

/// The file that says which settings were accepted here.
const ACCEPTED: &str = "accepted";

/// Has settings beside a runbook count where somebody has accepted them here as they are.
pub fn take_accepted(settings: &mut Settings, state_dir: &Path) {
    if settings.waiting.as_ref().is_some_and(|waiting| has_accepted(state_dir, &waiting.hash)) {
        settings.accept();
    }
}

/// Whether somebody has accepted settings with this hash here. Only this user's own word counts.
fn has_accepted(state_dir: &Path, hash: &str) -> bool {
    let mut options = OpenOptions::new();
    let Ok(file) = options.read(true).custom_flags(NOT_THROUGH_LINKS).open(state_dir.join(ACCEPTED)) else {
        return false;
    };
    let own = |known: io::Result<Metadata>| known.is_ok_and(|known| !is_of_others(&known));
    let mut known = String::new();
    own(fs::metadata(state_dir))
        && own(file.metadata())
        && (&file).read_to_string(&mut known).is_ok()
        && known.lines().any(|line| line == hash)
}

/// Remembers that what waits in these settings was accepted.
pub fn accept(settings: &Settings) -> Result<(), FileError> {
    let Some(waiting) = settings.waiting.as_ref() else { return Ok(()) };
    let path = settings.state_dir.join(ACCEPTED);
    append(&path)
        .and_then(|mut file| writeln!(file, "{}", waiting.hash))
        .map_err(FileError::of("write", &path))
}

/// Whether another user owns a file or directory, or can write to it.
pub(crate) fn is_of_others(known: &Metadata) -> bool {
    known.uid() != rustix::process::geteuid().as_raw() || known.mode() & 0o022 != 0
}

/// A link in the place of a file is not followed, and what is a pipe is not waited for (open(2)).
const NOT_THROUGH_LINKS: i32 = libc::O_NOFOLLOW | libc::O_NONBLOCK;

/// Opens a file of ours to add to it, for its owner only.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.append(true).create(true).mode(0o600).custom_flags(NOT_THROUGH_LINKS).open(path);
    file.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) => io::Error::other(format!(
            "{} is a symbolic link, and gonogo does not follow it: remove it",
            path.display()
        )),
        _ => error,
    })
}

/// Makes a directory that only its owner can enter.
pub(crate) fn make_directory(path: &Path) -> Result<(), FileError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(FileError::of("create", path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_link_is_not_followed_by_what_is_added_to() {
        let root = tempfile::tempdir().unwrap();
        let (victim, link) = (root.path().join("victim"), root.path().join("runner.log"));
        fs::write(&victim, "kept\n").unwrap();
        symlink(&victim, &link).unwrap();
        let refused = append(&link).unwrap_err().to_string();
        assert_eq!(
            refused,
            format!("{} is a symbolic link, and gonogo does not follow it: remove it", link.display())
        );
        assert_eq!(fs::read_to_string(&victim).unwrap(), "kept\n");
    }

    #[test]
    fn only_this_users_own_word_counts_as_accepted() {
        let root = tempfile::tempdir().unwrap();
        let (accepted, elsewhere) = (root.path().join(ACCEPTED), root.path().join("elsewhere"));
        fs::write(&accepted, "a-hash\n").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        set(&accepted, 0o600);
        assert!(has_accepted(root.path(), "a-hash") && !has_accepted(root.path(), "a-h"));
        set(root.path(), 0o777);
        assert!(!has_accepted(root.path(), "a-hash"), "others can put a file there");
        set(root.path(), 0o700);
        set(&accepted, 0o622);
        assert!(!has_accepted(root.path(), "a-hash"), "others can write to it");
        set(&accepted, 0o600);
        fs::rename(&accepted, &elsewhere).unwrap();
        symlink(&elsewhere, &accepted).unwrap();
        assert!(!has_accepted(root.path(), "a-hash"), "it is a link");
    }
}
