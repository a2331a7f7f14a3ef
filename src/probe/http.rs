//! HTTP: whether an address answers, with what, how fast, and how long its certificate is still valid.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use reqwest::redirect::Policy;
use reqwest::tls::TlsInfo;
use reqwest::{Client, ClientBuilder, Method, Response, StatusCode};

use super::collector::Collector;
use super::keys::Keys;
use super::tls;
use super::vantage::{Reach, Target};
use super::words::{deepest, no_answer_words, plain, reason_in, reason_of};
use crate::run::health::{Level, Measured, Reason, Seen, Subject, Unseen, amount};
use crate::run::verdict::json_differs;
use crate::runbook::measures::Measure;
use crate::runbook::probes::HttpRequest;

/// A body is read up to here.
const BODY: usize = 64 * 1024;
/// A certificate that is valid for fewer days is something to watch, then an alert.
const CERTIFICATE: (f64, f64) = (14.0, 3.0);

pub(super) struct Address {
    request: HttpRequest,
    keys: Keys,
    reach: Option<Arc<dyn Reach>>,
    client: Option<Client>,
    /// The path that answered where the address's own was not there.
    instead: Option<String>,
}

/// What an answer was.
struct Got {
    status: StatusCode,
    took: Duration,
    body: Vec<u8>,
    days_left: Option<f64>,
    /// Where it leads on to.
    to: Option<String>,
}

impl Address {
    pub(super) fn new(request: HttpRequest, keys: Keys, reach: Option<Arc<dyn Reach>>) -> Self {
        Self { request, keys, reach, client: None, instead: None }
    }

    async fn see(&mut self, limit: Duration) -> Seen {
        let client = match self.client().await {
            Ok(client) => client,
            Err(unseen) => return Seen::Nothing(unseen),
        };
        let path = self.instead.clone().unwrap_or_else(|| self.request.path().to_owned());
        let deadline = Instant::now() + limit;
        let mut got = self.ask(&client, &path, limit).await;
        let mut tried = 1;
        let mut at = path;
        if got.as_ref().is_ok_and(|g| g.status == StatusCode::NOT_FOUND) && self.instead.is_none() {
            for other in self.request.paths.clone() {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                tried += 1;
                let answer = self.ask(&client, &other, left).await;
                if answer.as_ref().is_ok_and(|g| g.status.is_success()) {
                    self.instead = Some(other.clone());
                    (got, at) = (answer, other);
                    break;
                }
            }
        } else if got.as_ref().is_ok_and(|g| g.status == StatusCode::NOT_FOUND) {
            // It has moved since.
            self.instead = None;
        }
        let subject = match got {
            Ok(got) => self.answered(&got, &at, tried),
            Err(unseen) => Subject::unseen("", unseen),
        };
        Seen::Subjects(vec![subject])
    }

    fn target(&self) -> Option<Target> {
        self.request.host_and_port().map(|(host, port)| Target::Port(host, port))
    }

    async fn client(&mut self) -> Result<Client, Unseen> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let made = match &self.reach {
            None => client().map_err(no_program)?,
            Some(reach) => {
                let no_way = |why: String| Unseen::new(Reason::NoWay, why);
                let target = self.target().ok_or_else(|| no_way("its address names no host".into()))?;
                let lead = reach.lead(target).await.map_err(no_way)?;
                over_socket(lead).map_err(no_program)?
            }
        };
        Ok(self.client.insert(made).clone())
    }

    async fn ask(&mut self, client: &Client, path: &str, limit: Duration) -> Result<Got, Unseen> {
        let url = at_path(&self.request.url, path);
        let method = Method::from_bytes(self.request.method.as_bytes()).unwrap_or(Method::GET);
        let mut request = client.request(method, &url).timeout(limit);
        for (name, value) in &self.request.headers {
            // What stands in the settings and the journal is the name of a secret, never the secret.
            let value = match value.strip_prefix('$') {
                Some(named) => self
                    .keys
                    .get(named)
                    .ok_or_else(|| Unseen::new(Reason::NoPassword, format!("{name}: ${named} is not set")))?,
                None => value.clone(),
            };
            request = request.header(name, value);
        }
        if let Some(body) = &self.request.body {
            request = request.body(body.clone());
        }
        let started = Instant::now();
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.not_reached(&error, limit).await),
        };
        let (status, days_left) = (response.status(), certificate(&response));
        let to = response.headers().get(reqwest::header::LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).map(str::to_owned);
        let body = body_up_to(response, BODY).await.map_err(|e| self.failed(&e, limit))?;
        Ok(Got { status, took: started.elapsed(), body, days_left, to })
    }

    /// Why there was no answer: over the way to another host a connection ends without saying why.
    async fn not_reached(&mut self, error: &reqwest::Error, limit: Duration) -> Unseen {
        if let (Some(reach), Some(target), false) = (&self.reach, self.target(), error.is_timeout())
            && let Some(why) = reach.why(target).await
        {
            self.client = None;
            let words = format!("could not reach {} from {}: {why}", self.request.authority(), reach.host());
            return Unseen::new(reason_in(&why), words);
        }
        self.failed(error, limit)
    }

    fn failed(&self, error: &reqwest::Error, limit: Duration) -> Unseen {
        if error.is_timeout() {
            return Unseen::new(Reason::TimedOut, no_answer_words(limit));
        }
        let words = plain(&deepest(error), 160);
        if !error.is_connect() {
            let words = format!("{} answered, but not with HTTP: {words}", self.request.authority());
            return Unseen::new(Reason::WrongAnswer, words);
        }
        // What connects and has no error of the system's own has a certificate that is not accepted, or no name.
        let reason = reason_of(error);
        let unnamed = || if words.contains("not resolve") { Reason::NoWay } else { Reason::WrongAnswer };
        let reason = reason.unwrap_or_else(unnamed);
        Unseen::new(reason, format!("could not reach {}: {words}", self.request.authority()))
    }

    fn answered(&self, got: &Got, path: &str, tried: usize) -> Subject {
        let error = got.status.is_server_error() || (got.status.is_client_error() && self.request.measures);
        let took = amount(Measure::Latency, got.took.as_secs_f64() * 1000.0);
        let mut about = vec![format!("in {took}")];
        let mut level = match got.status {
            status if status.is_success() => Level::Ok,
            status if status.is_server_error() || status == StatusCode::NOT_FOUND => Level::Alert,
            // It answers, but not us.
            _ => Level::Watch,
        };
        if path != self.request.path() {
            about.push(format!("{} does not exist, {path} does", self.request.path()));
        } else if got.status == StatusCode::NOT_FOUND {
            about.push(format!("it does not exist, nor on {} other paths", tried - 1));
        }
        if got.status.is_success()
            && let Some((worse, words)) = says_unwell(&got.body)
        {
            level = level.max(worse);
            about.push(words);
        }
        if got.status.is_redirection()
            && let Some(to) = &got.to
        {
            let login = if is_login(to) { ", where one logs in" } else { "" };
            about.push(format!("leads to {}{login}", plain(to, 60)));
        }
        // What is expected of one path says nothing about another.
        let own = got.status.is_success() && path == self.request.path();
        if let Some(pattern) = self.request.json.as_ref().filter(|_| own) {
            let (worse, words) = expected(pattern, &got.body);
            level = level.max(worse);
            about.extend(words);
        }
        let mut measured = vec![
            Measured::one(Measure::Latency, got.took.as_secs_f64() * 1000.0),
            Measured::one(Measure::ErrorRate, if error { 100.0 } else { 0.0 }),
        ];
        if let Some(days) = got.days_left {
            measured.push(Measured::one(Measure::CertificateDays, days));
            about.push(format!("certificate {days:.0} days"));
            let worse = if days < CERTIFICATE.1 {
                Level::Alert
            } else if days < CERTIFICATE.0 {
                Level::Watch
            } else {
                Level::Ok
            };
            level = level.max(worse);
        }
        let state = got.status.as_u16().to_string();
        Subject { level: Some(level), state, about: about.join(", "), measured, ..Subject::default() }
    }
}

