//! The document that the screens are about, and what was read out of it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::client::Reread;
use crate::runbook::lock::Agreement;
use crate::runbook::{Item, OutlineEntry, Passage, Runbook};
use crate::tui::opening::Opening;

/// The document and its reading.
#[derive(Debug)]
pub struct Book {
    /// Its path as given.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What was read out of it.
    pub runbook: Arc<Runbook>,
    /// How it stands to the reading that was agreed on.
    pub agreement: Agreement,
    /// How this version reads it differently than the run goes by.
    pub reread: Option<Reread>,
    /// Where the shell starts.
    pub directory: PathBuf,
}

impl Book {
    pub(super) fn new(opening: &Opening) -> Self {
        Self {
            path: opening.path.clone(),
            text: opening.document.clone(),
            runbook: Arc::new(opening.runbook.clone()),
            agreement: opening.agreement.clone(),
            reread: None,
            directory: opening.directory.clone(),
        }
    }

    /// Goes by another reading of the same text; what was agreed on is compared with it anew.
    pub fn read_as(&mut self, runbook: Runbook) {
        self.runbook = Arc::new(runbook);
        self.agreement = self.agreement.renewed(&self.runbook);
    }

    /// All check items in order.
    pub fn items(&self) -> Vec<&Item> {
        self.runbook.checklists.iter().flat_map(|c| &c.items).collect()
    }

    /// What became of a line of the document.
    pub fn passage_at(&self, line: usize) -> Option<&Passage> {
        let reading = &self.runbook.reading;
        let found = reading.get(reading.partition_point(|p| p.line <= line).checked_sub(1)?)?;
        (found.end_line >= line).then_some(found)
    }

    /// The section that a line of the document is in.
    pub fn section_at(&self, line: usize) -> Option<&OutlineEntry> {
        self.runbook.outline.iter().rfind(|entry| entry.line <= line)
    }
}
