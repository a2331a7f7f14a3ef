//! What probes saw, as samples, and how the rows that show it are named.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::level::Level;
use super::reason::{Reason, Unseen};
use super::series::Point;
use crate::runbook::measures::Measure;
use crate::runbook::probes::ProbeId;

/// What a probe saw at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The probe.
    pub probe: ProbeId,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// What it saw, or why it saw nothing.
    pub seen: Seen,
}

/// What a probe saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Nothing, for this reason.
    Nothing(Unseen),
    /// These.
    Subjects(Vec<Subject>),
    /// How a figure was before anybody looked, the oldest first: what a source keeps by itself.
    Earlier(Measure, Vec<Point>),
}

impl Seen {
    /// That nothing was seen, for this reason, in these words.
    pub fn nothing(reason: Reason, words: impl Into<String>) -> Self {
        Seen::Nothing(Unseen::new(reason, words))
    }
}

/// One thing that a probe looks at: a container, a disk, an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Its name; empty where the probe looks at one thing only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How it is by itself, where that can be said; targets come on top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Why it is so, where it could not be asked or nobody answered; then it has the level of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Its state in a word or two: `healthy`, `200`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// What else is known, short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Measured>,
    /// Lines to read: recent errors, rows of a query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

impl Subject {
    /// One that could not be asked, or that did not answer: its level is that of the reason.
    pub fn unseen(name: &str, unseen: Unseen) -> Self {
        Self {
            name: name.to_owned(),
            level: unseen.level(),
            reason: Some(unseen.reason),
            state: unseen.reason.word().to_owned(),
            about: unseen.words,
            ..Self::default()
        }
    }
}

/// One measured value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// What.
    pub measure: Measure,
    /// In the measure's unit.
    pub value: f64,
    /// Of how many samples, where it is of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
}

impl Measured {
    /// One value of one sample.
    pub fn one(measure: Measure, value: f64) -> Self {
        Self { measure, value, n: None }
    }
}

/// Where a figure comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Figure {
    /// The probe.
    pub probe: ProbeId,
    /// What it looks at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What is measured.
    pub measure: Measure,
}

/// Names a row: a metric of the targets table, or what a probe looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowId {
    /// A row of the targets table, by its metric.
    Target(String),
    /// What a probe looks at, by its name.
    Subject(ProbeId, String),
}

impl std::fmt::Display for RowId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RowId::Target(metric) => f.pad(metric),
            RowId::Subject(probe, name) if name.is_empty() => f.pad(&probe.0),
            RowId::Subject(_, name) => f.pad(name),
        }
    }
}
