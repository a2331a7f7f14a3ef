//! HTTP: health checks that the document makes with curl, the environment's own address, and requests whose time
//! it measures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::Table;

use super::document::Document;
use super::kind::{Derived, Kind, settings};
use super::looked::{literal, port_in};
use crate::runbook::expect::Check;
use crate::runbook::measures::Measure;
use crate::runbook::model::{Command, Environment, ParameterKind, Runbook};
use crate::runbook::words;
use crate::shell::parse::Simple;
use crate::shell::services::asks_health;

/// Where services tell how they are, tried in this order where the document's own path is not there.
pub const HEALTH_PATHS: &[&str] =
    &["/readyz", "/healthz", "/health", "/livez", "/api/health", "/-/healthy", "/status", "/ping", "/"];

/// Seconds between two requests that are made only to measure their time.
const MEASURE_EVERY_S: u64 = 30;

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// `GET`, `POST`.
    pub method: String,
    /// The address.
    pub url: String,
    /// Headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What the document expects of the answer: JSON that holds at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// Paths to try where the address's own is not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// It is made to measure how long an answer takes, and stands for the service's latency.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub measures: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    url: Option<String>,
    method: Option<String>,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    expect: Option<String>,
    paths: Option<Vec<String>>,
    measures: Option<bool>,
}

impl Kind for HttpRequest {
    const NAME: &'static str = "http";
    const SETTINGS: &'static [&'static str] =
        &["url", "method", "headers", "body", "expect", "paths", "measures"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        probes(document)
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("url").then(|| Self { method: "GET".into(), ..Self::default() })
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if let Some(url) = said.url {
            if !(url.starts_with("http://") || url.starts_with("https://")) {
                return Err(format!("\"{url}\" is not an http:// or https:// address"));
            }
            self.url = url;
            self.paths =
                HEALTH_PATHS.iter().filter(|p| **p != self.path()).map(ToString::to_string).collect();
        }
        self.paths = said.paths.unwrap_or(std::mem::take(&mut self.paths));
        if let Some(method) = said.method {
            self.method = method.to_uppercase();
        }
        self.headers.extend(said.headers);
        self.body = said.body.or(self.body.take());
        if let Some(expect) = &said.expect {
            let read = serde_json::from_str(expect).map_err(|_| format!("expect is not JSON: {expect}"))?;
            self.json = Some(read);
        }
        self.measures = said.measures.unwrap_or(self.measures);
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        if self.measures {
            &[
                Measure::Latency,
                Measure::LatencyP50,
                Measure::LatencyP95,
                Measure::LatencyP99,
                Measure::LatencyMean,
            ]
        } else if self.url.starts_with("https:") {
            &[Measure::CertificateDays]
        } else {
            &[]
        }
    }
}

impl HttpRequest {
    /// The host and port of the address.
    pub fn authority(&self) -> &str {
        authority(&self.url)
    }

    /// The host and the port to connect to, the scheme's own where none is given.
    pub fn host_and_port(&self) -> Option<(String, u16)> {
        let authority = self.authority().rsplit('@').next()?;
        let usual = if self.url.starts_with("https:") { 443 } else { 80 };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
            _ => (authority, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (!host.is_empty()).then(|| (host.to_owned(), port))
    }

    /// The path of the address.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.find('/').map_or("/", |at| &rest[at..])
    }
}

fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn probes(document: &Document<'_>) -> Vec<Derived<HttpRequest>> {
    let Document { runbook, environment, seen, .. } = document;
    let environment = *environment;
    let mut found: Vec<Derived<HttpRequest>> = Vec::new();
    let mut measured = None;
    for (command, simple) in seen.of(&["curl"]) {
        let Some(mut request) = request(&simple) else { continue };
        request.url = in_environment(&request.url, runbook, environment);
        if measured.is_none() && measures(command) {
            measured = Some(measuring(request.clone(), command));
        }
        if request.method != "GET" || request.body.is_some() || !asks_health(&format!("curl {}", request.url))
        {
            continue;
        }
        let json = expected(command).and_then(|json| lasting(json, runbook));
        if let Some(known) = found.iter_mut().find(|p| p.source.url == request.url) {
            if let Some(json) = json {
                known.source.json = match known.source.json.take() {
                    Some(before) => common(before, &json),
                    None => Some(json),
                };
            }
            continue;
        }
        let others = HEALTH_PATHS.iter().filter(|p| **p != request.path());
        request.paths = others.map(ToString::to_string).collect();
        request.json = json;
        found.push(probe(request, command.span.line));
    }
    found.extend(own_address(&found, environment));
    for (at, probe) in found.iter_mut().enumerate() {
        probe.id = format!("http.{}", at + 1);
    }
    found.extend(measured);
    found
}

fn probe(request: HttpRequest, line: usize) -> Derived<HttpRequest> {
    let title = format!("{}{}", request.authority(), request.path());
    Derived::at("", title, request, (line, 5))
}

