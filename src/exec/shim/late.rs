//! Output that arrives while nothing runs: of a background job, or of what stands behind `>(…)`. It is the earlier
//! command's, and is told as that.

use std::time::{Duration, Instant};

use super::message::FromShim;
use super::stream::Stream;
use crate::mask::Masker;
use crate::run::Attempt;
use crate::run::verdict::clean;
use crate::runbook::CommandId;

/// How long it is gathered: a line of a job is told whole.
const GATHERED: Duration = Duration::from_millis(100);
/// So much of it is kept between two commands.
const MOST: usize = 32 * 1024;

/// What came since the last command ended.
#[derive(Default)]
pub(super) struct Late {
    /// The command that ran last.
    after: Option<(CommandId, Attempt)>,
    streams: [Stream; 2],
    bytes: Vec<u8>,
    /// More came than is kept.
    cut: bool,
    since: Option<Instant>,
}

impl Late {
    /// What comes from now on is this command's.
    pub(super) fn of(command: &CommandId, attempt: Attempt) -> Self {
        Self { after: Some((command.clone(), attempt)), ..Self::default() }
    }

    /// Takes bytes; they are nobody's where no command has run.
    pub(super) fn came(&mut self, stream: usize, bytes: &[u8], now: Instant) {
        if self.after.is_none() {
            return;
        }
        let shown = self.streams[stream].feed(bytes);
        let room = MOST.saturating_sub(self.bytes.len()).min(shown.len());
        self.cut |= room < shown.len();
        self.bytes.extend_from_slice(&shown[..room]);
        if !self.bytes.is_empty() {
            self.since.get_or_insert(now);
        }
    }

    /// When what has come is to be told.
    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        self.since.map(|since| GATHERED.saturating_sub(now.saturating_duration_since(since)))
    }

    /// What is to be told, once it is due or where something else begins.
    pub(super) fn tell(&mut self, at_once: bool, masker: &Masker, now: Instant) -> Option<FromShim> {
        self.due_in(now).filter(|left| at_once || left.is_zero())?;
        let (command, attempt) = self.after.clone()?;
        let mut text = masker.text(&clean(&self.bytes));
        if self.cut {
            text.push_str("\n… and more, which was not kept");
        }
        *self = Self::of(&command, attempt);
        (!text.trim().is_empty()).then_some(FromShim::Late { command, attempt, text })
    }
}
