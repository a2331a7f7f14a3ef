//! How far the reading of a fence has come.

use super::super::model::Block;
use super::client::Client;
use super::scope::Scope;
use super::ways::{Mark, Options};

/// How far a fence was read, and what holds there.
pub(super) struct Walk {
    pub(super) scope: Scope,
    /// What holds for all of the fence.
    pub(super) base: Scope,
    pub(super) client: Option<Client>,
    /// Words above say that what follows is typed in another place.
    pub(super) elsewhere: bool,
    /// What the lines right before are, where they are no commands.
    pub(super) after: Option<&'static str>,
    /// The line of the comment right before, where it says "Expected:" and nothing more.
    pub(super) claim_open: Option<usize>,
    pub(super) options: Options,
    pub(super) marks: Vec<Mark>,
    /// A blank line stands before the piece that is read.
    pub(super) apart: bool,
    pub(super) end: usize,
}

impl Walk {
    /// A blank line: what a comment said ends there, but for a wait.
    pub(super) fn paragraph(&mut self, block: &mut Block) {
        let wait_s = self.scope.wait_s;
        self.scope.leave(&self.base, block);
        self.scope.wait_s = wait_s;
    }
}
