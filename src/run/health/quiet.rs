//! What is down because a step stopped it is no alert.

use super::{Health, RowId};
use crate::run::state::RunState;
use crate::runbook::CommandId;
use crate::runbook::probes::Source;

/// The command that stopped what a row is about, while nothing has started it again.
///
/// 1. A container is stopped by a command that names it, or that names no container at all.
/// 2. An address is quiet while anything is stopped: nobody can tell from an address who answers there.
/// 3. A database is quiet when everything was stopped, or its host's name was.
pub fn quiet(state: &RunState, health: &Health, row: &RowId) -> Option<CommandId> {
    let stopped = state.stopped()?;
    let probe = health.watch.probe_of(row)?;
    let words: Vec<&str> = stopped.text.split(|c: char| c.is_whitespace() || c == ';').collect();
    let services = health.watch.probes.iter().filter_map(|p| match &p.source {
        Source::Docker(docker) => Some(docker.services.iter().chain(&docker.containers)),
        _ => None,
    });
    let named: Vec<&String> = services.flatten().filter(|s| words.contains(&s.as_str())).collect();
    let all = named.is_empty();
    let is = match (&probe.source, row) {
        (Source::Docker { .. }, RowId::Subject(_, name)) => all || named.contains(&name),
        (Source::Http(_), _) => true,
        (Source::Postgres(database), _) => {
            all || database.host.as_ref().is_some_and(|host| named.contains(&host))
        }
        (Source::Sql(query), _) => {
            all || query.database.host.as_ref().is_some_and(|host| named.contains(&host))
        }
        _ => false,
    };
    is.then(|| stopped.command.clone())
}
