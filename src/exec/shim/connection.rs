//! Where the socket of a connection lies: in a directory that only we can look into, which goes with whoever made it.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Such a directory is held by a lock on this file: one whose lock is free was left by somebody who was killed.
const LOCK: &str = "lock";
const PREFIX: &str = "gonogo-";
/// One as young as that may not be locked yet.
const YOUNG: Duration = Duration::from_secs(1);

/// The directory of one connection, with its socket.
#[derive(Debug)]
pub(super) struct Connection {
    path: PathBuf,
    _held: File,
}

impl Connection {
    /// Makes one, with a name short enough for a socket (unix(7)).
    pub(super) fn new() -> std::io::Result<Self> {
        let name = uuid::Uuid::now_v7().simple().to_string();
        Self::under(&temporary(), &name[20..])
    }

    fn under(parent: &Path, name: &str) -> std::io::Result<Self> {
        let directory = parent.join(format!("{PREFIX}{name}"));
        DirBuilder::new().mode(0o700).create(&directory)?;
        let held = OpenOptions::new().create_new(true).write(true).open(directory.join(LOCK))?;
        held.try_lock()?;
        Ok(Self { path: directory.join("ssh"), _held: held })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(directory) = self.path.parent() {
            let _gone = std::fs::remove_dir_all(directory);
        }
    }
}

fn temporary() -> PathBuf {
    let temporary = std::env::temp_dir();
    if temporary.as_os_str().len() > 40 { "/tmp".into() } else { temporary }
}

/// Takes away what those who were killed have left.
pub(super) fn sweep() {
    sweep_under(&temporary(), YOUNG);
}

fn sweep_under(parent: &Path, young: Duration) {
    let own = |found: &Metadata| found.is_dir() && found.uid() == rustix::process::geteuid().as_raw();
    let old = |found: &Metadata| {
        found.modified().is_ok_and(|at| at.elapsed().is_ok_and(|elapsed| elapsed >= young))
    };
    for entry in std::fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let left = ours && entry.metadata().is_ok_and(|found| own(&found) && old(&found));
        let free = |lock: File| lock.try_lock().is_ok();
        if left && File::open(entry.path().join(LOCK)).is_ok_and(free) {
            let _gone = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_goes_with_its_connection_and_what_was_left_is_taken_away() {
        let parent = tempfile::tempdir().unwrap();
        let there = |name: &str| parent.path().join(format!("{PREFIX}{name}")).exists();
        let held = Connection::under(parent.path(), "held").unwrap();
        std::fs::create_dir(parent.path().join("gonogo-other")).unwrap();
        std::fs::create_dir(parent.path().join("gonogo-left")).unwrap();
        std::fs::write(parent.path().join("gonogo-left").join(LOCK), "").unwrap();
        sweep_under(parent.path(), YOUNG);
        assert!(there("left"), "it may be somebody's who is just making it");
        sweep_under(parent.path(), Duration::ZERO);
        assert!(there("held") && there("other") && !there("left"));
        drop(held);
        assert!(!there("held"));
    }
}
