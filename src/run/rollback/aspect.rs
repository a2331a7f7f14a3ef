//! What a command changes, as far as that tells what takes it back.

use crate::run::policy::changes_data;
use crate::runbook::{Command, words};
use crate::shell::{Effect, needs, services};

/// What a command changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    Code,
    Data,
    Packages,
    Build,
    Stops,
    Starts,
    Other,
}

impl Aspect {
    /// Of a command that changes something.
    pub(super) fn of(command: &Command, text: &str) -> Option<Self> {
        if command.effect == Effect::Reads {
            return None;
        }
        let words = words::lower_words(text);
        let has = |any: &[&str]| words.iter().any(|w| any.contains(&w.as_str()));
        let first = words.iter().find(|w| *w != "sudo").map_or("", String::as_str);
        if has(&["select"]) && !has(&["insert", "update", "delete", "drop", "create", "alter", "into"]) {
            // Whatever runs it, it asks.
            return None;
        }
        let writes = ["POST", "PUT", "PATCH", "DELETE"].iter().any(|m| text.contains(&format!("-X {m}")));
        Some(if first == "git" && has(&["checkout", "pull", "reset", "switch", "merge", "revert"]) {
            Self::Code
        } else if changes_data(text) || has(&["restore"]) || writes || !needs::puts_back(text).is_empty() {
            Self::Data
        } else if has(&["npm", "yarn", "pnpm", "pip", "bundle", "composer"]) && has(&["ci", "install", "i"]) {
            Self::Packages
        } else if has(&["build", "compile", "make", "tag"]) {
            Self::Build
        } else if services::stops(text) {
            Self::Stops
        } else if services::starts(text) {
            Self::Starts
        } else {
            Self::Other
        })
    }

    /// Whether a command with this one takes back what one with `other` did.
    pub(super) fn takes_back(self, other: Self) -> bool {
        match other {
            Self::Stops => self == Self::Starts,
            // What was started is stopped, or stands again as it was.
            Self::Starts => matches!(self, Self::Stops | Self::Starts),
            Self::Other => false,
            same => self == same,
        }
    }

    /// What it is called in a sentence.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Code => "the code",
            Self::Data => "the data",
            Self::Packages => "the packages",
            Self::Build => "what was built",
            Self::Stops | Self::Starts => "the services",
            Self::Other => "anything else",
        }
    }
}
