//! Rollback and Troubleshoot: where each is looked at, and what was chosen.

use std::collections::BTreeMap;

use super::App;
use crate::run::rollback::{self, Board, Found, WayOut};
use crate::run::trouble::{self, Hint};
use crate::run::{Next, RunState, flow};
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

impl App {
    /// The procedures that would be gone through.
    pub fn back_chosen(&self) -> Vec<StepId> {
        match self.run.as_ref().and_then(RunState::going_back) {
            Some(back) if self.going_back() => back.decided.procedures.clone(),
            _ if self.back.chosen.is_empty() => rollback::usual(&self.runbook),
            _ => self.back.chosen.clone(),
        }
    }

    /// Whether the run goes back now.
    pub fn going_back(&self) -> bool {
        self.run.as_ref().is_some_and(RunState::goes_back)
    }

    /// All there is to know before going back, once it was looked at.
    pub fn back_board(&self) -> Option<Board> {
        let (run, found) = (self.run.as_ref()?, self.back.found.as_ref()?);
        let outside = (self.health.as_ref(), chrono::Utc::now());
        Some(rollback::board(run, &self.back_chosen(), found, outside))
    }

    /// The rows of Rollback that can be chosen, from the top.
    pub fn back_rows(&self, board: Option<&Board>) -> Vec<BackRow> {
        let Some(run) = &self.run else { return vec![] };
        if self.going_back() {
            return rollback::offered(run).into_iter().map(|s| BackRow::Again(s.id.clone())).collect();
        }
        let triggers = self.runbook.rollback.triggers.iter();
        let mut rows: Vec<BackRow> = triggers.map(|t| BackRow::Trigger(t.line)).collect();
        let procedures: Vec<StepId> = rollback::procedures(&self.runbook).map(|s| s.id.clone()).collect();
        if procedures.len() > 1 {
            rows.extend(procedures.into_iter().map(BackRow::Procedure));
        }
        for obstacle in board.into_iter().flat_map(|b| &b.obstacles) {
            rows.extend(obstacle.wants.clone().map(BackRow::Answer));
            rows.extend(obstacle.ways.iter().map(|w| BackRow::Way(obstacle.command.clone(), w.clone())));
        }
        rows
    }

    /// The command that failed and that problems are looked for.
    pub fn troubled(&self) -> Option<CommandId> {
        match self.run.as_ref().map(flow::next) {
            Some(Next::Failed(id) | Next::Lost(id)) => Some(id),
            _ => None,
        }
    }

    /// The rows of Troubleshoot: problems that fit the failure first, each with its remarks and commands.
    pub fn trouble_rows(&self) -> Vec<TroubleRow<'_>> {
        let fitting = self.run.as_ref().zip(self.troubled()).map_or(&[][..], |(r, id)| r.recognised(&id));
        let why = |p: &Problem| fitting.iter().find(|r| r.problem == p.id).map_or(vec![], |r| r.why.clone());
        let mut problems = trouble::search(&self.runbook, &self.trouble.typed);
        problems.sort_by_key(|p| fitting.iter().position(|r| r.problem == p.id).unwrap_or(usize::MAX));
        let mut rows = Vec::new();
        for problem in problems {
            rows.push(TroubleRow::Problem(problem, why(problem)));
            rows.extend(trouble::hints(problem).into_iter().map(TroubleRow::Hint));
            rows.extend(trouble::commands(problem).map(|c| TroubleRow::Command(&c.id)));
        }
        rows
    }
}
