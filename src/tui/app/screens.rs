//! What each screen remembers: where it is looked at, what was chosen on it, what was read for it.

use std::collections::BTreeMap;

use super::super::opening::Opening;
use super::back::{Back, Trouble};
use super::document::Document;
use super::form::Form;
use super::reading::Reading;
use super::watched::{Looked, Rounds};
use crate::protocol::Screen;
use crate::record::history::Told;
use crate::runbook::CommandId;

/// One field a screen, by its name.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the screens as Place names them")]
pub struct Screens {
    pub start: Form,
    pub checklist: ChecklistView,
    pub steps: StepsView,
    pub output: Reading,
    pub commands: ListView,
    pub document: Document,
    pub health: Looked,
    pub monitor: Rounds,
    pub rollback: Back,
    pub trouble: Trouble,
    pub log: ListView,
    pub history: HistoryView,
}

impl Screens {
    pub(super) fn new(opening: &Opening) -> Self {
        Self {
            start: Form::new(opening),
            rollback: Back { opens: opening.goes_back, ..Back::default() },
            ..Self::default()
        }
    }
}

/// Where Checklist is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChecklistView {
    /// The item, counted over all groups.
    pub item: usize,
    /// The steps led here, and go on once nothing is due.
    pub led: bool,
}

/// What Steps shows.
#[derive(Debug, Default)]
pub struct StepsView {
    /// The command looked at; `None` follows the next thing to do.
    pub selected: Option<CommandId>,
    /// Terminals of what runs.
    pub live: BTreeMap<CommandId, Screen>,
    /// The end of the output of the command looked at.
    pub tail: Reading,
}

impl StepsView {
    /// Looks at a command; the next thing to do is followed, not selected.
    pub fn select(&mut self, command: CommandId, next: Option<&CommandId>) {
        self.selected = Some(command).filter(|c| Some(c) != next);
    }
}

/// Where a list is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListView {
    /// The row at the cursor.
    pub row: usize,
}

/// What History shows.
#[derive(Debug, Default)]
pub struct HistoryView {
    /// Runs of this document, once they were read.
    pub runs: Option<Vec<Told>>,
    /// The row at the cursor.
    pub row: usize,
}
