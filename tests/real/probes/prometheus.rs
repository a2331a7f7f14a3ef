//! Prometheus: a server from Debian that watches itself, and servers that answer badly.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gonogo::run::health::{Bounds, Figure, Level, RowId, Target, Watch};
use gonogo::runbook::measures::{Bound, Measure, Side};
use gonogo::runbook::probes::{ProbeId, Prometheus, Source};

use super::super::support::skip;
use super::http::{Does, Server};
use super::{Watching, look, one, probe, watch};

struct Metrics {
    port: u16,
    server: Child,
    _directory: tempfile::TempDir,
}

#[expect(clippy::disallowed_methods, reason = "a test runs its own server")]
fn program(name: &str) -> Command {
    Command::new(name)
}

impl Metrics {
    fn start(test: &str) -> Option<Self> {
        Self::start_in(test, tempfile::tempdir().unwrap())
    }

    fn start_in(test: &str, directory: tempfile::TempDir) -> Option<Self> {
        if program("prometheus")
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_err()
        {
            skip(test, "prometheus");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = directory.path().join("prometheus.yml");
        let scrapes = format!(
            "scrape_configs:\n- job_name: self\n  scrape_interval: 1s\n  static_configs:\n  - targets: [\"127.0.0.1:{port}\"]\n"
        );
        fs::write(&config, scrapes).unwrap();
        let mut server = program("prometheus");
        server.args([
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", directory.path().join("data").display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
        ]);
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Some(Self { port, server, _directory: directory })
    }

    /// One that has kept a value of each quarter of a minute of the last hour.
    fn with_an_hour_of(test: &str, values: impl Fn(i64) -> f64) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let now = chrono::Utc::now().timestamp();
        let lines = (0..=240).map(|n| format!("errors {} {}\n", values(n), now - 3600 + n * 15));
        let metrics = format!("# TYPE errors gauge\n{}# EOF\n", lines.collect::<String>());
        let (from, data) = (directory.path().join("errors.om"), directory.path().join("data"));
        fs::write(&from, metrics).unwrap();
        let mut tool = program("promtool");
        tool.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(&from).arg(&data);
        match tool.stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Ok(done) => assert!(done.success(), "promtool makes blocks"),
            Err(_) => {
                skip(test, "promtool");
                return None;
            }
        }
        Self::start_in(test, directory)
    }

    fn asks(&self, query: &str) -> Prometheus {
        let url = format!("http://127.0.0.1:{}", self.port);
        Prometheus { url, query: query.into(), ..Prometheus::default() }
    }
}

impl Drop for Metrics {
    fn drop(&mut self) {
        let _gone = self.server.kill();
        let _gone = self.server.wait();
    }
}

#[test]
fn expressions_give_numbers_and_targets_judge_them() {
    let Some(mut metrics) = Metrics::start("expressions_give_numbers_and_targets_judge_them") else { return };
    let target = Target {
        metric: "Scrapes that work".into(),
        source: Ok(Figure { probe: ProbeId("p".into()), subject: String::new(), measure: Measure::Value }),
        bounds: Bounds { target: Some(Bound { side: Side::AtLeast, value: 1.0 }), ..Bounds::default() },
        ..Target::default()
    };
    let asks = probe(Source::Prometheus(metrics.asks("up{job=\"self\"}")));
    let watching = Watching::start(Watch { probes: vec![asks], targets: vec![target], window_s: None });
    watching.until_row("Scrapes that work", Level::Ok, "1");
    // A scalar is one number as well, and a query that matches nothing is none.
    let row = one(look(probe(Source::Prometheus(metrics.asks("scalar(up)")))));
    assert_eq!((row.level, row.now.as_str()), (None, "1"), "nobody judges it");
    for (query, words) in [
        ("up{job=\"nobody\"}", "no data: nothing matches"),
        ("0/0 * scalar(up)", "no data: what it gives is not a number"),
        ("up[1m]", "no data: the query gives no number at one time"),
        ("up{", "it refuses the query"),
    ] {
        let row = one(look(probe(Source::Prometheus(metrics.asks(query)))));
        assert_eq!(row.level, Some(Level::NotSeen), "{query}: {}", row.about);
        assert!(row.about.contains(words), "{words} in {}", row.about);
    }
    let two = "label_replace(vector(1), \"pod\", \"a\", \"\", \"\") or label_replace(vector(2), \"pod\", \"b\", \"\", \"\")";
    let several = one(look(probe(Source::Prometheus(metrics.asks(two)))));
    assert_eq!((several.now.as_str(), several.about.as_str()), ("2", "the worst of 2: pod=b"));
    metrics.server.kill().unwrap();
    metrics.server.wait().unwrap();
    watching.until("it is gone", |rows| rows.iter().any(|r| r.about.contains("connection refused")));
}

