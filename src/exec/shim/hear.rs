//! What shells report: the one of this machine by a descriptor, those behind doors in their terminal's output.

use std::time::Instant;

use super::super::proc::identity;
use super::super::shell::typed::{self, Report};
use super::super::shell::{FromShell, ToShell};
use super::super::variables::Snapshot;
use super::message::FromShim;
use super::running::{Running, UNKNOWN};
use super::terminal::drain;
use super::worker::Worker;
use crate::run::Place;

/// A longer value of a variable is not kept beyond its shell: it would not fit into another one's environment.
const MOST_CAPTURED: usize = 64 * 1024;

impl Worker {
    /// Takes what the shell of this machine reports.
    pub(super) fn reports(&mut self) {
        let mut bytes = Vec::new();
        drain(self.process.channel.reports(), |b| bytes.extend_from_slice(b));
        self.status.extend_from_slice(&bytes);
        for report in typed::reports(&mut self.status) {
            if let (Report::Waits, Some(prompt)) = (&report, self.ending_typed())
                && self.is_behind()
            {
                // The last words of what led there belong to what ran behind it.
                self.output(0);
                self.output(1);
                let place = Place { login: prompt.login.clone(), directory: prompt.directory.clone() };
                let (at, status) = (self.doors.len(), prompt.status.unwrap_or(UNKNOWN));
                self.back_before(0, status, place);
                if at > 0 {
                    self.forget_typed();
                }
            }
            self.reported(report);
        }
    }

    /// Takes a report of the shell that has the terminal.
    pub(super) fn heard(&mut self, report: FromShell) {
        match report {
            FromShell::Ready(place, _) => {
                self.ready = true;
                self.place = place.clone();
                let shell = identity(self.process.child.id());
                (self.report)(FromShim::Ready { place, shell, replaced: self.replaced.take() });
                self.tell(&ToShell::Snapshot);
                self.take_queued();
            }
            FromShell::End(status, place, stages) => {
                self.place = place;
                if self.running.as_ref().is_some_and(|r| r.leaving && status > 128) {
                    self.left();
                    return;
                }
                if let Some(running) = &mut self.running {
                    running.ended = Some((status, Instant::now()));
                    running.stages = if running.is_pipeline { stages } else { vec![] };
                }
                // Output written before the end may still be on its way through the terminal.
                self.output(0);
                self.output(1);
                self.own_output();
            }
            FromShell::Followed(group, status) => {
                let told = |f: &&mut Running| f.group.is_some_and(|g| g.as_raw_nonzero().get() == group);
                // One that is still in the foreground is told by its prompt.
                if let Some(follow) = self.running.iter_mut().chain(&mut self.follows).find(told) {
                    follow.told = Some(status);
                }
            }
            FromShell::Snapshot(snapshot) => self.changes(*snapshot),
            FromShell::Values(values) => {
                if let Some(command) = self.evaluating.pop_front() {
                    let values = values.into_iter().map(|(n, v)| (n, self.masker.text(&v))).collect();
                    (self.report)(FromShim::Evaluated { command, values });
                }
            }
            FromShell::Asked(_, output) => {
                if let Some(name) = self.asking.pop_front() {
                    (self.report)(FromShim::Answered { name, output: Some(output) });
                }
            }
            FromShell::At(place) => {
                self.place = place.clone();
                (self.report)(FromShim::At(place));
            }
            FromShell::ErrorApart(_) | FromShell::Done | FromShell::Terminal(_) => {}
        }
    }

    fn changes(&mut self, snapshot: Snapshot) {
        if let (Some(before), Some(command)) = (&self.snapshot, self.after.take()) {
            for (name, value) in snapshot.changed_since(before) {
                if value.len() > MOST_CAPTURED {
                    let words = format!("{name} is too long to be kept beyond this shell");
                    (self.report)(FromShim::Trouble(words));
                } else if self.masker.text(&value) == value {
                    (self.report)(FromShim::Captured { name, value, command: command.clone() });
                }
            }
        }
        self.snapshot = Some(snapshot);
    }
}
