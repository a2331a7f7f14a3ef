//! Why something was not seen, as a type: whether it was asked and nobody answered, or could not be asked at all.

use std::io::ErrorKind;
use std::time::Duration;

use super::words::{deepest, no_answer_words, plain};
use crate::run::health::Seen;

/// Why a look saw nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody takes connections there.
    Refused,
    /// It did not answer within the limit.
    TimedOut,
    /// It ended the connection.
    Ended,
    /// The name does not resolve, or nothing leads there.
    Unreachable,
    /// It answered, and with something else than what it was asked for.
    NotIt,
    /// There is no such socket or file.
    NoSocket,
    /// There is no way to the host, or none that does this.
    NoWay,
    /// There is no such program.
    NoProgram,
    /// No password is known.
    NoPassword,
    /// It does not let us in.
    Denied,
    /// It answered, and has no number.
    NoData,
    /// Something else, on this side.
    Other,
}

impl Why {
    /// Whether it was asked and did not answer; else nobody knows how it is.
    pub fn is_down(self) -> bool {
        matches!(self, Why::Refused | Why::TimedOut | Why::Ended)
    }
}

/// Nothing was seen, for this reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The kind of reason.
    pub why: Why,
    /// It in words, for a person.
    pub words: String,
}

impl Unseen {
    /// A reason in words.
    pub(super) fn new(why: Why, words: impl Into<String>) -> Self {
        Self { why, words: words.into() }
    }

    /// It did not answer within the limit.
    pub(super) fn timed_out(limit: Duration) -> Self {
        Self::new(Why::TimedOut, no_answer_words(limit))
    }

    /// What an error comes to that had to do with something.
    pub(super) fn of(error: &(dyn std::error::Error + 'static), what: &str) -> Self {
        let reason = plain(&deepest(error), 160);
        Self::new(why_of(error), format!("could not reach {what}: {reason}"))
    }
}

/// The kind of the innermost error of the system.
fn why_of(error: &(dyn std::error::Error + 'static)) -> Why {
    let mut at = Some(error);
    let mut why = Why::Unreachable;
    while let Some(error) = at {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            why = match error.kind() {
                ErrorKind::ConnectionRefused => Why::Refused,
                ErrorKind::TimedOut => Why::TimedOut,
                ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::UnexpectedEof
                | ErrorKind::BrokenPipe => Why::Ended,
                ErrorKind::NotFound => Why::NoSocket,
                ErrorKind::PermissionDenied => Why::Denied,
                _ => why,
            };
        }
        at = error.source();
    }
    why
}

impl From<Unseen> for Seen {
    fn from(unseen: Unseen) -> Self {
        Seen::Absent(unseen.words)
    }
}
