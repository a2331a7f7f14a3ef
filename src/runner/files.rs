//! Looks at files that going back will need: are they there, whole, and as they were made.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::afar;
use super::dump::{complete, drops};
use super::inside::{inside, unpack};
use crate::run::RunState;
use crate::run::rollback::{self, FileFacts, Found, LookedAt};
use crate::run::verdict::compose;
use crate::runbook::hash::hex;

/// The bytes at a file's end that tell whether it is whole.
const PART: usize = 4096;
/// The bytes at its beginning that tell what it is; a dump removes there what it makes anew.
const HEAD: usize = 64 * 1024;

/// Looks at a file; all of it is read.
pub(super) fn look(path: &Path) -> LookedAt {
    match facts(path) {
        Ok(facts) => LookedAt::There(facts),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            LookedAt::Not("it does not exist".into())
        }
        Err(error) => LookedAt::Not(error.to_string()),
    }
}

fn facts(path: &Path) -> std::io::Result<FileFacts> {
    let known = std::fs::metadata(path)?;
    if known.is_dir() {
        return directory(path);
    }
    if !known.is_file() {
        return Err(std::io::Error::other("it is neither a file nor a directory"));
    }
    let mut file = File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0u64);
    let mut buffer = vec![0; 256 * 1024];
    let mut head = Vec::new();
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        if head.is_empty() {
            head = buffer[..read.min(HEAD)].to_vec();
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
    file.seek(SeekFrom::Start(bytes.saturating_sub(PART as u64)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let sha256 = hex(&hash.finalize());
    let changed = known.modified().ok().map(DateTime::<Utc>::from);
    let (complete, drops) = (complete(&head, &tail, bytes), drops(&head));
    let unpacked = unpack(&path.to_string_lossy(), &head);
    let inside = inside(&head, &tail, unpacked.as_deref());
    Ok(FileFacts { bytes, sha256, complete, changed, drops, inside })
}

/// A directory that something was saved into: its size, and a hash over the names, sizes and times of what is in it.
fn directory(path: &Path) -> std::io::Result<FileFacts> {
    const MOST: usize = 100_000;
    let (mut open, mut found, mut bytes, mut changed) = (vec![path.to_owned()], Vec::new(), 0u64, None);
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let known = entry.metadata()?;
            let at = known.modified().ok().map(DateTime::<Utc>::from);
            if known.is_dir() {
                open.push(entry.path());
            } else {
                bytes += known.len();
                changed = changed.max(at);
            }
            found.push(format!("{} {} {at:?}\n", entry.path().display(), known.len()));
            if found.len() > MOST {
                return Err(std::io::Error::other("it contains too many files to check"));
            }
        }
    }
    found.sort();
    let sha256 = hex(&Sha256::digest(found.concat()));
    Ok(FileFacts { bytes, sha256, complete: None, changed, drops: vec![], inside: None })
}

/// The services of the compose file that a compose command looks at, where it can be read here.
pub(super) fn compose_services(text: &str, directory: &Path) -> Option<Vec<String>> {
    let named = compose::files(text)?;
    let usual = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    if named.is_empty() {
        let file = usual.iter().map(|name| directory.join(name)).find(|path| path.is_file())?;
        return compose::services(&small_file(&file)?);
    }
    let mut found = Vec::new();
    for name in named {
        found.extend(compose::services(&small_file(&directory.join(name))?)?);
    }
    Some(found)
}

/// A file's text; nothing of what is no plain file or too large to be read beside a run.
fn small_file(path: &Path) -> Option<String> {
    const LARGEST: u64 = 1024 * 1024;
    let known = std::fs::metadata(path).ok()?;
    if !known.is_file() || known.len() > LARGEST {
        return None;
    }
    std::fs::read_to_string(path).ok()
}

/// Parts what the files are from what the compose file says.
const SERVICES: &str = "--- services";

