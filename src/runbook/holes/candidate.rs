//! A hole, and what may be one.

use std::ops::Range;

/// A hole in a script: text that somebody has to replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes.
    pub at: Range<usize>,
    /// What it asks for.
    pub name: String,
}

/// The name of a hole that stands for "something left out", which no single answer fills.
pub const ELLIPSIS: &str = "...";

/// How a placeholder is written: what else such a text could be depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runbook) enum Shape {
    /// `<name>`.
    Angle,
    /// `{{ name }}`, `${{ name }}`.
    Template,
    /// `{name}`.
    Curly,
    /// `[name]`, `[[ name ]]`.
    Square,
    /// Between signs that the shell has no use for: `«name»`, `<% name %>`, `@@NAME@@`.
    Delimited,
    /// `%NAME%`.
    Percent,
    /// `__NAME__`.
    Dunder,
    /// A word that says that it has to be replaced: `CHANGEME`, `your-host`.
    Word,
    /// `TODO`, `TBD`: said of more than values.
    Todo,
    /// A word in letters that no program takes.
    Foreign,
    /// `xxxx`, `app-XXXX`.
    Crossed,
    /// `v1.X.X`, `10.0.4.X`.
    Version,
    /// `YYYYMMDD`.
    Date,
    /// `...`, `abc…`.
    Ellipsis,
    /// `user:pass@host`.
    Account,
}

/// What may be a hole, before it is known what it stands in.
#[derive(Clone, Debug)]
pub(in crate::runbook) struct Candidate {
    pub(in crate::runbook) hole: Hole,
    pub(in crate::runbook) shape: Shape,
    /// It may as well be meant as it stands.
    pub(in crate::runbook) doubtful: bool,
}

impl Candidate {
    pub(super) fn new(at: Range<usize>, name: impl Into<String>, shape: Shape) -> Self {
        Self { hole: Hole { at, name: name.into() }, shape, doubtful: false }
    }

    pub(super) fn in_doubt(self) -> Self {
        Self { doubtful: true, ..self }
    }
}
