//! Somebody at a terminal that takes one line after the other.
//!
//! Lines that were typed before the question was there are not taken: what you saw is what runs.

use std::io::BufRead;
use std::time::{Duration, Instant};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::cli::report::{CommandError, Status, note, prompt, say};

/// How long a question has to stand before an answer counts.
pub(super) const SETTLE: Duration = Duration::from_millis(150);

/// A line that was typed, with when.
pub(super) type Typed = Option<(String, Instant)>;

/// Somebody at a terminal that takes one line after the other.
pub(super) struct Console {
    pub(super) lines: UnboundedReceiver<(String, Instant)>,
}

impl Console {
    pub(super) fn new() -> Self {
        let (to, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if to.send((line, Instant::now())).is_err() {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// Prints a prompt; what was typed before it is thrown away, and said to be.
    pub(super) fn prompt(&mut self, text: &str) -> Result<Instant, CommandError> {
        let _no_terminal =
            rustix::termios::tcflush(rustix::stdio::stdin(), rustix::termios::QueueSelector::IFlush);
        while let Ok((line, _)) = self.lines.try_recv() {
            ignored(&line);
        }
        prompt(text)?;
        Ok(Instant::now())
    }

    /// Asks and waits for a line; `None` when there will be no more.
    pub(super) async fn ask(&mut self, text: &str) -> Result<Option<String>, CommandError> {
        let shown = self.prompt(text)?;
        loop {
            match self.lines.recv().await {
                Some((_, at)) if at < shown + SETTLE => {}
                Some((line, _)) => return Ok(Some(line.trim().to_owned())),
                None => return Ok(None),
            }
        }
    }
}

/// Says that a line was typed too early.
pub(super) fn ignored(line: &str) {
    if !line.trim().is_empty() {
        note(format!("ignored, because it was typed before the question: {line}"));
    }
}

/// Asks; a secret is not echoed.
pub(super) async fn ask(
    console: &mut Console,
    text: &str,
    secret: bool,
) -> Result<Option<String>, CommandError> {
    if !secret {
        return console.ask(text).await;
    }
    let stdin = rustix::stdio::stdin();
    let modes = tcgetattr(stdin).map_err(|e| CommandError::new(Status::Usage, e.to_string()))?;
    let mut silent = modes.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    let _same = tcsetattr(stdin, OptionalActions::Now, &silent);
    let answer = console.ask(text).await;
    let _same = tcsetattr(stdin, OptionalActions::Now, &modes);
    say("")?;
    answer
}
