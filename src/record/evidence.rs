//! All that there is of a run, from where it is kept or out of an archive, read once: texts whole, everything else as
//! its hash.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::signature;
use crate::run::{Seq, SignOff};
use crate::run_files::RunFiles;
use crate::runbook::hash::{hex, sha256_hex};
use crate::store::{Store, StoreError};

/// The journal in an archive: its lines as they are stored.
pub const JOURNAL: &str = "journal.jsonl";
/// The document as it was run.
pub const DOCUMENT: &str = "document.md";
/// The log as it was when the archive was made.
pub const LOG: &str = "log.md";
/// The report as text.
pub const REPORT: &str = "report.md";
/// The hashes of all files of an archive, as `sha256sum` writes and checks them.
pub const MANIFEST: &str = "MANIFEST";

/// A text in an archive that is larger than this is not read: something else was meant.
const LARGEST_TEXT: u64 = 512 << 20;

/// The same for what was signed, logs among it.
const LARGEST_STATEMENT: u64 = 8 << 20;

/// Why a run or an archive can't be looked at.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum EvidenceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("could not read {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{path} is not an archive of `gonogo export`: {why}")]
    NoArchive { path: PathBuf, why: String },
}

/// A file: its hash, and its bytes where they are looked into.
#[derive(Clone, Debug)]
struct Found {
    hash: String,
    bytes: Option<Vec<u8>>,
}

/// All that there is of a run.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The lines of the journal.
    pub lines: Vec<String>,
    /// It was read out of an archive.
    pub archive: bool,
    /// The directory that everything lies in, by its name.
    pub top: Option<String>,
    files: BTreeMap<String, Found>,
}

impl Evidence {
    /// Reads a run, beside whoever writes it.
    pub fn of_run(store: &dyn Store, run: &RunFiles) -> Result<Self, EvidenceError> {
        let lines = store.lines_of(run.id(), Seq(0), usize::MAX)?;
        let mut found = Self { lines, top: Some(run.id().0.clone()), ..Self::default() };
        match store.document_of(run.id()) {
            Ok(bytes) => {
                let document = Found { hash: sha256_hex(&bytes), bytes: Some(bytes) };
                found.files.insert(DOCUMENT.to_owned(), document);
            }
            Err(StoreError::File(error)) if error.source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        found.directory(run.path(), "", &|name| {
            let kept = ["recordings", "signatures"].iter().any(|d| name.starts_with(&format!("{d}/")));
            kept || name.starts_with("readings") && name.ends_with(".json")
        })?;
        Ok(found)
    }

    /// Reads an archive.
    pub fn of_archive(path: &Path) -> Result<Self, EvidenceError> {
        let failed = |source| EvidenceError::Read { path: path.to_owned(), source };
        Self::unpacked(io::BufReader::new(File::open(path).map_err(failed)?), path)
    }

    /// Reads the bytes of an archive; `path` is what errors call it.
    pub fn unpacked(packed: impl io::BufRead, path: &Path) -> Result<Self, EvidenceError> {
        let failed = |source| EvidenceError::Read { path: path.to_owned(), source };
        let no_archive = |why: String| EvidenceError::NoArchive { path: path.to_owned(), why };
        let mut archive = tar::Archive::new(flate2::bufread::MultiGzDecoder::new(packed));
        let mut found = Self { archive: true, ..Self::default() };
        for entry in archive.entries().map_err(failed)? {
            let mut entry = entry.map_err(|e| no_archive(e.to_string()))?;
            let name = entry.path().map_err(|e| no_archive(e.to_string()))?.to_string_lossy().into_owned();
            let kind = entry.header().entry_type();
            if kind.is_dir() {
                continue;
            }
            // Whatever else is in it, a program that unpacks it may see what is not looked at here.
            let outside = name.split('/').any(|part| part.is_empty() || part == "." || part == "..");
            let Some((top, name)) = name.split_once('/').filter(|_| kind.is_file() && !outside) else {
                return Err(no_archive(format!("{name} is not a plain file below one directory")));
            };
            if *found.top.get_or_insert_with(|| top.to_owned()) != top {
                return Err(no_archive(format!("it contains more than one run: {top}")));
            }
            let name = name.to_owned();
            let largest = if name.starts_with("signatures/") { LARGEST_STATEMENT } else { LARGEST_TEXT };
            if entry.size() > largest && is_text(&name) {
                return Err(no_archive(format!("{name} is too large")));
            }
            let read = take(&mut entry, is_text(&name)).map_err(|e| no_archive(e.to_string()))?;
            if found.files.insert(name.clone(), read).is_some() {
                return Err(no_archive(format!("{name} is in it twice")));
            }
        }
        let journal = found.text(JOURNAL).ok_or_else(|| no_archive(format!("{JOURNAL} is missing")))?;
        found.lines = journal.lines().map(str::to_owned).collect();
        Ok(found)
    }

    fn directory(
        &mut self,
        path: &Path,
        below: &str,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(), EvidenceError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| EvidenceError::Read { path, source }
        };
        for entry in std::fs::read_dir(path).map_err(failed(path))? {
            let entry = entry.map_err(failed(path))?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            let (path, kind) = (entry.path(), entry.file_type().map_err(failed(path))?);
            if kind.is_dir() && below.is_empty() && ["recordings", "signatures"].contains(&name.as_str()) {
                self.directory(&path, &format!("{name}/"), wanted)?;
            } else if kind.is_file() && wanted(&name) {
                let mut file = File::open(&path).map_err(failed(&path))?;
                let read = take(&mut file, is_text(&name)).map_err(failed(&path))?;
                self.files.insert(name, read);
            }
        }
        Ok(())
    }

    /// The hash of a file.
    pub fn hash(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(|f| f.hash.as_str())
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<String> {
        let bytes = self.files.get(name)?.bytes.as_ref()?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The names of all statements that were signed, in the order of their names.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        self.below("signatures/").filter(|n| n.ends_with(".txt") && !n.ends_with(".pending.txt"))
    }

    /// The sign-off of a statement's file, with the key that its signature was made with, where it fits.
    pub fn sign_off(&self, name: &str) -> SignOff {
        let statement = self.text(name).unwrap_or_default();
        let signature = self.text(&format!("{name}.sig"));
        let key = signature.as_deref().and_then(|s| signature::verify(&statement, s).ok()).map(|g| g.key);
        SignOff { statement, signature, key }
    }

    /// The names of all files below something, in order.
    pub fn below<'e>(&'e self, start: &'e str) -> impl Iterator<Item = &'e str> {
        self.files.keys().map(String::as_str).filter(move |n| n.starts_with(start))
    }
}

/// Whether a file is looked into.
fn is_text(name: &str) -> bool {
    name.starts_with("signatures/") || [JOURNAL, DOCUMENT, LOG, REPORT, MANIFEST].contains(&name)
}

fn take(from: &mut impl Read, keep: bool) -> io::Result<Found> {
    let (mut hash, mut kept, mut buffer) = (Sha256::new(), Vec::new(), vec![0; 64 * 1024]);
    loop {
        match from.read(&mut buffer)? {
            0 => break,
            count => {
                hash.update(&buffer[..count]);
                if keep {
                    kept.extend_from_slice(&buffer[..count]);
                }
            }
        }
    }
    Ok(Found { hash: hex(&hash.finalize()), bytes: keep.then_some(kept) })
}
