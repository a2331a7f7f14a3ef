//! What reading can't tell: it is asked before it can do harm, and never guessed.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a line of a fence could be read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Doubt {
    /// It may be a command, or words for the reader.
    #[serde(rename = "command or text")]
    CommandOrText,
    /// Its section may be a step, or something for another day.
    #[serde(rename = "step or not")]
    Step,
    /// Its section and others with commands may be one procedure in that order, or one procedure each.
    #[serde(rename = "one procedure or several")]
    Procedure,
    /// It holds a character that a word processor put in place of the one that the shell knows.
    #[serde(rename = "look-alike character")]
    LookAlike,
    /// It stands behind a rollback in the same fence, and may be a part of that.
    #[serde(rename = "step or rollback")]
    StepOrRollback,
    /// It holds what may be a placeholder, or a name that is called so.
    #[serde(rename = "placeholder or literal")]
    PlaceholderOrLiteral,
    /// Words above it tell of another shell or machine that it may be meant for.
    #[serde(rename = "here or elsewhere")]
    Place,
}

impl Doubt {
    /// What it may be, in the middle of a sentence.
    pub fn may_be(self) -> &'static str {
        match self {
            Doubt::CommandOrText => "may be a command or text",
            Doubt::Step => "is in a section that may not belong to this run",
            Doubt::Procedure => "is in a section that may be a procedure of its own",
            Doubt::LookAlike => "contains a character that only looks like one that the shell knows",
            Doubt::StepOrRollback => {
                "may be a step, or still belong to the section above, which is not a step"
            }
            Doubt::PlaceholderOrLiteral => "may contain a placeholder",
            Doubt::Place => "may be meant for another shell or machine",
        }
    }

    /// The question, as it is put to a person.
    pub fn question(self) -> &'static str {
        match self {
            Doubt::CommandOrText => "Is this a command, or text?",
            Doubt::Step | Doubt::Procedure => "Is this section part of the run?",
            Doubt::StepOrRollback => {
                "Is this a step? It may still belong to the section above, which is not a step."
            }
            Doubt::LookAlike => {
                "It contains a character that only looks like one that the shell knows. Run it as written?"
            }
            Doubt::PlaceholderOrLiteral => "It may contain a placeholder. Run it as written?",
            Doubt::Place => "It may be meant for another shell or machine. Run it here?",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doubt::CommandOrText => "command or text",
            Doubt::Step => "step or not",
            Doubt::Procedure => "one procedure or several",
            Doubt::LookAlike => "look-alike character",
            Doubt::StepOrRollback => "step or rollback",
            Doubt::PlaceholderOrLiteral => "placeholder or literal",
            Doubt::Place => "here or elsewhere",
        })
    }
}
