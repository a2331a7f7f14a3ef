//! What is known of a command: how it is run, and what it does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Runs in a live pane and ends by itself with an exit status.
    Run,
    /// Takes the keyboard until it exits: editors, pagers, database prompts.
    Interactive,
    /// Changes where what follows runs: `ssh host`, `sudo -i`, `docker exec -it … bash`, `exit`.
    Place,
    /// Goes on until its expected lines were seen or the operator ends it.
    Follow,
    /// Nothing to execute: the operator does it and says so.
    Manual,
}

/// What a command does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Known to change nothing.
    Reads,
    /// Changes something, or is not known not to.
    Changes,
    /// Loses data or stops a whole service.
    Destructive,
}

/// What a command's text says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classified {
    /// How it is run.
    pub kind: Kind,
    /// What it does.
    pub effect: Effect,
    /// Whether its output will hold credentials.
    pub sensitive: bool,
}
