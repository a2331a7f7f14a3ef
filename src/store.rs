//! Where runs are kept: a directory a run, with its journal and the document's bytes (DESIGN 7).

pub mod chain;
pub mod directory;
pub mod environment;
pub mod follow;
pub mod journal;
#[cfg(test)]
pub(crate) mod memory;
pub mod salvage;
pub mod spill;
mod sqlite;
#[cfg(test)]
mod suite;
pub mod writer;

pub use chain::{Head, Line};
pub use directory::{RunDirectory, RunSummary, StateDirectory};
pub use journal::{Filter, Journal, NotAppended, Store, StoreError};
pub use writer::Writer;
