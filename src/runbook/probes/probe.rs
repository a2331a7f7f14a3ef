//! A probe: what it is called, what it asks, and how often.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// `GET`, `POST`.
    pub method: String,
    /// The address.
    pub url: String,
    /// Headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What the document expects of the answer: JSON that holds at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// Paths to try where the address's own is not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// It is made to measure how long an answer takes, and stands for the service's latency.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub measures: bool,
}
