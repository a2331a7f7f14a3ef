//! Fences with their commands, and what the document says of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::CommandId;
use super::span::{Line, Span};
use crate::runbook::comments::opens_expectation;
use crate::runbook::doubt::Doubt;
use crate::runbook::expect::{self, Check, Left};
use crate::shell::{Effect, Kind};

/// One fenced code block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// `3.2#1`: the step and the block's number in it.
    pub id: String,
    /// Where the fence stands.
    #[serde(flatten)]
    pub span: Span,
    /// The fence's tag, or empty.
    pub language: String,
    /// Its commands in order, alternatives included.
    pub commands: Vec<Command>,
    /// Lines that are no commands.
    pub other: Vec<OtherLines>,
    /// Comments that say something to the reader and belong to no command.
    pub notes: Vec<Line>,
}

/// Lines of a shell fence that are no commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherLines {
    /// The first line.
    pub line: usize,
    /// The last line.
    pub end_line: usize,
    /// The text as it stands.
    pub text: String,
    /// What it is: `output`, `env file`, `form`.
    #[serde(rename = "as")]
    pub what: String,
}

/// One top-level command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// `1.2/3`.
    pub id: CommandId,
    /// The source text without a final newline.
    pub text: String,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// What the comments above it say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// How it is run.
    pub kind: Kind,
    /// What it does.
    pub effect: Effect,
    /// Its output will hold credentials.
    pub sensitive: bool,
    /// The document says it may be left out.
    pub optional: bool,
    /// The document says it is run only if this holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub condition: Option<String>,
    /// It could be read in another way too: that is asked before it runs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub doubt: Option<Doubt>,
    /// The command whose answer settles this doubt too: a section that may be no step is asked about once.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked_with: Option<CommandId>,
    /// Stands commented out or after "Or …": one of several ways.
    pub alternative: bool,
    /// Stands commented out: nobody has to choose it.
    #[serde(skip)]
    #[schemars(skip)]
    pub commented: bool,
    /// It belongs to one of several ways, of which one is gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub way: Option<Way>,
    /// How long the document says to wait before it, in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wait_s: Option<u64>,
    /// After how many seconds it is ended, where that was said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timeout_s: Option<u64>,
    /// The shell grammar takes it.
    pub parses: bool,
    /// Names of the parameters that are holes in it.
    pub holes: Vec<String>,
    /// What the document says is to be seen.
    pub expects: Vec<Expectation>,
}

impl Command {
    /// Whether it leads to another place: what follows belongs there.
    pub fn enters_place(&self) -> bool {
        self.kind == Kind::Place && !self.leaves_place()
    }

    /// Whether it leaves the shell that it is typed into, by its first word.
    pub fn leaves_place(&self) -> bool {
        let first = self.text.split(|c: char| c.is_whitespace() || c == ';').next();
        matches!(first, Some("exit" | "logout"))
    }

    /// Whether it is one of several ways of which another may be taken.
    pub fn is_one_way(&self) -> bool {
        self.alternative || self.way.is_some()
    }

    /// Whether somebody has to say that it runs: the document sets a condition, or reading can't tell.
    pub fn is_asked(&self) -> bool {
        self.condition.is_some() || self.doubt.is_some()
    }
}

/// One of several ways to do something: "Option A: with Docker".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// What the ways are ways of: the step around them.
    pub group: String,
    /// Its name.
    pub name: String,
}

/// A statement of the document about what a command shows or takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Expectation {
    /// Its first line.
    pub line: usize,
    /// Its words.
    pub text: String,
    /// What the words can be checked by; null where they can't.
    pub check: Option<Check>,
    /// Words that the check does not cover: with them, what matches still needs eyes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left: Option<Left>,
    /// It is about all commands of its block, of which this one is the last.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub block: bool,
}

impl Expectation {
    /// A sentence at a line, with what it means.
    pub fn read(line: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        let expect::Meaning { check, left } = expect::read(&text);
        Self { line, text, check, left, block: false }
    }

    /// One that stands under "Expected:", in a list or a column.
    pub fn under(line: usize, text: &str) -> Self {
        let said = opens_expectation(text);
        let sentence = if said { text.to_owned() } else { format!("Expected: {text}") };
        Self { text: text.to_owned(), ..Self::read(line, sentence) }
    }

    /// One of a list under "Expected:": a text is then one of several, and not all that is shown.
    pub fn among(line: usize, text: &str) -> Self {
        let mut read = Self::under(line, text);
        if let Some(Check::Is { text, literal: true }) = &read.check
            && text.parse::<f64>().is_err()
        {
            read.check = Some(Check::Shows { texts: vec![text.clone()], all: false, quoted: true });
        }
        read
    }
}
