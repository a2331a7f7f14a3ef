//! What the state of a command comes to, of a run of it, and of several commands together.

use super::claim::{self, Standing};
use super::flow;
use super::state::{CommandState, Ran, RunState};
use super::ways;
use crate::runbook::{Command, CommandId};

/// What makes several commands as bad as one of them, the worst first.
const WORST: [Standing; 5] =
    [Standing::Running, Standing::Lost, Standing::Failed, Standing::GonePast, Standing::NeedsEyes];

impl RunState {
    /// What a command's state comes to.
    ///
    /// A command with a claim that was neither derived nor attested needs eyes; one about which nothing is
    /// claimed is done, which is not a pass.
    pub fn standing(&self, id: &CommandId) -> Standing {
        match self.command(id) {
            CommandState::Pending => Standing::NotYet,
            CommandState::Running { .. } => Standing::Running,
            CommandState::Skipped { after: Some(_), .. } => Standing::GonePast,
            CommandState::Skipped { .. } => {
                let again = self.find(id).is_some_and(|c| ways::is_open_again(self, c));
                if again { Standing::NotYet } else { Standing::Skipped }
            }
            CommandState::DoneByHand { .. } => Standing::DoneNothingClaimed,
            ended => ended.came_to(),
        }
    }

    /// What one line of the command log comes to: as its command ended then, whatever was decided about it later. An
    /// attempt before the last one is judged by how it ended alone.
    pub fn standing_of_run(&self, ran: &Ran) -> Standing {
        let last = self.last_run(&ran.command).is_some_and(|r| r.attempt == ran.attempt);
        match self.standing(&ran.command) {
            known @ (Standing::Running | Standing::GonePast) if last => known,
            _ if last => self.command(&ran.command).came_to(),
            _ => match ran.exit {
                None => Standing::Lost,
                Some(exit) if exit.is_success() => Standing::DoneNothingClaimed,
                Some(_) => Standing::Failed,
            },
        }
    }

    /// What commands come to together: as their worst, and nothing yet while one of them is open.
    pub fn standing_of(&self, commands: &[&Command]) -> Standing {
        let standings: Vec<Standing> = commands.iter().map(|c| self.standing(&c.id)).collect();
        if let Some(worst) = WORST.into_iter().find(|s| standings.contains(s)) {
            return worst;
        }
        let (settled, all) = flow::progress(self, commands);
        if all == 0 || settled < all {
            return Standing::NotYet;
        }
        let done = [Standing::Passed, Standing::DoneNothingClaimed];
        done.into_iter().find(|s| standings.contains(s)).unwrap_or(Standing::Skipped)
    }
}

impl CommandState {
    /// What a command came to when it ended, whatever was decided about it later; lost where nobody saw its end.
    pub fn came_to(&self) -> Standing {
        match self.ended() {
            Some(CommandState::Exited { exit, claims, .. }) => claim::standing(*exit, claims),
            _ => Standing::Lost,
        }
    }
}
