//! What the table of programs is asked about.

use super::super::super::parse::Simple;
use super::super::classified::Effect;
use super::feed::Feed;

/// A command as the table sees it: without what only wraps it, with what it is given to read.
#[derive(Clone, Copy)]
pub(in crate::shell::classify) struct Given<'a> {
    /// The command.
    pub(in crate::shell::classify) simple: &'a Simple,
    /// What it reads.
    pub(in crate::shell::classify) feed: &'a Feed,
    /// Variables that hold the number of a job started in the same text.
    pub(in crate::shell::classify) jobs: &'a [String],
    /// How a text is judged that a program runs elsewhere.
    pub(in crate::shell::classify) judged: fn(&str) -> Effect,
}
