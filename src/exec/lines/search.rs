//! Searching a recording: how many lines match, which comes next, and only those.

use regex::bytes::{Regex, RegexBuilder};

use super::page::{Loaded, Page, decoded, feeds};
use super::{ExecError, Lines};
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
}

impl Lines {
    /// Makes the search current for a query and counts what is new.
    pub(super) fn look_for(&mut self, query: &OutputQuery) -> Result<(), ExecError> {
        let Some(pattern) = query.pattern.as_ref().filter(|p| !p.is_empty()) else {
            self.search = None;
            return Ok(());
        };
        let mut search = match self.search.take() {
            Some(known) if &known.pattern == pattern && known.raw == query.raw => known,
            _ => match Search::new(pattern, query.raw) {
                Some(search) => search,
                None => return Ok(()),
            },
        };
        let pages: Vec<Page> = self.pages.done()[search.done.len()..].to_vec();
        for page in &pages {
            let loaded = self.load(page)?;
            search.done.push(search.count(page, loaded));
        }
        search.open = 0;
        if let Some(page) = self.pages.open().cloned() {
            let loaded = self.load(&page)?;
            search.open = search.count(&page, loaded);
        }
        self.search = Some(search);
        Ok(())
    }

    /// Pages that hold matches, in order, with how many.
    fn with_matches(&self, search: &Search) -> Vec<Page> {
        let counts = search.done.iter().chain(std::iter::once(&search.open));
        self.pages.iter().zip(counts).filter(|(_, n)| **n > 0).map(|(p, _)| p.clone()).collect()
    }

    /// The line that [`From::Next`] or [`From::Previous`] leads to.
    pub(super) fn find(&mut self, query: &OutputQuery) -> Result<Option<u64>, ExecError> {
        match query.from {
            From::Next(line) => Ok(self.matching(line, 1)?.first().copied()),
            From::Previous(before) => Ok(self.matching_back(before, 1)?.last().copied()),
            _ => Ok(None),
        }
    }

    /// Matching lines from `first` on, in order.
    fn matching(&mut self, first: u64, count: usize) -> Result<Vec<u64>, ExecError> {
        let Some(search) = self.search.take() else { return Ok(vec![]) };
        let mut found = Vec::new();
        let raw = search.raw;
        for page in self.with_matches(&search).iter().filter(|p| p.first(raw) + p.lines(raw) > first) {
            let loaded = self.load(page)?;
            found.extend(search.lines(page, loaded).into_iter().filter(|l| *l >= first));
            if found.len() >= count {
                break;
            }
        }
        found.truncate(count);
        self.search = Some(search);
        Ok(found)
    }

    /// The last matching lines before `end`, in order.
    fn matching_back(&mut self, end: u64, count: usize) -> Result<Vec<u64>, ExecError> {
        let Some(search) = self.search.take() else { return Ok(vec![]) };
        let mut found: Vec<u64> = Vec::new();
        for page in self.with_matches(&search).iter().rev().filter(|p| p.first(search.raw) < end) {
            let loaded = self.load(page)?;
            let lines = search.lines(page, loaded).into_iter().filter(|l| *l < end);
            found.splice(0..0, lines);
            if found.len() >= count {
                break;
            }
        }
        self.search = Some(search);
        Ok(found.split_off(found.len().saturating_sub(count)))
    }

    /// Which match a line is, from 1.
    pub(super) fn rank(&mut self, line: u64) -> Result<Option<u64>, ExecError> {
        let Some(search) = self.search.take() else { return Ok(None) };
        let counts = search.done.iter().chain(std::iter::once(&search.open));
        let pages: Vec<(Page, u32)> = self.pages.iter().cloned().zip(counts.copied()).collect();
        let before: u64 = pages
            .iter()
            .filter(|(p, _)| p.first(search.raw) + p.lines(search.raw) <= line)
            .map(|(_, n)| u64::from(*n))
            .sum();
        let mut rank = None;
        if let Some((page, _)) = pages
            .iter()
            .find(|(p, _)| (p.first(search.raw)..p.first(search.raw) + p.lines(search.raw)).contains(&line))
        {
            let loaded = self.load(page)?;
            let inside = search.lines(page, loaded).iter().filter(|l| **l <= line).count();
            rank = Some(before + inside as u64);
        }
        self.search = Some(search);
        Ok(rank)
    }

    /// Only lines that match, with those around them.
    pub(super) fn filtered(
        &mut self,
        query: &OutputQuery,
        around: (Option<u64>, u64),
    ) -> Result<Vec<OutputLine>, ExecError> {
        let (found, context) = around;
        let rows = usize::from(query.rows.max(1));
        let end = self.count(query.raw);
        let (numbers, backwards) = match query.from {
            From::Line(line) => (self.matching(line.saturating_sub(context), rows)?, None),
            From::Next(line) | From::Previous(line) => (self.matching(found.unwrap_or(line), rows)?, None),
            From::Before(line) => (self.matching_back(line + context, rows)?, Some(line)),
            From::End => (self.matching_back(end, rows)?, Some(end)),
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
            lines.extend(self.read(number, 1, query.raw)?);
        }
        Ok(lines)
    }
}
