//! What looks: one for each kind of source, with what it keeps between two looks.

use std::time::Duration;

use super::afar::Distant;
use super::docker::Engine;
use super::host::Machine;
use super::http::Address;
use super::keys::Keys;
use super::postgres::Server;
use super::vantage::Vantage;
use crate::run::health::{Reason, Seen};
use crate::runbook::probes::{Probe, Source};

pub(super) enum Eye {
    Machine(Box<Machine>),
    Distant(Box<Distant>),
    /// It can't look, for a reason.
    Closed(String),
    Engine(Box<Engine>),
    Server(Box<Server>),
    Address(Box<Address>),
}

impl Eye {
    pub(super) fn new(probe: &Probe, keys: Keys, from: &Vantage) -> Self {
        if let Vantage::Nowhere(why) = from {
            return Eye::Closed(why.clone());
        }
        let reach = from.afar();
        match (&probe.source, reach) {
            (Source::Host { paths }, Some(reach)) => {
                Eye::Distant(Box::new(Distant::new(paths.clone(), reach)))
            }
            (Source::Host { paths }, None) => Eye::Machine(Box::new(Machine::new(paths.clone()))),
            (Source::Docker { .. }, reach) => Eye::Engine(Box::new(Engine::new(&probe.source, reach))),
            (Source::Postgres(database), reach) => {
                Eye::Server(Box::new(Server::new(database.clone(), None, keys, reach)))
            }
            (Source::Sql { database, query }, reach) => {
                Eye::Server(Box::new(Server::new(database.clone(), Some(query.clone()), keys, reach)))
            }
            (Source::Http(request), reach) => {
                Eye::Address(Box::new(Address::new(request.clone(), keys, reach)))
            }
        }
    }

    /// Looks; the source is given so long.
    pub(super) async fn look(&mut self, limit: Duration) -> Seen {
        match self {
            Eye::Closed(why) => Seen::nothing(Reason::NoWay, why.clone()),
            Eye::Machine(machine) => machine.look().await,
            Eye::Distant(distant) => distant.look().await,
            Eye::Engine(engine) => engine.look().await,
            Eye::Server(server) => server.look(limit).await,
            Eye::Address(address) => address.look(limit).await,
        }
    }

    /// A look was given up: what was kept of it may be half done.
    pub(super) fn forget(&mut self) {
        match self {
            Eye::Machine(_) | Eye::Distant(_) | Eye::Closed(_) => {}
            Eye::Address(address) => address.forget(),
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