/// There is nothing here to ask with.
fn no_program(why: String) -> Unseen {
    Unseen::new(Reason::NoProgram, why)
}

impl Collector for Address {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(self.see(limit))
    }

    /// The way to it may be another one than before.
    fn forget(&mut self) {
        if self.reach.is_some() {
            self.client = None;
        }
    }
}

/// A client that follows no redirect: what an address itself says is what counts.
///
/// It keeps no connection from one look to the next. A server that is told to stop finishes its connections first, so
/// one that is kept would hold it up until it is killed; and on a kept one a server answers that takes no new ones.
pub(super) fn client() -> Result<Client, String> {
    built(builder())
}

/// The same over a socket here that leads to another host.
pub(super) fn over_socket(socket: std::path::PathBuf) -> Result<Client, String> {
    built(builder().unix_socket(socket))
}

fn builder() -> ClientBuilder {
    let _installed = tls::provider();
    Client::builder()
        .user_agent(concat!("gonogo/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .tls_info(true)
}

fn built(builder: ClientBuilder) -> Result<Client, String> {
    builder.build().map_err(|error| format!("no TLS on this machine: {}", deepest(&error)))
}

/// What came of what the document expects of a body.
fn expected(pattern: &serde_json::Value, body: &[u8]) -> (Level, Option<String>) {
    let Ok(value) = serde_json::from_slice(body) else {
        let text = plain(&String::from_utf8_lossy(body), 60);
        return (Level::Alert, Some(format!("not JSON: {text}")));
    };
    match json_differs(pattern, &value) {
        None => (Level::Ok, None),
        Some((at, plainly)) => (if plainly { Level::Alert } else { Level::Watch }, Some(plain(&at, 120))),
    }
}

/// A body, as far as it is read.
pub(super) async fn body_up_to(mut response: Response, most: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= most {
            break;
        }
    }
    Ok(body)
}

/// What a body says by itself of how the service is, where it is JSON as health checks have it: its status, or that it
/// is healthy or not. Who answers with 200 may still say that it is down.
fn says_unwell(body: &[u8]) -> Option<(Level, String)> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    for name in ["healthy", "ok", "alive", "ready", "up"] {
        if value.get(name) == Some(&serde_json::Value::Bool(false)) {
            return Some((Level::Alert, format!("it says {name}: false")));
        }
    }
    let status = ["status", "state", "health"].iter().find_map(|name| value.get(name)?.as_str())?;
    let level = match status.to_lowercase().as_str() {
        "down" | "unhealthy" | "error" | "fail" | "failed" | "failing" | "critical" | "unavailable"
        | "out_of_service" | "outage" | "dead" => Level::Alert,
        "degraded" | "warn" | "warning" | "starting" | "initializing" => Level::Watch,
        _ => return None,
    };
    Some((level, format!("it says {}", plain(status, 40))))
}

/// Whether an address is one where somebody logs in.
fn is_login(address: &str) -> bool {
    let lower = address.to_lowercase();
    ["login", "signin", "sign-in", "sign_in", "oauth", "/sso", "/auth"]
        .iter()
        .any(|part| lower.contains(part))
}

fn certificate(response: &Response) -> Option<f64> {
    let info = response.extensions().get::<TlsInfo>()?;
    tls::days_left(info.peer_certificate()?, chrono::Utc::now())
}

/// The address with another path.
fn at_path(url: &str, path: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    format!("{}{path}", &url[..end])
}
