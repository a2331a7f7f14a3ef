//! Where runs are kept: their journals and documents, behind [`Store`]; and who may run where.

pub mod chain;
mod directory;
mod environment;
pub mod error;
pub mod follow;
pub mod held;
pub mod journal;
#[cfg(test)]
pub(crate) mod memory;
pub mod postgres;
mod read;
pub mod salvage;
pub mod spill;
mod sqlite;
#[cfg(test)]
mod suite;
pub mod summary;
mod team;
pub mod tombstone;
pub mod writer;

pub use chain::{Head, Line};
pub use directory::StateDirectory;
pub use error::{NotAppended, StoreError};
pub use journal::{Journal, Store};
pub use postgres::{Address, PostgresStore};
pub use summary::{Filter, RunSummary};
pub use team::TeamStore;
pub use tombstone::Tombstone;
pub use writer::Writer;
