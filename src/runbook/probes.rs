//! What can be watched, by what a document says: its health checks, its database, its services, its paths.
//!
//! Nothing here is run by itself. Start lists what is derived, with the line it comes from, and whoever starts
//! the run accepts it (DESIGN 9).

mod curl;
mod database;
mod docker;
mod host;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::model::{Command, Environment, Runbook};
use crate::shell::parse::{Simple, parse};

pub use curl::{HEALTH_PATHS, HttpRequest};
pub use database::from_uri as database_of;

/// Names a probe: `host`, `docker`, `postgres`, `http.1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProbeId(pub String);

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

/// Where a probe gets what it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// The machine: processor, memory, room on the disks of these paths.
    Host {
        /// Absolute paths.
        paths: Vec<String>,
    },
    /// Containers of the compose project that has these services, and containers by name.
    Docker {
        /// The compose project, where it is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        project: Option<String>,
        /// Services of it that the document names.
        services: Vec<String>,
        /// Containers that the document names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        containers: Vec<String>,
        /// The engine's address; by default `DOCKER_HOST`, else the usual socket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        engine: Option<String>,
    },
    /// A PostgreSQL server.
    Postgres(Database),
    /// A query of the document, read-only, whose rows are shown.
    Sql {
        /// The server.
        #[serde(flatten)]
        database: Database,
        /// One statement.
        query: String,
    },
    /// An HTTP address.
    Http(HttpRequest),
}

impl Source {
    /// The kind's word.
    pub fn kind(&self) -> &'static str {
        match self {
            Source::Host { .. } => "host",
            Source::Docker { .. } => "docker",
            Source::Postgres(_) => "postgres",
            Source::Sql { .. } => "sql",
            Source::Http(_) => "http",
        }
    }
}

/// A PostgreSQL database and who asks. What is absent is as libpq has it: `PGHOST`, `PGPORT`, …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// The server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Its port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The parameter or variable that holds the password; by default `PGPASSWORD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Where the password is otherwise: a file or a command of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
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

/// The probes of a document in an environment, in the order in which they are shown.
pub fn probes(runbook: &Runbook, environment: Option<&Environment>, production: bool) -> Vec<Probe> {
    let seen = Looked::at(runbook);
    let mut found = vec![host::probe(&seen)];
    found.extend(docker::probe(&seen));
    found.extend(database::probes(&seen, runbook, environment, production));
    found.extend(curl::probes(&seen, runbook, environment));
    found
}

/// A port as it is in the chosen environment: where the environments' table has it in one column, the value
/// of that column there.
fn port_in(runbook: &Runbook, environment: Option<&Environment>, port: u16) -> u16 {
    let columns: BTreeSet<&String> = runbook
        .environments
        .iter()
        .flat_map(|e| e.ports.iter().filter(|(_, p)| **p == port).map(|(name, _)| name))
        .collect();
    let mut columns = columns.into_iter();
    let (Some(column), None) = (columns.next(), columns.next()) else { return port };
    environment.and_then(|e| e.ports.get(column)).copied().unwrap_or(port)
}

/// The simple commands of a document, each with the command it stands in.
struct Looked<'r> {
    simples: Vec<(&'r Command, Simple)>,
}

impl<'r> Looked<'r> {
    fn at(runbook: &'r Runbook) -> Self {
        let commands = runbook.all_commands();
        let simples = commands.into_iter().flat_map(|c| {
            let found = parse(&c.text).map(|p| p.simples).unwrap_or_default();
            found.into_iter().map(move |s| (c, s))
        });
        Self { simples: simples.collect() }
    }

    /// Those that call one of the programs, `sudo` and `time` in front of them left out.
    fn of<'s>(&'s self, programs: &'s [&str]) -> impl Iterator<Item = (&'r Command, Simple)> + 's {
        self.simples.iter().filter_map(move |(command, simple)| {
            let at = simple
                .words
                .iter()
                .take(3)
                .position(|w| programs.contains(&w.rsplit('/').next().unwrap_or(w)))?;
            let before = &simple.words[..at];
            if !before
                .iter()
                .all(|w| ["sudo", "time", "timeout", "nice"].contains(&w.as_str()) || w.starts_with('-'))
            {
                return None;
            }
            let words = simple.words[at..].to_vec();
            Some((*command, Simple { words, ..simple.clone() }))
        })
    }
}

/// Whether a word stands for itself: no expansion, no placeholder, nothing left open.
fn literal(word: &str) -> bool {
    !word.is_empty() && !word.contains(['$', '`', '<', '>', '*', '\n'])
}

#[cfg(test)]
mod tests;
