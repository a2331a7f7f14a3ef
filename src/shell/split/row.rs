//! A row of commands: what closes it, and what it waits for.

use super::token::Redirect;

/// What closes a row of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closer {
    /// The end of the line.
    Line,
    /// `)` of a subshell.
    Bracket,
    /// `)` of a substitution.
    Substitution,
    /// `}`.
    Brace,
    /// `then`.
    Then,
    /// `elif`, `else` or `fi`.
    Branch,
    /// `fi`.
    Fi,
    /// `do`; whether the loop goes on while the condition succeeds.
    Do(bool),
    /// `done`.
    Done,
    /// `;;` and its like, or `esac`.
    Clause,
}

/// What a row of commands waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A command, or what closes the row.
    Start,
    /// A command: `&&`, `||` or `|` stands before it (the latter when set).
    Wanted(bool),
    /// A command behind `!` or `time` (the latter when set).
    Turned(bool),
    /// The next word of a simple command, of which so many were read.
    Simple(usize),
    /// An operator, a redirection or what closes the row: a compound command was closed.
    Compound,
    /// `)` of `name()`.
    Brackets,
    /// The body of a function.
    Body,
    /// The name behind `function`.
    Function,
    /// What stands behind that name.
    Named,
    /// The variable of `for` or `select`.
    Variable,
    /// What stands behind the variable; whether on a line of its own.
    In(bool),
    /// A value of the loop.
    Values,
    /// `do` or `{`; whether a semicolon may still come.
    DoOrBrace(bool),
    /// The word of `case`.
    CaseWord,
    /// `in` of `case`.
    CaseIn,
    /// What stands behind `coproc`; whether that was a name.
    Coproc(bool),
}

/// A row of commands.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) closer: Closer,
    pub(super) state: State,
    /// Whether a command was complete in it.
    pub(super) any: bool,
    /// A redirection whose word is still to come.
    pub(super) redirect: Option<Redirect>,
    /// The simple command that is being read.
    pub(super) simple: Option<usize>,
    /// Whether that one takes assignments among its words.
    pub(super) declares: bool,
    /// Whether only assignments stand in it so far.
    pub(super) leading: bool,
    /// The here-documents that are due outside, for a substitution.
    pub(super) base: Option<usize>,
    /// It is the body of a function.
    pub(super) function: bool,
    /// The head that is being read is that of a function's body.
    pub(super) defines: bool,
}

impl List {
    pub(super) fn new(closer: Closer) -> Self {
        Self {
            closer,
            state: State::Start,
            any: false,
            redirect: None,
            simple: None,
            declares: false,
            leading: false,
            base: None,
            function: false,
            defines: false,
        }
    }

    pub(super) fn top() -> Self {
        Self::new(Closer::Line)
    }

    pub(super) fn substitution(base: usize) -> Self {
        Self { base: Some(base), ..Self::new(Closer::Substitution) }
    }

    pub(super) fn clause() -> Self {
        Self::new(Closer::Clause)
    }

    /// Whether a command may begin here.
    pub(super) fn is_first(&self) -> bool {
        self.redirect.is_none() && matches!(self.state, State::Start | State::Wanted(_) | State::Turned(_))
    }

    /// Whether the next word may be an assignment.
    pub(super) fn may_assign(&self) -> bool {
        self.redirect.is_none()
            && (self.is_first() || matches!(self.state, State::Simple(_)) && (self.declares || self.leading))
    }

    /// Whether `((` is arithmetic here, and whether it is that of a `for`.
    pub(super) fn takes_arithmetic(&self) -> Option<bool> {
        if self.redirect.is_some() {
            return None;
        }
        match self.state {
            State::Variable => Some(true),
            State::Start
            | State::Wanted(_)
            | State::Turned(_)
            | State::Body
            | State::Named
            | State::Coproc(_) => Some(false),
            _ => None,
        }
    }

    pub(super) fn may_close(&self) -> bool {
        matches!(self.state, State::Compound)
            || self.state == State::Start && (self.any || matches!(self.closer, Closer::Clause))
    }
}
