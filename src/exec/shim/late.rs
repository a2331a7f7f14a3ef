//! Output that arrives while nothing runs: of a background job, or of what stands behind `>(…)`. It is the earlier
//! command's, and is told as that.

use std::time::{Duration, Instant};

use super::message::FromShim;
use super::stream::Stream;
use super::worker::Worker;
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

impl Worker {
    /// What comes from now on without anything running is this command's.
    pub(super) fn late_is_of(&mut self, command: &CommandId, attempt: Attempt) {
        self.late = Late { after: Some((command.clone(), attempt)), ..Late::default() };
    }

    /// Takes bytes that came while nothing ran.
    pub(super) fn came_late(&mut self, stream: usize, bytes: &[u8]) {
        if self.late.after.is_none() || self.is_behind() {
            return;
        }
        let shown = self.late.streams[stream].feed(bytes);
        let room = MOST.saturating_sub(self.late.bytes.len()).min(shown.len());
        self.late.cut |= room < shown.len();
        self.late.bytes.extend_from_slice(&shown[..room]);
        if !self.late.bytes.is_empty() {
            self.late.since.get_or_insert_with(Instant::now);
        }
    }

    /// When what has come is to be told.
    pub(super) fn late_due_in(&self) -> Option<Duration> {
        self.late.since.map(|since| GATHERED.saturating_sub(since.elapsed()))
    }

    /// Tells what has come, once it is due or where something else begins.
    pub(super) fn tell_late(&mut self, at_once: bool) {
        let due = self.late_due_in().is_some_and(|left| at_once || left.is_zero());
        let Some((command, attempt)) = self.late.after.clone().filter(|_| due) else { return };
        let mut text = self.masker.text(&clean(&self.late.bytes));
        if self.late.cut {
            text.push_str("\n… and more, which was not kept");
        }
        self.late = Late { after: Some((command.clone(), attempt)), ..Late::default() };
        if !text.trim().is_empty() {
            (self.report)(FromShim::Late { command, attempt, text });
        }
    }
}
