//! What a verb prints that asks a run for one thing: whatever goes wrong meanwhile, and nothing else.

use super::report::{CommandError, note};
use crate::client::Observer;
use crate::protocol::ToClient;
use crate::run::{RunId, RunState};

/// That another runner is sought, as everybody is told who follows a run without screens.
pub(super) const ANOTHER_RUNNER: &str =
    "the runner has ended; gonogo starts another one, and runs nothing again";

/// Notes troubles.
pub(super) struct Notes;

impl Observer for Notes {
    type Error = CommandError;

    fn arrived(&mut self, _state: &RunState, update: &ToClient) -> Result<(), CommandError> {
        if let ToClient::Trouble(text) = update {
            note(text);
        }
        Ok(())
    }

    fn runner_ended(&mut self, _run: &RunId) -> Result<(), CommandError> {
        note(ANOTHER_RUNNER);
        Ok(())
    }
}
