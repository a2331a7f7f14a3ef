//! What a place knows and nobody else may know yet, on disk: commands that were begun, and reports that have not
//! been taken. When place and owner die together, the next owner reads it.
//!
//! Each line is on stable storage before what it says happens or is told.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate};
use serde::{Deserialize, Serialize};

use super::message::FromShim;
use crate::exec::ExecError;
use crate::run::Attempt;
use crate::runbook::CommandId;

/// Room that is taken in advance, so that a full disk does not keep a rollback's command from being noted.
const RESERVED: u64 = 256 * 1024;

#[derive(Serialize, Deserialize)]
enum Line {
    Began(CommandId, Attempt),
    Reported(u64, FromShim),
    Taken(u64),
}

/// The ledger of a place that works.
#[derive(Debug)]
pub(super) struct Book {
    path: PathBuf,
    file: Option<File>,
}

impl Book {
    /// Begins an empty one at `path`.
    pub(super) fn create(path: &Path) -> Result<Self, ExecError> {
        let options = || OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
        let file = options().map_err(failed("create", path))?;
        reserve(&file);
        let directory = path.parent().unwrap_or(Path::new("."));
        File::open(directory).and_then(|d| d.sync_all()).map_err(failed("create", path))?;
        Ok(Self { path: path.to_owned(), file: Some(file) })
    }

    /// Notes that a command is about to be handed to the shell.
    pub(super) fn began(&mut self, command: &CommandId, attempt: Attempt) -> Result<(), ExecError> {
        self.write(&Line::Began(command.clone(), attempt))
    }

    /// Notes a report before it is told.
    pub(super) fn reported(&mut self, number: u64, report: &FromShim) -> Result<(), ExecError> {
        let mut report = report.clone();
        if let FromShim::Exited { shown, .. } = &mut report {
            // It may hold secrets, and the ledger is on disk.
            *shown = None;
        }
        self.write(&Line::Reported(number, report))
    }

    /// Notes that reports up to this number are known elsewhere. It need not be durable: they would only be told
    /// twice.
    pub(super) fn taken(&mut self, upto: u64) -> Result<(), ExecError> {
        self.append(&Line::Taken(upto), false)
    }

    /// Nothing runs and everything was taken: nothing needs to be known. Emptying it gives its room back for a
    /// moment, which a full disk would not return: that is done only when it has become long.
    pub(super) fn settle(&mut self) {
        if let Some(file) = &mut self.file
            && file.metadata().is_ok_and(|m| m.len() > RESERVED / 2)
            && std::io::Seek::rewind(file).and_then(|()| file.set_len(0)).is_ok()
        {
            reserve(file);
        }
    }

    fn write(&mut self, line: &Line) -> Result<(), ExecError> {
        self.append(line, true)
    }

    /// A ledger that misses a line, or has half of one, must not be believed: it is removed, and then nothing is
    /// known.
    fn append(&mut self, line: &Line, durably: bool) -> Result<(), ExecError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut bytes = serde_json::to_vec(line)
            .map_err(|e| failed("write", &self.path)(std::io::Error::new(ErrorKind::InvalidData, e)))?;
        bytes.push(b'\n');
        let result = file.write_all(&bytes).and_then(|()| if durably { file.sync_data() } else { Ok(()) });
        result.map_err(|source| {
            self.file = None;
            let _gone = std::fs::remove_file(&self.path);
            let directory = self.path.parent().map(File::open);
            let _later = directory.map(|d| d.and_then(|d| d.sync_all()));
            failed("write", &self.path)(source)
        })
    }
}

