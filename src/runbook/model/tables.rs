//! Rows of tables whose columns have a meaning, links, and the template of the log.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::span::Line;

/// One row of the environments table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its address, where the table has one.
    pub url: Option<String>,
    /// Ports by column title.
    pub ports: BTreeMap<String, u16>,
    /// The row's line; 0 where the document has no environments.
    pub line: usize,
}

/// What a document says a metric has to be: a row of a table, or a sentence with a bound.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// What is measured.
    pub metric: String,
    /// What is aimed at.
    pub target: Option<Threshold>,
    /// What is still acceptable.
    pub acceptable: Option<Threshold>,
    /// What raises an alert.
    pub alert: Option<Threshold>,
    /// Seconds for which it has to be beyond its bounds before that counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub for_s: Option<u64>,
    /// What the document says to do then.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub action: Option<String>,
    /// The expression of a monitoring system that measures it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub query: Option<String>,
    /// Where it is said.
    #[serde(skip_serializing_if = "Said::is_table", default)]
    pub said: Said,
    /// Its line.
    pub line: usize,
}

/// Where a document says what a metric has to be. A table of bounds means them; what a sentence says is judged only once
/// somebody has agreed to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A row of a table of metrics.
    #[default]
    Table,
    /// A criterion of success.
    Criterion,
    /// A reason to roll back.
    Trigger,
    /// A line of the monitoring.
    Monitoring,
    /// A line that says what is healthy, or when to alert.
    Line,
}

impl Said {
    /// Whether it is a row of a table of metrics.
    pub fn is_table(&self) -> bool {
        *self == Said::Table
    }

    /// What it is, beside its line.
    pub fn says(self) -> &'static str {
        match self {
            Said::Table => "a row of the targets",
            Said::Criterion => "a criterion of success",
            Said::Trigger => "a reason to roll back",
            Said::Monitoring => "a line of the monitoring",
            Said::Line => "a line with a bound",
        }
    }
}

/// A bound: `< 500ms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Threshold {
    /// `<`, `<=`, `>`, `>=` or `=`.
    pub op: String,
    /// The number as written.
    pub value: f64,
    /// The unit as written, or empty.
    pub unit: String,
}

/// A row of a contacts table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// What they answer for.
    pub role: String,
    /// Who.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// The row's line.
    pub line: usize,
}

/// A link of the references section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// The link's text.
    pub title: String,
    /// Where it leads.
    pub target: String,
    /// Its line.
    pub line: usize,
}

/// The deployment log's template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogTemplate {
    /// The line of its fence or heading.
    pub line: usize,
    /// The first line of its text.
    pub text_line: usize,
    /// The template as it stands, line by line.
    pub text: String,
    /// Lines with a blank, a placeholder or a field of the run.
    pub items: Vec<Line>,
}
