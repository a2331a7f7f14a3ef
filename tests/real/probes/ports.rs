//! Ports that take connections, and ports that nobody listens on.

use std::net::TcpListener;

use gonogo::run::health::Level;
use gonogo::runbook::probes::{Source, Tcp};

use super::{look, one, probe};

#[test]
fn a_port_is_open_or_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let at = || probe(Source::Tcp(Tcp { host: "127.0.0.1".into(), port }));
    let row = one(look(at()));
    assert_eq!((row.level, row.now.as_str()), (Some(Level::Ok), "open"));
    drop(listener);
    let row = one(look(at()));
    assert_eq!((row.level, row.now.as_str()), (Some(Level::Down), "refused"));
    assert!(row.about.contains("connection refused"), "{}", row.about);
}

#[test]
fn a_name_that_does_not_resolve_is_told() {
    let row = one(look(probe(Source::Tcp(Tcp { host: "nowhere.invalid".into(), port: 5432 }))));
    assert_eq!(row.level, Some(Level::NotSeen));
    assert!(row.about.contains("does not resolve"), "{}", row.about);
}
