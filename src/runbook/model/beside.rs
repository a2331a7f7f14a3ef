//! What stands beside the steps: monitoring, the way back, known problems, criteria of success.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::checklist::Item;
use super::command::Block;
use super::ids::StepId;
use super::span::Line;
use super::step::Step;

/// A monitoring window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Monitoring {
    /// `monitor.1`.
    pub id: StepId,
    /// Its heading.
    pub title: String,
    /// Seconds between rounds.
    pub every_s: Option<u64>,
    /// How long it lasts, in seconds.
    pub for_s: Option<u64>,
    /// What is looked at in each round.
    pub items: Vec<Item>,
    /// Commands and queries for it.
    pub blocks: Vec<Block>,
    /// Its line.
    pub line: usize,
}

/// The rollback section.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rollback {
    /// When to roll back.
    pub triggers: Vec<Line>,
    /// The procedure.
    pub steps: Vec<Step>,
    /// How to see that it worked.
    pub verification: Vec<Block>,
    /// The section's line; 0 where there is none.
    pub line: usize,
}

/// One known problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `trouble.2`.
    pub id: StepId,
    /// What is seen.
    pub problem: String,
    /// Blocks that look.
    pub check: Vec<Block>,
    /// Blocks that mend.
    pub solution: Vec<Block>,
    /// Its line.
    pub line: usize,
}

/// One criterion of success.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Criterion {
    /// `success.1`.
    pub id: StepId,
    /// Its words.
    pub text: String,
    /// Blocks under it.
    pub blocks: Vec<Block>,
    /// Its line.
    pub line: usize,
}
