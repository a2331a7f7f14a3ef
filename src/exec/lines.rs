//! A recording read by the line, however long it is: any line is found without reading what is before it.
//!
//! The bytes are cut into pages at line ends. A page of plain or coloured text has as many lines as it has
//! line feeds; one whose program moved the cursor about is played through an emulator of its own. Known of a
//! page are its place, its lines and the colours it begins with, so that ten million lines take some hundred
//! kilobytes.

mod page;
mod recording;
mod scan;
mod search;
mod stage;

use std::path::Path;

use super::ExecError;
use crate::figures::size;
use crate::protocol::{From, OutputPage, OutputQuery};
use crate::run::Attempt;
use crate::runbook::CommandId;
use recording::Recording;
use search::Search;

/// The lines of one recording.
#[derive(Debug)]
pub struct Lines {
    recording: Recording,
    search: Option<Search>,
}

impl Lines {
    /// Opens a recording, finished or still being made.
    pub fn open(directory: &Path, command: &CommandId, attempt: Attempt) -> Result<Self, ExecError> {
        Ok(Self { recording: Recording::open(directory, command, attempt)?, search: None })
    }

    /// Takes in what was recorded since.
    pub fn extend(&mut self) -> Result<(), ExecError> {
        self.recording.extend()
    }

    /// How many lines there are.
    pub fn count(&self, raw: bool) -> u64 {
        self.recording.count(raw)
    }

    /// Answers a question.
    pub fn answer(&mut self, query: &OutputQuery) -> Result<OutputPage, ExecError> {
        let recording = &mut self.recording;
        recording.extend()?;
        self.search = Search::of(query, self.search.take(), recording)?;
        let search = self.search.as_ref();
        let total = recording.count(query.raw);
        let rows = u64::from(query.rows.max(1));
        let found = search.map_or(Ok(None), |search| search.find(query, recording))?;
        let lines = match (query.filter, search) {
            (Some(context), Some(search)) => {
                search.filtered(query, (found, u64::from(context)), recording)?
            }
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
                recording.read(first, rows, query.raw)?
            }
        };
        let lines = lines.into_iter().map(|mut line| {
            line.matched = search.is_some_and(|s| s.matches(&line.plain()));
            line.at_ms = line.at_ms.and_then(|at| recording.times.ms(at));
            line
        });
        let lines = lines.collect();
        let rank = found.zip(search).map_or(Ok(None), |(line, search)| search.rank(line, recording));
        Ok(OutputPage {
            lines,
            total,
            matches: search.map(Search::total),
            found,
            found_at: rank?,
            unfinished: recording.pages.unfinished(),
            left_out: (recording.times.left_out > 0)
                .then(|| format!("{} of it were not recorded", size(recording.times.left_out))),
        })
    }

    /// Writes all lines as plain text; how many there were.
    pub fn save(&mut self, to: &mut dyn std::io::Write, range: (u64, u64)) -> Result<u64, ExecError> {
        self.extend()?;
        let (mut at, mut written) = (range.0, 0);
        let end = range.1.min(self.count(false));
        while at < end {
            let lines = self.recording.read(at, (end - at).min(1000), false)?;
            if lines.is_empty() {
                break;
            }
            at += lines.len() as u64;
            for line in &lines {
                writeln!(to, "{}", line.plain().trim_end())
                    .map_err(|source| self.recording.failed(source))?;
            }
            written += lines.len() as u64;
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests;
