//! Rollback and Troubleshoot: where each is looked at, and what was chosen.

use std::collections::BTreeMap;

use crate::run::rollback::{Found, WayOut};
use crate::run::trouble::Hint;
use crate::runbook::{CommandId, Problem, StepId};

/// What was chosen for going back, before it begins.
#[derive(Clone, Debug, Default)]
pub struct Back {
    /// What is there to go back with, once that was looked at.
    pub found: Option<Found>,
    /// The screens open on it.
    pub opens: bool,
    /// The row at the cursor, of those that can be chosen.
    pub row: usize,
    /// Rows scrolled down from where the cursor is in view.
    pub scrolled: usize,
    /// The line of the trigger that holds.
    pub trigger: Option<usize>,
    /// The procedures that are gone through; none stands for the usual one.
    pub chosen: Vec<StepId>,
    /// What is done about what stands in the way.
    pub ways: BTreeMap<CommandId, WayOut>,
}

/// A row of Rollback that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackRow {
    /// A trigger, by its line.
    Trigger(usize),
    /// A procedure, where there are several.
    Procedure(StepId),
    /// A value to be answered, by its name.
    Answer(String),
    /// A way out, by its command.
    Way(CommandId, WayOut),
    /// A step to go through again afterwards.
    Again(StepId),
}

/// Where Troubleshoot is looked at.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    /// The row at the cursor.
    pub row: usize,
    /// What is searched for.
    pub typed: String,
}

/// A row of Troubleshoot.
#[derive(Clone, Debug, PartialEq)]
pub enum TroubleRow<'r> {
    /// A problem, with why it is offered.
    Problem(&'r Problem, Vec<String>),
    /// A remark that is a choice.
    Hint(Hint),
    /// A command of the problem above.
    Command(&'r CommandId),
}
