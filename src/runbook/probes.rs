//! What can be watched, by what a document says: its health checks, its database, its services, its paths.
//!
//! Nothing here is run by itself. Start lists what is derived, with the line it comes from, and whoever starts
//! the run accepts it.

mod command;
mod database;
mod docker;
mod document;
mod host;
mod http;
mod kind;
mod looked;
mod probe;
mod prometheus;
mod redis;
mod source;
mod systemd;
mod tcp;

use super::model::{Environment, Runbook};

pub use command::{CommandProbe, Judge};
pub use database::{Database, Query};
pub use docker::Docker;
use document::Document;
pub use host::Host;
pub use http::{HEALTH_PATHS, HttpRequest};
pub use kind::{Credential, TIMEOUT_MS};
use looked::Looked;
pub use probe::{Probe, ProbeId};
pub use prometheus::Prometheus;
pub use redis::Redis;
pub use source::Source;
pub use systemd::Systemd;
pub use tcp::Tcp;

/// The probes of a document in an environment, in the order in which they are shown.
pub fn probes(runbook: &Runbook, environment: Option<&Environment>, production: bool) -> Vec<Probe> {
    let document = Document { runbook, environment, production, seen: Looked::at(runbook) };
    Source::derived(&document).into_iter().map(Probe::from).collect()
}

#[cfg(test)]
mod tests;
