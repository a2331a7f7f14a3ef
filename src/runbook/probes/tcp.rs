//! Ports that the document asks whether they are open: `nc -z db 5432`.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Derived, Kind, settings};
use super::looked::{literal, port_in};
use crate::runbook::measures::Measure;
use crate::shell::parse::Simple;

/// A port that takes connections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tcp {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    tcp: Option<String>,
}

impl Kind for Tcp {
    const NAME: &'static str = "tcp";
    const SETTINGS: &'static [&'static str] = &["tcp"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        let mut found: Vec<(Self, usize)> = Vec::new();
        for (command, simple) in document.seen.of(&["nc", "ncat", "netcat"]) {
            let Some(mut port) = looked_at(&simple) else { continue };
            port.port = port_in(document.runbook, document.environment, port.port);
            if found.iter().all(|(known, _)| *known != port) {
                found.push((port, command.span.line));
            }
        }
        let probe = |(at, (port, line)): (usize, (Self, usize))| {
            let title = format!("port {}:{}", port.host, port.port);
            Derived::at(&format!("tcp.{}", at + 1), title, port, (line, 10))
        };
        found.into_iter().enumerate().map(probe).collect()
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("tcp").then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if let Some(address) = &said.tcp {
            *self = address_of(address)
                .ok_or_else(|| format!("\"{address}\" is no host and port, such as db.example.com:5432"))?;
        }
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }
}

fn address_of(text: &str) -> Option<Tcp> {
    let (host, port) = text.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some(Tcp { host: host.to_owned(), port: port.parse().ok()? }).filter(|tcp| literal(&tcp.host))
}

/// The host and the port of a scan (nc(1), `-z`); nothing of several ports, or of datagrams, which nobody answers.
fn looked_at(simple: &Simple) -> Option<Tcp> {
    if !simple.has_short('z') || simple.has_short('u') {
        return None;
    }
    let mut words = Vec::new();
    let mut args = simple.args().iter();
    while let Some(arg) = args.next() {
        if arg.starts_with('-') {
            // Options with a value of their own, alone or as the last of a cluster: `-w 3`, `-zvw3`.
            if arg.ends_with(['w', 'i', 's', 'p', 'x', 'X']) {
                args.next();
            }
        } else {
            words.push(arg);
        }
    }
    let [host, port] = words.as_slice() else { return None };
    let port = port.parse().ok()?;
    literal(host).then(|| Tcp { host: (*host).clone(), port })
}
