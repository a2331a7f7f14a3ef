//! What was seen of the files and services that going back needs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::figures::size;
use crate::run::ids::Attempt;
use crate::runbook::CommandId;

/// What was seen of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// Whether it is whole, where its kind says so at its end.
    pub complete: Option<bool>,
    /// When it was changed last.
    pub changed: Option<DateTime<Utc>>,
    /// Schemas that a dump removes only if nothing else is in them (`pg_dump --clean`, DROP SCHEMA without CASCADE).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<String>,
    /// What is inside of it, where it is packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
}

/// What is inside of a file that is packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inside {
    /// There is something.
    Something,
    /// There is nothing, although the file itself has bytes.
    Nothing,
    /// That can't be told, because it is this.
    Unseen(String),
}

impl FileFacts {
    /// Why it can't be put back, by itself.
    pub fn fault(&self) -> Option<&'static str> {
        match (self.bytes, self.complete, &self.inside) {
            (0, ..) => Some("it is empty"),
            (_, _, Some(Inside::Nothing)) => Some("it contains nothing"),
            (_, Some(false), _) => Some("it is incomplete: its end is missing"),
            _ => None,
        }
    }

    /// Its size, and what could not be seen of it.
    pub fn words(&self) -> String {
        match &self.inside {
            Some(Inside::Unseen(what)) => format!("{}, contents not checked ({what})", size(self.bytes)),
            _ => size(self.bytes),
        }
    }
}

/// What came of looking at a file: its facts, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookedAt {
    /// It is there.
    There(FileFacts),
    /// It is not, or can't be read.
    Not(String),
}

/// What was seen outside before going back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Files by their path.
    pub files: BTreeMap<String, LookedAt>,
    /// The services of the compose project in the shell's directory, where it has one.
    pub services: Option<Vec<String>>,
    /// Variables that nobody has recorded, with whether the shell has a value for them; absent where the shell could
    /// not be asked.
    pub set: Option<BTreeMap<String, bool>>,
}

/// A file that a command made, as it was right afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeFile {
    /// The command.
    pub command: CommandId,
    /// Which time.
    pub attempt: Attempt,
    /// Its path.
    pub path: String,
    /// What was seen of it.
    pub looked: LookedAt,
    /// When.
    pub at: DateTime<Utc>,
}
