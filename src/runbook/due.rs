//! When a check item is due: items belong to where they stand in the document.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{CommandId, Runbook, StepId};

/// When the items of a checklist have to be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Due {
    /// Before the first change.
    #[default]
    Start,
    /// Before this command runs.
    Before {
        /// The command.
        command: CommandId,
    },
    /// After the commands of this step.
    After {
        /// The step.
        step: StepId,
    },
    /// At the end of the run, before it is signed off.
    End,
}

impl Due {
    /// The index among the steps' commands before which the items are due; their number where that is the end.
    pub fn index(&self, runbook: &Runbook) -> usize {
        let commands = runbook.step_commands();
        let position = |id: &CommandId| commands.iter().position(|c| &c.id == id);
        match self {
            Due::Start => 0,
            Due::Before { command } => position(command).unwrap_or(0),
            Due::After { step } => {
                let Some(step) = runbook.all_steps().into_iter().find(|s| &s.id == step) else {
                    return commands.len();
                };
                let last = step.commands().last().and_then(|c| position(&c.id));
                // A step without a command is where the document has it.
                let below = || commands.iter().position(|c| c.span.line > step.line);
                last.map(|at| at + 1).or_else(below).unwrap_or(commands.len())
            }
            Due::End => commands.len(),
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Due::Start => f.write_str("before the first change"),
            Due::Before { command } => write!(f, "before {command}"),
            Due::After { step } => write!(f, "after step {step}"),
            Due::End => f.write_str("at the end"),
        }
    }
}
