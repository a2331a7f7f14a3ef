//! A reading that was agreed on: what was read out of a document, one line a fact, as `RUNBOOK.md.lock` keeps it beside
//! the document.
//!
//! The file is reviewed like any other, so it holds no line numbers: prose may grow without a line of it changing.

mod agreement;
mod difference;
mod facts;
mod pairs;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::hash::sha256_hex;

pub use agreement::{Agreement, Since};
pub use difference::{Change, Weight, difference};
pub use text::LockError;

/// The version of the file's form. It grows when lines of a new kind are written.
pub const FORMAT: u32 = 1;

/// What a command, an item or a heading is, beside its kind: `optional`, `if` with its condition, `way` with its name.
pub type Marks = BTreeMap<String, String>;

/// What was read out of a document, and who agreed on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The version of gonogo that read it.
    pub gonogo: String,
    /// SHA-256 of the document's bytes, in hexadecimal.
    pub sha256: String,
    /// When and by whom it was agreed on; `None` where nobody did.
    pub agreed: Option<Agreed>,
    /// The headings with their roles.
    pub sections: Vec<Heading>,
    /// Values, environments, targets and triggers.
    pub facts: Vec<Fact>,
    /// What holds items and commands, in the order of the plan.
    pub parts: Vec<Part>,
}

/// Who agreed on a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The day, in UTC.
    pub on: NaiveDate,
    /// The operator's name.
    pub by: String,
}

/// A heading with the role that its section was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The role, as `gonogo plan --json` names it.
    pub role: String,
    /// 1 to 6.
    pub level: usize,
    /// Its text.
    pub title: String,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

/// Something that a plan has besides commands and items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// `value`, `environment`, `target` or `trigger`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// What is said about it, or nothing.
    pub says: String,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

/// A step, a checklist, a known problem: what holds items and commands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// One of [`Part::KINDS`].
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What else is said about it.
    pub marks: Marks,
    /// Its check items.
    pub items: Vec<LockedItem>,
    /// Its commands.
    pub commands: Vec<LockedCommand>,
    /// What stands in its fences and is no command.
    pub others: Vec<LockedText>,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

impl Part {
    /// All kinds of parts, as the file names them.
    pub const KINDS: [&str; 8] =
        ["checklist", "step", "rollback", "verification", "monitoring", "problem", "criterion", "outside"];
}

/// A check item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedItem {
    /// Its id.
    pub id: String,
    /// `optional`, and `runs` with what its own command does.
    pub marks: Marks,
    /// The hash of its words.
    pub hash: String,
    /// The first line of them.
    pub text: String,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

/// A command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedCommand {
    /// Its id.
    pub id: String,
    /// How it is run.
    pub kind: String,
    /// What it does.
    pub effect: String,
    /// What else is said about it.
    pub marks: Marks,
    /// The hash of its text.
    pub hash: String,
    /// The first line of that.
    pub text: String,
    /// What the document says is to be seen.
    pub expects: Vec<LockedExpectation>,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

impl LockedCommand {
    /// Whether it loses data or stops a whole service.
    pub fn destroys(&self) -> bool {
        self.effect == "destructive"
    }
}

/// How far an expectation is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judged {
    /// A person has to look.
    ByEye,
    /// Some of it is checked, for the rest a person has to look.
    Partly,
    /// All of it is checked.
    Checked,
}

impl Judged {
    const ALL: [Judged; 3] = [Judged::ByEye, Judged::Partly, Judged::Checked];

    /// As the file says it.
    pub fn word(self) -> &'static str {
        match self {
            Judged::ByEye => "by-eye",
            Judged::Partly => "partly",
            Judged::Checked => "checked",
        }
    }
}

/// A statement of the document about what a command shows or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedExpectation {
    /// How far it is checked.
    pub judged: Judged,
    /// The hash of its words.
    pub hash: String,
    /// What is looked for, or the words where a person has to look.
    pub says: String,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

/// Lines of a fence that are no command: an output, a file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedText {
    /// What it is.
    pub what: String,
    /// The hash of it.
    pub hash: String,
    /// Its first line.
    pub text: String,
    /// Its line; 0 where that is not known.
    pub line: usize,
}

impl Lock {
    /// The same, agreed on by somebody.
    #[must_use]
    pub fn agreed(self, on: NaiveDate, by: &str) -> Self {
        Self { agreed: Some(Agreed { on, by: facts::one_line(by) }), ..self }
    }

    /// SHA-256 over all that was read, in hexadecimal: whoever read it, whenever.
    pub fn digest(&self) -> String {
        sha256_hex(self.body().as_bytes())
    }
}
