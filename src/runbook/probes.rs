//! What can be watched, by what a document says: its health checks, its database, its services, its paths.
//!
//! Nothing here is run by itself. Start lists what is derived, with the line it comes from, and whoever starts
//! the run accepts it.

mod curl;
mod database;
mod docker;
mod host;
mod looked;
mod probe;

use super::model::{Environment, Runbook};

pub use curl::HEALTH_PATHS;
pub use database::from_uri as database_of;
use looked::Looked;
pub use probe::{Credential, Database, HttpRequest, Probe, ProbeId, Source, TIMEOUT_MS};

/// The probes of a document in an environment, in the order in which they are shown.
pub fn probes(runbook: &Runbook, environment: Option<&Environment>, production: bool) -> Vec<Probe> {
    let seen = Looked::at(runbook);
    let mut found = vec![host::probe(&seen)];
    found.extend(docker::probe(&seen));
    found.extend(database::probes(&seen, runbook, environment, production));
    found.extend(curl::probes(&seen, runbook, environment));
    found
}

#[cfg(test)]
mod tests;
