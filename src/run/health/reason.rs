//! Why there is nothing to show, and what that comes to.

use serde::{Deserialize, Serialize};

use super::level::Level;

/// Why a look saw nothing, or why a row has no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Asked, and the connection was refused or cut.
    Refused,
    /// Asked, and no answer came within the limit.
    TimedOut,
    /// It ran, and has ended.
    Exited,
    /// It is not there, or not any more.
    Gone,
    /// Something answered that is not what was asked.
    WrongAnswer,
    /// The socket of what would tell is not there, or is not ours to use.
    NoSocket,
    /// What would tell does not let us in: no password, not this one, not allowed.
    NoPassword,
    /// There is no such program or file here to look with.
    NoProgram,
    /// There is no way to where it is: a host, a name, a place that was left.
    NoWay,
    /// It was seen, but too long ago.
    Late,
    /// What tells of it has no number of now.
    NoData,
    /// Nobody has looked yet.
    NotYet,
    /// Its probe is off.
    Off,
    /// Nothing measures it.
    NoSource,
    /// Nothing answered within the window: there is no figure to tell.
    NoAnswer,
    /// What was seen holds no such figure.
    NotTold,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 16] = [
        Reason::Refused,
        Reason::TimedOut,
        Reason::Exited,
        Reason::Gone,
        Reason::WrongAnswer,
        Reason::NoSocket,
        Reason::NoPassword,
        Reason::NoProgram,
        Reason::NoWay,
        Reason::Late,
        Reason::NoData,
        Reason::NotYet,
        Reason::Off,
        Reason::NoSource,
        Reason::NoAnswer,
        Reason::NotTold,
    ];

    /// What it comes to: asked and nobody answered is down, what gonogo can't look at is not seen, and where there
    /// was nothing to look at there is no level.
    pub fn level(self) -> Option<Level> {
        match self {
            Reason::Refused | Reason::TimedOut | Reason::Exited | Reason::Gone => Some(Level::Down),
            Reason::WrongAnswer => Some(Level::Alert),
            Reason::NoSocket
            | Reason::NoPassword
            | Reason::NoProgram
            | Reason::NoWay
            | Reason::Late
            | Reason::NoData => Some(Level::NotSeen),
            Reason::NotYet | Reason::Off | Reason::NoSource | Reason::NoAnswer | Reason::NotTold => None,
        }
    }

    /// In a word or two, as it stands where a value would.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Refused => "refused",
            Reason::TimedOut | Reason::NoAnswer => "no answer",
            Reason::Exited => "exited",
            Reason::Gone => "gone",
            Reason::WrongAnswer => "wrong answer",
            Reason::NoSocket => "no socket",
            Reason::NoPassword => "not let in",
            Reason::NoProgram => "no program",
            Reason::NoWay => "no way there",
            Reason::Late => "late",
            Reason::NoData => "no data",
            Reason::NotYet => "not asked yet",
            Reason::Off => "off",
            Reason::NoSource => "no source",
            Reason::NotTold => "not told",
        }
    }

    /// What a subject does that is so, after its name: "/health, /search refuse connections".
    pub fn does(self, several: bool) -> &'static str {
        match (self, several) {
            (Reason::Refused, false) => "refuses connections",
            (Reason::Refused, true) => "refuse connections",
            (Reason::TimedOut | Reason::NoAnswer, false) => "does not answer",
            (Reason::TimedOut | Reason::NoAnswer, true) => "do not answer",
            (Reason::Exited, false) => "has exited",
            (Reason::Exited, true) => "have exited",
            (Reason::Gone, false) => "is gone",
            (Reason::Gone, true) => "are gone",
            (Reason::WrongAnswer, false) => "answers something else",
            (Reason::WrongAnswer, true) => "answer something else",
            (_, false) => "can't be looked at",
            (_, true) => "can't be looked at",
        }
    }
}

/// That nothing was seen, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Unseen {
    /// The kind of reason, which says what it comes to.
    pub reason: Reason,
    /// The reason in words.
    pub words: String,
}

impl Unseen {
    /// For this reason, in these words.
    pub fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self { reason, words: words.into() }
    }

    /// What it comes to.
    pub fn level(&self) -> Option<Level> {
        self.reason.level()
    }
}

/// As it is stored: older readings have the words alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Words(String),
    Whole { reason: Reason, words: String },
}

impl From<Stored> for Unseen {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Words(words) => Self::new(Reason::NoWay, words),
            Stored::Whole { reason, words } => Self { reason, words },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_level() {
        let level = |reason: Reason| match reason.level() {
            Some(level) => level.word(),
            None => "not measured",
        };
        let all: Vec<String> = Reason::ALL.iter().map(|r| format!("{r:?}: {}", level(*r))).collect();
        insta::assert_snapshot!(all.join("\n"), @r"
        Refused: down
        TimedOut: down
        Exited: down
        Gone: down
        WrongAnswer: alert
        NoSocket: not seen
        NoPassword: not seen
        NoProgram: not seen
        NoWay: not seen
        Late: not seen
        NoData: not seen
        NotYet: not measured
        Off: not measured
        NoSource: not measured
        NoAnswer: not measured
        NotTold: not measured
        ");
    }

    #[test]
    fn what_older_readings_say_is_still_read() {
        let old: Unseen = serde_json::from_str("\"socket not found: /x\"").unwrap();
        assert_eq!(old, Unseen::new(Reason::NoWay, "socket not found: /x"));
        let text = serde_json::to_string(&Unseen::new(Reason::Refused, "r")).unwrap();
        assert_eq!(serde_json::from_str::<Unseen>(&text).unwrap().reason, Reason::Refused);
        let old: [Level; 2] = serde_json::from_str("[\"absent\", \"stale\"]").unwrap();
        assert_eq!(old, [Level::NotSeen; 2]);
    }
}
