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

/// A row of the targets table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// What is measured.
    pub metric: String,
    /// What is aimed at.
    pub target: Option<Threshold>,
    /// What is still acceptable.
    pub acceptable: Option<Threshold>,
    /// What raises an alert.
    pub alert: Option<Threshold>,
    /// Its line.
    pub line: usize,
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
