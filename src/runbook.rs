//! Reading a runbook: Markdown in, a [`Runbook`] and its findings out.
//!
//! Pure, and never fails on content: what is not understood is kept as text.

mod account;
pub mod behind;
pub mod block;
mod boxes;
mod characters;
mod checks;
mod columns;
pub mod comments;
pub mod correct;
mod data;
pub mod discover;
pub mod doubt;
pub mod expect;
pub mod finding;
pub mod hash;
pub mod holes;
pub mod links;
pub mod lock;
pub mod markdown;
pub mod measures;
pub mod model;
pub mod parameters;
pub mod passage;
mod presets;
pub mod probes;
mod quoting;
pub mod read;
pub mod rendered;
mod secret;
pub mod sections;
mod stages;
pub mod thresholds;
mod variables;
mod vocabulary;
pub mod words;

pub use finding::{Finding, Level};
pub use model::*;
pub use read::retain_allowed;
pub use read::{read, read_with};
pub use vocabulary::headings;
