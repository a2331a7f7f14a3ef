//! A probe: what it is called, what it asks, and how often.

use serde::{Deserialize, Serialize};

use super::kind::Derived;
use super::source::Source;

/// Names a probe: `host`, `docker`, `postgres`, `http.1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProbeId(pub String);

impl From<Derived<Source>> for Probe {
    fn from(derived: Derived<Source>) -> Self {
        let Derived { id, title, source, line, every_s, timeout_ms, on, cost } = derived;
        Self { id: ProbeId(id), title, source, line, every_s, timeout_ms, on, cost }
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
