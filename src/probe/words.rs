//! What sources say when something fails, as it stands beside a probe.

use std::io::ErrorKind;
use std::time::Duration;

use crate::run::health::{Reason, Unseen};

/// That nothing was seen in time.
pub(super) fn no_answer_words(limit: Duration) -> String {
    let seconds = limit.as_secs_f64();
    if seconds.fract() == 0.0 {
        format!("no answer in {seconds:.0} s")
    } else {
        format!("no answer in {seconds:.1} s")
    }
}

/// The innermost reason of an error, which says most.
pub(super) fn deepest(error: &dyn std::error::Error) -> String {
    let mut at = error;
    while let Some(source) = at.source() {
        at = source;
    }
    let words = at.to_string();
    // "Connection refused (os error 111)": the number says nothing more.
    let words = words.split(" (os error").next().unwrap_or(&words);
    if words.contains("lookup address information") {
        return "the name does not resolve".into();
    }
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// What kind of reason an error is by the operating system's word for it: refused and cut is nobody who answers, no
/// route and no name is no way there.
pub(super) fn reason_of(error: &(dyn std::error::Error + 'static)) -> Option<Reason> {
    let mut at = Some(error);
    while let Some(error) = at {
        let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let reason = match kind {
            Some(
                ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted,
            ) => Some(Reason::Refused),
            Some(ErrorKind::TimedOut) => Some(Reason::TimedOut),
            Some(ErrorKind::NotFound) => Some(Reason::NoSocket),
            Some(ErrorKind::PermissionDenied) => Some(Reason::NoPassword),
            Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown) => {
                Some(Reason::NoWay)
            }
            _ => None,
        };
        if reason.is_some() {
            return reason;
        }
        at = error.source();
    }
    None
}

/// It did not answer within the limit.
pub(super) fn timed_out(limit: Duration) -> Unseen {
    Unseen::new(Reason::TimedOut, no_answer_words(limit))
}

/// What an error comes to that had to do with something.
pub(super) fn unreached(error: &(dyn std::error::Error + 'static), what: &str) -> Unseen {
    let words = plain(&deepest(error), 160);
    let reason = reason_of(error).unwrap_or(Reason::NoWay);
    Unseen::new(reason, format!("could not reach {what}: {words}"))
}

/// The same by what another host's programs say of it.
pub(super) fn reason_in(words: &str) -> Reason {
    let words = words.to_lowercase();
    if words.contains("refused") && !words.contains("forwarding") {
        Reason::Refused
    } else if words.contains("no answer") || words.contains("timed out") {
        Reason::TimedOut
    } else {
        Reason::NoWay
    }
}

/// Text from outside on one line, without control characters, cut to a length.
pub(super) fn plain(text: &str, most: usize) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most + 1).collect();
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.chars().count() > most { shown.chars().take(most).chain(['…']).collect() } else { shown }
}
