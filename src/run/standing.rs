//! What a command's state comes to.

use super::claim::{self, Standing};
use super::state::{CommandState, RunState};
use super::ways;
use crate::runbook::CommandId;

impl RunState {
    /// What a command's state comes to.
    ///
    /// A command with a claim that was neither derived nor attested needs eyes; one about which nothing is
    /// claimed is done, which is not a pass.
    pub fn standing(&self, id: &CommandId) -> Standing {
        match self.command(id) {
            CommandState::Pending => Standing::NotYet,
            CommandState::Running { .. } => Standing::Running,
            CommandState::Lost { .. } => Standing::Lost,
            CommandState::Skipped { .. } => {
                let again = self.find(id).is_some_and(|c| ways::is_open_again(self, c));
                if again { Standing::NotYet } else { Standing::Skipped }
            }
            CommandState::DoneByHand { .. } => Standing::DoneNothingClaimed,
            CommandState::Exited { exit, claims, .. } => claim::standing(*exit, claims),
        }
    }
}
