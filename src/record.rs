//! The record of a run, for whoever reads it in the morning: the deployment log, sign-offs and their proof.

pub mod allowed;
pub mod archive;
pub mod evidence;
mod followups;
pub mod history;
pub mod log;
pub mod redline;
pub mod report;
pub mod review;
pub mod sign_off;
pub mod signature;
pub mod times;
pub mod verify;

pub use log::{Filled, fill};

use crate::run::{RunState, SignOff, Statement};

/// The files of a sign-off by their names in a run's directory: the statement, the signature under it, and the log as
/// it was signed. The second of a role has its number in its name.
///
/// `state` is the one with the sign-off in it, `log` what it covers.
pub fn signed_files(state: &RunState, sign_off: &SignOff, log: &str) -> Vec<(String, String)> {
    let Ok(statement) = Statement::read(&sign_off.statement) else { return vec![] };
    let same = state.signatures().iter().filter(|s| s.statement.role == statement.role);
    let number = same.take_while(|s| &s.as_given != sign_off).count() + 1;
    let role = statement.role;
    let name = if number == 1 { role.to_string() } else { format!("{role}-{number}") };
    let mut files = vec![
        (format!("signatures/{name}.log.md"), log.to_owned()),
        (format!("signatures/{name}.txt"), sign_off.statement.clone()),
    ];
    if let Some(signature) = &sign_off.signature {
        files.push((format!("signatures/{name}.txt.sig"), signature.clone()));
    }
    files
}

/// What the log of a run is called where logs are kept: `2026-11-25-notes-0c41.md`.
pub fn kept_name(state: &RunState) -> String {
    let began = state.start().map_or(chrono::DateTime::UNIX_EPOCH, |(_, at)| *at);
    format!("{}-{}.md", times::Times::of(state).date(began), state.id())
}
