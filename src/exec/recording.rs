//! The recording of one command: raw bytes with a timing index, bounded. `lines` reads it back.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::ExecError;
use crate::run::Attempt;
use crate::runbook::CommandId;

/// The most that is kept of one command; what goes beyond is counted and said.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Writes a recording: `ID.ATTEMPT.raw` and, beside it, `ID.ATTEMPT.idx` with a line a chunk:
/// milliseconds since the start, `o` or `e` for the stream, length in bytes.
#[derive(Debug)]
pub struct Recorder {
    raw: File,
    index: BufWriter<File>,
    path: PathBuf,
    started: Instant,
    bytes: u64,
    left_out: u64,
}

impl Recorder {
    /// Starts a recording in `directory`.
    pub fn create(directory: &Path, command: &CommandId, attempt: Attempt) -> Result<Self, ExecError> {
        let path = raw_path(directory, command, attempt);
        let index_path = path.with_extension("idx");
        let open = |path: &Path| {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true).mode(0o600).open(path)
        };
        let failed = |source| ExecError::Recording { what: "create", path: path.clone(), source };
        let raw = open(&path).map_err(failed)?;
        let index = BufWriter::new(open(&index_path).map_err(failed)?);
        Ok(Self { raw, index, path, started: Instant::now(), bytes: 0, left_out: 0 })
    }

    /// Records bytes of stream 0 or 1.
    pub fn write(&mut self, stream: usize, bytes: &[u8]) -> Result<(), ExecError> {
        let room = LARGEST.saturating_sub(self.bytes).min(bytes.len() as u64) as usize;
        let result = self.raw.write_all(&bytes[..room]).and_then(|()| {
            let letter = if stream == 0 { 'o' } else { 'e' };
            writeln!(self.index, "{} {letter} {room}", self.started.elapsed().as_millis())
        });
        self.bytes += room as u64;
        self.left_out += (bytes.len() - room) as u64;
        result.map_err(|source| ExecError::Recording { what: "write", path: self.path.clone(), source })
    }

    /// Writes what is known of times, so that readers of a running command see them too.
    pub fn flush_index(&mut self) {
        // What is not flushed now is flushed with the next screen or at the end.
        let _later = self.index.flush();
    }

    /// Bytes recorded.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the recording, with a mark where its bound left something out.
    pub fn finish(mut self) -> Result<u64, ExecError> {
        let failed = |source| ExecError::Recording { what: "write", path: self.path.clone(), source };
        if self.left_out > 0 {
            writeln!(self.index, "{} left-out {}", self.started.elapsed().as_millis(), self.left_out)
                .map_err(failed)?;
        }
        self.index.flush().map_err(failed)?;
        Ok(self.bytes)
    }
}

/// Where a command's recording is.
pub fn raw_path(directory: &Path, command: &CommandId, attempt: Attempt) -> PathBuf {
    directory.join(format!("{}.{}.raw", command.file_name(), attempt.0))
}
