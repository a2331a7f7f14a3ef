//! Steps, of the deployment and of the way back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::{Block, Command};
use super::ids::StepId;

/// A step or substep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// `3`, `3.2`, `6.2.1`, `rollback.quick`.
    pub id: StepId,
    /// The heading without its number and estimate.
    pub title: String,
    /// How long the document says it takes, in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate_s: Option<u64>,
    /// The title says "optional" or "if …".
    pub optional: bool,
    /// The one of several environments that it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub environment: Option<String>,
    /// Where the heading stands.
    pub line: usize,
    /// The prose under it.
    pub prose: String,
    /// Other sections that its words refer to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refers: Vec<Referred>,
    /// Steps inside it.
    pub substeps: Vec<Step>,
    /// Blocks directly under it.
    pub blocks: Vec<Block>,
}

/// A section that words of a step link to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Referred {
    /// The section's heading.
    pub title: String,
    /// Its line.
    pub line: usize,
}

impl Step {
    /// Adds this step's commands to `found`, its own blocks before its substeps.
    pub(super) fn collect<'a>(&'a self, found: &mut Vec<&'a Command>) {
        found.extend(self.blocks.iter().flat_map(|b| &b.commands));
        self.substeps.iter().for_each(|s| s.collect(found));
    }

    /// The step's commands, those of its substeps included.
    pub fn commands(&self) -> Vec<&Command> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }
}
