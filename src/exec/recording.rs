//! The recording of one command: raw bytes with a timing index, bounded, and read back as lines.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::ExecError;
use super::screen::{Emulator, Size};
use crate::protocol::Row;
use crate::run::Attempt;
use crate::runbook::CommandId;

/// The most that is kept of one command; what goes beyond is counted and said.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// The lines that are read back at most.
const LINES_BACK: usize = 10_000;

/// The bytes that are read back at most, from the end.
const BYTES_BACK: u64 = 8 * 1024 * 1024;

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

/// A recording read back: lines as a terminal shows them, and what is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Played {
    /// The lines, oldest first.
    pub rows: Vec<Row>,
    /// What is missing from them, in words.
    pub left_out: Option<String>,
}

/// Reads the end of a recording back through an emulator.
pub fn play(directory: &Path, command: &CommandId, attempt: Attempt) -> Result<Played, ExecError> {
    let path = raw_path(directory, command, attempt);
    let mut file = File::open(&path).map_err(|_| ExecError::NoRecording(command.0.clone()))?;
    let failed = |source| ExecError::Recording { what: "read", path: path.clone(), source };
    let length = file.metadata().map_err(failed)?.len();
    let skipped = length.saturating_sub(BYTES_BACK);
    let index = fs::read_to_string(path.with_extension("idx")).unwrap_or_default();
    let mut emulator = Emulator::new(Size::LOGICAL, LINES_BACK);
    let mut at = 0u64;
    let mut buffer = Vec::new();
    let mut left_out = 0u64;
    for line in index.lines() {
        let mut fields = line.split(' ').skip(1);
        let (Some(stream), Some(count)) = (fields.next(), fields.next().and_then(|n| n.parse::<u64>().ok()))
        else {
            continue;
        };
        if stream == "left-out" {
            left_out = count;
            continue;
        }
        buffer.resize(count as usize, 0);
        file.read_exact(&mut buffer).map_err(failed)?;
        if at + count > skipped {
            emulator.feed(usize::from(stream == "e"), &buffer);
        }
        at += count;
    }
    // What was written after the index was last flushed, of a command whose shell died with it.
    buffer.clear();
    file.read_to_end(&mut buffer).map_err(failed)?;
    emulator.feed(0, &buffer);
    let screen = emulator.screen();
    let mut rows = screen.history;
    rows.extend(screen.rows);
    while rows.last().is_some_and(|r| r.runs.is_empty()) {
        rows.pop();
    }
    let mut missing = Vec::new();
    if skipped > 0 || rows.len() >= LINES_BACK {
        missing.push("older lines are in the recording".to_owned());
    }
    if left_out > 0 {
        missing.push(format!("{left_out} bytes went beyond what is recorded"));
    }
    Ok(Played { rows, left_out: (!missing.is_empty()).then(|| missing.join("; ")) })
}
