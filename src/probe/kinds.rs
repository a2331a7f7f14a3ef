//! The list of all kinds of sources, each with what looks at it.

use std::time::Duration;

use futures::future::BoxFuture;

use super::afar::Distant;
use super::collector::Collector;
use super::command::Asked;
use super::docker::Engine;
use super::host::Machine;
use super::http::Address;
use super::keys::Keys;
use super::port::Port;
use super::postgres::Server;
use super::prometheus::Expression;
use super::redis::Store;
use super::systemd::Units;
use super::vantage::Vantage;
use crate::run::health::{Reason, Seen};
use crate::runbook::probes::{Probe, Source};

/// What looks at a probe's source, from where it is looked.
pub(super) fn collector(probe: &Probe, keys: Keys, from: &Vantage) -> Box<dyn Collector> {
    if let Vantage::Nowhere(why) = from {
        return Box::new(Closed(why.clone()));
    }
    let reach = from.afar();
    match (probe.source.clone(), reach) {
        (Source::Host(host), Some(reach)) => Box::new(Distant::new(host.paths, reach)),
        (Source::Host(host), None) => Box::new(Machine::new(host.paths)),
        (Source::Docker(docker), reach) => Box::new(Engine::new(docker, reach)),
        (Source::Postgres(database), reach) => Box::new(Server::new(database, None, keys, reach)),
        (Source::Sql(sql), reach) => Box::new(Server::new(sql.database, Some(sql.query), keys, reach)),
        (Source::Http(request), reach) => Box::new(Address::new(request, keys, reach)),
        (Source::Systemd(systemd), reach) => Box::new(Units::new(systemd, keys, reach)),
        (Source::Tcp(tcp), reach) => Box::new(Port::new(tcp, reach)),
        (Source::Redis(redis), reach) => Box::new(Store::new(redis, keys, reach)),
        (Source::Prometheus(prometheus), reach) => Box::new(Expression::new(prometheus, keys, reach)),
        (Source::Command(command), None) => Box::new(Asked::new(command, keys)),
        (Source::Command(_), Some(reach)) => Box::new(Closed(format!(
            "not offered here: a command of {} runs in its own shell only",
            reach.host()
        ))),
    }
}

/// It can't look, for a reason.
struct Closed(String);

impl Collector for Closed {
    fn look(&mut self, _: Duration) -> BoxFuture<'_, Seen> {
        let why = self.0.clone();
        Box::pin(async move { Seen::nothing(Reason::NoWay, why) })
    }
}