fn reserve(file: &File) {
    // Not every filesystem can; then a full disk is noticed when it is full.
    let _none = fallocate(file, FallocateFlags::KEEP_SIZE, 0, RESERVED);
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ExecError + use<> {
    let path = path.to_owned();
    move |source| ExecError::Ledger { what, path, source }
}

/// What the ledger of a place that has gone tells.
#[derive(Debug, Default)]
pub struct Ledger {
    began: BTreeSet<(CommandId, Attempt)>,
    /// Reports that may not have been taken, in order.
    pub reports: Vec<FromShim>,
}

impl Ledger {
    /// Reads one; nothing where there is none to be believed. A line that was only half written at the end was
    /// not acted on.
    pub fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read(path).ok()?;
        let mut ledger = Self::default();
        let mut reports: Vec<(u64, FromShim)> = Vec::new();
        for line in text.split(|b| *b == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Line::Began(command, attempt)) => drop(ledger.began.insert((command, attempt))),
                Ok(Line::Reported(number, report)) => reports.push((number, report)),
                Ok(Line::Taken(upto)) => reports.retain(|(number, _)| *number > upto),
                Err(_) => break,
            }
        }
        ledger.reports = reports.into_iter().map(|(_, report)| report).collect();
        Some(ledger)
    }

    /// Whether a command was handed to the shell, or was about to be.
    pub fn began(&self, command: &CommandId, attempt: Attempt) -> bool {
        self.began.contains(&(command.clone(), attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_written_line_is_not_believed_and_a_missing_file_says_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger");
        assert!(Ledger::read(&path).is_none());
        let one = CommandId("1/1".into());
        let mut book = Book::create(&path).unwrap();
        book.began(&one, Attempt(1)).unwrap();
        book.reported(1, &FromShim::Trouble("taken".into())).unwrap();
        book.taken(1).unwrap();
        book.reported(2, &FromShim::Trouble("x".into())).unwrap();
        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(b"{\"Began\":[\"1/2\",1");
        std::fs::write(&path, text).unwrap();
        let known = Ledger::read(&path).unwrap();
        assert!(known.began(&one, Attempt(1)) && !known.began(&one, Attempt(2)));
        assert!(!known.began(&CommandId("1/2".into()), Attempt(1)));
        assert_eq!(known.reports.len(), 1);
    }

    #[test]
    fn a_settled_ledger_knows_nothing_and_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger");
        let one = CommandId("1/1".into());
        let mut book = Book::create(&path).unwrap();
        book.began(&one, Attempt(1)).unwrap();
        let long = FromShim::Trouble("x".repeat(RESERVED as usize));
        book.reported(1, &long).unwrap();
        book.settle();
        book.began(&one, Attempt(2)).unwrap();
        let known = Ledger::read(&path).unwrap();
        assert!(!known.began(&one, Attempt(1)) && known.began(&one, Attempt(2)));
    }

    #[test]
    fn cut_anywhere_it_tells_what_its_whole_lines_say() {
        let directory = tempfile::tempdir().unwrap();
        let (path, cut_path) = (directory.path().join("ledger"), directory.path().join("cut"));
        let one = CommandId("1/1".into());
        let mut book = Book::create(&path).unwrap();
        book.began(&one, Attempt(1)).unwrap();
        book.reported(1, &FromShim::Trouble("first".into())).unwrap();
        book.reported(2, &FromShim::Trouble("second".into())).unwrap();
        book.taken(1).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for cut in 0..=bytes.len() {
            std::fs::write(&cut_path, &bytes[..cut]).unwrap();
            let known = Ledger::read(&cut_path).unwrap();
            // A last line that only misses its line end is whole.
            let mut lines = bytes[..cut].split(|b| *b == b'\n').filter(|line| !line.is_empty());
            let whole = lines.clone().filter(|line| serde_json::from_slice::<Line>(line).is_ok()).count();
            assert!(lines.all(|line| line.starts_with(b"{")), "cut at {cut}");
            let told: Vec<String> = known
                .reports
                .iter()
                .map(|r| if let FromShim::Trouble(words) = r { words.clone() } else { String::new() })
                .collect();
            let expected: &[&str] = [&[][..], &[], &["first"], &["first", "second"], &["second"]][whole];
            assert_eq!(told, expected, "cut at {cut}");
            assert_eq!(known.began(&one, Attempt(1)), whole > 0, "cut at {cut}");
        }
    }

    #[test]
    fn what_follows_a_line_that_can_t_be_read_is_not_believed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger");
        let one = CommandId("1/1".into());
        let mut book = Book::create(&path).unwrap();
        book.began(&one, Attempt(1)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"{\"Began\":[\"1/1\",\n{\"Began\":[\"1/1\",2]}\n");
        std::fs::write(&path, bytes).unwrap();
        let known = Ledger::read(&path).unwrap();
        assert!(known.began(&one, Attempt(1)) && !known.began(&one, Attempt(2)));
    }

    #[test]
    fn a_ledger_is_for_its_owner_alone_and_begins_empty() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger");
        let mut book = Book::create(&path).unwrap();
        book.began(&CommandId("1/1".into()), Attempt(1)).unwrap();
        drop(Book::create(&path).unwrap());
        let known = Ledger::read(&path).unwrap();
        assert!(!known.began(&CommandId("1/1".into()), Attempt(1)), "that of a place before is not its own");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
