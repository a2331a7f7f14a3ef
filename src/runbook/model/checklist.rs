//! Check items in their groups, and when each group is due.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::Command;
use super::ids::{CommandId, ItemId, StepId};

/// A group of check items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checklist {
    /// `check.infrastructure`.
    pub id: StepId,
    /// The group's heading.
    pub title: String,
    /// The one of several environments that it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub environment: Option<String>,
    /// When its items have to be so.
    pub due: Due,
    /// Its items.
    pub items: Vec<Item>,
}

/// One `- [ ]` line, or one row of a table of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// `check.infrastructure/3`.
    pub id: ItemId,
    /// Its words, without the box.
    pub text: String,
    /// A command in backticks, which can be run from the item.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<String>,
    /// That command as one that can be run, under the item's id.
    #[serde(skip)]
    pub runs: Option<Box<Command>>,
    /// The words say that it may be left out.
    pub optional: bool,
    /// Its line.
    pub line: usize,
}

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
