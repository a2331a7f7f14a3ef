//! Folds what becomes of the question about variables without a value.

use crate::run::event::Event;
use crate::run::state::RunState;
use crate::runbook::CommandId;

impl RunState {
    /// Called for each event.
    pub(super) fn fold_unset(&mut self, event: &Event) {
        match event {
            Event::UnsetFound { command, names } => {
                self.unset.asks = Some((command.clone(), names.clone()));
                self.touch(command);
            }
            // What was drawn with the question is what runs: nothing else has changed.
            Event::UnsetAnswered { command, runs } => {
                let asked = self.unset.asks.take_if(|(id, _)| id == command);
                if let Some((id, names)) = asked.filter(|_| *runs) {
                    self.unset.accepted.entry(id).or_default().extend(names);
                }
            }
            Event::ParameterSet { name, .. } | Event::ValueCaptured { name, .. } => self.has_value(name),
            Event::CommandStarted { command, .. }
            | Event::CommandSkipped { command, .. }
            | Event::CommandMarkedDone { command, .. }
            | Event::CommandEdited { command, .. } => self.settle_unset(command),
            Event::RollbackBegun(_) | Event::RollbackCalledOff { .. } | Event::RunFinished { .. } => {
                self.unset.asks = None;
            }
            _ => {}
        }
    }

    fn has_value(&mut self, name: &str) {
        if let Some((_, names)) = &mut self.unset.asks {
            names.retain(|known| known != name);
            if names.is_empty() {
                self.unset.asks = None;
            }
        }
    }

    fn settle_unset(&mut self, command: &CommandId) {
        self.unset.asks.take_if(|(id, _)| id == command);
    }
}
