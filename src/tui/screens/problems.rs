//! Problems: the document's known problems, those that fit the failure first, with their commands and remarks.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::run::trouble::{self, Hint, Recognised};
use crate::runbook::{CommandId, Problem, Runbook};

/// Where it is looked at.
#[derive(Clone, Debug, Default)]
pub struct ProblemsState {
    /// The row at the cursor.
    pub row: usize,
    /// What is searched for.
    pub typed: String,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemRow {
    /// A problem with its line, and why it is offered.
    Problem(String, usize, Vec<String>),
    /// A remark that is a choice.
    Hint(Hint),
    /// A command of the problem above.
    Command(CommandId),
}

/// The rows: problems that fit the failure first, each with its remarks and commands.
pub fn rows(runbook: &Runbook, typed: &str, fitting: &[Recognised]) -> Vec<ProblemRow> {
    let fits = |problem: &Problem| fitting.iter().position(|known| known.problem == problem.id);
    let mut problems = trouble::search(runbook, typed);
    problems.sort_by_key(|problem| fits(problem).unwrap_or(usize::MAX));
    let mut rows = Vec::new();
    for problem in problems {
        let why = fits(problem).and_then(|at| fitting.get(at)).map_or(vec![], |known| known.why.clone());
        rows.push(ProblemRow::Problem(problem.problem.clone(), problem.line, why));
        rows.extend(trouble::hints(problem).into_iter().map(ProblemRow::Hint));
        rows.extend(trouble::commands(problem).map(|command| ProblemRow::Command(command.id.clone())));
    }
    rows
}
