//! Where runs are kept: a directory a run, with its journal and the document's bytes (DESIGN 7).

pub mod chain;
pub mod directory;
mod environment;
pub mod error;
pub mod follow;
pub mod held;
pub mod journal;
#[cfg(test)]
pub(crate) mod memory;
pub mod salvage;
pub mod spill;
mod sqlite;
#[cfg(test)]
mod suite;
pub mod summary;
pub mod writer;

pub use chain::{Head, Line};
pub use directory::{RunDirectory, StateDirectory};
pub use error::{NotAppended, StoreError};
pub use journal::{Journal, Store};
pub use summary::{Filter, RunSummary};
pub use writer::Writer;
