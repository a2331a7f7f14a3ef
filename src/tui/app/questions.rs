//! What was asked of the runner, and what its answer is to lead to.

use crate::protocol::ToRunner;
use crate::run::Request;
use crate::runbook::CommandId;
use crate::tui::dialogs::overlay::{Confirm, Signing};

/// Questions with their numbers, and those that something waits for.
#[derive(Debug, Default)]
pub struct Questions {
    /// A command to run that waits for its target to be evaluated.
    pub evaluating: Option<Confirm>,
    /// The number of a request to add a command, which is to run when it was added.
    pub adding: Option<u64>,
    /// Somebody is about to sign.
    pub signing: Option<Signing>,
    /// The number of the last one.
    asked: u64,
}

impl Questions {
    /// The number of the next question.
    pub fn number(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// A request to the runner, numbered.
    pub fn ask(&mut self, request: Request) -> ToRunner {
        ToRunner::Ask { number: self.number(), request }
    }

    /// A request that adds a command, which is to run when it was added.
    pub fn ask_to_add(&mut self, text: &str) -> ToRunner {
        let number = self.number();
        self.adding = Some(number);
        ToRunner::Ask { number, request: Request::Add { text: text.to_owned() } }
    }

    /// Whether an answer is that to the request to add a command; nothing waits for it any more.
    pub fn was_to_add(&mut self, number: u64) -> bool {
        self.adding.take_if(|adding| *adding == number).is_some()
    }

    /// The command that waited for this answer; one about another command is too late.
    pub fn evaluated(&mut self, command: &CommandId) -> Option<Confirm> {
        self.evaluating.take().filter(|confirm| &confirm.command == command)
    }

    /// The runner has changed: answers of the one before no longer come.
    pub fn forget(&mut self) {
        (self.evaluating, self.adding) = (None, None);
    }
}
