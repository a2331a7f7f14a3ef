//! Probes against what they are made for: HTTP servers that misbehave, PostgreSQL, Redis, Prometheus, Docker Engine, a full
//! disk.

mod commands;
mod cost;
pub(crate) mod docker;
mod host;
pub(crate) mod http;
mod ports;
pub(crate) mod postgres;
mod prometheus;
mod redis;
mod tls;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::Utc;
use gonogo::probe::{Keys, Sampler, Vantage, look_once};
use gonogo::run::health::{Health, Level, Row, Watch};
use gonogo::runbook::probes::{Database, HttpRequest, Probe, ProbeId, Source};

use super::support::DEADLINE;

/// A runtime for one test.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn probe(source: Source) -> Probe {
    Probe {
        id: ProbeId("p".into()),
        title: "p".into(),
        source,
        line: 0,
        every_s: 1,
        timeout_ms: 2000,
        on: true,
        cost: None,
    }
}

fn get(url: &str) -> HttpRequest {
    HttpRequest { method: "GET".into(), url: url.into(), ..HttpRequest::default() }
}

fn watch(probe: Probe) -> Watch {
    Watch { probes: vec![probe], targets: vec![], window_s: None }
}

/// What one look at one probe comes to.
fn look(probe: Probe) -> Vec<Row> {
    look_with(probe, &Keys::default())
}

fn look_with(probe: Probe, keys: &Keys) -> Vec<Row> {
    let watch = watch(probe);
    let samples = runtime().block_on(look_once(&watch, keys));
    let mut health = Health::new(watch);
    for sample in &samples {
        health.take(sample);
    }
    health.rows(Utc::now())
}

/// The only row.
fn one(rows: Vec<Row>) -> Row {
    let [row] = <[Row; 1]>::try_from(rows).unwrap();
    row
}

/// Something that is looked at all the time, until a condition holds.
struct Watching {
    health: std::sync::Arc<Mutex<Health>>,
    _sampler: Sampler,
    _runtime: tokio::runtime::Runtime,
}

impl Watching {
    fn start(watch: Watch) -> Self {
        let runtime = runtime();
        let health = std::sync::Arc::new(Mutex::new(Health::new(watch.clone())));
        let taken = std::sync::Arc::clone(&health);
        let guard = runtime.enter();
        let sampler = Sampler::start(&watch, &Keys::default(), &Vantage::Here, move |s| {
            drop(taken.lock().unwrap().take(&s))
        });
        drop(guard);
        Self { health, _sampler: sampler, _runtime: runtime }
    }

    fn rows(&self) -> Vec<Row> {
        self.health.lock().unwrap().rows(Utc::now())
    }

    fn until(&self, what: &str, wanted: impl Fn(&[Row]) -> bool) {
        let start = Instant::now();
        loop {
            let rows = self.rows();
            if wanted(&rows) {
                return;
            }
            assert!(start.elapsed() < DEADLINE, "{what} did not come: {rows:#?}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn until_row(&self, title: &str, level: Level, state: &str) {
        self.until(&format!("{title} {level:?} {state:?}"), |rows| {
            rows.iter().any(|r| r.title == title && r.level == Some(level) && r.now.contains(state))
        });
    }
}

fn local_database(port: u16) -> Database {
    Database {
        host: Some("127.0.0.1".into()),
        port: Some(port),
        user: Some("tester".into()),
        name: Some("postgres".into()),
        password: Some("TESTER_PASSWORD".into()),
        credential: None,
    }
}
