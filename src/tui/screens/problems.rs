//! Problems: the document's known problems, those that fit the failure first, with their commands and remarks.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::run::trouble::Hint;
use crate::runbook::{CommandId, Problem};

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
pub enum ProblemRow<'r> {
    /// A problem, with why it is offered.
    Problem(&'r Problem, Vec<String>),
    /// A remark that is a choice.
    Hint(Hint),
    /// A command of the problem above.
    Command(&'r CommandId),
}
