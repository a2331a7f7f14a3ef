//! A shell behind a door that was not started by us: when it waits for a command at its prompt, and what is typed there
//! then, once.
//!
//! Nobody tells when that is. A line editor says so: it has its terminal mark what is pasted (`?2004h`) for as long as it
//! reads. A prompt without one ends a line that does not end, in a sign, and nothing follows. What ends in a colon,
//! a question mark or a word asks something: it is for whoever sits there.

use std::time::{Duration, Instant};

use super::super::shell::start::typed;

/// How long nothing may come after a line editor has begun to read, and after what looks like a prompt.
const EDITED: Duration = Duration::from_millis(100);
const PLAIN: Duration = Duration::from_millis(500);
/// How long what was typed may take until it is shown what came of it.
const TAKEN: Duration = Duration::from_secs(5);

/// No prompt is longer.
const LONGEST: usize = 64 * 1024;

const READS: &[u8] = b"\x1b[?2004h";
const READ: &[u8] = b"\x1b[?2004l";

/// What a terminal shows until a driver is behind the door.
#[derive(Debug)]
pub(super) struct Arrival {
    /// What came after the last line end.
    line: Vec<u8>,
    last: Instant,
    /// How often it was typed, and what came after that.
    times: usize,
    held: Option<Vec<u8>>,
}

impl Arrival {
    pub(super) fn new(now: Instant) -> Self {
        Self { line: Vec::new(), last: now, times: 0, held: None }
    }

    /// Takes what is shown and gives what is to be seen of it: what a shell makes of our line is not.
    pub(super) fn shows(&mut self, bytes: &[u8], now: Instant) -> Vec<u8> {
        self.last = now;
        self.line.extend_from_slice(bytes);
        if let Some(end) = last(&self.line, READ) {
            self.line.drain(..end);
        }
        // An editor may draw its prompt over several lines.
        if !self.edits() || self.line.len() > LONGEST {
            let end = self.line.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            self.line.drain(..end);
        }
        match &mut self.held {
            Some(held) => {
                held.extend_from_slice(bytes);
                vec![]
            }
            None => bytes.to_vec(),
        }
    }

    fn edits(&self) -> bool {
        last(&self.line, READS).is_some()
    }

    fn quiet(&self) -> Option<Duration> {
        let prompt = self.edits() || is_prompt(&self.line);
        prompt.then_some(if self.edits() { EDITED } else { PLAIN })
    }

    /// What is to be typed, once a shell waits for it.
    pub(super) fn types(&mut self, nonce: &str, now: Instant) -> Option<String> {
        let quiet = self.quiet().filter(|_| self.times < 2)?;
        if now.saturating_duration_since(self.last) < quiet {
            return None;
        }
        self.times += 1;
        self.line.clear();
        self.last = now;
        self.held = Some(Vec::new());
        Some(typed(nonce, self.times > 1))
    }

    /// What was held back where nothing came of what was typed.
    pub(super) fn gives_up(&mut self, now: Instant) -> Vec<u8> {
        let late = now.saturating_duration_since(self.last) >= TAKEN;
        self.held.take_if(|_| late).unwrap_or_default()
    }

    /// The shell takes the driver: what was held back is the echo of what was typed.
    pub(super) fn taken(&mut self) {
        (self.times, self.held) = (2, None);
        self.line.clear();
    }

    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        let quiet = self.quiet().filter(|_| self.times < 2);
        let due = quiet.into_iter().chain(self.held.as_ref().map(|_| TAKEN)).min()?;
        Some(due.saturating_sub(now.saturating_duration_since(self.last)))
    }
}

fn last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|w| w == wanted).map(|at| at + wanted.len())
}

/// Whether a line ends as a prompt does.
fn is_prompt(line: &[u8]) -> bool {
    let text = crate::run::verdict::clean(line);
    let mut before = text.trim_end().chars();
    match before.next_back() {
        Some('$' | '#') => true,
        // "45%" is how far something is.
        Some('%') => !before.as_str().ends_with(|c: char| c.is_ascii_digit()),
        // "ada@web:~>", and not "Select >".
        Some('>') => before.as_str().contains(['@', '~', '/']),
        Some(c) => !(c.is_alphanumeric() || c.is_ascii() || c == '\u{2026}'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(1);

    fn types(shown: &[&str]) -> bool {
        let now = Instant::now();
        let mut arrival = Arrival::new(now);
        for part in shown {
            assert_eq!(arrival.shows(part.as_bytes(), now), part.as_bytes());
        }
        assert!(arrival.types("n", now).is_none(), "more may come");
        arrival.types("n", now + LONG).is_some()
    }

    #[test]
    fn a_prompt_is_told_from_a_question() {
        for prompt in [
            "Last login: today\r\n[ada@web ~]$ ",
            "web# ",
            "~ $ \u{1b}[6n",
            "% \u{1b}[K",
            "\u{1b}[32mada@web\u{1b}[0m:\u{1b}[34m~\u{1b}[0m$ ",
            "~ \u{276f} ",
            "ada@web:~> ",
            "\u{1b}[?2004hada@web: ",
            "\u{1b}[?2004h\r\nweb\r\nthen: ",
        ] {
            assert!(types(&[prompt]), "{prompt:?}");
            let at = prompt.char_indices().nth(3).unwrap().0;
            assert!(types(&[&prompt[..at], &prompt[at..]]), "{prompt:?} in two");
        }
        for other in [
            "",
            "[sudo] password for ada: ",
            "Which environment? ",
            "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
            "Enter a name [ada] ",
            "Loading...",
            "Token > ",
            "Select> ",
            "fetching 45%",
            "mail: $5 saved\r\n",
            "\u{1b}[?2004h$ true\r\n\u{1b}[?2004l\rworking",
        ] {
            assert!(!types(&[other]), "{other:?}");
        }
    }

    #[test]
    fn what_is_typed_is_not_shown_unless_nothing_comes_of_it() {
        let now = Instant::now();
        let mut arrival = Arrival::new(now);
        arrival.shows(b"$ ", now);
        let line = arrival.types("n", now + LONG).unwrap();
        assert!(line.contains("BASH_VERSION") && arrival.types("n", now + LONG * 2).is_none());
        assert!(arrival.shows(line.as_bytes(), now + LONG).is_empty());
        assert!(arrival.gives_up(now + LONG).is_empty());
        // csh: its prompt comes again.
        assert!(arrival.shows(b"\r\nBASH_VERSION: Undefined variable.\r\n% ", now + LONG).is_empty());
        let again = arrival.types("n", now + LONG * 2).unwrap();
        assert!(!again.contains("BASH_VERSION"));
        arrival.shows(b"Invalid choice\r\n# ", now + LONG * 2);
        assert!(arrival.types("n", now + LONG * 4).is_none(), "twice is enough");
        assert_eq!(arrival.gives_up(now + LONG * 8), b"Invalid choice\r\n# ");
        assert_eq!(arrival.shows(b"x", now + LONG * 8), b"x");
    }

    #[test]
    fn what_comes_after_it_was_taken_is_shown() {
        let now = Instant::now();
        let mut arrival = Arrival::new(now);
        arrival.shows(b"$ ", now);
        arrival.types("n", now + LONG).unwrap();
        arrival.shows(b"echo", now + LONG);
        arrival.taken();
        assert_eq!(arrival.shows(b"hello $ ", now + LONG), b"hello $ ");
        assert!(arrival.types("n", now + LONG * 9).is_none());
        assert!(arrival.gives_up(now + LONG * 9).is_empty() && arrival.due_in(now).is_none());
    }
}
