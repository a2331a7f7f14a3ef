//! Where probes look from: this machine, or another host over the connection of a place.
//!
//! Each source stays with its own library. Of another host only the way there differs: a socket here whose other end
//! is there, and for the host itself a small script.

use std::path::PathBuf;
use std::sync::Arc;

use futures::future::BoxFuture;

/// What a socket here is to lead to there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A host and port, as the other host knows them.
    Port(String, u16),
    /// A socket's path.
    Socket(String),
}

/// A way to another host. The runner has one over the connection of its place.
pub trait Reach: Send + Sync + std::fmt::Debug {
    /// A socket's path here that leads there; the same for the same target.
    fn lead(&self, target: Target) -> BoxFuture<'_, Result<PathBuf, String>>;

    /// Why nothing gets to a target there, where nothing does; asked after something did not.
    fn why(&self, target: Target) -> BoxFuture<'_, Option<String>>;

    /// What a script for a POSIX shell prints there.
    fn script(&self, script: String) -> BoxFuture<'_, Result<String, String>>;

    /// What the other host is called, for people.
    fn host(&self) -> &str;
}

/// Where probes look from.
#[derive(Clone, Debug, Default)]
pub enum Vantage {
    /// This machine.
    #[default]
    Here,
    /// Another host.
    Afar(Arc<dyn Reach>),
    /// Nowhere, for a reason: what was looked at is out of reach.
    Nowhere(String),
}

impl Vantage {
    /// The way to another host, where it is one.
    pub(super) fn afar(&self) -> Option<Arc<dyn Reach>> {
        match self {
            Vantage::Afar(reach) => Some(Arc::clone(reach)),
            Vantage::Here | Vantage::Nowhere(_) => None,
        }
    }
}
