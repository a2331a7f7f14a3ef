//! Holds an environment for a run: on the whole machine, over every login, until the run has an outcome.
//!
//! What is held is a file, locked (flock(2)) by the run's owner, that names the run. It lies in the state directory and
//! in a directory of the machine, where other logins see it (`GONOGO_LOCK_DIR`, else `/run/lock`). When its owner has
//! gone and the run is not over, the file still stands and says so: nothing comes free by a crash.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::error::StoreError;
use super::held::{Hold, Holder};
use crate::run::environment::EnvironmentKey;
use crate::run_files::FileError;
use crate::runbook::hash::sha256_hex;

/// What a lock says.
enum Found {
    /// It is ours from now on.
    Free(File),
    /// Somebody else has it, in words.
    Held(String),
}

/// Whether a run that a lock names, and whose owner has gone, is still open.
pub(super) enum Open {
    Yes,
    No,
    /// It is kept where only its own login can look.
    OfAnotherLogin,
    /// Its record can't be read, for this reason.
    Damaged(String),
}

/// Holds an environment for a run by a lock in each of these directories. `open` tells of the
/// directory of another run whether that still holds it.
pub(super) fn hold(
    locks: impl Iterator<Item = PathBuf>,
    key: &EnvironmentKey,
    holder: &Holder,
    open: &dyn Fn(&Path) -> Open,
) -> Result<Hold, StoreError> {
    let name = format!("gonogo-{}.lock", &sha256_hex(key.canonical().as_bytes())[..32]);
    let mut files: Vec<(File, PathBuf)> = Vec::new();
    for directory in locks {
        let path = directory.join(&name);
        match hold_file(&path, holder, open) {
            Ok(Found::Free(file)) => files.push((file, path)),
            Ok(Found::Held(holder)) => return Err(StoreError::Held { environment: key.to_string(), holder }),
            Err(source) => return Err(FileError { what: "lock", path, source }.into()),
        }
    }
    Ok(Hold::new(move || {
        for (_locked, path) in files {
            // Where it can't be removed it names a run that is over, which holds nothing.
            let _stays = fs::remove_file(path);
        }
    }))
}

/// Where the locks of all logins of this machine lie; nothing where there is no such place.
pub(super) fn machine_wide() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("GONOGO_LOCK_DIR") {
        return Some(named.into());
    }
    let shared = PathBuf::from("/run/lock");
    let mode = fs::metadata(&shared).ok().filter(fs::Metadata::is_dir)?.mode();
    // Everybody may add a file there, and nobody remove that of another (sticky(7)).
    (mode & 0o1777 == 0o1777).then_some(shared)
}

/// Locks one file and puts the holder's name into it, unless it names another run that is not over.
fn hold_file(path: &Path, holder: &Holder, is_open: &dyn Fn(&Path) -> Open) -> std::io::Result<Found> {
    loop {
        let mut file = open(path)?;
        if file.try_lock().is_err() {
            let by = named(&mut file).map_or("another process".to_owned(), |other| words(&other));
            return Ok(Found::Held(by));
        }
        // Its owner may have removed it between the two.
        if !is_still(&file, path) {
            continue;
        }
        if let Some(other) = named(&mut file).filter(|other| other.run != holder.run)
            && let Some(why) = not_over(&other, path, &is_open(&other.directory))
        {
            return Ok(Found::Held(why));
        }
        let text = serde_json::to_string(holder)?;
        let written =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
        match written {
            // Without room for the name, or in another login's file about a run that is over, it is locked all the same.
            Err(error) if error.kind() != ErrorKind::StorageFull && !is_read_only(&error) => {
                return Err(error);
            }
            _ => return Ok(Found::Free(file)),
        }
    }
}

/// Whether a file was opened for reading only (write(2), EBADF).
fn is_read_only(error: &std::io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::BADF.raw_os_error())
}

/// Opens a lock that is there, or makes it; no link is followed, for others can make one in a shared directory.
fn open(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::NOFOLLOW.bits().cast_signed();
    loop {
        let mut known = OpenOptions::new();
        let opened = known.read(true).write(true).custom_flags(flags).open(path);
        let opened = match opened {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                OpenOptions::new().read(true).custom_flags(flags).open(path)
            }
            other => other,
        };
        match opened {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            other => return other,
        }
        let mut new = OpenOptions::new();
        match new.read(true).write(true).create_new(true).mode(0o644).custom_flags(flags).open(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            other => return other,
        }
    }
}

fn is_still(file: &File, path: &Path) -> bool {
    let known = file.metadata().map(|m| (m.dev(), m.ino()));
    let there = fs::symlink_metadata(path).map(|m| (m.dev(), m.ino()));
    matches!((known, there), (Ok(known), Ok(there)) if known == there)
}

fn named(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(64 * 1024).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn words(holder: &Holder) -> String {
    format!("run {}, {} since {}", holder.run, holder.operator, holder.since)
}

/// Why a run whose owner has gone still holds its environment, where it does.
fn not_over(holder: &Holder, path: &Path, open: &Open) -> Option<String> {
    let (words, path) = (words(holder), path.display());
    match open {
        Open::No => None,
        Open::Yes => Some(format!("{words}, which is not finished")),
        Open::OfAnotherLogin => Some(format!(
            "{words}, which nobody works on now; it belongs to another login: resume it there, or remove {path}"
        )),
        Open::Damaged(error) => Some(format!(
            "{words}, whose record can't be read ({error}); save what is left with `gonogo runs --salvage DIR`, then remove {}",
            holder.directory.display()
        )),
    }
}
