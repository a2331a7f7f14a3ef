//! What a scan finds on its way: simple commands with their words, at every level.

use std::ops::Range;

/// The simple commands of a scan.
#[derive(Debug, Default)]
pub(in crate::shell) struct Found {
    /// In the order in which they begin.
    pub(in crate::shell) simples: Vec<Raw>,
    /// Whether something besides definitions of functions stands at the top.
    pub(in crate::shell) acts: bool,
    /// Whether the last command of the top goes to the background.
    pub(in crate::shell) background: bool,
}

/// One simple command as it stands in the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::shell) struct Raw {
    /// Its words.
    pub(in crate::shell) words: Vec<Range<usize>>,
    /// The assignments in front of it and among the words of `export` and the like.
    pub(in crate::shell) assigns: Vec<Range<usize>>,
    /// What it writes to.
    pub(in crate::shell) writes: Vec<Range<usize>>,
    /// What it reads from.
    pub(in crate::shell) reads: Option<Range<usize>>,
    /// The text of its here-document or here-string.
    pub(in crate::shell) here_text: Option<Range<usize>>,
    /// What stands in backquotes in it.
    pub(in crate::shell) backquoted: Vec<Range<usize>>,
    /// Behind a `|`.
    pub(in crate::shell) piped_into: bool,
    /// In the body of a function: it runs when that is called.
    pub(in crate::shell) in_function: bool,
    /// In the condition of a loop: whether the loop goes on while it succeeds.
    pub(in crate::shell) goes_on: Option<bool>,
}

/// A part of a simple command.
pub(super) enum Put {
    Word(Range<usize>),
    Assign(Range<usize>),
    Write(Range<usize>),
    Read(Range<usize>),
    HereText(Range<usize>),
    Backquoted(Range<usize>),
}

impl Found {
    /// Adds a part to one of the commands.
    pub(super) fn put(&mut self, to: Option<usize>, part: Put) {
        let Some(simple) = to.and_then(|at| self.simples.get_mut(at)) else { return };
        match part {
            Put::Word(at) => simple.words.push(at),
            Put::Assign(at) => simple.assigns.push(at),
            Put::Write(at) => simple.writes.push(at),
            Put::Read(at) => simple.reads = Some(at),
            Put::HereText(at) => simple.here_text = Some(at),
            Put::Backquoted(at) => simple.backquoted.push(at),
        }
    }
}

impl Found {
    /// Begins a command and tells which it is.
    pub(super) fn begin(&mut self, piped_into: bool, in_function: bool, goes_on: Option<bool>) -> usize {
        self.simples.push(Raw { piped_into, in_function, goes_on, ..Raw::default() });
        self.simples.len() - 1
    }
}
