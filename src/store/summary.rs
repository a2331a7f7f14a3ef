//! What a list of runs tells of each, and which are listed.

use chrono::{DateTime, Utc};

use crate::run::event::Start;
use crate::run::{Event, Outcome, Record, RunId};

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

impl RunSummary {
    /// One of which only the name is known.
    pub(super) fn unreadable(id: RunId) -> Self {
        Self {
            id,
            title: "can't be read".into(),
            document: String::new(),
            environment: String::new(),
            operator: String::new(),
            started: None,
            last: None,
            outcome: None,
            sha256: String::new(),
        }
    }

    /// What the first event of a run tells of it, and what came last; nothing where that event began no run.
    pub(super) fn of(
        id: RunId,
        first: Record,
        last: Option<DateTime<Utc>>,
        outcome: Option<Outcome>,
    ) -> Option<Self> {
        let Event::RunStarted(start) = first.event else { return None };
        let Start { title, document, environment, operator, sha256, .. } = start;
        Some(Self {
            id,
            title,
            document,
            environment,
            operator,
            started: Some(first.at),
            last,
            outcome,
            sha256,
        })
    }
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
        let named = |name: &String| run.environment.trim().to_lowercase() == name.to_lowercase();
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