/// The environment's own address, as others reach it.
fn own_address(
    found: &[Derived<HttpRequest>],
    environment: Option<&Environment>,
) -> Option<Derived<HttpRequest>> {
    let environment = environment?;
    let url = environment.url.as_ref().filter(|u| u.starts_with("http") && literal(u))?;
    let paths = found.iter().map(|probe| &probe.source);
    let mut known = paths.peekable();
    let first = known.peek().map(|r| ((*r).path().to_owned(), r.json.clone()));
    if known.any(|r| r.authority() == authority(url)) {
        return None;
    }
    // Without a health check in the document it is enough that somebody answers there.
    let paths = if first.is_some() { HEALTH_PATHS } else { &[] };
    let (path, json) = first.unwrap_or_else(|| ("/".to_owned(), None));
    let request = HttpRequest {
        method: "GET".into(),
        url: format!("{}{path}", url.trim_end_matches('/')),
        json,
        paths: paths.iter().filter(|p| **p != path).map(ToString::to_string).collect(),
        ..HttpRequest::default()
    };
    Some(Derived { every_s: 15, ..probe(request, environment.line) })
}

fn measuring(request: HttpRequest, command: &Command) -> Derived<HttpRequest> {
    let cost = format!("one {} {} every {}", request.method, request.path(), words::every(MEASURE_EVERY_S));
    Derived {
        id: "latency".into(),
        every_s: MEASURE_EVERY_S,
        timeout_ms: 10_000,
        on: false,
        cost: Some(cost),
        ..probe(HttpRequest { measures: true, ..request }, command.span.line)
    }
}

/// Whether the document says how long a command may take.
fn measures(command: &Command) -> bool {
    command.expects.iter().any(|e| matches!(e.check, Some(Check::Within { .. })))
}

fn expected(command: &Command) -> Option<Value> {
    command.expects.iter().find_map(|e| match &e.check {
        Some(Check::Json { pattern }) if e.left.is_none() => Some(pattern.clone()),
        _ => None,
    })
}

/// An expectation without what a release changes: before the deployment the old version is as well as the new one
/// after it.
fn lasting(json: Value, runbook: &Runbook) -> Option<Value> {
    let versions = runbook.parameters.iter().filter(|p| p.kind == ParameterKind::Literal);
    let versions: Vec<&str> =
        versions.filter_map(|p| p.default.as_deref()).map(|v| v.trim_start_matches(['v', 'V'])).collect();
    let of_release = |value: &Value| {
        value.as_str().is_some_and(|text| {
            let text = text.trim_start_matches(['v', 'V']);
            versions.contains(&text)
        })
    };
    match json {
        Value::Object(fields) => {
            let kept: serde_json::Map<String, Value> =
                fields.into_iter().filter(|(_, value)| !of_release(value)).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        other => Some(other),
    }
}

/// What two expectations of one address agree on: one is of before the deployment, the other of after it.
fn common(one: Value, other: &Value) -> Option<Value> {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            let kept: serde_json::Map<String, Value> =
                fields.into_iter().filter(|(name, value)| others.get(name) == Some(value)).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        (one, other) => (&one == other).then_some(one),
    }
}

/// The address with the chosen environment's port.
fn in_environment(url: &str, runbook: &Runbook, environment: Option<&Environment>) -> String {
    let old = authority(url);
    let Some((host, port)) = old.rsplit_once(':') else { return url.to_owned() };
    let Ok(port) = port.parse::<u16>() else { return url.to_owned() };
    url.replacen(old, &format!("{host}:{}", port_in(runbook, environment, port)), 1)
}

/// The request that a curl command makes, where its words say all of it and it holds no credential.
fn request(simple: &Simple) -> Option<HttpRequest> {
    let mut request = HttpRequest::default();
    let mut method = None;
    let mut args = simple.args().iter();
    while let Some(arg) = args.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) if arg.starts_with("--") => (name, Some(value.to_owned())),
            _ => (arg.as_str(), None),
        };
        let mut value = || inline.clone().or_else(|| args.next().cloned());
        match name {
            "-X" | "--request" => method = Some(value()?.to_uppercase()),
            "-H" | "--header" => {
                let header = value()?;
                let (name, value) = header.split_once(':')?;
                if name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("cookie") {
                    return None;
                }
                request.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--json" => {
                let data = value()?;
                if data.starts_with('@') || data.contains('$') {
                    return None;
                }
                if name == "--json" {
                    request.headers.push(("Content-Type".into(), "application/json".into()));
                }
                request.body = Some(data);
            }
            "-u" | "--user" | "-F" | "--form" | "-T" | "--upload-file" | "-b" | "--cookie" => return None,
            "-o" | "--output" | "-w" | "--write-out" | "-m" | "--max-time" | "--connect-timeout"
            | "--retry" | "--retry-delay" | "-A" | "--user-agent" | "--cacert" => {
                value()?;
            }
            word if word.starts_with('-') => {}
            word => {
                if !request.url.is_empty() {
                    return None;
                }
                word.clone_into(&mut request.url);
            }
        }
    }
    if !literal(&request.url) || !(request.url.starts_with("http://") || request.url.starts_with("https://"))
    {
        return None;
    }
    if authority(&request.url).contains('@') {
        return None;
    }
    request.method = method.unwrap_or_else(|| if request.body.is_some() { "POST" } else { "GET" }.to_owned());
    Some(request)
}
