//! `gonogo log`: the deployment log.

use std::path::PathBuf;

use clap::Args;

use super::open;
use super::report::{CommandError, Status, note, say};
use crate::record;
use crate::store::StateDirectory;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// The run; by default the active one, else the last
    run: Option<String>,
    /// Write it to a file instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn log(args: &LogArgs) -> Result<Status, CommandError> {
    let state = StateDirectory::open(&open::settings(None, None)?.state_dir)?;
    let run = state.find(args.run.as_deref())?;
    let filled = record::fill(&run.read_state()?);
    match &args.out {
        Some(path) => {
            std::fs::write(path, &filled.text).map_err(|e| {
                CommandError::new(Status::Failed, format!("could not write {}: {e}", path.display()))
            })?;
            note(format!("log of {} written to {}", run.id(), path.display()));
        }
        None => say(filled.text.trim_end_matches('\n'))?,
    }
    for line in &filled.left {
        note(format!("line {} stays as it was: {} ({})", line.line, line.text.trim(), line.why));
    }
    Ok(Status::Done)
}
