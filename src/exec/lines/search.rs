//! Searching a recording: how many lines match, which comes next, and only those.

use regex::bytes::{Regex, RegexBuilder};

use super::super::ExecError;
use super::page::{Loaded, Page, decoded, feeds};
use super::recording::Recording;
use crate::protocol::{From, OutputLine, OutputQuery};

/// What is searched for, with how many lines match in each page.
#[derive(Debug)]
pub(super) struct Search {
    pattern: String,
    raw: bool,
    regex: Regex,
    done: Vec<u32>,
    open: u32,
}

impl Search {
    fn new(pattern: &str, raw: bool) -> Option<Self> {
        let capitals = pattern.chars().any(char::is_uppercase);
        let build = |text: &str| {
            RegexBuilder::new(text)
                .case_insensitive(!capitals)
                .multi_line(true)
                .crlf(true)
                .size_limit(1 << 20)
                .build()
                .ok()
        };
        // What is no expression is meant as it stands.
        let regex = build(pattern).or_else(|| build(&regex::escape(pattern)))?;
        Some(Self { pattern: pattern.to_owned(), raw, regex, done: vec![], open: 0 })
    }

    pub(super) fn matches(&self, line: &str) -> bool {
        self.regex.is_match(line.as_bytes())
    }

    pub(super) fn total(&self) -> u64 {
        self.done.iter().map(|n| u64::from(*n)).sum::<u64>() + u64::from(self.open)
    }

    /// The numbers of the page's lines that match.
    fn lines(&self, page: &Page, loaded: Loaded) -> Vec<u64> {
        let first = page.first(self.raw);
        if page.is_plain() && !self.raw {
            let lines = feeds(&loaded.bytes).enumerate();
            let matching = lines.filter(|(_, (_, line))| {
                if line.contains(&b'\t') { self.matches(&decoded(line)) } else { self.regex.is_match(line) }
            });
            return matching.map(|(at, _)| first + at as u64).collect();
        }
        let lines = page.read(loaded, self.raw, 0..usize::MAX);
        lines.into_iter().filter(|l| self.matches(&l.plain())).map(|l| l.number).collect()
    }

    fn count(&self, page: &Page, loaded: Loaded) -> u32 {
        // Most pages of a long output hold no match: that is seen without looking at lines.
        let bytes = loaded.bytes.as_slice();
        if page.is_plain() && !self.raw && !bytes.contains(&b'\t') && !self.regex.is_match(bytes) {
            return 0;
        }
        self.lines(page, loaded).len() as u32
    }

    /// The search of a query, with what is new counted; one for the same that was made before goes on.
    pub(super) fn of(
        query: &OutputQuery,
        before: Option<Self>,
        recording: &mut Recording,
    ) -> Result<Option<Self>, ExecError> {
        let Some(pattern) = query.pattern.as_ref().filter(|p| !p.is_empty()) else { return Ok(None) };
        let same = before.filter(|known| &known.pattern == pattern && known.raw == query.raw);
        let Some(mut search) = same.or_else(|| Self::new(pattern, query.raw)) else { return Ok(None) };
        let pages: Vec<Page> = recording.pages.done()[search.done.len()..].to_vec();
        for page in &pages {
            let loaded = recording.load(page)?;
            search.done.push(search.count(page, loaded));
        }
        search.open = 0;
        if let Some(page) = recording.pages.open().cloned() {
            let loaded = recording.load(&page)?;
            search.open = search.count(&page, loaded);
        }
        Ok(Some(search))
    }

    /// Pages that hold matches, in order, with how many.
    fn with_matches(&self, recording: &Recording) -> Vec<Page> {
        let counts = self.done.iter().chain(std::iter::once(&self.open));
        recording.pages.iter().zip(counts).filter(|(_, n)| **n > 0).map(|(p, _)| p.clone()).collect()
    }

