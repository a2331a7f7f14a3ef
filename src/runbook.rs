//! Reading a runbook: Markdown in, a [`Runbook`] and its findings out (DESIGN 4).
//!
//! Pure, and never fails on content: what is not understood is kept as text.

pub mod block;
mod characters;
pub mod comments;
mod data;
pub mod doubt;
pub mod expect;
pub mod finding;
pub mod holes;
pub mod links;
pub mod markdown;
pub mod measures;
pub mod model;
pub mod parameters;
mod presets;
pub mod probes;
mod quoting;
pub mod read;
pub mod rendered;
pub mod sections;
pub mod thresholds;
mod variables;
mod vocabulary;
pub mod words;

pub use finding::{Finding, Level};
pub use model::*;
pub use read::read;
