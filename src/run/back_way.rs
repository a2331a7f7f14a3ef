//! The commands of going back, in order.

use std::collections::HashMap;

use crate::runbook::CommandId;

/// The commands of going back in their order: those of its procedures, of steps that are taken along, and what was put
/// before one of them.
#[derive(Clone, Debug, Default)]
pub(super) struct BackWay {
    pub(super) ids: Vec<CommandId>,
    pub(super) at: HashMap<CommandId, usize>,
}

impl BackWay {
    pub(super) fn add(&mut self, id: &CommandId) {
        self.at.entry(id.clone()).or_insert(self.ids.len());
        self.ids.push(id.clone());
    }
}