    /// The line that [`From::Next`] or [`From::Previous`] leads to.
    pub(super) fn find(
        &self,
        query: &OutputQuery,
        recording: &mut Recording,
    ) -> Result<Option<u64>, ExecError> {
        match query.from {
            From::Next(line) => Ok(self.matching(line, 1, recording)?.first().copied()),
            From::Previous(before) => Ok(self.matching_back(before, 1, recording)?.last().copied()),
            _ => Ok(None),
        }
    }

    /// Matching lines from `first` on, in order.
    fn matching(&self, first: u64, count: usize, recording: &mut Recording) -> Result<Vec<u64>, ExecError> {
        let mut found = Vec::new();
        let raw = self.raw;
        for page in self.with_matches(recording).iter().filter(|p| p.first(raw) + p.lines(raw) > first) {
            let loaded = recording.load(page)?;
            found.extend(self.lines(page, loaded).into_iter().filter(|l| *l >= first));
            if found.len() >= count {
                break;
            }
        }
        found.truncate(count);
        Ok(found)
    }

    /// The last matching lines before `end`, in order.
    fn matching_back(
        &self,
        end: u64,
        count: usize,
        recording: &mut Recording,
    ) -> Result<Vec<u64>, ExecError> {
        let mut found: Vec<u64> = Vec::new();
        for page in self.with_matches(recording).iter().rev().filter(|p| p.first(self.raw) < end) {
            let loaded = recording.load(page)?;
            let lines = self.lines(page, loaded).into_iter().filter(|l| *l < end);
            found.splice(0..0, lines);
            if found.len() >= count {
                break;
            }
        }
        Ok(found.split_off(found.len().saturating_sub(count)))
    }

    /// Which match a line is, from 1.
    pub(super) fn rank(&self, line: u64, recording: &mut Recording) -> Result<Option<u64>, ExecError> {
        let counts = self.done.iter().chain(std::iter::once(&self.open));
        let pages: Vec<(Page, u32)> = recording.pages.iter().cloned().zip(counts.copied()).collect();
        let before: u64 = pages
            .iter()
            .filter(|(p, _)| p.first(self.raw) + p.lines(self.raw) <= line)
            .map(|(_, n)| u64::from(*n))
            .sum();
        let mut rank = None;
        if let Some((page, _)) = pages
            .iter()
            .find(|(p, _)| (p.first(self.raw)..p.first(self.raw) + p.lines(self.raw)).contains(&line))
        {
            let loaded = recording.load(page)?;
            let inside = self.lines(page, loaded).iter().filter(|l| **l <= line).count();
            rank = Some(before + inside as u64);
        }
        Ok(rank)
    }

    /// Only lines that match, with those around them.
    pub(super) fn filtered(
        &self,
        query: &OutputQuery,
        around: (Option<u64>, u64),
        recording: &mut Recording,
    ) -> Result<Vec<OutputLine>, ExecError> {
        let (found, context) = around;
        let rows = usize::from(query.rows.max(1));
        let end = recording.count(query.raw);
        let (numbers, backwards) = match query.from {
            From::Line(line) => (self.matching(line.saturating_sub(context), rows, recording)?, None),
            From::Next(line) | From::Previous(line) => {
                (self.matching(found.unwrap_or(line), rows, recording)?, None)
            }
            From::Before(line) => (self.matching_back(line + context, rows, recording)?, Some(line)),
            From::End => (self.matching_back(end, rows, recording)?, Some(end)),
        };
        let mut shown: Vec<u64> = Vec::new();
        for number in numbers {
            let from = number.saturating_sub(context).max(shown.last().map_or(0, |l| l + 1));
            shown.extend(from..(number + context + 1).min(end));
        }
        match (query.from, backwards) {
            (From::Line(line), _) => shown.retain(|n| *n >= line),
            (_, Some(end)) => {
                shown.retain(|n| *n < end);
                shown.drain(..shown.len().saturating_sub(rows));
            }
            _ => {}
        }
        shown.truncate(rows);
        let mut lines = Vec::new();
        for number in shown {
            lines.extend(recording.read(number, 1, query.raw)?);
        }
        Ok(lines)
    }
}
