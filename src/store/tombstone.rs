//! What stays of a run that was removed: enough to know that it was there, and to check a copy of it that lies elsewhere.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::run::{Outcome, RunId, SignRole};

/// A run that `gonogo prune` has removed, as a line of `pruned.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The run.
    pub run: RunId,
    /// Its document's title.
    pub title: String,
    /// The environment.
    pub environment: String,
    /// Who ran it.
    pub operator: String,
    /// When it started.
    pub started: Option<DateTime<Utc>>,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// SHA-256 of the document's bytes.
    pub document: String,
    /// How many events there were.
    pub events: u64,
    /// SHA-256 of the line of the last of them, as an archive's `verify --head` takes it.
    pub head: String,
    /// Who had signed.
    pub signed: Vec<(SignRole, String)>,
    /// When it was removed.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}
