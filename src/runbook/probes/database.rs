//! PostgreSQL: the server that the document's clients connect to, and its queries.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Credential, Derived, Kind, settings};
use super::looked::{Looked, literal, port_in};
use crate::runbook::measures::Measure;
use crate::runbook::words;
use crate::shell::Effect;
use crate::shell::classify::sql_effect;
use crate::shell::parse::Simple;

/// Clients that take libpq's options.
const CLIENTS: &[&str] = &["psql", "pg_dump", "pg_isready", "pg_restore"];

/// A query is asked no more often than this, whatever the document says.
const SQL_EVERY_S: u64 = 300;

/// A PostgreSQL database and who asks. What is absent is as libpq has it: `PGHOST`, `PGPORT`, …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// The server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Its port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The parameter or variable that holds the password; by default `PGPASSWORD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Where the password is otherwise: a file or a command of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
}

/// A query of the document on a server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// The server.
    #[serde(flatten)]
    pub database: Database,
    /// One statement.
    pub query: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    postgres: Option<String>,
    query: Option<String>,
    password_env: Option<String>,
    password_file: Option<String>,
    password_command: Option<String>,
}

impl Kind for Database {
    const NAME: &'static str = "postgres";
    const SETTINGS: &'static [&'static str] =
        &["postgres", "password_env", "password_file", "password_command"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        let found = servers(document);
        let many = found.len() > 1;
        let server = |(at, (database, line)): (usize, (Database, usize))| {
            let id = if many { format!("postgres.{}", at + 1) } else { "postgres".into() };
            Derived::at(&id, title(&database), database, (line, 15))
        };
        found.into_iter().enumerate().map(server).collect()
    }

    fn made(said: &Table) -> Option<Self> {
        (said.contains_key("postgres") && !said.contains_key("query")).then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if said.query.is_some() {
            return Err("it is a server, and takes no query; name another probe for that".into());
        }
        self.connect(said)
    }

    fn measures(&self) -> &'static [Measure] {
        &[Measure::Connections, Measure::LongestTransaction, Measure::LocksWaiting, Measure::ReplicationLag]
    }

    fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }
}

impl Kind for Query {
    const NAME: &'static str = "sql";
    const SETTINGS: &'static [&'static str] = &["query"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        servers(document).first().map_or(vec![], |(database, _)| queries(document, database))
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("query").then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let mut said: Settings = settings(said)?;
        self.query = said.query.take().unwrap_or(std::mem::take(&mut self.query));
        self.database.connect(said)
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }

    fn credential(&self) -> Option<&Credential> {
        self.database.credential.as_ref()
    }
}

impl Database {
    fn connect(&mut self, said: Settings) -> Result<(), String> {
        if let Some(uri) = &said.postgres {
            let found = from_uri(uri).ok_or_else(|| {
                format!("\"{uri}\" is not a postgres://user@host:port/database, or it holds a password")
            })?;
            *self = Self { password: self.password.take(), ..found };
        }
        self.password = said.password_env.or(self.password.take());
        let file = said.password_file.map(Credential::File);
        self.credential = said.password_command.map(Credential::Command).or(file).or(self.credential.take());
        Ok(())
    }
}

/// The servers that the document's clients connect to, each with its first line.
fn servers(document: &Document<'_>) -> Vec<(Database, usize)> {
    let mut found: Vec<(Database, usize)> = Vec::new();
    for (command, simple) in document.seen.of(CLIENTS) {
        let Some(mut database) = connects(&simple) else { continue };
        database.port = Some(port_in(document.runbook, document.environment, database.port.unwrap_or(5432)));
        database.password = password(&document.seen);
        let known = found
            .iter()
            .any(|(d, _)| (&d.host, d.port, &d.name) == (&database.host, database.port, &database.name));
        if !known {
            found.push((database, command.span.line));
        }
    }
    found
}

fn title(database: &Database) -> String {
    let host = database.host.as_deref().unwrap_or("local");
    format!("postgres {host}:{}", database.port.unwrap_or(5432))
}

/// Queries to track: those of the monitoring section, and the ones that count something elsewhere in it.
fn queries(document: &Document<'_>, database: &Database) -> Vec<Derived<Query>> {
    let mut texts: Vec<(Statement, u64)> = Vec::new();
    for window in &document.runbook.monitoring {
        let every = window.every_s.unwrap_or(SQL_EVERY_S).max(SQL_EVERY_S);
        for block in window.blocks.iter().filter(|b| b.language.eq_ignore_ascii_case("sql")) {
            let commands = block.commands.iter().map(|c| (c.span.line, c.text.as_str()));
            let others = block.other.iter().map(|o| (o.line, o.text.as_str()));
            for (line, text) in commands.chain(others) {
                texts.extend(statements(text, line).into_iter().map(|s| (s, every)));
            }
        }
    }
    for (command, simple) in document.seen.of(&["psql"]) {
        if !command.id.0.starts_with("monitor") {
            continue;
        }
        if let Some(query) = after(&simple, "-c") {
            let about = command.about.clone();
            texts.push((Statement { text: query.to_owned(), line: command.span.line, about }, SQL_EVERY_S));
        }
    }
    let reads = |text: &str| {
        text.trim_start().to_lowercase().starts_with("select") && sql_effect(text) == Effect::Reads
    };
    let found = texts.into_iter().filter(|(statement, _)| reads(&statement.text));
    let probe = |(at, (statement, every_s)): (usize, (Statement, u64))| {
        let title = statement.about.clone().unwrap_or_else(|| one_line(&statement.text));
        let source = Query { database: database.clone(), query: statement.text };
        Derived {
            on: !document.production,
            cost: Some(format!("one query every {}", words::every(every_s))),
            ..Derived::at(&format!("sql.{}", at + 1), title, source, (statement.line, every_s))
        }
    };
    found.enumerate().map(probe).collect()
}

