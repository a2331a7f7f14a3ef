//! HTTP servers that answer well, badly, slowly, not at all, and with something else.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gonogo::run::health::{Bounds, Figure, Level, Reason, Target, Watch};
use gonogo::runbook::measures::{Bound, Measure, Side};
use gonogo::runbook::probes::{HEALTH_PATHS, HttpRequest, ProbeId, Source};

use super::{Watching, get, look, one, probe};

/// A server of the test's own: what it does with a path can be changed while it works.
pub(crate) struct Server {
    port: u16,
    does: Arc<Mutex<Does>>,
    pub(crate) bodies: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
pub(crate) enum Does {
    /// Answers with a status and a body; other paths than the one named are not there.
    Answers(u16, &'static str, Option<&'static str>),
    /// Answers with 503 so many times, then well.
    Fails(usize),
    /// The same after so long.
    Slow(Duration),
    /// Takes the request and says nothing.
    Hangs,
    /// Answers with something that is no HTTP.
    Garbage,
    /// Says it before it was asked.
    Babbles,
}

impl Server {
    pub(crate) fn start(does: Does) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let does = Arc::new(Mutex::new(does));
        let (asked, bodies) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(vec![])));
        let (now, count, kept) = (Arc::clone(&does), Arc::clone(&asked), Arc::clone(&bodies));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (now, count, kept) = (Arc::clone(&now), Arc::clone(&count), Arc::clone(&kept));
                std::thread::spawn(move || serve(stream, &now, &count, &kept));
            }
        });
        Self { port, does, bodies }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn does(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }
}

/// One request a connection.
fn serve(mut stream: TcpStream, does: &Mutex<Does>, asked: &AtomicUsize, bodies: &Mutex<Vec<String>>) {
    const GREETING: &str = "\u{1b}[31m220 mail.example.com ESMTP\r\n";
    if matches!(*does.lock().unwrap(), Does::Babbles) {
        let _gone = stream.write_all(GREETING.as_bytes());
        return;
    }
    let mut bytes = Vec::new();
    let mut buffer = [0u8; 4096];
    let head = loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let length = text.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    while bytes.len() < head + length.unwrap_or(0usize) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
    bodies.lock().unwrap().push(String::from_utf8_lossy(&bytes[head..]).into_owned());
    asked.fetch_add(1, Ordering::SeqCst);
    let path = text.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let does = does.lock().unwrap().clone();
    let answer = |status: u16, body: &str| {
        format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    };
    let said = match does {
        Does::Answers(status, body, only) if only.is_none_or(|o| o == path) => answer(status, body),
        Does::Answers(..) => answer(404, "not here"),
        Does::Fails(times) if asked.load(Ordering::SeqCst) <= times => answer(503, "busy"),
        Does::Fails(_) => answer(200, "taken"),
        Does::Slow(wait) => {
            // A server that takes its time; the test waits for what the probe makes of it.
            let until = Instant::now() + wait;
            while Instant::now() < until {
                std::thread::park_timeout(until.saturating_duration_since(Instant::now()));
            }
            answer(200, "late")
        }
        Does::Hangs => {
            let _until_they_leave = stream.read(&mut buffer);
            return;
        }
        Does::Garbage => GREETING.to_owned(),
        // It spoke before it was asked.
        Does::Babbles => return,
    };
    let _gone = stream.write_all(said.as_bytes());
}

fn health_check(server: &Server, json: Option<serde_json::Value>) -> HttpRequest {
    let paths = HEALTH_PATHS.iter().map(ToString::to_string).collect();
    HttpRequest { json, paths, ..get(&server.url("/health")) }
}

#[test]
fn an_address_is_as_well_as_its_answer() {
    let expected = serde_json::json!({"status": "ok", "at": "..."});
    for (does, level, words) in [
        (Does::Answers(200, "{\"status\":\"ok\",\"at\":\"now\"}", None), Level::Ok, "200 in"),
        (Does::Answers(200, "{\"status\":\"down\",\"at\":\"now\"}", None), Level::Alert, "status"),
        (Does::Answers(200, "<html>maintenance</html>", None), Level::Alert, "not JSON"),
        (Does::Answers(500, "boom", None), Level::Alert, "500"),
        (Does::Answers(404, "", None), Level::Alert, "it does not exist, nor on"),
        (Does::Answers(401, "", None), Level::Watch, "401"),
        (Does::Answers(302, "", None), Level::Watch, "302"),
        (Does::Garbage, Level::Alert, "but not with HTTP"),
    ] {
        let server = Server::start(does);
        let row = one(look(probe(Source::Http(health_check(&server, Some(expected.clone()))))));
        let said = format!("{} {}", row.now, row.about);
        assert_eq!(row.level, Some(level), "{said}");
        assert!(said.contains(words), "{words} in {said}");
        assert!(!said.contains('\u{1b}'), "an escape sequence came through: {said:?}");
    }
}

