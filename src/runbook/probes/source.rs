//! What every kind of source says of itself, and the list of all of them.
//!
//! A kind is two files: the one here derives it from a document, has its settings and says what it measures; the one
//! in `probe/` connects and looks. Each is named once in a list: [`Source`] here, `probe::collector` there.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::command::CommandProbe;
use super::database::{Database, Query};
use super::docker::Docker;
use super::document::Document;
use super::host::Host;
use super::http::HttpRequest;
use super::probe::{Credential, Probe};
use super::prometheus::Prometheus;
use super::redis::Redis;
use super::systemd::Systemd;
use super::tcp::Tcp;
use crate::runbook::measures::Measure;

/// One kind of source.
pub(super) trait Kind: Sized {
    /// The kind's word.
    const NAME: &'static str;
    /// The names of its settings.
    const SETTINGS: &'static [&'static str];

    /// The probes of this kind that a document tells of.
    fn derive(document: &Document<'_>) -> Vec<Probe>;

    /// A probe of the settings' own, where they say that it is of this kind.
    fn made(said: &Table) -> Option<Self>;

    /// Puts what the settings say over what the document says.
    fn change(&mut self, said: &Table) -> Result<(), String>;

    /// What it can tell of its whole, as targets speak of it.
    fn measures(&self) -> &'static [Measure];

    /// Where its secret is, where that is not by name.
    fn credential(&self) -> Option<&Credential> {
        None
    }
}

macro_rules! sources {
    ($($(#[$doc:meta])* $name:ident($kind:ty),)*) => {
        /// Where a probe gets what it shows.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Source {
            $($(#[$doc])* $name($kind),)*
        }

        impl Source {
            /// The kind's word.
            pub fn kind(&self) -> &'static str {
                match self { $(Source::$name(_) => <$kind as Kind>::NAME,)* }
            }

            /// What it can tell of its whole, as targets speak of it.
            pub fn measures(&self) -> &'static [Measure] {
                match self { $(Source::$name(source) => source.measures(),)* }
            }

            /// Where its secret is, where that is not by name.
            pub fn credential(&self) -> Option<&Credential> {
                match self { $(Source::$name(source) => source.credential(),)* }
            }

            /// Puts what the settings say over what the document says.
            pub fn change(&mut self, said: &Table) -> Result<(), String> {
                match self { $(Source::$name(source) => source.change(said),)* }
            }

            /// A probe of the settings' own.
            pub fn of_settings(said: &Table) -> Option<Self> {
                $(if let Some(source) = <$kind as Kind>::made(said) {
                    return Some(Source::$name(source));
                })*
                None
            }

            /// All probes that a document tells of.
            pub(super) fn derived(document: &Document<'_>) -> Vec<Probe> {
                let mut found = Vec::new();
                $(found.extend(<$kind as Kind>::derive(document));)*
                found
            }

            /// The names of all kinds' settings.
            pub fn settings() -> impl Iterator<Item = &'static str> {
                [$(<$kind as Kind>::SETTINGS,)*].into_iter().flatten().copied()
            }
        }
    };
}

sources! {
    /// The machine: processor, memory, room on the disks of paths.
    Host(Host),
    /// Containers of the compose project that has these services, and containers by name.
    Docker(Docker),
    /// A PostgreSQL server.
    Postgres(Database),
    /// A number or rows of a Prometheus server. Before the queries of a database: both have a `query` of the settings.
    Prometheus(Prometheus),
    /// A query of the document, read-only, whose rows are shown.
    Sql(Query),
    /// An HTTP address.
    Http(HttpRequest),
    /// Units of systemd.
    Systemd(Systemd),
    /// A port that takes connections.
    Tcp(Tcp),
    /// A Redis server.
    Redis(Redis),
    /// A command of the document that only reads.
    Command(CommandProbe),
}

/// The settings of a kind, as its own structure has them; what it does not know is told.
pub(super) fn settings<T: serde::de::DeserializeOwned>(said: &Table) -> Result<T, String> {
    said.clone().try_into().map_err(|error: toml::de::Error| {
        error.message().split_whitespace().collect::<Vec<_>>().join(" ")
    })
}