struct Statement {
    text: String,
    line: usize,
    /// The comment above it.
    about: Option<String>,
}

/// The statements of a text that begins at a line, by the semicolons at the ends of lines; comments left out.
fn statements(text: &str, first: usize) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut current: Option<Statement> = None;
    let mut about = None;
    for (offset, line) in text.lines().enumerate() {
        if let Some(comment) = line.trim_start().strip_prefix("--") {
            about = Some(comment.trim().to_owned()).filter(|c| !c.is_empty());
            continue;
        }
        let line = line.split("--").next().unwrap_or("").trim_end();
        if line.trim().is_empty() {
            continue;
        }
        let statement = current.get_or_insert_with(|| Statement {
            text: String::new(),
            line: first + offset,
            about: about.take(),
        });
        if !statement.text.is_empty() {
            statement.text.push('\n');
        }
        statement.text.push_str(line);
        if line.ends_with(';') {
            found.extend(current.take());
        }
    }
    found.extend(current);
    found
}

fn one_line(query: &str) -> String {
    let line = query.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(';').to_owned();
    if line.chars().count() > 40 { line.chars().take(39).chain(['…']).collect() } else { line }
}

/// What a client connects to, where its words say so.
fn connects(simple: &Simple) -> Option<Database> {
    if let Some(uri) =
        simple.args().iter().find(|a| a.starts_with("postgres://") || a.starts_with("postgresql://"))
    {
        return from_uri(uri);
    }
    let option = |short: &str, long: &str| {
        after(simple, short).or_else(|| after(simple, long)).or_else(|| {
            let with = format!("{long}=");
            simple.args().iter().find_map(|a| a.strip_prefix(&with))
        })
    };
    let known = |value: Option<&str>| match value {
        Some(v) if literal(v) => Ok(Some(v.to_owned())),
        Some(_) => Err(()),
        None => Ok(None),
    };
    let host = known(option("-h", "--host")).ok()?;
    let user = known(option("-U", "--username")).ok()?;
    let name = known(option("-d", "--dbname")).ok()?;
    let port = match option("-p", "--port") {
        Some(port) => Some(port.parse().ok()?),
        None => None,
    };
    // Without any of them it is whatever the place's shell says, and nobody knows that here.
    if host.is_none() && user.is_none() && name.is_none() {
        return None;
    }
    Some(Database { host, port, user, name, ..Database::default() })
}

/// The database of a URI without a password in it: one that has one is a credential in the document.
fn from_uri(uri: &str) -> Option<Database> {
    let rest = uri.split_once("://")?.1;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, address) = authority.rsplit_once('@').map_or((None, authority), |(u, a)| (Some(u), a));
    if !literal(uri) || user.is_some_and(|u| u.contains(':')) {
        return None;
    }
    let (host, port) = address.split_once(':').map_or((address, None), |(h, p)| (h, p.parse().ok()));
    let name = path.split('?').next().filter(|n| !n.is_empty());
    Some(Database {
        host: Some(host.to_owned()).filter(|h| !h.is_empty()),
        port,
        user: user.map(str::to_owned),
        name: name.map(str::to_owned),
        ..Database::default()
    })
}

/// The word after an option.
fn after<'s>(simple: &'s Simple, option: &str) -> Option<&'s str> {
    let at = simple.args().iter().position(|a| a == option)?;
    simple.args().get(at + 1).map(String::as_str)
}

/// The variable whose value the document gives to `PGPASSWORD`.
fn password(seen: &Looked<'_>) -> Option<String> {
    let assigned = seen.simples.iter().flat_map(|(_, simple)| {
        let exported = simple.words.iter().filter_map(|w| w.split_once('='));
        let exported = exported.map(|(n, v)| (n.to_owned(), v.to_owned()));
        simple.assigns.iter().cloned().chain(exported)
    });
    let mut values = assigned.filter(|(name, _)| name == "PGPASSWORD").map(|(_, value)| value);
    let value = values.next()?;
    let name = value.trim_matches(['"', '\'']).strip_prefix('$')?.trim_matches(['{', '}']).to_owned();
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(name)
}
