//! The document as a text to read: where it is read, what is searched for, what was said of it.

use std::sync::Arc;

use super::App;
use crate::run::words;
use crate::runbook::correct::place_of;
use crate::runbook::doubt::Doubt;
use crate::runbook::rendered::{Rendered, rendered};
use crate::runbook::{OutlineEntry, Passage};

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

impl App {
    /// Renders the document once, and looks anew what was said of it.
    pub fn renew_page(&mut self) {
        if self.page.lines.is_none() {
            self.page.lines = Some(Arc::new(rendered(&self.document)));
        }
        let said = self.runbook.corrections.iter().filter_map(|correction| {
            let (line, _) = place_of(&self.document, correction)?;
            Some(Said { line, by: correction.by.clone(), words: correction.words.clone() })
        });
        self.page.said = said.collect();
    }

    /// What became of a line of the document.
    pub fn passage_at(&self, line: usize) -> Option<&Passage> {
        let reading = &self.runbook.reading;
        let found = reading.get(reading.partition_point(|p| p.line <= line).checked_sub(1)?)?;
        (found.end_line >= line).then_some(found)
    }

    /// What was said last, from outside, of how a line is to be read, or the command or fence around it.
    pub fn said_of(&self, line: usize) -> Option<&Said> {
        let mut starts = vec![line];
        for block in self.runbook.all_blocks() {
            let commands = block.commands.iter().map(|command| command.span);
            let spans = commands.chain(std::iter::once(block.span));
            starts.extend(spans.filter(|s| (s.line..=s.end_line).contains(&line)).map(|s| s.line));
        }
        self.page.said.iter().rfind(|said| starts.contains(&said.line))
    }

    /// The section that a line of the document is in.
    pub fn section_at(&self, line: usize) -> Option<&OutlineEntry> {
        self.runbook.outline.iter().rfind(|entry| entry.line <= line)
    }

    /// Commands that could be read in another way too, and that nobody has answered for.
    pub fn doubtful(&self) -> Vec<Doubtful> {
        let doubts = words::doubts(&self.runbook, self.run.as_ref()).into_iter();
        let spans = doubts.filter_map(|command| {
            let (line, end_line) = (command.span.line, command.span.end_line.max(command.span.line));
            Some(Doubtful { line, end_line, doubt: command.doubt? })
        });
        spans.collect()
    }
}
