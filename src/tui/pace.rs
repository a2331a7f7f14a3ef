//! How often frames are drawn: at once for keys, and for output as fast as the line to the terminal takes it.

use std::time::{Duration, Instant};

/// The shortest time between two frames.
pub(super) const FRAME: Duration = Duration::from_millis(16);

/// The time between two frames that show new output only, at first.
const OUTPUT: Duration = Duration::from_millis(33);
/// The same after output has been coming for a while over SSH: a slow line has to have room for keys.
const OUTPUT_REMOTE: Duration = Duration::from_millis(250);
/// After how long of output alone that holds.
const A_WHILE: Duration = Duration::from_millis(1500);
/// At the slowest so often.
const SLOWEST: Duration = Duration::from_secs(2);

/// When the next frame may be drawn.
#[derive(Debug)]
pub(super) struct Pace {
    drawn: Instant,
    /// How long the terminal took for the last frame.
    took: Duration,
    /// Since when nothing but output was drawn.
    output_since: Option<Instant>,
    remote: bool,
}

impl Default for Pace {
    fn default() -> Self {
        let remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|v| std::env::var_os(v).is_some());
        Self { drawn: Instant::now(), took: Duration::ZERO, output_since: None, remote }
    }
}

impl Pace {
    /// How long a frame that shows new output only has to wait.
    pub(super) fn wait(&self) -> Duration {
        let long = self.output_since.is_some_and(|since| since.elapsed() >= A_WHILE);
        let least = if self.remote && long { OUTPUT_REMOTE } else { OUTPUT };
        // A terminal that takes long for a frame gets four times as long to take it in.
        least.max(self.took * 4).min(SLOWEST).saturating_sub(self.drawn.elapsed())
    }

    /// How long any frame has to wait.
    pub(super) fn rest(&self) -> Duration {
        FRAME.saturating_sub(self.drawn.elapsed())
    }

    /// A frame was drawn, and took so long.
    pub(super) fn drawn(&mut self, took: Duration, output_only: bool) {
        let now = Instant::now();
        (self.drawn, self.took) = (now, took);
        self.output_since = if output_only { self.output_since.or(Some(now)) } else { None };
    }
}
