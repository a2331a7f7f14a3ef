//! What reading noticed: findings with stable codes, a line and an explanation each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Likely to surprise somebody at night.
    Warning,
    /// Something cannot run as it stands.
    Error,
}

/// One thing noticed while reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The line it is about.
    pub line: usize,
    /// How much it matters.
    pub level: Level,
    /// A stable code; `gonogo check --explain CODE` tells more.
    pub code: String,
    /// What is the matter, with the words of the document.
    pub message: String,
}

/// Every code with its level and its explanation.
pub const CODES: &[(&str, Level, &str)] = &[
    (
        "unparsable",
        Level::Error,
        "The shell grammar does not take this text. It never runs as it stands; edit the document, or edit the command before running it.",
    ),
    (
        "placeholder",
        Level::Note,
        "The command has a hole such as <password> or YOUR_X. It is asked for before the command runs; a command with a hole left never runs.",
    ),
    (
        "ellipsis",
        Level::Warning,
        "The command holds \"...\" where a value belongs. Nobody can answer it in advance: edit the command before running it.",
    ),
    (
        "unset-variable",
        Level::Note,
        "The command uses a variable that nothing in the document sets. Answer it with --set NAME=VALUE, or set it in the shell of the place.",
    ),
    (
        "after-place",
        Level::Note,
        "Commands after ssh, su or exec -it are meant for the other side. The run asks where they are to run.",
    ),
    (
        "after-follow",
        Level::Warning,
        "A command that does not end by itself stands before others. The operator ends it; headless, it ends after --follow-for.",
    ),
    (
        "curl-without-fail",
        Level::Warning,
        "curl exits 0 for an HTTP error. Add --fail, or say what the answer must hold.",
    ),
    (
        "psql-without-stop",
        Level::Warning,
        "psql reading a file or standard input exits 0 after SQL errors. Add -v ON_ERROR_STOP=1.",
    ),
    (
        "rollback-stops-its-database",
        Level::Warning,
        "The rollback stops everything and then talks to a database that may be part of it. Stop only the application, or start the database before restoring.",
    ),
    (
        "credential",
        Level::Warning,
        "A credential stands in the document in clear text. Move it to a variable or a file.",
    ),
    (
        "control-character",
        Level::Warning,
        "The line holds control or bidirectional characters, which can make it read differently from what it is. They are shown as escapes.",
    ),
    (
        "no-estimate",
        Level::Note,
        "The step does not say how long it takes. \"(10 min)\" in its heading lets the run show progress and a latest time to roll back.",
    ),
    ("contact-missing", Level::Note, "A contact is TBD. Fill it in before the night it is needed."),
    ("no-rollback", Level::Warning, "The document has no rollback section. Nothing is invented for it."),
    ("unclosed-fence", Level::Warning, "A code fence is never closed; everything after it is read as code."),
    ("no-steps", Level::Error, "No section with commands was found."),
];

impl Finding {
    /// A finding with the level that belongs to `code`.
    pub fn new(line: usize, code: &str, message: impl Into<String>) -> Self {
        let level = CODES.iter().find(|(c, ..)| *c == code).map_or(Level::Note, |(_, level, _)| *level);
        Self { line, level, code: code.to_owned(), message: message.into() }
    }
}

/// The explanation of a code.
pub fn explain(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(c, ..)| *c == code).map(|(.., text)| *text)
}
