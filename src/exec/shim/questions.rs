//! What a shell was asked and has not answered. It answers in order.

use std::collections::VecDeque;

use super::message::FromShim;
use crate::mask::Masker;
use crate::runbook::CommandId;

/// Open questions, those for values and those by scripts.
#[derive(Default)]
pub(super) struct Questions {
    values: VecDeque<CommandId>,
    scripts: VecDeque<String>,
}

impl Questions {
    /// Values were asked for a command.
    pub(super) fn values_for(&mut self, command: CommandId) {
        self.values.push_back(command);
    }

    /// A script was handed over whose answer is known by this name.
    pub(super) fn script(&mut self, name: String) {
        self.scripts.push_back(name);
    }

    /// Values have come; nothing is told where nobody asked.
    pub(super) fn valued(&mut self, values: Vec<(String, String)>, masker: &Masker) -> Option<FromShim> {
        let command = self.values.pop_front()?;
        let values = values.into_iter().map(|(name, value)| (name, masker.text(&value))).collect();
        Some(FromShim::Evaluated { command, values })
    }

    /// What a script printed.
    pub(super) fn answered(&mut self, output: String) -> Option<FromShim> {
        let name = self.scripts.pop_front()?;
        Some(FromShim::Answered { name, output: Some(output) })
    }

    /// The shell that was asked for values has gone.
    pub(super) fn forget_values(&mut self) {
        self.values.clear();
    }

    /// The shell that was asked has gone: whoever waits for an answer is told that none comes.
    pub(super) fn unanswered(&mut self) -> Vec<FromShim> {
        let scripts = self.scripts.drain(..).map(|name| FromShim::Answered { name, output: None });
        let values = self.values.drain(..).map(|command| FromShim::Evaluated { command, values: vec![] });
        scripts.chain(values).collect()
    }
}
