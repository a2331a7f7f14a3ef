//! Events that the journal has no room for, on another filesystem: memory alone would lose them with the process.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

use super::chain;
use super::directory::{RunDirectory, make_directory};
use super::journal::StoreError;
use crate::run::Record;

/// The second directory of one run. It belongs to the owner alone, as everything that is kept.
#[derive(Debug)]
pub struct Spill {
    path: Option<PathBuf>,
}

impl Spill {
    /// That of a run: `GONOGO_SPILL_DIR`, else a directory of the user's own under the temporary one.
    pub fn of(run: &RunDirectory) -> Self {
        let user = rustix::process::geteuid().as_raw();
        let root = std::env::var_os("GONOGO_SPILL_DIR")
            .map_or_else(|| std::env::temp_dir().join(format!("gonogo-{user}")), PathBuf::from);
        // Anybody can make a directory of that name before us: one that is not ours is not used.
        let ours = make_directory(&root).is_ok()
            && fs::symlink_metadata(&root)
                .is_ok_and(|m| m.is_dir() && m.uid() == user && m.mode().trailing_zeros() >= 6);
        Self { path: ours.then(|| root.join(format!("{}.jsonl", run.id()))) }
    }

    /// Keeps these, and nothing else.
    pub fn keep(&self, held: &[Record]) -> Result<(), StoreError> {
        let Some(path) = &self.path else { return Ok(()) };
        let failed = |source| StoreError::File { what: "write", path: path.clone(), source };
        let mut text = String::new();
        for record in held {
            text.push_str(&chain::line(record)?);
            text.push('\n');
        }
        let new = path.with_extension("new");
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&new, path).map_err(failed)
    }

    /// What an owner that has gone kept and could not write any more: records that follow the line with the hash
    /// `prev`. What does not follow is not the rest of this journal.
    pub fn left(&self, prev: &str) -> Vec<Record> {
        let text = self.path.as_ref().and_then(|p| fs::read_to_string(p).ok()).unwrap_or_default();
        let mut found: Vec<Record> = Vec::new();
        let mut prev = prev.to_owned();
        for line in text.lines() {
            let Ok(record) = serde_json::from_str::<Record>(line) else { break };
            if record.prev == prev {
                prev = chain::hash(line);
                found.push(record);
            } else if !found.is_empty() {
                break;
            }
        }
        found
    }

    /// All of it is in the journal.
    pub fn clear(&self) {
        if let Some(path) = &self.path {
            let _none = fs::remove_file(path);
        }
    }
}
