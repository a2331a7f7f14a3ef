//! Recorded output by the screenful: a client never holds more of it than it draws.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::run::Attempt;
use crate::runbook::CommandId;

/// Where in the output a screenful begins. Lines count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// At this line.
    Line(u64),
    /// So that it ends just before this line.
    Before(u64),
    /// So that it ends with the last line.
    End,
    /// At the first match at or after this line.
    Next(u64),
    /// At the last match before this line.
    Previous(u64),
}

/// A question about a command's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputQuery {
    /// The command.
    pub command: CommandId,
    /// Which time; the last when absent.
    pub attempt: Option<Attempt>,
    /// Where to begin.
    pub from: From,
    /// How many lines at most.
    pub rows: u16,
    /// The bytes themselves, control characters made visible.
    pub raw: bool,
    /// What is searched for: a regular expression, or the text itself where it is none. Capitals count only
    /// when it has some.
    pub pattern: Option<String>,
    /// Only lines that match, with this many lines around each.
    pub filter: Option<u16>,
}

impl OutputQuery {
    /// A screenful of a command's last output, as it is.
    pub fn new(command: CommandId, from: From) -> Self {
        Self { command, attempt: None, from, rows: 1000, raw: false, pattern: None, filter: None }
    }
}

/// One line of output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputLine {
    /// Its number, from 0.
    pub number: u64,
    /// Milliseconds from the command's start to its arrival; absent where that was not recorded.
    pub at_ms: Option<u64>,
    /// It matches the pattern.
    pub matched: bool,
    /// Its text.
    pub runs: Vec<Text>,
}

impl OutputLine {
    /// The line's characters.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }
}

/// A screenful of output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputPage {
    /// The lines, oldest first.
    pub lines: Vec<OutputLine>,
    /// Lines there are in all.
    pub total: u64,
    /// Lines that match in all, where something is searched for.
    pub matches: Option<u64>,
    /// The line that was searched for, where [`From::Next`] or [`From::Previous`] found one.
    pub found: Option<u64>,
    /// Which match that is, from 1.
    pub found_at: Option<u64>,
    /// The last line has no end yet: more of it may come.
    pub unfinished: bool,
    /// What is missing from the output, in words.
    pub left_out: Option<String>,
}
