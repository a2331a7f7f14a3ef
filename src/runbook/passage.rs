//! What became of a passage of the document (READING 1).

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Role;

/// Lines of the document with what became of them. All of them together are the document, each line once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// Its first line, from 1.
    pub line: usize,
    /// Its last line.
    pub end_line: usize,
    /// What became of it.
    pub fate: Fate,
    /// What gave it that fate, in a few words; of what is unclaimed the reason.
    pub by: String,
    /// Of a heading: what its section is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<Role>,
    /// The line of the heading that it stands under; 0 for none.
    pub heading: usize,
}

impl Passage {
    /// Whether nothing runs or shows it although somebody may expect so.
    pub fn is_open(&self) -> bool {
        matches!(self.fate, Fate::Unclaimed | Fate::NotUnderstood)
    }

    /// How many lines it has.
    pub fn count(&self) -> usize {
        self.end_line + 1 - self.line
    }
}

/// What became of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Fate {
    /// A heading, with its section's role.
    #[serde(rename = "heading")]
    Heading,
    /// A step's command.
    #[serde(rename = "command of a step")]
    CommandOfStep,
    /// A command of the way back.
    #[serde(rename = "command of the rollback")]
    CommandOfRollback,
    /// A command that looks at or mends a known problem.
    #[serde(rename = "command of a problem")]
    CommandOfProblem,
    /// A command or query of a monitoring window.
    #[serde(rename = "command of monitoring")]
    CommandOfMonitoring,
    /// A check item with a command in it.
    #[serde(rename = "command of a check item")]
    CommandOfItem,
    /// A command of a criterion of success.
    #[serde(rename = "command of a criterion")]
    CommandOfCriterion,
    /// An optional command, or one of several ways.
    #[serde(rename = "option or alternative")]
    Alternative,
    /// A line that gives a value of the run.
    #[serde(rename = "placeholder or value")]
    Value,
    /// A box to tick.
    #[serde(rename = "check item")]
    Item,
    /// Done by a person.
    #[serde(rename = "done by hand")]
    ByHand,
    /// What is to be seen, checked.
    #[serde(rename = "expectation, checked")]
    Checked,
    /// What is to be seen; a person says whether it was.
    #[serde(rename = "expectation, by hand")]
    ByEye,
    /// What is to be seen, of nobody knows what.
    #[serde(rename = "expectation, not understood")]
    NotUnderstood,
    /// What a command shows.
    #[serde(rename = "output")]
    Output,
    /// A file, a line of one or an environment file: to be written by somebody.
    #[serde(rename = "file to write")]
    File,
    /// Configuration.
    #[serde(rename = "configuration")]
    Config,
    /// SQL.
    #[serde(rename = "SQL")]
    Sql,
    /// What is filled in.
    #[serde(rename = "form")]
    Form,
    /// A message to somebody.
    #[serde(rename = "message")]
    Message,
    /// What is typed into a program.
    #[serde(rename = "input of a command")]
    Input,
    /// Words.
    #[serde(rename = "text")]
    Text,
    /// A comment in a fence.
    #[serde(rename = "comment")]
    Comment,
    /// A row of the environments.
    #[serde(rename = "environment")]
    Environment,
    /// A row of the targets.
    #[serde(rename = "target")]
    Target,
    /// Somebody to reach.
    #[serde(rename = "contact")]
    Contact,
    /// A link.
    #[serde(rename = "reference")]
    Reference,
    /// Says when to roll back.
    #[serde(rename = "trigger of the rollback")]
    Trigger,
    /// A known problem.
    #[serde(rename = "known problem")]
    Problem,
    /// A criterion of success.
    #[serde(rename = "criterion of success")]
    Criterion,
    /// A line of the log template.
    #[serde(rename = "log template")]
    LogTemplate,
    /// Says something of the whole document.
    #[serde(rename = "front matter")]
    Front,
    /// Corrects how something is read.
    #[serde(rename = "correction")]
    Correction,
    /// Blank lines and marks of Markdown.
    #[serde(rename = "layout")]
    Layout,
    /// Nothing runs it, and nothing says what it is for.
    #[serde(rename = "unclaimed")]
    Unclaimed,
}

impl Fate {
    /// The fate of lines of a fence that are no commands, by what they are.
    pub(super) fn of_other(what: &str) -> Self {
        match what {
            "output" => Fate::Output,
            "env file" | "file" | "cron" => Fate::File,
            "config" => Fate::Config,
            "sql" => Fate::Sql,
            "form" => Fate::Form,
            "message" => Fate::Message,
            _ if what.starts_with("input") => Fate::Input,
            _ => Fate::Text,
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
