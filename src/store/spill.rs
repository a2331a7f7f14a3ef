//! Events that the journal has no room for, on another filesystem: memory alone would lose them with the process.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::chain;
use super::error::StoreError;
use crate::run::Record;
use crate::run_files::{FileError, RunFiles, make_directory, replace, sync_name};

/// The second places of one run, the likeliest to have room first. They belong to the owner alone, as everything that
/// is kept.
#[derive(Debug)]
pub struct Spill {
    paths: Vec<PathBuf>,
    /// The one that was asked for, where it is not used.
    unused: Option<PathBuf>,
}

impl Spill {
    /// Those of a run: `GONOGO_SPILL_DIR`, else a directory of the user's own under the temporary one and in shared
    /// memory; what lies on the disk of the run itself comes last.
    pub fn of(run: &RunFiles) -> Self {
        let user = rustix::process::geteuid().as_raw();
        let own = format!("gonogo-{user}");
        // Anybody can make a directory of that name before us: one that is not ours is not used.
        let ours = |root: &PathBuf| {
            make_directory(root).is_ok()
                && fs::symlink_metadata(root)
                    .is_ok_and(|m| m.is_dir() && m.uid() == user && m.mode().trailing_zeros() >= 6)
        };
        let asked = std::env::var_os("GONOGO_SPILL_DIR").map(PathBuf::from);
        let (roots, unused) = match asked {
            Some(root) if ours(&root) => (vec![root], None),
            unused => (vec![std::env::temp_dir().join(&own), Path::new("/dev/shm").join(&own)], unused),
        };
        let disk = |path: &Path| fs::metadata(path).map(|m| m.dev()).ok();
        let mut roots: Vec<PathBuf> = roots.into_iter().filter(ours).collect();
        roots.sort_by_key(|root| disk(root) == disk(run.path()));
        let paths = roots.into_iter().map(|root| root.join(format!("{}.jsonl", run.id()))).collect();
        Self { paths, unused }
    }

    /// Why the second place that was asked for is not used.
    pub fn refused(&self) -> Option<String> {
        let path = self.unused.as_ref()?.display();
        Some(format!(
            "gonogo does not use GONOGO_SPILL_DIR {path}: it must be a directory of yours that nobody else can enter (chmod 700 {path})"
        ))
    }

    /// Keeps these, and nothing else.
    pub fn keep(&self, held: &[Record]) -> Result<(), StoreError> {
        let mut text = String::new();
        for record in held {
            text.push_str(&chain::line(record)?);
            text.push('\n');
        }
        let mut result = Ok(());
        for path in &self.paths {
            result = write(path, &text).map_err(FileError::of("write", path));
            if result.is_ok() {
                break;
            }
        }
        Ok(result?)
    }

    /// What an owner that has gone kept and could not write any more: records that follow the line with the hash
    /// `prev`. What does not follow is not the rest of this journal.
    pub fn left(&self, prev: &str) -> Vec<Record> {
        let read = |path: &PathBuf| follows(&fs::read_to_string(path).unwrap_or_default(), prev);
        self.paths.iter().map(read).max_by_key(Vec::len).unwrap_or_default()
    }

    /// All of it is in the journal.
    pub fn clear(&self) {
        for path in &self.paths {
            let _none = fs::remove_file(path);
        }
    }
}

/// Replaces a file as a whole.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    replace(path, text.as_bytes(), true)?;
    sync_name(path)
}

/// The records of a text that follow the line with the hash `prev`.
fn follows(text: &str, prev: &str) -> Vec<Record> {
    let mut found: Vec<Record> = Vec::new();
    let mut prev = prev.to_owned();
    for line in text.lines() {
        let Ok(record) = Record::read(line) else { break };
        if record.prev == prev {
            prev = chain::hash(line);
            found.push(record);
        } else if !found.is_empty() {
            break;
        }
    }
    found
}
