//! Rollback: what was chosen for it before it begins, and what there is to choose.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::collections::BTreeMap;

use crate::run::rollback::{Found, WayOut};
use crate::runbook::{CommandId, StepId};

/// What was chosen for going back, before it begins.
#[derive(Clone, Debug, Default)]
pub struct RollbackState {
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
pub enum RollbackRow {
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
