//! gonogo turns the Markdown runbook a team already has into a guided, executable, recorded deployment.
//!
//! `docs/architecture.md` is the map. A module uses those below it, never those above; `tests/architecture`
//! checks that on every build.

pub mod caught;
pub mod cli;
pub mod client;
pub mod config;
pub mod demo;
pub mod exec;
pub mod figures;
pub mod mask;
pub mod probe;
pub mod protocol;
pub mod record;
pub mod run;
pub mod run_files;
pub mod runbook;
pub mod runner;
pub mod shell;
pub mod store;
pub mod text;
pub mod tui;
pub mod visible;
pub mod wire;
