//! A Redis of the test's own: up, with a password, short of memory, a replica, and what only listens on its port.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use gonogo::probe::Keys;
use gonogo::run::health::{Level, Row};
use gonogo::runbook::probes::{Redis, Source};

use super::super::support::skip;
use super::http::{Does, Server};
use super::{Watching, look, look_with, one, probe, watch};

/// A server in a directory of its own; ended with the test.
struct Store {
    port: u16,
    server: Child,
    _directory: tempfile::TempDir,
}

#[expect(clippy::disallowed_methods, reason = "a test runs its own server")]
fn program() -> Command {
    Command::new("redis-server")
}

impl Store {
    fn start(test: &str, words: &[&str]) -> Option<Self> {
        if program().arg("--version").stdout(Stdio::null()).status().is_err() {
            skip(test, "redis-server");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = tempfile::tempdir().unwrap();
        let number = port.to_string();
        let mut server = program();
        server
            .args(["--port", &number, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(words);
        let server = server.current_dir(directory.path()).stdout(Stdio::null()).spawn().unwrap();
        Some(Self { port, server, _directory: directory })
    }

    fn source(&self) -> Redis {
        Redis { port: self.port, ..Redis::default() }
    }

    /// Waits until it shows what is wanted.
    fn until(&self, level: Level, state: &str) -> Watching {
        let watching = Watching::start(watch(probe(Source::Redis(self.source()))));
        watching.until_row("p", level, state);
        watching
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _gone = self.server.kill();
        let _gone = self.server.wait();
    }
}

#[test]
fn a_server_is_well_then_gone() {
    let Some(mut store) = Store::start("a_server_is_well_then_gone", &["--maxmemory", "64mb"]) else {
        return;
    };
    let watching = store.until(Level::Ok, "master");
    let row: Row = one(watching.rows());
    assert!(row.about.contains("memory") && row.about.contains("of 64 MiB"), "{}", row.about);
    assert!(row.about.contains("clients"), "{}", row.about);
    store.server.kill().unwrap();
    store.server.wait().unwrap();
    watching.until("it is gone", |rows| rows.iter().any(|r| r.about.contains("connection refused")));
}

#[test]
fn a_replica_without_its_master_is_an_alert() {
    let test = "a_replica_without_its_master_is_an_alert";
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let Some(store) = Store::start(test, &["--replicaof", "127.0.0.1", &nobody]) else { return };
    store.until(Level::Alert, "replica");
}

#[test]
fn a_password_is_asked_for_and_taken() {
    let test = "a_password_is_asked_for_and_taken";
    let Some(store) = Store::start(test, &["--requirepass", "right"]) else { return };
    let watching = Watching::start(watch(probe(Source::Redis(store.source()))));
    watching.until("it asks for a password", |rows| rows.iter().any(|r| r.about.contains("REDISCLI_AUTH")));
    let with = |password: &str| {
        let keys = Keys::default();
        keys.add("STORE_PASSWORD".into(), password.into());
        let redis = Redis { password: Some("STORE_PASSWORD".into()), ..store.source() };
        one(look_with(probe(Source::Redis(redis)), &keys))
    };
    assert_eq!(with("right").level, Some(Level::Ok));
    let wrong = with("wrong-password");
    assert_eq!(wrong.level, Some(Level::NotSeen));
    assert!(
        wrong.about.contains("does not let us in") && !wrong.about.contains("wrong-password"),
        "{}",
        wrong.about
    );
}

#[test]
fn what_is_no_redis_is_told() {
    for (does, level, words) in
        [(Does::Babbles, Level::Alert, "not as Redis does"), (Does::Hangs, Level::Down, "no answer in 2 s")]
    {
        let server = Server::start(does);
        let port = server.url("").rsplit(':').next().unwrap().parse().unwrap();
        let row = one(look(probe(Source::Redis(Redis { port, ..Redis::default() }))));
        assert_eq!(row.level, Some(level));
        assert!(row.about.contains(words), "{words} in {}", row.about);
    }
}
