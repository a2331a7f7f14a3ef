//! What a list of runs tells of each, and which are listed.

use chrono::{DateTime, Utc};

use crate::run::{Outcome, RunId};

/// One line of `gonogo runs`.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// The run.
    pub id: RunId,
    /// The document's title.
    pub title: String,
    /// The document's path as given.
    pub document: String,
    /// The environment.
    pub environment: String,
    /// Who ran it.
    pub operator: String,
    /// When it started.
    pub started: Option<DateTime<Utc>>,
    /// When its last event was.
    pub last: Option<DateTime<Utc>>,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// SHA-256 of the document's bytes.
    pub sha256: String,
}

/// Which runs are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those in an environment of this name.
    pub environment: Option<String>,
    /// Those without an outcome.
    pub unfinished: bool,
    /// So many of them, the latest.
    pub most: Option<usize>,
}

impl Filter {
    /// Whether a run is one of those, but for how many there are.
    pub(super) fn fits(&self, run: &RunSummary) -> bool {
        let named = |name: &String| run.environment.eq_ignore_ascii_case(name);
        self.environment.as_ref().is_none_or(named)
            && (!self.unfinished || run.outcome.is_none() && run.started.is_some())
    }

    /// Those of these that fit, the latest first.
    pub(super) fn of(&self, mut runs: Vec<RunSummary>) -> Vec<RunSummary> {
        runs.retain(|run| self.fits(run));
        runs.sort_by_key(|r| std::cmp::Reverse(r.last));
        runs.truncate(self.most.unwrap_or(usize::MAX));
        runs
    }
}
