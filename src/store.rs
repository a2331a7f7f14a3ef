//! Where runs are kept: a directory a run, with its journal and the document's bytes (DESIGN 7).

pub mod chain;
pub mod directory;
pub mod environment;
pub mod journal;
pub mod salvage;
pub mod spill;
mod sqlite;

pub use directory::{RunDirectory, RunSummary, StateDirectory};
pub use journal::{Journal, StoreError};
