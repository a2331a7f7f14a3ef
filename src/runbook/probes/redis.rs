//! Redis: the server that the document's `redis-cli` connects to.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Credential, Derived, Kind, settings};
use super::looked::{literal, port_in};
use crate::runbook::measures::Measure;
use crate::shell::parse::Simple;

/// The port of a server that names none.
const PORT: u16 = 6379;

/// A Redis server and who asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redis {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The user, where it is not the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The parameter or variable that holds the password; by default `REDISCLI_AUTH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Where the password is otherwise: a file or a command of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
}

impl Default for Redis {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: PORT, user: None, password: None, credential: None }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    redis: Option<String>,
    password_env: Option<String>,
    password_file: Option<String>,
    password_command: Option<String>,
}

impl Kind for Redis {
    const NAME: &'static str = "redis";
    const SETTINGS: &'static [&'static str] = &["redis", "password_env", "password_file", "password_command"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        let mut found: Vec<(Self, usize)> = Vec::new();
        for (command, simple) in document.seen.of(&["redis-cli"]) {
            let Some(mut server) = connects(&simple) else { continue };
            server.port = port_in(document.runbook, document.environment, server.port);
            if found.iter().all(|(known, _)| (&known.host, known.port) != (&server.host, server.port)) {
                found.push((server, command.span.line));
            }
        }
        let many = found.len() > 1;
        let probe = |(at, (server, line)): (usize, (Self, usize))| {
            let id = if many { format!("redis.{}", at + 1) } else { "redis".into() };
            let title = format!("redis {}:{}", server.host, server.port);
            Derived::at(&id, title, server, (line, 15))
        };
        found.into_iter().enumerate().map(probe).collect()
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("redis").then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if let Some(uri) = &said.redis {
            let found = from_uri(uri).ok_or_else(|| {
                format!("\"{uri}\" is not a redis://user@host:port, or it holds a password")
            })?;
            *self = Self { password: self.password.take(), credential: self.credential.take(), ..found };
        }
        self.password = said.password_env.or(self.password.take());
        let file = said.password_file.map(Credential::File);
        self.credential = said.password_command.map(Credential::Command).or(file).or(self.credential.take());
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }

    fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }
}

/// The server of a URI without a password in it, as `redis-cli -u` takes it, without TLS.
fn from_uri(uri: &str) -> Option<Redis> {
    let rest = uri.strip_prefix("redis://")?;
    let authority = rest.split('/').next().unwrap_or(rest);
    let (user, address) = authority.rsplit_once('@').map_or((None, authority), |(u, a)| (Some(u), a));
    if !literal(uri) || user.is_some_and(|user| user.contains(':')) {
        return None;
    }
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (address, PORT),
    };
    let user = user.filter(|user| !user.is_empty()).map(str::to_owned);
    (!host.is_empty()).then(|| Redis { host: host.to_owned(), port, user, ..Redis::default() })
}

/// What `redis-cli` connects to by its words; nothing where they hold a password, a socket or TLS.
fn connects(simple: &Simple) -> Option<Redis> {
    let mut server = Redis::default();
    let mut args = simple.args().iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-h" => server.host.clone_from(args.next().filter(|host| literal(host))?),
            "-p" => server.port = args.next()?.parse().ok()?,
            "-u" => server = from_uri(args.next()?)?,
            "-n" | "-r" | "-i" | "-t" | "-d" => drop(args.next()?),
            "-a" | "--pass" | "--askpass" | "-s" | "--tls" | "-c" | "--cluster" => return None,
            "--user" => server.user = Some(args.next().filter(|user| literal(user))?.clone()),
            word if word.starts_with('-') => {}
            // What is asked of it begins.
            _ => break,
        }
    }
    Some(server)
}
