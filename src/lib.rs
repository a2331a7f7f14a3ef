//! gonogo turns the Markdown runbook a team already has into a guided, executable, recorded deployment.

pub mod runbook;
pub mod shell;