/// What going back needs to be looked at.
#[derive(Clone, Debug)]
pub(super) struct Look {
    paths: Vec<String>,
    texts: Vec<String>,
    directory: PathBuf,
}

impl Look {
    /// What a run's way back needs.
    pub(super) fn of(state: &RunState) -> Self {
        let back = rollback::procedures(state.runbook()).flat_map(crate::runbook::Step::commands);
        Self {
            paths: rollback::paths(state),
            texts: back.map(|c| state.text_of(c)).collect(),
            directory: PathBuf::from(&state.place().directory),
        }
    }

    /// A script that looks where the files are, for [`Look::paths_and_services`].
    pub(super) fn script(&self) -> String {
        let directory = self.directory.display().to_string();
        let compose = self.texts.iter().find_map(|text| afar::compose_files(text, &directory));
        let compose = compose.unwrap_or_else(|| "exit 1".into());
        format!("{}\necho {SERVICES}\n({compose})", afar::look(&self.paths))
    }

    /// What that printed.
    pub(super) fn paths_and_services(
        self,
        output: Option<&str>,
    ) -> (BTreeMap<String, LookedAt>, Option<Vec<String>>) {
        let (files, services) = output.and_then(|o| o.split_once(SERVICES)).unzip();
        let looked = afar::looked(files, self.paths.len());
        (self.paths.into_iter().zip(looked).collect(), afar::services(services))
    }

    /// Looks; `set` is what is known of values.
    pub(super) fn found(self, set: Option<BTreeMap<String, bool>>) -> Found {
        let services = self.texts.iter().find_map(|text| compose_services(text, &self.directory));
        let looked = self.paths.into_iter().map(|path| {
            let seen = look(Path::new(&path));
            (path, seen)
        });
        Found { files: looked.collect(), services, set }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_says_at_its_end_whether_it_is_whole() {
        let head = b"--\n-- PostgreSQL database dump\n--\n";
        let whole = complete(head, b"--\n-- PostgreSQL database dump complete\n--\n", 9000);
        assert_eq!(whole, Some(true));
        assert_eq!(complete(head, b"COPY a FROM stdin;\n1\n2\n", 9000), Some(false));
        assert_eq!(complete(b"\x1f\x8b", b"", 9), None);
        let cleans = b"-- PostgreSQL database dump\nDROP TABLE IF EXISTS s.a;\nDROP SCHEMA IF EXISTS s;\nDROP SCHEMA t CASCADE;\n";
        assert_eq!((drops(cleans), drops(b"DROP SCHEMA s;\n")), (vec!["s".to_owned()], vec![]));
    }

    #[test]
    fn files_are_looked_at_as_they_are() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.db");
        assert_eq!(look(&path), LookedAt::Not("it does not exist".into()));
        let database = rusqlite::Connection::open(&path).unwrap();
        database.execute_batch("CREATE TABLE a (b); INSERT INTO a VALUES (1);").unwrap();
        drop(database);
        let LookedAt::There(facts) = look(&path) else { panic!("it is there") };
        assert_eq!((facts.complete, facts.sha256.len()), (Some(true), 64));
        File::options().append(true).open(&path).unwrap().set_len(facts.bytes - 100).unwrap();
        let LookedAt::There(cut) = look(&path) else { panic!("it is there") };
        assert_eq!(cut.complete, Some(false));
        // What was saved as a directory is there as one.
        let LookedAt::There(saved) = look(directory.path()) else { panic!("it is there") };
        assert_eq!(saved.bytes, facts.bytes - 100);
        std::fs::write(directory.path().join("more"), "x").unwrap();
        let LookedAt::There(more) = look(directory.path()) else { panic!("it is there") };
        assert!(more.bytes > saved.bytes && more.sha256 != saved.sha256);
        assert!(matches!(look(Path::new("/dev/null")), LookedAt::Not(why) if why.contains("neither a file")));
    }
}
