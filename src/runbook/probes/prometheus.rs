//! Prometheus: queries that the document asks, in its tables, its fences and with curl. All are off until chosen.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Credential, Derived, Kind, settings};
use super::looked::literal;
use crate::runbook::measures::Measure;
use crate::runbook::words;
use crate::shell::parse::Simple;

/// Seconds between two queries.
const EVERY_S: u64 = 15;

/// More queries than this are a dashboard.
const MOST: usize = 20;

/// An expression on a Prometheus server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prometheus {
    /// The server's address; empty where the document does not name one.
    #[serde(rename = "prometheus")]
    pub url: String,
    /// The expression.
    pub query: String,
    /// What its number is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// The unit it comes in, where that is not the measure's own: `ratio`, `s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Of several the least is the worst.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub least: bool,
    /// Who asks, with a password; without, what the password names is a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The parameter or variable that holds the password or token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Where it is otherwise: a file or a command of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    prometheus: Option<String>,
    query: Option<String>,
    measure: Option<String>,
    unit: Option<String>,
    least: Option<bool>,
    user: Option<String>,
    password_env: Option<String>,
    password_file: Option<String>,
    password_command: Option<String>,
}

impl Kind for Prometheus {
    const NAME: &'static str = "prometheus";
    const SETTINGS: &'static [&'static str] = &[
        "prometheus",
        "query",
        "measure",
        "unit",
        "least",
        "user",
        "password_env",
        "password_file",
        "password_command",
    ];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        let asked = asked(document);
        let server = asked.iter().map(|(url, ..)| url.clone()).next().unwrap_or_default();
        let mut found: Vec<(String, String, usize)> = asked;
        let mut add = |query: &str, line: usize| {
            let query = query.trim();
            let known = found.iter().any(|(_, known, _)| known == query);
            if !query.is_empty() && !known && !query.contains(['$', '<']) {
                found.push((server.clone(), query.to_owned(), line));
            }
        };
        for target in &document.runbook.targets {
            target.query.iter().for_each(|query| add(query, target.line));
        }
        for (line, text) in fenced(&document.runbook.source) {
            add(text, line);
        }
        let probe = |(at, (url, query, line)): (usize, (String, String, usize))| {
            let title = one_line(&query);
            let source = Self { url, query, ..Self::default() };
            Derived {
                on: false,
                cost: Some(format!("one query every {}", words::every(EVERY_S))),
                ..Derived::at(&format!("prom.{}", at + 1), title, source, (line, EVERY_S))
            }
        };
        found.into_iter().take(MOST).enumerate().map(probe).collect()
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("prometheus").then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if let Some(url) = said.prometheus {
            if !(url.starts_with("http://") || url.starts_with("https://")) {
                return Err(format!("\"{url}\" is not an http:// or https:// address"));
            }
            url.trim_end_matches('/').clone_into(&mut self.url);
        }
        self.query = said.query.unwrap_or(std::mem::take(&mut self.query));
        if let Some(name) = said.measure {
            let known = || Measure::ALL.map(Measure::name).join(", ");
            let measure = Measure::named(&name);
            self.measure =
                Some(measure.ok_or_else(|| format!("there is no measure {name}; there are {}", known()))?);
        }
        self.unit = said.unit.or(self.unit.take());
        self.least = said.least.unwrap_or(self.least);
        if let Some(unit) = &self.unit {
            self.factor().ok_or_else(|| format!("\"{unit}\" is no unit of {}", self.measure().name()))?;
        }
        self.user = said.user.or(self.user.take());
        self.password = said.password_env.or(self.password.take());
        let file = said.password_file.map(Credential::File);
        self.credential = said.password_command.map(Credential::Command).or(file).or(self.credential.take());
        if self.query.is_empty() {
            return Err("it has no query".into());
        }
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }

    fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }
}

impl Prometheus {
    /// What its number is.
    pub fn measure(&self) -> Measure {
        self.measure.unwrap_or(Measure::Value)
    }

    /// What the number is multiplied with to be in the measure's unit; nothing where its unit does not fit.
    pub fn factor(&self) -> Option<f64> {
        let Some(unit) = &self.unit else { return Some(1.0) };
        match (self.measure().unit(), unit.as_str()) {
            ("%", "ratio") => Some(100.0),
            ("ms", unit) => words::unit_ms(unit),
            ("h", unit) => words::unit_ms(unit).map(|ms| ms / 3_600_000.0),
            ("d", unit) => words::unit_ms(unit).map(|ms| ms / 86_400_000.0),
            (own, unit) => (own == unit).then_some(1.0),
        }
    }
}

/// The lines of fences with expressions, comments left out: no part of the plan has these fences.
fn fenced(document: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut within = None;
    for (line, text) in (1..).zip(document.lines()) {
        let bare = text.trim();
        let fence = bare.starts_with("```") || bare.starts_with("~~~");
        match within {
            None if fence => {
                let language = bare.trim_start_matches(['`', '~']).split_whitespace().next().unwrap_or("");
                within = Some(matches!(language.to_lowercase().as_str(), "promql" | "prometheus"));
            }
            Some(_) if fence => within = None,
            Some(true) if !bare.is_empty() && !bare.starts_with('#') => found.push((line, bare)),
            _ => {}
        }
    }
    found
}

/// What curl asks of a server's API: its address, the expression, and the line.
fn asked(document: &Document<'_>) -> Vec<(String, String, usize)> {
    let mut found: Vec<(String, String, usize)> = Vec::new();
    for (command, simple) in document.seen.of(&["curl"]) {
        let Some((url, query)) = query_of(&simple) else { continue };
        if found.iter().all(|(known, of, _)| (known, of) != (&url, &query)) {
            found.push((url, query, command.span.line));
        }
    }
    found
}

fn query_of(simple: &Simple) -> Option<(String, String)> {
    let address = simple.args().iter().find(|word| word.contains("/api/v1/query"))?;
    let (base, rest) = address.split_once("/api/v1/query")?;
    // A range is a picture, not a number.
    if !base.starts_with("http") || !literal(base) || base.contains('@') || rest.starts_with("_range") {
        return None;
    }
    let inline = rest
        .strip_prefix('?')
        .and_then(|pairs| pairs.split('&').find_map(|pair| pair.strip_prefix("query=")).map(decoded));
    let given = simple.args().iter().find_map(|word| word.strip_prefix("query=")).map(str::to_owned);
    let query = inline.or(given).filter(|query| !query.contains('$') && !query.is_empty())?;
    Some((base.to_owned(), query))
}

/// A part of an address without its percent signs (RFC 3986, 2.1); a plus is a blank in a query.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair: Vec<u8> = rest.clone().take(2).collect();
                let read = std::str::from_utf8(&pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                match read {
                    Some(read) => {
                        bytes.push(read);
                        rest.nth(1);
                    }
                    None => bytes.push(byte),
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn one_line(query: &str) -> String {
    let line = query.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 40 { line.chars().take(39).chain(['…']).collect() } else { line }
}
