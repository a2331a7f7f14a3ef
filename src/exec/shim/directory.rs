//! The directory of a place that is a process of its own: its socket, its ledger, and the lock of whoever works there.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::exec::ExecError;

/// Where a place listens, in its directory.
pub(super) fn socket(directory: &Path) -> PathBuf {
    directory.join("socket")
}

/// Its ledger, in its directory.
pub(super) fn ledger(directory: &Path) -> PathBuf {
    directory.join("ledger.jsonl")
}

/// Takes the lock of whoever works in `directory`; nothing where somebody has it.
pub(super) fn lock(directory: &Path) -> Result<Option<File>, ExecError> {
    let path = directory.join("lock");
    let mut options = File::options();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = file.map_err(|source| ExecError::Ledger { what: "open", path, source })?;
    Ok(file.try_lock().is_ok().then_some(file))
}

/// Whether a process works in `directory`, reachable or not.
pub(super) fn at_work(directory: &Path) -> bool {
    matches!(lock(directory), Ok(None))
}
