//! Whether a connection that a command runs over still answers. A server that was stopped, or a way that leads nowhere
//! any more, looks like a command that is quiet: so the connection is asked while the command is.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::line::{Line, On, session};

/// How long what runs may be quiet until the connection is asked, and how long that may take.
const QUIET: Duration = Duration::from_secs(4);
const ANSWER: Duration = Duration::from_secs(4);
/// How often one that answers is asked again.
const AGAIN: Duration = Duration::from_secs(15);

/// What is known of the connection while something runs over it.
#[derive(Default)]
pub(super) struct Silence {
    /// A session that only has to end.
    asked: Option<(Child, Instant)>,
    /// When one answered last.
    answered: Option<Instant>,
    told: bool,
}

impl Drop for Silence {
    fn drop(&mut self) {
        self.end();
    }
}

impl Silence {
    fn end(&mut self) {
        if let Some((mut child, _)) = self.asked.take() {
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }

    /// Looks at the connection that something runs over and that nothing came from for so long; what is to be said.
    pub(super) fn look(&mut self, line: &Line, quiet: Duration, now: Instant) -> Option<String> {
        let heard = quiet < QUIET;
        if let Some((child, since)) = &mut self.asked {
            // Whatever it ends with, a refusal as well, somebody has answered.
            let answered = heard || !matches!(child.try_wait(), Ok(None));
            let late = now.saturating_duration_since(*since) >= ANSWER;
            if !answered {
                let says = (late && !self.told).then(|| silent(&line.host, quiet));
                self.told |= late;
                return says;
            }
            self.end();
            self.answered = Some(now);
            let told = std::mem::take(&mut self.told);
            return told.then(|| format!("{} answers again", line.host));
        }
        let lately = self.answered.is_some_and(|at| now.saturating_duration_since(at) < AGAIN);
        if !heard && !lately {
            self.asked =
                session(&line.socket, "true", On::Pipes).start(Stdio::null()).ok().map(|child| (child, now));
            self.answered = self.asked.is_none().then_some(now);
        }
        None
    }

    /// When it is to be looked again, where nothing came for so long.
    pub(super) fn due_in(&self, quiet: Duration, now: Instant) -> Duration {
        if self.asked.is_some() {
            // Its end wakes nobody.
            return Duration::from_millis(if self.told { 1000 } else { 250 });
        }
        let again = self
            .answered
            .map_or(Duration::ZERO, |at| AGAIN.saturating_sub(now.saturating_duration_since(at)));
        QUIET.saturating_sub(quiet).max(again)
    }
}

fn silent(host: &str, quiet: Duration) -> String {
    let seconds = quiet.as_secs();
    format!("{host} has been silent for {seconds} s: INT may not arrive; KILL ends the connection")
}

#[cfg(test)]
mod tests {
    use super::super::super::spawn::Helper;
    use super::*;

    #[test]
    fn silence_is_told_once_and_its_end_too() {
        let line = Line { socket: "/nowhere".into(), host: "web".into() };
        let (mut silence, now) = (Silence::default(), Instant::now());
        assert_eq!(silence.due_in(Duration::ZERO, now), QUIET);
        let session = Helper::new("sleep", &["1000"], std::path::Path::new("/"));
        silence.asked = Some((session.start(Stdio::null()).unwrap(), now));
        assert_eq!(silence.look(&line, QUIET, now), None, "it may answer in a moment");
        let says = silence.look(&line, QUIET + ANSWER, now + ANSWER).unwrap();
        assert!(says.starts_with("web has been silent for 8 s"), "{says}");
        assert_eq!(silence.look(&line, QUIET + ANSWER, now + ANSWER), None);
        let says = silence.look(&line, Duration::ZERO, now + ANSWER);
        assert_eq!(says.as_deref(), Some("web answers again"));
        assert_eq!(silence.look(&line, QUIET, now + ANSWER), None, "it is not asked again at once");
        assert_eq!(silence.due_in(QUIET, now + ANSWER), AGAIN);
    }
}
