//! The list of all kinds of sources.
//!
//! A kind is two files: the one here derives it from a document, has its settings and says what it measures; the one
//! in `probe/` connects and looks. Each is named once in a list: [`Source`] here, `probe/kinds.rs` there.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::command::CommandProbe;
use super::database::{Database, Query};
use super::docker::Docker;
use super::document::Document;
use super::host::Host;
use super::http::HttpRequest;
use super::kind::{Credential, Derived, Kind};
use super::prometheus::Prometheus;
use super::redis::Redis;
use super::systemd::Systemd;
use super::tcp::Tcp;
use crate::runbook::measures::Measure;

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
            pub(super) fn derived(document: &Document<'_>) -> Vec<Derived<Self>> {
                let mut found = Vec::new();
                $(found.extend(<$kind as Kind>::derive(document).into_iter().map(|one| one.of(Source::$name)));)*
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
