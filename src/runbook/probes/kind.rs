//! What every kind of source says of itself.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use crate::runbook::measures::Measure;

/// One kind of source.
pub(super) trait Kind: Sized {
    /// The kind's word.
    const NAME: &'static str;
    /// The names of its settings.
    const SETTINGS: &'static [&'static str];

    /// The probes of this kind that a document tells of.
    fn derive(document: &Document<'_>) -> Vec<Derived<Self>>;

    /// A probe of the settings' own, where they say that it is of this kind.
    fn made(said: &Table) -> Option<Self>;

    /// Puts what the settings say over what the document says.
    fn change(&mut self, said: &Table) -> Result<(), String>;

    /// What it can tell of its whole, as targets speak of it.
    fn measures(&self) -> &'static [Measure];

    /// Where its secret is, where that is not by name.
    fn credential(&self) -> Option<&Credential> {
        None
    }
}

/// A probe as one kind derives it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Derived<K> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) source: K,
    pub(super) line: usize,
    pub(super) every_s: u64,
    pub(super) timeout_ms: u64,
    pub(super) on: bool,
    pub(super) cost: Option<String>,
}

impl<K> Derived<K> {
    /// One of a document's line, as most are: on, with the usual timeout.
    pub(super) fn at(id: &str, title: String, source: K, (line, every_s): (usize, u64)) -> Self {
        Self { id: id.to_owned(), title, source, line, every_s, timeout_ms: TIMEOUT_MS, on: true, cost: None }
    }

    /// The same with its source as one of all kinds.
    pub(super) fn of<S>(self, source: impl FnOnce(K) -> S) -> Derived<S> {
        let Self { id, title, source: own, line, every_s, timeout_ms, on, cost } = self;
        Derived { id, title, source: source(own), line, every_s, timeout_ms, on, cost }
    }
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

/// The settings of a kind, as its own structure has them; what it does not know is told.
pub(super) fn settings<T: serde::de::DeserializeOwned>(said: &Table) -> Result<T, String> {
    said.clone()
        .try_into()
        .map_err(|error: toml::de::Error| error.message().split_whitespace().collect::<Vec<_>>().join(" "))
}
