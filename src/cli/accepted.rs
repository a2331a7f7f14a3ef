//! Commands that came with a runbook, in the settings beside it: they run once somebody has accepted them.

use super::report::{CommandError, Status};
use crate::config::Settings;
use crate::run_files;

/// Commands of the settings beside a document that nobody has accepted here.
pub(super) fn waiting(settings: &Settings) -> Vec<(String, String)> {
    let accepted =
        settings.beside.is_empty() || run_files::has_accepted(&settings.state_dir, &settings.beside_hash());
    if accepted { vec![] } else { settings.beside.clone() }
}

/// Commands of a file that came with the runbook run only when somebody has seen and accepted them.
pub(super) fn accept_commands(settings: &Settings, accepted: bool) -> Result<(), CommandError> {
    let waiting = waiting(settings);
    if waiting.is_empty() {
        return Ok(());
    }
    if accepted {
        return Ok(run_files::accept(&settings.state_dir, &settings.beside_hash())?);
    }
    let error = CommandError::new(
        Status::Usage,
        "gonogo.toml beside the runbook holds commands that nobody accepted",
    );
    let error = waiting.iter().fold(error, |e, (name, command)| e.hint(format!("{name}: {command}")));
    Err(error.hint("--accept-commands accepts them as they are"))
}
