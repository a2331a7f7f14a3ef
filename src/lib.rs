//! gonogo turns the Markdown runbook a team already has into a guided, executable, recorded deployment.

pub mod protocol;
pub mod run;
pub mod runbook;
pub mod shell;
pub mod store;
