//! A recording read by the line, however long it is: any line is found without reading what is before it.
//!
//! The bytes are cut into pages at line ends. A page of plain or coloured text has as many lines as it has
//! line feeds; one whose program moved the cursor about is played through an emulator of its own. Known of a
//! page are its place, its lines and the colours it begins with, so that ten million lines take some hundred
//! kilobytes.

mod page;
mod scan;
mod search;
mod stage;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::ExecError;
use super::recording::{Keyframes, raw_path};
use super::screen::Size;
use crate::protocol::{From, OutputLine, OutputPage, OutputQuery};
use crate::run::Attempt;
use crate::run::words::size;
use crate::runbook::CommandId;
use page::{Loaded, Page, Pages};
use search::Search;
use stage::Stage;

/// The lines of one recording.
#[derive(Debug)]
pub struct Lines {
    raw: File,
    path: PathBuf,
    pages: Pages,
    times: Times,
    keyframes: Keyframes,
    search: Option<Search>,
}

/// When bytes arrived: places and milliseconds, both growing; thinned out, so that it stays small.
#[derive(Debug)]
struct Times {
    index: Option<BufReader<File>>,
    line: String,
    at: u64,
    known: Vec<(u64, u64)>,
    /// The terminal's size from a place on.
    sizes: Vec<(u64, Size)>,
    left_out: u64,
}

/// Two entries of [`Times`] are at least so many bytes or milliseconds apart.
const TIME_BYTES: u64 = 16 * 1024;
const TIME_MS: u64 = 200;

impl Lines {
    /// Opens a recording, finished or still being made.
    pub fn open(directory: &Path, command: &CommandId, attempt: Attempt) -> Result<Self, ExecError> {
        let path = raw_path(directory, command, attempt);
        let raw = File::open(&path).map_err(|_| ExecError::NoRecording(command.0.clone()))?;
        let index = File::open(path.with_extension("idx")).ok().map(BufReader::new);
        let times = Times { index, line: String::new(), at: 0, known: vec![], sizes: vec![], left_out: 0 };
        let keyframes = Keyframes::of(&path);
        Ok(Self { raw, path, pages: Pages::default(), times, keyframes, search: None })
    }

    /// Takes in what was recorded since.
    pub fn extend(&mut self) -> Result<(), ExecError> {
        self.times.extend();
        self.keyframes.extend();
        let stage = Stage { sizes: &self.times.sizes, keyframes: &self.keyframes };
        self.pages.extend(&mut self.raw, &stage).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> ExecError {
        ExecError::Recording { what: "read", path: self.path.clone(), source }
    }

    /// How many lines there are.
    pub fn count(&self, raw: bool) -> u64 {
        self.pages.iter().last().map_or(0, |p| p.first(raw) + p.lines(raw))
    }

    /// Answers a question.
    pub fn answer(&mut self, query: &OutputQuery) -> Result<OutputPage, ExecError> {
        self.extend()?;
        self.look_for(query)?;
        let total = self.count(query.raw);
        let rows = u64::from(query.rows.max(1));
        let found = self.find(query)?;
        let lines = match (query.filter, &self.search) {
            (Some(context), Some(_)) => self.filtered(query, (found, u64::from(context)))?,
            _ => {
                let first = match query.from {
                    From::Line(line) => line.min(total.saturating_sub(1)),
                    From::Before(line) => line.saturating_sub(rows),
                    From::End => total.saturating_sub(rows),
                    From::Next(line) | From::Previous(line) => {
                        // A match stands in the upper third, what follows it in view.
                        found.map_or(line, |f| f.saturating_sub(rows / 3)).min(total.saturating_sub(rows))
                    }
                };
                let rows = if let From::Before(line) = query.from { rows.min(line) } else { rows };
                self.read(first, rows, query.raw)?
            }
        };
        let lines = lines.into_iter().map(|mut line| {
            line.matched = self.search.as_ref().is_some_and(|s| s.matches(&line.plain()));
            line.at_ms = line.at_ms.and_then(|at| self.times.ms(at));
            line
        });
        Ok(OutputPage {
            lines: lines.collect(),
            total,
            matches: self.search.as_ref().map(Search::total),
            found,
            found_at: found.and_then(|f| self.rank(f).transpose()).transpose()?,
            unfinished: self.pages.unfinished(),
            left_out: (self.times.left_out > 0)
                .then(|| format!("{} of it are not recorded", size(self.times.left_out))),
        })
    }

    /// Lines from `first` on; [`OutputLine::at_ms`] holds the place in the recording for now.
    fn read(&mut self, first: u64, count: u64, raw: bool) -> Result<Vec<OutputLine>, ExecError> {
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
    fn load(&mut self, page: &Page) -> Result<Loaded, ExecError> {
        let stage = Stage { sizes: &self.times.sizes, keyframes: &self.keyframes };
        let mut bytes = vec![0; page.length];
        let loaded = stage.set(page.scene(), &mut self.raw).and_then(|emulator| {
            self.raw.seek(SeekFrom::Start(page.at))?;
            self.raw.read_exact(&mut bytes)?;
            Ok(Loaded { bytes, emulator })
        });
        loaded.map_err(|source| self.failed(source))
    }

    /// Writes all lines as plain text; how many there were.
    pub fn save(&mut self, to: &mut dyn std::io::Write, range: (u64, u64)) -> Result<u64, ExecError> {
        self.extend()?;
        let (mut at, mut written) = (range.0, 0);
        let end = range.1.min(self.count(false));
        while at < end {
            let lines = self.read(at, (end - at).min(1000), false)?;
            if lines.is_empty() {
                break;
            }
            at += lines.len() as u64;
            for line in &lines {
                writeln!(to, "{}", line.plain().trim_end()).map_err(|source| self.failed(source))?;
            }
            written += lines.len() as u64;
        }
        Ok(written)
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
    fn ms(&self, at: u64) -> Option<u64> {
        let after = self.known.partition_point(|(known, _)| *known <= at);
        self.known.get(after.checked_sub(1)?).map(|(_, ms)| *ms)
    }
}

#[cfg(test)]
mod tests;
