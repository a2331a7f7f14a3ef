//! Logs of containers: lines that speak of errors.

use std::collections::VecDeque;

use bollard::Docker;
use bollard::query_parameters::LogsOptionsBuilder;
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;

use super::super::words::plain;

/// Errors of this long count as recent.
const RECENT: TimeDelta = TimeDelta::minutes(10);
/// Lines with errors that are kept.
const KEPT: usize = 20;
/// Lines that are read at one look: a container that floods its log costs no more.
const AT_ONCE: &str = "500";
/// The longest line that is kept, in characters.
pub(super) const LONGEST: usize = 300;

/// Lines of a container's log that speak of errors.
#[derive(Default)]
pub(super) struct Errors {
    /// The time of the last line that was read, as the engine writes it.
    last: Option<String>,
    found: VecDeque<(DateTime<Utc>, String)>,
    /// When each of those was written, of all that were found lately.
    times: VecDeque<DateTime<Utc>>,
}

impl Errors {
    /// Reads what was logged since the last look; the first look begins at its own time.
    pub(super) async fn look(&mut self, docker: &Docker, id: &str) {
        let now = Utc::now();
        let since = self.last.as_deref().and_then(|t| DateTime::parse_from_rfc3339(t).ok());
        let Some(since) = since else {
            self.last = Some(now.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true));
            return;
        };
        let options = LogsOptionsBuilder::new()
            .stdout(true)
            .stderr(true)
            .timestamps(true)
            .since(since.timestamp() as i32)
            .tail(AT_ONCE)
            .build();
        let mut lines = std::pin::pin!(docker.logs(id, Some(options)));
        while let Some(Ok(line)) = lines.next().await {
            let line = line.to_string();
            let Some((time, text)) = line.split_once(' ') else { continue };
            // "since" knows whole seconds only; what was read is not read again.
            if self.last.as_deref().is_some_and(|last| time <= last) {
                continue;
            }
            self.last = Some(time.to_owned());
            let Ok(at) = DateTime::parse_from_rfc3339(time) else { continue };
            if speaks_of_error(text) {
                self.times.push_back(at.into());
                self.found.push_back((at.into(), plain(text, LONGEST)));
                if self.found.len() > KEPT {
                    self.found.pop_front();
                }
            }
        }
        while self.times.len() > 10_000 || self.times.front().is_some_and(|t| now - *t > RECENT) {
            self.times.pop_front();
        }
        while self.found.front().is_some_and(|(t, _)| now - *t > RECENT) {
            self.found.pop_front();
        }
    }

    /// How many lines of the last minutes speak of an error.
    pub(super) fn recent(&self) -> usize {
        self.times.len()
    }

    /// The last of them, with their times.
    pub(super) fn lines(&self) -> Vec<String> {
        let local = |at: &DateTime<Utc>| at.with_timezone(&chrono::Local).format("%H:%M:%S").to_string();
        self.found.iter().map(|(at, text)| format!("{} {text}", local(at))).collect()
    }
}

/// Whether a line of a log speaks of an error: one of the words, and not of there being none.
fn speaks_of_error(line: &str) -> bool {
    let lower = line.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let mut before = "";
    words.any(|word| {
        let none = ["0", "no", "without"].contains(&before);
        before = word;
        !none
            && (word.ends_with("exception")
                || matches!(
                    word,
                    "error" | "errors" | "err" | "fatal" | "panic" | "critical" | "emerg" | "traceback"
                ))
    })
}

#[cfg(test)]
mod tests {
    use super::speaks_of_error;

    #[test]
    fn lines_that_speak_of_errors() {
        assert!(speaks_of_error("[Server] ERROR: no route"));
        assert!(speaks_of_error("java.lang.NullPointerException at x"));
        assert!(!speaks_of_error("finished with 0 errors"));
        assert!(!speaks_of_error("GET /terror 200"));
    }
}
