//! What a script is read as, piece by piece, and why reading stops.

use std::ops::Range;

/// Why scanning stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell) enum End {
    /// The command is complete and ends before this byte.
    Complete(usize),
    /// bash takes no command that begins so.
    Wrong,
    /// The text ends before the command does, or it goes on beyond what is looked at.
    Open,
}

/// What goes on, or why it does not.
pub(super) type Step = Result<(), End>;

/// What a reader of commands is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Newline,
    Word {
        at: Range<usize>,
        quoted: bool,
    },
    Semicolon,
    Background,
    And,
    Or,
    Pipe,
    Open,
    Close,
    /// `;;`, `;&` or `;;&`.
    Clause,
    Redirect(Redirect),
    /// All of `(( … ))`.
    Arithmetic,
    /// All of `(( … ))` behind `for`.
    Loop,
    /// The text is at its end.
    Nothing,
}

/// A redirection's operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// `<`, with `<>`.
    Read,
    /// `>`, `>>`, `>|`, `&>`, `&>>`.
    Write,
    /// `<&`.
    DuplicateIn,
    /// `>&`.
    DuplicateOut,
    /// `<<`, or `<<-`.
    Here { tabs: bool },
    /// `<<<`.
    HereString,
}
