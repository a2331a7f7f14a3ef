//! When keys act: only when what they act on has been on screen for a moment, so that what runs is
//! what was seen.

use std::time::{Duration, Instant};

/// How long something has to be on screen before a key acts on it.
const SETTLE: Duration = Duration::from_millis(150);
/// The same after a pane has given the keyboard back.
const SETTLE_AFTER_PANE: Duration = Duration::from_millis(300);

/// What the last frame offered, and from when on keys act on it.
#[derive(Debug)]
pub struct Arming {
    at: Instant,
    target: String,
    from_pane: bool,
    /// What stood in the field in front.
    typed: Option<String>,
}

impl Default for Arming {
    fn default() -> Self {
        Self { at: Instant::now(), target: String::new(), from_pane: false, typed: None }
    }
}

impl Arming {
    /// A frame was drawn that offers `target`, with so much typed.
    pub(super) fn drawn(&mut self, target: String, typed: Option<String>, keyboard: bool, now: Instant) {
        self.typed = typed;
        if target != self.target {
            self.at = now + if self.from_pane { SETTLE_AFTER_PANE } else { SETTLE };
            self.from_pane = keyboard;
            self.target = target;
        }
    }

    pub(super) fn armed(&self, target: &str, now: Instant) -> bool {
        now >= self.at && target == self.target
    }

    /// Whether all that was typed stood in the last frame.
    pub(super) fn drew_typed(&self, typed: Option<&str>) -> bool {
        self.typed.as_deref() == typed
    }

    /// A key came too early: the next one waits again.
    pub(super) fn put_off(&mut self, now: Instant) {
        self.at = now + SETTLE;
    }

    /// The pane has given the keyboard back.
    pub fn pane_left(&mut self) {
        self.from_pane = true;
    }

    /// When keys act, if they don't yet.
    pub fn due_in(&self, now: Instant) -> Option<Duration> {
        Some(self.at.saturating_duration_since(now)).filter(|d| !d.is_zero())
    }
}
