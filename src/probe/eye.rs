//! What looks: one for each kind of source, with what it keeps between two looks.

use std::time::Duration;

use super::Keys;
use super::docker::Engine;
use super::host::Machine;
use super::http::Address;
use super::postgres::Server;
use crate::run::health::Seen;
use crate::runbook::probes::{Probe, Source};

pub(super) enum Eye {
    Machine(Box<Machine>),
    Engine(Box<Engine>),
    Server(Box<Server>),
    Address(Box<Address>),
}

impl Eye {
    pub(super) fn new(probe: &Probe, keys: Keys) -> Self {
        match &probe.source {
            Source::Host { paths } => Eye::Machine(Box::new(Machine::new(paths.clone()))),
            Source::Docker { .. } => Eye::Engine(Box::new(Engine::new(&probe.source))),
            Source::Postgres(database) => Eye::Server(Box::new(Server::new(database.clone(), None, keys))),
            Source::Sql { database, query } => {
                Eye::Server(Box::new(Server::new(database.clone(), Some(query.clone()), keys)))
            }
            Source::Http(request) => Eye::Address(Box::new(Address::new(request.clone(), keys))),
        }
    }

    /// Looks; the source is given so long.
    pub(super) async fn look(&mut self, limit: Duration) -> Seen {
        match self {
            Eye::Machine(machine) => machine.look().await,
            Eye::Engine(engine) => engine.look().await,
            Eye::Server(server) => server.look(limit).await,
            Eye::Address(address) => address.look(limit).await,
        }
    }

    /// A look was given up: what was kept of it may be half done.
    pub(super) fn forget(&mut self) {
        match self {
            Eye::Machine(_) | Eye::Address(_) => {}
            Eye::Engine(engine) => engine.forget(),
            Eye::Server(server) => server.forget(),
        }
    }

    /// Ends when the source tells by itself that something has changed.
    pub(super) async fn woken(&mut self) {
        match self {
            Eye::Engine(engine) => engine.woken().await,
            _ => std::future::pending().await,
        }
    }
}
