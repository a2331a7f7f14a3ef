//! Commands that came with a runbook, in the settings beside it: they run once somebody has accepted them.

use super::report::{CommandError, Status};
use crate::config::Settings;
use crate::store::StateDirectory;

/// Commands of the settings beside a document that nobody has accepted here.
pub(super) fn waiting(settings: &Settings, state: &StateDirectory) -> Vec<(String, String)> {
    let accepted = settings.beside.is_empty() || state.has_accepted(&settings.beside_hash());
    if accepted { vec![] } else { settings.beside.clone() }
}

/// Commands of a file that came with the runbook run only when somebody has seen and accepted them.
pub(super) fn accept_commands(
    settings: &Settings,
    state: &StateDirectory,
    accepted: bool,
) -> Result<(), CommandError> {
    let waiting = waiting(settings, state);
    if waiting.is_empty() {
        return Ok(());
    }
    if accepted {
        return Ok(state.accept(&settings.beside_hash())?);
    }
    let error = CommandError::new(
        Status::Usage,
        "gonogo.toml beside the runbook holds commands that nobody accepted",
    );
    let error = waiting.iter().fold(error, |e, (name, command)| e.hint(format!("{name}: {command}")));
    Err(error.hint("--accept-commands accepts them as they are"))
}
