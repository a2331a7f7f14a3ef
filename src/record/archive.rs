//! The archive of a run: one file with everything that it takes to read the record and to check it, nothing else needed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use tar::{Archive, Builder, Header};
use thiserror::Error;

use super::evidence::MANIFEST;
use crate::runbook::hash::hex;
use sha2::{Digest, Sha256};

/// Why an archive could not be written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum ArchiveError {
    #[error("could not write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("could not read {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{0} exists already")]
    Exists(PathBuf),
}

/// What a file of an archive is made of.
#[derive(Debug)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// A file that is copied.
    Copy(PathBuf),
}

/// Writes `ID.tar.gz`: all files below a directory named after the run, then their hashes. Nothing that is there is
/// overwritten, and a half written archive is none.
pub fn write(
    path: &Path,
    run: &str,
    at_s: u64,
    files: BTreeMap<String, Content>,
) -> Result<(), ArchiveError> {
    if path.exists() {
        return Err(ArchiveError::Exists(path.to_owned()));
    }
    let failed = |source| ArchiveError::Write { path: path.to_owned(), source };
    let (new, file) = create(path).map_err(failed)?;
    let mut builder = Builder::new(GzEncoder::new(file, Compression::default()));
    let mut manifest = String::new();
    let mut put = |builder: &mut Builder<_>, name: &str, content: Content| -> Result<(), ArchiveError> {
        let hash = match content {
            Content::Bytes(bytes) => {
                add(builder, &format!("{run}/{name}"), at_s, bytes.len() as u64, &bytes[..])
                    .map_err(failed)?
            }
            Content::Copy(from) => {
                let unread = |source| ArchiveError::Read { path: from.clone(), source };
                let file = File::open(&from).map_err(unread)?;
                // Somebody may be writing it still: what is there now is what is taken.
                let length = file.metadata().map_err(unread)?.len();
                add(builder, &format!("{run}/{name}"), at_s, length, file).map_err(failed)?
            }
        };
        // What was signed is checked by itself, and more of it may come.
        if !name.starts_with("signatures/") {
            manifest.push_str(&format!("{hash}  {name}\n"));
        }
        Ok(())
    };
    for (name, content) in files {
        put(&mut builder, &name, content)?;
    }
    let bytes = manifest.into_bytes();
    add(&mut builder, &format!("{run}/{MANIFEST}"), at_s, bytes.len() as u64, &bytes[..]).map_err(failed)?;
    finish(builder, &new, path).map_err(failed)
}

/// Puts more files into an archive, in place of those of their names.
pub fn extend(path: &Path, run: &str, at_s: u64, more: &[(String, String)]) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::Write { path: path.to_owned(), source };
    let unread = |source| ArchiveError::Read { path: path.to_owned(), source };
    let mut old = Archive::new(MultiGzDecoder::new(io::BufReader::new(File::open(path).map_err(unread)?)));
    let (new, file) = create(path).map_err(failed)?;
    let mut builder = Builder::new(GzEncoder::new(file, Compression::default()));
    let names: Vec<String> = more.iter().map(|(name, _)| format!("{run}/{name}")).collect();
    for entry in old.entries().map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let header = entry.header().clone();
        let name = entry.path().map_err(unread)?.to_string_lossy().into_owned();
        if names.contains(&name) {
            continue;
        }
        let at_s = header.mtime().unwrap_or(at_s);
        let size = entry.size();
        add(&mut builder, &name, at_s, size, entry).map_err(failed)?;
    }
    for ((_, text), name) in more.iter().zip(&names) {
        add(&mut builder, name, at_s, text.len() as u64, text.as_bytes()).map_err(failed)?;
    }
    finish(builder, &new, path).map_err(failed)
}

/// A new file beside the one that it becomes.
fn create(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}.new", uuid::Uuid::now_v7().simple()));
    let new = PathBuf::from(new);
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(&new)?;
    Ok((new, file))
}

fn finish(builder: Builder<GzEncoder<File>>, new: &Path, path: &Path) -> io::Result<()> {
    let file = builder.into_inner()?.finish()?;
    file.sync_all()?;
    fs::rename(new, path)
}

/// Adds a file; its hash.
fn add(
    builder: &mut Builder<impl Write>,
    name: &str,
    at_s: u64,
    length: u64,
    from: impl Read,
) -> io::Result<String> {
    let mut header = Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_mtime(at_s);
    let mut from = Hashing { from: from.take(length), hash: Sha256::new() };
    builder.append_data(&mut header, name, &mut from)?;
    Ok(hex(&from.hash.finalize()))
}

/// Hashes what is read through it.
struct Hashing<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}
