//! The document beside its reading: what became of a line, what was said of it, what is in doubt.

use std::sync::Arc;

use crate::runbook::correct::place_of;
use crate::runbook::rendered::rendered;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::screens::document::{Doubtful, Said};

impl App {
    /// Renders the document once, and looks anew what was said of it.
    pub fn renew_page(&mut self) {
        if self.screens.document.lines.is_none() {
            self.screens.document.lines = Some(Arc::new(rendered(&self.book.text)));
        }
        let said = self.book.runbook.corrections.iter().filter_map(|correction| {
            let (line, _) = place_of(&self.book.text, correction)?;
            Some(Said { line, by: correction.by.clone(), words: correction.words.clone() })
        });
        self.screens.document.said = said.collect();
    }

    /// What was said last, from outside, of how a line is to be read, or the command or fence around it.
    pub fn said_of(&self, line: usize) -> Option<&Said> {
        let mut starts = vec![line];
        for block in self.book.runbook.all_blocks() {
            let commands = block.commands.iter().map(|command| command.span);
            let spans = commands.chain(std::iter::once(block.span));
            starts.extend(spans.filter(|s| (s.line..=s.end_line).contains(&line)).map(|s| s.line));
        }
        self.screens.document.said.iter().rfind(|said| starts.contains(&said.line))
    }

    /// Commands that could be read in another way too, and that nobody has answered for.
    pub fn doubtful(&self) -> Vec<Doubtful> {
        let doubts = words::doubts(&self.book.runbook, self.run.as_ref()).into_iter();
        let spans = doubts.filter_map(|command| {
            let (line, end_line) = (command.span.line, command.span.end_line.max(command.span.line));
            Some(Doubtful { line, end_line, doubt: command.doubt? })
        });
        spans.collect()
    }
}
