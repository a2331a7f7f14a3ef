//! What a block's own `exit` means for the rest of it.

use super::event::{Exit, SkipReason};
use super::state::{CommandState, RunState};
use crate::runbook::{Command, CommandId};

/// The command of the same block that left the shell with success, and behind which nothing of the block has run.
///
/// Neither a script nor a pasted block runs anything behind its `exit 0`: whoever wrote it there meant the rest not to
/// run. With another status it has failed, and the run stops there anyway.
pub fn left_by(state: &RunState, command: &Command) -> Option<CommandId> {
    let left = |id: &CommandId| match state.command(id) {
        CommandState::Exited { exit, .. } => Some(*exit == Exit::ShellEnded(0)),
        _ => None,
    };
    if !state.left_shell {
        return None;
    }
    let block = state.runbook().block_of(&command.id)?;
    let before = block.commands.iter().take_while(|c| c.id != command.id);
    let last = before.filter_map(|c| left(&c.id).map(|left| (c, left))).last();
    last.filter(|(_, left)| *left).map(|(c, _)| c.id.clone())
}

/// Why a command that is offered is left out, where somebody says no to it.
pub fn left_out(state: &RunState, id: &CommandId) -> SkipReason {
    match state.find(id) {
        Some(command) if left_by(state, command).is_some() => SkipReason::BlockLeft,
        Some(command) if command.is_one_way() => SkipReason::Alternative,
        _ => SkipReason::Optional,
    }
}
