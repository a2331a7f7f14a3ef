//! A recording with its pages: any line of it can be read.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::super::ExecError;
use super::super::recording::{Keyframes, raw_path};
use super::super::screen::Size;
use super::page::{Loaded, Page, Pages};
use super::stage::Stage;
use crate::protocol::OutputLine;
use crate::run::Attempt;
use crate::runbook::CommandId;

/// The files of one recording, as far as they were read.
#[derive(Debug)]
pub(super) struct Recording {
    raw: File,
    path: PathBuf,
    pub(super) pages: Pages,
    pub(super) times: Times,
    keyframes: Keyframes,
}

/// When bytes arrived: places and milliseconds, both growing; thinned out, so that it stays small.
#[derive(Debug)]
pub(super) struct Times {
    index: Option<BufReader<File>>,
    line: String,
    at: u64,
    known: Vec<(u64, u64)>,
    /// The terminal's size from a place on.
    sizes: Vec<(u64, Size)>,
    /// Bytes that are not in the recording.
    pub(super) left_out: u64,
}

/// Two entries of [`Times`] are at least so many bytes or milliseconds apart.
const TIME_BYTES: u64 = 16 * 1024;
const TIME_MS: u64 = 200;

impl Recording {
    /// Opens a recording, finished or still being made.
    pub(super) fn open(directory: &Path, command: &CommandId, attempt: Attempt) -> Result<Self, ExecError> {
        let path = raw_path(directory, command, attempt);
        let raw = File::open(&path).map_err(|_| ExecError::NoRecording(command.0.clone()))?;
        let index = File::open(path.with_extension("idx")).ok().map(BufReader::new);
        let times = Times { index, line: String::new(), at: 0, known: vec![], sizes: vec![], left_out: 0 };
        let keyframes = Keyframes::of(&path);
        Ok(Self { raw, path, pages: Pages::default(), times, keyframes })
    }

    /// Takes in what was recorded since.
    pub(super) fn extend(&mut self) -> Result<(), ExecError> {
        self.times.extend();
        self.keyframes.extend();
        let stage = Stage { sizes: &self.times.sizes, keyframes: &self.keyframes };
        self.pages.extend(&mut self.raw, &stage).map_err(|source| self.failed(source))
    }

    pub(super) fn failed(&self, source: std::io::Error) -> ExecError {
        ExecError::Recording { what: "read", path: self.path.clone(), source }
    }

    /// How many lines there are.
    pub(super) fn count(&self, raw: bool) -> u64 {
        self.pages.iter().last().map_or(0, |p| p.first(raw) + p.lines(raw))
    }

    /// Lines from `first` on; [`OutputLine::at_ms`] holds the place in the recording for now.
    pub(super) fn read(&mut self, first: u64, count: u64, raw: bool) -> Result<Vec<OutputLine>, ExecError> {
        let mut found = Vec::new();
        let last = first.saturating_add(count);
        let pages: Vec<Page> = self.pages.between(first, last, raw);
        for page in pages {
            let loaded = self.load(&page)?;
            let from = page.first(raw);
            let skip = first.saturating_sub(from) as usize;
            let take = (last - from.max(first)) as usize;
            found.extend(page.read(loaded, raw, skip..skip.saturating_add(take)));
        }
        Ok(found)
    }

    /// A page's bytes, and what they are played on where they have to be.
    pub(super) fn load(&mut self, page: &Page) -> Result<Loaded, ExecError> {
        let stage = Stage { sizes: &self.times.sizes, keyframes: &self.keyframes };
        let mut bytes = vec![0; page.length];
        let loaded = stage.set(page.scene(), &mut self.raw).and_then(|emulator| {
            self.raw.seek(SeekFrom::Start(page.at))?;
            self.raw.read_exact(&mut bytes)?;
            Ok(Loaded { bytes, emulator })
        });
        loaded.map_err(|source| self.failed(source))
    }
}

impl Times {
    /// Reads what was added to the index; a line that is only half there is read next time.
    fn extend(&mut self) {
        let Some(index) = &mut self.index else { return };
        while index.read_line(&mut self.line).is_ok_and(|n| n > 0) && self.line.ends_with('\n') {
            let mut fields = self.line.split_whitespace();
            let ms = fields.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let what = fields.next().unwrap_or_default();
            let count: u64 = fields.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let second = fields.next().and_then(|n| n.parse().ok());
            if what == "left-out" {
                self.left_out = count;
            } else if let ("size", Some(rows)) = (what, second) {
                self.sizes.push((self.at, Size { columns: count.clamp(1, 1000) as u16, rows }));
            } else {
                let (at, last) = (self.at, self.known.last().copied());
                if last.is_none_or(|(was, then)| at - was >= TIME_BYTES || ms >= then + TIME_MS) {
                    self.known.push((at, ms));
                }
                self.at += count;
            }
            self.line.clear();
        }
    }

    /// When the byte at `at` arrived.
    pub(super) fn ms(&self, at: u64) -> Option<u64> {
        let after = self.known.partition_point(|(known, _)| *known <= at);
        self.known.get(after.checked_sub(1)?).map(|(_, ms)| *ms)
    }
}
