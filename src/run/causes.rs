//! Which of what ran may be why something is shown as it is: looked for with every command of which something is expected.

use std::collections::{BTreeMap, BTreeSet};

use crate::runbook::CommandId;

/// What changed something with success, by its place among all that ran.
#[derive(Clone, Debug, Default)]
pub(super) struct Causes {
    /// By the number of the step.
    in_steps: BTreeMap<String, BTreeSet<usize>>,
    /// What started something.
    starts: BTreeSet<usize>,
}

impl Causes {
    pub(super) fn add(&mut self, at: usize, command: &CommandId, starts: bool) {
        self.in_steps.entry(step(command).to_owned()).or_default().insert(at);
        self.starts.extend(starts.then_some(at));
    }

    /// The last change of a command's step, or what started something after that, of those that may be it.
    pub(super) fn last(&self, command: &CommandId, may_be: impl Fn(usize) -> bool) -> Option<usize> {
        let in_step = self.in_steps.get(step(command)).into_iter().flatten().rev();
        let in_step = in_step.copied().find(|at| may_be(*at));
        let start = self.starts.iter().rev().copied().find(|at| may_be(*at));
        in_step.max(start)
    }
}

fn step(id: &CommandId) -> &str {
    id.0.split('/').next().unwrap_or_default()
}
