//! Where the steps' place commands lead to by the command at an index: what is asked before each command begins at what
//! was known for those before it, however many places there are.

use std::collections::BTreeMap;

use crate::runbook::CommandId;

/// The places whose other side somebody is on who has come along the steps' commands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PlaceStack {
    /// The place commands that were gone through, the outermost first.
    pub(super) inside: Vec<CommandId>,
    /// The one that was gone through by hand or skipped last, while no `exit` has come back from it.
    pub(super) by_hand: Option<CommandId>,
    /// The first one that nothing has become of yet.
    pub(super) open: Option<CommandId>,
    /// The first command that was seen to open a shell while nobody has said where what follows it runs.
    pub(super) unanswered: Option<CommandId>,
}

/// Where one is behind a place command, by what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Led {
    /// It leads back, and was run or not.
    Back { ran: bool },
    /// It was gone through.
    Through,
    /// It was gone through by hand, or left out.
    ByHand,
    /// Where one was before it.
    Nowhere,
}

/// What became of a place command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    /// Where one is behind it.
    pub(super) led: Led,
    /// Nothing has become of it yet.
    pub(super) open: bool,
    /// It was seen to open a shell, and nobody has said where what follows it runs.
    pub(super) unanswered: bool,
}

impl PlaceStack {
    /// Goes past a place command.
    pub(super) fn pass(&mut self, command: &CommandId, passed: Passed) {
        if passed.unanswered {
            self.unanswered.get_or_insert_with(|| command.clone());
        }
        if passed.open {
            self.open.get_or_insert_with(|| command.clone());
        }
        match passed.led {
            Led::Back { ran } => {
                self.by_hand = None;
                // One that was not run leads nowhere; what it would have left was never entered, or is entered still.
                if ran {
                    self.inside.pop();
                }
            }
            Led::Through => self.inside.push(command.clone()),
            Led::ByHand => self.by_hand = Some(command.clone()),
            Led::Nowhere => {}
        }
    }
}

/// The stack as far as the run is settled, kept from event to event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KnownPlaces {
    /// The index of the first command that is not counted.
    pub(super) until: usize,
    /// The stack before that.
    pub(super) stack: PlaceStack,
    /// What had become of the place commands that are counted, by their indices.
    passed: BTreeMap<usize, Passed>,
}

impl KnownPlaces {
    /// Counts a place command as well.
    pub(super) fn pass(&mut self, index: usize, command: &CommandId, passed: Passed) {
        self.stack.pass(command, passed);
        self.passed.insert(index, passed);
    }

    /// Whether it holds where this has become of the command at an index.
    pub(super) fn holds(&self, index: usize, passed: Option<Passed>) -> bool {
        index >= self.until || self.passed.get(&index).copied() == passed
    }
}
