//! Runs before the one that is shown, and what is known from them.

use std::collections::BTreeMap;

use crate::record::history::Past;
use crate::store::RunSummary;
use crate::tui::opening::Opening;

/// What is known from earlier runs.
#[derive(Debug)]
pub struct Earlier {
    /// The runs.
    pub runs: Vec<RunSummary>,
    /// What was answered the last time, by environment in lower case.
    pub remembered: BTreeMap<String, BTreeMap<String, String>>,
    /// The unfinished run of this document.
    pub unfinished: Option<String>,
    /// What finished runs say about the steps.
    pub past: Past,
}

impl Earlier {
    pub(super) fn new(opening: &Opening) -> Self {
        Self {
            runs: opening.before.clone(),
            remembered: opening.remembered.clone(),
            unfinished: opening.run.as_ref().map(|r| r.id().0.clone()),
            past: Past::default(),
        }
    }

    /// The unfinished run, where it holds this environment.
    pub fn holds(&self, environment: &str) -> Option<&str> {
        let unfinished = self.unfinished.as_deref()?;
        let holds = self.runs.iter().any(|r| r.id.0 == unfinished && r.environment == environment);
        holds.then_some(unfinished)
    }

    /// Whether a document of this title was run to an end in this environment.
    pub fn has_finished(&self, title: &str, environment: &str) -> bool {
        let mut here = self.runs.iter().filter(|r| r.environment.eq_ignore_ascii_case(environment));
        here.any(|r| r.title == title && r.outcome.is_some())
    }
}
