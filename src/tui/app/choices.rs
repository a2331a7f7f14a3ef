//! What there is to choose on Rollback and Troubleshoot, by the run as it is.

use crate::run::rollback::{self, Board};
use crate::run::trouble;
use crate::run::{Next, RunState, flow};
use crate::runbook::{CommandId, Problem, StepId};
use crate::tui::app::App;
use crate::tui::screens::problems::ProblemRow;
use crate::tui::screens::rollback::RollbackRow;

impl App {
    /// The procedures that would be gone through.
    pub fn back_chosen(&self) -> Vec<StepId> {
        match self.run.as_ref().and_then(RunState::going_back) {
            Some(back) if self.going_back() => back.decided.procedures.clone(),
            _ if self.screens.rollback.chosen.is_empty() => rollback::usual(&self.book.runbook),
            _ => self.screens.rollback.chosen.clone(),
        }
    }

    /// Whether the run goes back now.
    pub fn going_back(&self) -> bool {
        self.run.as_ref().is_some_and(RunState::goes_back)
    }

    /// All there is to know before going back, once it was looked at.
    pub fn back_board(&self) -> Option<Board> {
        let (run, found) = (self.run.as_ref()?, self.screens.rollback.found.as_ref()?);
        let outside = (self.health.as_ref(), chrono::Utc::now());
        Some(rollback::board(run, &self.back_chosen(), found, outside))
    }

    /// The rows of Rollback that can be chosen, from the top.
    pub fn back_rows(&self, board: Option<&Board>) -> Vec<RollbackRow> {
        let Some(run) = &self.run else { return vec![] };
        if self.going_back() {
            return rollback::offered(run).into_iter().map(|s| RollbackRow::Again(s.id.clone())).collect();
        }
        let triggers = self.book.runbook.rollback.triggers.iter();
        let mut rows: Vec<RollbackRow> = triggers.map(|t| RollbackRow::Trigger(t.line)).collect();
        let procedures: Vec<StepId> =
            rollback::procedures(&self.book.runbook).map(|s| s.id.clone()).collect();
        if procedures.len() > 1 {
            rows.extend(procedures.into_iter().map(RollbackRow::Procedure));
        }
        for obstacle in board.into_iter().flat_map(|b| &b.obstacles) {
            rows.extend(obstacle.wants.clone().map(RollbackRow::Answer));
            rows.extend(obstacle.ways.iter().map(|w| RollbackRow::Way(obstacle.command.clone(), w.clone())));
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
    pub fn trouble_rows(&self) -> Vec<ProblemRow<'_>> {
        let fitting = self.run.as_ref().zip(self.troubled()).map_or(&[][..], |(r, id)| r.recognised(&id));
        let why = |p: &Problem| fitting.iter().find(|r| r.problem == p.id).map_or(vec![], |r| r.why.clone());
        let mut problems = trouble::search(&self.book.runbook, &self.screens.problems.typed);
        problems.sort_by_key(|p| fitting.iter().position(|r| r.problem == p.id).unwrap_or(usize::MAX));
        let mut rows = Vec::new();
        for problem in problems {
            rows.push(ProblemRow::Problem(problem, why(problem)));
            rows.extend(trouble::hints(problem).into_iter().map(ProblemRow::Hint));
            rows.extend(trouble::commands(problem).map(|c| ProblemRow::Command(&c.id)));
        }
        rows
    }
}
