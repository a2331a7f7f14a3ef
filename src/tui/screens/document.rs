//! The document as a text to read: where it is read, what is searched for, what was said of it.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::sync::Arc;

use crate::run::RunState;
use crate::runbook::Runbook;
use crate::runbook::correct::place_of;
use crate::runbook::doubt::Doubt;
use crate::runbook::rendered::{Rendered, rendered};
use crate::text as words;
use crate::tui::app::Book;

/// The document as a text to read.
#[derive(Debug, Default)]
pub struct Document {
    /// Its lines, once it was looked at.
    pub lines: Option<Arc<Vec<Rendered>>>,
    /// The line at the cursor, from 1.
    pub line: usize,
    /// Rows of that line that are scrolled away, where it is longer than the screen.
    pub skipped: usize,
    /// What is searched for.
    pub pattern: Option<String>,
    /// What was said from outside of how lines are to be read.
    pub said: Vec<Said>,
}

/// A correction from outside of the document, at its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The line that it is about.
    pub line: usize,
    /// Who says so.
    pub by: String,
    /// Its words: `kind=follow`.
    pub words: String,
}

/// A command that could be read in another way too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// Its first line.
    pub line: usize,
    /// Its last line.
    pub end_line: usize,
    /// In which way.
    pub doubt: Doubt,
}

impl Document {
    /// Renders the document once, and looks anew what was said of it.
    pub fn renew(&mut self, book: &Book) {
        if self.lines.is_none() {
            self.lines = Some(Arc::new(rendered(&book.text)));
        }
        let said = book.runbook.corrections.iter().filter_map(|correction| {
            let (line, _) = place_of(&book.text, correction)?;
            Some(Said { line, by: correction.by.clone(), words: correction.words.clone() })
        });
        self.said = said.collect();
    }

    /// What was said last, from outside, of how a line is to be read, or the command or fence around it.
    pub fn said_of(&self, runbook: &Runbook, line: usize) -> Option<&Said> {
        let mut starts = vec![line];
        for block in runbook.all_blocks() {
            let commands = block.commands.iter().map(|command| command.span);
            let spans = commands.chain(std::iter::once(block.span));
            starts.extend(spans.filter(|s| (s.line..=s.end_line).contains(&line)).map(|s| s.line));
        }
        self.said.iter().rfind(|said| starts.contains(&said.line))
    }
}

/// Commands that could be read in another way too, and that nobody has answered for.
pub fn doubtful(runbook: &Runbook, run: Option<&RunState>) -> Vec<Doubtful> {
    let spans = words::doubts(runbook, run).into_iter().filter_map(|command| {
        let (line, end_line) = (command.span.line, command.span.end_line.max(command.span.line));
        Some(Doubtful { line, end_line, doubt: command.doubt? })
    });
    spans.collect()
}
