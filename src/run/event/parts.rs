//! What events are made of.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::config::SignPolicy;
use crate::runbook::correct::Correction;

/// Where commands run, as a shell reported it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `user@host`.
    pub login: String,
    /// The working directory.
    pub directory: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.login.is_empty() {
            f.write_str("place not known yet")
        } else {
            write!(f, "{}:{}", self.login, self.directory)
        }
    }
}

impl Place {
    /// The host's name.
    pub fn host(&self) -> &str {
        self.login.rsplit('@').next().unwrap_or("")
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// It returned this status.
    Status(i32),
    /// The operator ended a command that runs until somebody ends it; no failure.
    Ended,
    /// Its shell went away with this status (`exit`, `set -e`, a signal).
    ShellEnded(i32),
    /// It went away in the background, and nobody could see with which status.
    Unknown,
}

impl Exit {
    /// Whether the exit alone is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Exit::Status(0) | Exit::Ended | Exit::ShellEnded(0))
    }

    /// The status of a pipeline with one stage that ended so: 0 or another number where it had none.
    pub fn status(self) -> i32 {
        match self {
            Exit::Status(status) => status,
            _ => i32::from(!self.is_success()),
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::Status(n) => write!(f, "exit {n}"),
            Exit::Ended => f.write_str("ended by operator"),
            Exit::ShellEnded(n) => write!(f, "shell ended, {n}"),
            Exit::Unknown => f.write_str("ended, status unknown"),
        }
    }
}

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is its own explanation")]
pub enum Outcome {
    Deployed,
    /// All was gone through with nobody there, and what only a person can judge is not confirmed yet.
    Unconfirmed,
    Failed,
    NoGo,
    RolledBack,
    Abandoned,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::Deployed => "deployed",
            Outcome::Unconfirmed => "unconfirmed",
            Outcome::Failed => "failed",
            Outcome::NoGo => "no-go",
            Outcome::RolledBack => "rolled back",
            Outcome::Abandoned => "abandoned",
        })
    }
}

/// Why a command was not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The operator said so.
    Operator(String),
    /// The document's condition was answered with no.
    ConditionNo,
    /// It could be read in two ways, and somebody said that it is no command to run.
    Doubtful,
    /// A place command whose place was answered with "already here".
    AlreadyHere,
    /// Optional, and nobody was there to choose it.
    Optional,
    /// One of several ways, and another was taken.
    Alternative,
    /// Takes the keyboard, and nobody was there.
    Interactive,
    /// A command before it in its block had left the shell with success.
    BlockLeft,
    /// To be done by hand, and said in advance to have been done; nobody did it in the run.
    DoneBefore,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SkipReason::Operator(reason) => f.write_str(reason),
            SkipReason::ConditionNo => f.write_str("its condition does not hold"),
            SkipReason::Doubtful => f.write_str("not to be run as written, as answered"),
            SkipReason::AlreadyHere => f.write_str("already here"),
            SkipReason::Optional => f.write_str("optional"),
            SkipReason::Alternative => f.write_str("another alternative was chosen"),
            SkipReason::Interactive => f.write_str("needs a keyboard"),
            SkipReason::BlockLeft => f.write_str("its block ended with exit 0"),
            SkipReason::DoneBefore => {
                f.write_str("not run by gonogo; reported done beforehand (--by-hand-done)")
            }
        }
    }
}

/// What a place command's question was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceChoice {
    /// This shell is already where the document wants to go.
    AlreadyHere,
    /// Run it in the pane; nothing after it runs through gonogo.
    InteractiveThenStop,
    /// Go there by it: what follows runs on its other side.
    Through,
}

/// How a run is started: who, where, under which terms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The document's path as given.
    pub document: String,
    /// The document's title.
    pub title: String,
    /// SHA-256 of the document's bytes.
    pub sha256: String,
    /// The environment's name.
    pub environment: String,
    /// Whether that counts as production.
    pub production: bool,
    /// Who runs it.
    pub operator: String,
    /// The change it belongs to.
    pub ticket: Option<String>,
    /// The version of gonogo.
    pub gonogo: String,
    /// Nobody is there to answer.
    pub headless: bool,
    /// The change window it has to stay in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// SHA-256 of what was read out of the document ([`crate::runbook::lock::Lock::digest`]), in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Seconds east of UTC where it was started: the record tells its times there, wherever it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_s: Option<i32>,
    /// Who has to sign, and how, where that is not the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Box<SignPolicy>>,
    /// How pieces of the document were said to be read, outside of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
}

/// A change window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// When it opens.
    pub begins: DateTime<Utc>,
    /// When everything has to be over, a rollback included.
    pub ends: DateTime<Utc>,
}

/// A process id that survives reuse of the number: with start time and boot id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessIdentity {
    /// The process id of the shell that runs the command.
    pub pid: u32,
    /// Its start time in clock ticks since boot, from `/proc/PID/stat`; 0 where that cannot be read.
    pub started: u64,
    /// `/proc/sys/kernel/random/boot_id`; empty where that cannot be read.
    pub boot: String,
}

/// A process that is still there although the shell that it came from is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// Its process id.
    pub pid: u32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
    /// Its words.
    pub command: String,
}
