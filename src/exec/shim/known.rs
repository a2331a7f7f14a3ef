//! What is known of the state of the shell that has the terminal, and what a command changed in it.

use super::super::variables::Snapshot;
use super::message::FromShim;
use crate::mask::Masker;
use crate::runbook::CommandId;

/// A longer value of a variable is not kept beyond its shell: it would not fit into another one's environment.
const MOST_CAPTURED: usize = 64 * 1024;

/// The shell's last snapshot.
#[derive(Default)]
pub(super) struct Known {
    pub(super) snapshot: Option<Snapshot>,
    /// The command whose changes the next snapshot shows.
    after: Option<CommandId>,
}

impl Known {
    /// A command has run: what the next snapshot shows is its doing.
    pub(super) fn ran(&mut self, command: &CommandId) {
        self.after = Some(command.clone());
    }

    /// What the next snapshot shows is nobody's doing.
    pub(super) fn nothing_ran(&mut self) {
        self.after = None;
    }

    /// Takes a snapshot, and gives what is to be told of it. A value that holds a secret is not told.
    pub(super) fn take(&mut self, snapshot: Snapshot, masker: &Masker) -> Vec<FromShim> {
        let mut told = Vec::new();
        if let (Some(before), Some(command)) = (&self.snapshot, self.after.take()) {
            for (name, value) in snapshot.changed_since(before) {
                if value.len() > MOST_CAPTURED {
                    let words = format!("{name} is too long to be kept beyond this shell");
                    told.push(FromShim::Trouble(words));
                } else if masker.text(&value) == value {
                    told.push(FromShim::Captured { name, value, command: command.clone() });
                }
            }
        }
        self.snapshot = Some(snapshot);
        told
    }
}
