//! A probe: what it is called, what it asks, and how often.

use serde::{Deserialize, Serialize};

use super::source::Source;

/// Names a probe: `host`, `docker`, `postgres`, `http.1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProbeId(pub String);

impl Probe {
    /// A probe of a document's line, as most are: on, with the usual timeout, and its title of its own.
    pub(super) fn at(id: &str, title: String, source: Source, (line, every_s): (usize, u64)) -> Self {
        let id = ProbeId(id.to_owned());
        Self { id, title, source, line, every_s, timeout_ms: TIMEOUT_MS, on: true, cost: None }
    }
}

impl std::fmt::Display for ProbeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Something that measures health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Its name.
    pub id: ProbeId,
    /// What it is called on screens.
    pub title: String,
    /// What is asked.
    pub source: Source,
    /// The line of the document it comes from; 0 where it comes from elsewhere.
    pub line: usize,
    /// Seconds between two samples.
    pub every_s: u64,
    /// After so many milliseconds there is no answer.
    pub timeout_ms: u64,
    /// It is sampled.
    pub on: bool,
    /// What it costs, where that is more than a look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
}

/// Where a secret is to be had. The secret itself stands in no file of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// The first line of a file.
    File(String),
    /// The first line of what a command prints.
    Command(String),
}

/// How long a probe waits, unless something else is said.
pub const TIMEOUT_MS: u64 = 2000;
