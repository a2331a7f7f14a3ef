//! An output that is read: which part of it, and how it is shown.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::protocol::{From, OutputPage, OutputQuery, ToRunner};
use crate::run::Attempt;
use crate::runbook::CommandId;

/// An output that is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Whose output.
    pub command: Option<CommandId>,
    /// Which time; the last when absent.
    pub attempt: Option<Attempt>,
    /// Where what is shown begins.
    pub from: From,
    /// Rows of the first line that are scrolled away, where a long line is wrapped.
    pub skipped: usize,
    /// Columns scrolled away, where lines are not wrapped.
    pub left: usize,
    /// What was answered last.
    pub page: Option<OutputPage>,
    /// Why nothing can be shown.
    pub trouble: Option<String>,
    /// The number of the question that is open, if one is.
    pub asked: Option<u64>,
    /// What is searched for.
    pub pattern: Option<String>,
    /// Only lines that match, and what is around them.
    pub filter: bool,
    /// Which match was gone to last, and its line.
    pub match_at: Option<(u64, u64)>,
    /// Long lines are wrapped.
    pub wrap: bool,
    /// The time stands before each line.
    pub times: bool,
    /// The bytes themselves.
    pub raw: bool,
    /// What is selected.
    pub selection: Option<Selection>,
    /// A question whose answer is to be copied.
    pub copying: Option<u64>,
}

/// Lines that are selected, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: u64,
    /// Where it is now.
    pub cursor: u64,
}

impl Selection {
    /// The first line and the one after the last.
    pub fn range(self) -> (u64, u64) {
        (self.anchor.min(self.cursor), self.anchor.max(self.cursor) + 1)
    }
}

/// Lines around a match that a filter shows too.
const CONTEXT: u16 = 2;

impl Default for Reading {
    fn default() -> Self {
        Self {
            command: None,
            attempt: None,
            from: From::End,
            skipped: 0,
            left: 0,
            page: None,
            trouble: None,
            asked: None,
            pattern: None,
            filter: false,
            match_at: None,
            wrap: true,
            times: false,
            raw: false,
            selection: None,
            copying: None,
        }
    }
}

impl Reading {
    /// Of this command's output, from its end.
    pub fn of(command: CommandId, attempt: Option<Attempt>) -> Self {
        Self { command: Some(command), attempt, ..Self::default() }
    }

    /// The question for what is to be shown in so many rows.
    pub fn query(&self, rows: u16) -> Option<OutputQuery> {
        Some(OutputQuery {
            command: self.command.clone()?,
            attempt: self.attempt,
            from: self.from,
            rows,
            raw: self.raw,
            pattern: self.pattern.clone(),
            filter: self.filter.then_some(CONTEXT),
        })
    }

    /// Asks it under a number.
    pub fn ask(&mut self, number: u64, rows: u16) -> Option<ToRunner> {
        let query = Box::new(self.query(rows)?);
        self.asked = Some(number);
        Some(ToRunner::Read { number, query })
    }

    /// Whether it shows the end, and so follows what comes.
    pub fn follows(&self) -> bool {
        self.from == From::End
    }

    /// The first line shown.
    pub fn first(&self) -> u64 {
        self.page.as_ref().and_then(|p| p.lines.first()).map_or(0, |l| l.number)
    }

    /// The last line shown.
    pub fn last(&self) -> u64 {
        self.page.as_ref().and_then(|p| p.lines.last()).map_or(0, |l| l.number)
    }

    /// How many lines there are.
    pub fn total(&self) -> u64 {
        self.page.as_ref().map_or(0, |p| p.total)
    }
}