#[test]
fn the_hour_before_is_known_with_the_first_look() {
    let test = "the_hour_before_is_known_with_the_first_look";
    // Half an hour ago it was bad for five minutes.
    let bad = |n: i64| if (100..120).contains(&n) { 9.0 } else { 1.0 };
    let Some(metrics) = Metrics::with_an_hour_of(test, bad) else { return };
    let figure = Figure { probe: ProbeId("p".into()), subject: String::new(), measure: Measure::Value };
    let target = Target {
        metric: "Errors".into(),
        source: Ok(figure.clone()),
        bounds: Bounds { alert: Some(Bound { side: Side::Above, value: 5.0 }), ..Bounds::default() },
        ..Target::default()
    };
    // The server answers once its address is open.
    let url = format!("http://127.0.0.1:{}", metrics.port);
    Watching::start(watch(probe(Source::Http(super::get(&format!("{url}/-/ready"))))))
        .until("it is ready", |rows| rows.iter().any(|row| row.level == Some(Level::Ok)));
    let asks = probe(Source::Prometheus(metrics.asks("errors")));
    let watching = Watching::start(Watch { probes: vec![asks], targets: vec![target], window_s: None });
    watching.until_row("Errors", Level::Ok, "1");
    let health = watching.health.lock().unwrap();
    let row = RowId::Target("Errors".into());
    let history = health.history(&row).unwrap().tally(0, i64::MAX);
    assert!((18..=22).contains(&history.alert), "{history:?}");
    assert!(history.fine > 200, "{history:?}");
    let known = health.began().unwrap() - health.known_since().unwrap();
    assert!((3500..=3700).contains(&known.num_seconds()), "{known}");
    let usual = health.usual(&figure, chrono::Utc::now()).unwrap();
    assert!(usual.n >= 50 && (usual.median - 1.0).abs() < 1e-9, "{usual:?}");
    assert_eq!(
        health.rows(chrono::Utc::now()).iter().filter(|row| row.level == Some(Level::Alert)).count(),
        0
    );
}

#[test]
fn servers_that_are_none_or_do_not_let_us_in() {
    for (does, words) in [
        (Does::Answers(401, "", None), "does not let us in: 401"),
        (Does::Answers(200, "<html>login</html>", None), "not as Prometheus does"),
        (Does::Answers(503, "Service Unavailable", None), "answered 503"),
        (Does::Garbage, "not with HTTP"),
        (Does::Hangs, "no answer in 0.5 s"),
        (
            Does::Answers(
                200,
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[100,\"1\"]}]}}",
                None,
            ),
            "older than 5 min",
        ),
    ] {
        let server = Server::start(does);
        let asks = Prometheus { url: server.url(""), query: "up".into(), ..Prometheus::default() };
        let mut probe = probe(Source::Prometheus(asks));
        probe.timeout_ms = 500;
        let row = one(look(probe));
        assert_eq!(row.level, Some(Level::NotSeen));
        assert!(row.about.contains(words), "{words} in {}", row.about);
    }
    let nowhere = Prometheus { query: "up".into(), ..Prometheus::default() };
    assert!(one(look(probe(Source::Prometheus(nowhere)))).about.contains("names no server"));
}

#[test]
fn one_that_is_slow_is_given_up_and_asked_again() {
    let server = Server::start(Does::Slow(Duration::from_millis(700)));
    let asks = Prometheus { url: server.url(""), query: "up".into(), ..Prometheus::default() };
    let mut slow = probe(Source::Prometheus(asks));
    slow.timeout_ms = 300;
    let watching = Watching::start(watch(slow));
    watching.until("it is slow", |rows| rows.iter().any(|r| r.about.contains("no answer in 0.3 s")));
    let answer =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[99999999999,\"7\"]}}";
    server.does(Does::Answers(200, answer, None));
    watching.until("it answers again", |rows| rows.iter().any(|r| r.about.contains("older than 5 min")));
}