#[test]
fn a_service_is_found_on_another_path_and_that_is_said() {
    let server = Server::start(Does::Answers(200, "all shards ready", Some("/readyz")));
    let expected = serde_json::json!({"status": "ok"});
    let row = one(look(probe(Source::Http(health_check(&server, Some(expected))))));
    assert_eq!((row.level, row.now.as_str()), (Some(Level::Ok), "200"));
    assert!(row.about.contains("/health does not exist, /readyz does"), "{}", row.about);
}

#[test]
fn what_does_not_answer_costs_its_timeout_and_nothing_else() {
    let server = Server::start(Does::Hangs);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // A listener that accepts nothing more: its backlog is full after a few.
    let asks = |url: String, timeout_ms| {
        let probe = super::Probe { timeout_ms, ..probe(Source::Http(get(&url))) };
        let began = Instant::now();
        let row = one(look(probe));
        (row, began.elapsed())
    };
    let (row, took) = asks(server.url("/"), 300);
    assert_eq!(
        (row.level, row.reason, row.about.as_str()),
        (Some(Level::Down), Some(Reason::TimedOut), "no answer in 0.3 s")
    );
    assert!(took < Duration::from_secs(2), "{took:?}");
    let (row, _) = asks(format!("http://{closed}/"), 300);
    assert_eq!((row.level, row.reason), (Some(Level::Down), Some(Reason::Refused)));
    assert!(row.about.contains("connection refused"), "{}", row.about);
    // TEST-NET-1 (RFC 5737) is routed nowhere.
    let (row, took) = asks("http://192.0.2.1:81/".into(), 300);
    assert!(matches!(row.level, Some(Level::Down | Level::NotSeen)), "no answer, or no route: {row:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    let (row, _) = asks("http://no-such-host.invalid/".into(), 2000);
    assert_eq!((row.level, row.reason), (Some(Level::NotSeen), Some(Reason::NoWay)));
    assert!(row.about.contains("the name does not resolve"), "{}", row.about);
    // TLS to somebody who speaks none.
    let plain = Server::start(Does::Babbles);
    let (row, _) = asks(plain.url("/").replace("http:", "https:"), 2000);
    assert_eq!((row.level, row.reason), (Some(Level::Alert), Some(Reason::WrongAnswer)));
    assert!(row.about.contains("could not reach") || row.about.contains("no TLS"), "{}", row.about);
}

/// The targets of a table, bound to one address: slow answers, errors and what follows.
#[test]
fn each_level_of_a_latency_and_an_error_rate_is_reached_and_left() {
    let server = Server::start(Does::Answers(200, "ok", None));
    let request = HttpRequest { measures: true, ..get(&server.url("/q")) };
    let bounds = |a: f64, b: f64, c: f64| Bounds {
        target: Some(Bound { side: Side::Below, value: a }),
        acceptable: Some(Bound { side: Side::Below, value: b }),
        alert: Some(Bound { side: Side::Above, value: c }),
    };
    let target = |metric: &str, measure, bounds| Target {
        metric: metric.into(),
        line: 1,
        source: Ok(Figure { probe: ProbeId("p".into()), subject: String::new(), measure }),
        bounds,
        ..Target::default()
    };
    let watching = Watching::start(Watch {
        probes: vec![probe(Source::Http(request))],
        targets: vec![
            target("last", Measure::Latency, bounds(150.0, 300.0, 600.0)),
            target("p50", Measure::LatencyP50, bounds(150.0, 300.0, 600.0)),
            target("errors", Measure::ErrorRate, bounds(1.0, 20.0, 40.0)),
        ],
        window_s: Some(25),
    });
    watching.until_row("last", Level::Ok, "ms");
    watching.until_row("errors", Level::Ok, "0 %");
    server.does(Does::Slow(Duration::from_millis(250)));
    watching.until_row("last", Level::Watch, "ms");
    server.does(Does::Slow(Duration::from_millis(700)));
    watching.until_row("last", Level::Alert, "ms");
    watching.until_row("p50", Level::Alert, "ms");
    server.does(Does::Answers(503, "busy", None));
    watching.until_row("errors", Level::Watch, "%");
    watching.until_row("errors", Level::Alert, "%");
    let n = watching.rows().iter().find(|r| r.title == "p50").unwrap().about.clone();
    assert!(n.contains("n = "), "what was sampled is said: {n}");
    server.does(Does::Answers(200, "ok", None));
    watching.until_row("last", Level::Ok, "ms");
    watching.until_row("errors", Level::Watch, "%");
}

#[test]
fn no_connection_is_kept_that_would_hold_up_a_server_told_to_stop() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/health", listener.local_addr().unwrap());
    let source = Source::Http(get(&url));
    let _watching = Watching::start(Watch { probes: vec![probe(source)], targets: vec![], window_s: None });
    for _look in 0..2 {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut buffer = [0u8; 4096];
        assert!(stream.read(&mut buffer).unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        assert_eq!(stream.read(&mut buffer).unwrap(), 0, "the probe hangs up when it has its answer");
    }
}
