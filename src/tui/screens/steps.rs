//! Steps: the tree, the commands of the step looked at, its output, and what is to be decided.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::collections::BTreeMap;

use crate::protocol::Screen as TerminalFrame;
use crate::runbook::CommandId;
use crate::tui::screens::output::Reading;

/// What is looked at, and what was read for it.
#[derive(Debug, Default)]
pub struct StepsState {
    /// The command looked at; `None` follows the next thing to do.
    pub selected: Option<CommandId>,
    /// Terminals of what runs.
    pub live: BTreeMap<CommandId, TerminalFrame>,
    /// The end of the output of the command looked at.
    pub tail: Reading,
}

impl StepsState {
    /// Looks at a command; the next thing to do is followed, not selected.
    pub fn select(&mut self, command: CommandId, next: Option<&CommandId>) {
        self.selected = Some(command).filter(|c| Some(c) != next);
    }
}
