//! The document beside its reading: what became of a line, what was said of it, what is in doubt.

use std::sync::Arc;

use super::App;
use super::document::{Doubtful, Said};
use crate::run::words;
use crate::runbook::correct::place_of;
use crate::runbook::rendered::rendered;
use crate::runbook::{OutlineEntry, Passage};

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
