//! What shells report: the one of this machine by a descriptor, those behind doors in their terminal's output.

use std::time::Instant;

use super::super::super::shell::typed::Report;
use super::super::super::shell::{FromShell, ToShell};
use super::super::message::FromShim;
use super::super::running::{Running, UNKNOWN};
use super::Worker;
use crate::run::Place;

impl Worker {
    /// Takes what the shell of this machine reports.
    pub(super) fn reports(&mut self) {
        for report in self.bash.reports() {
            if let (Report::Waits, Some(prompt)) = (&report, self.typist.ending())
                && self.doors.is_behind()
                && self.typist.runs_command()
            {
                let place = Place { login: prompt.login.clone(), directory: prompt.directory.clone() };
                let status = prompt.status.unwrap_or(UNKNOWN);
                // The last words of what led there belong to what ran behind it.
                self.output(0);
                self.output(1);
                let at = self.doors.open.len();
                self.back_before(0, status, place);
                if at > 0 {
                    self.typist.forget();
                }
            }
            self.reported(report);
        }
    }

    /// Takes a report of the shell that has the terminal.
    pub(super) fn heard(&mut self, report: FromShell) {
        match report {
            FromShell::Ready(place, _) => {
                let replaced = self.bash.is_ready();
                self.place = place.clone();
                let shell = self.bash.identity();
                let place = self.values.told(&place);
                (self.report)(FromShim::Ready { place, shell, replaced });
                self.tell(&ToShell::Snapshot);
                self.take_held();
            }
            FromShell::End(status, place, stages) => self.command_ended(status, place, stages),
            FromShell::Followed(group, status) => {
                let told = |f: &&mut Running| f.group.is_some_and(|g| g.as_raw_nonzero().get() == group);
                // One that is still in the foreground is told by its prompt.
                if let Some(follow) = self.live.all_mut().find(told) {
                    follow.told = Some(status);
                }
            }
            FromShell::Snapshot(snapshot) => {
                for change in self.known.take(*snapshot, &self.values) {
                    (self.report)(change);
                }
            }
            FromShell::Values(values) => {
                let told = self.questions.valued(values, &self.values.masker);
                told.into_iter().for_each(&self.report);
            }
            FromShell::Asked(_, output) => {
                self.questions.answered(output).into_iter().for_each(&self.report);
            }
            FromShell::At(place) => {
                (self.report)(FromShim::At(self.values.told(&place)));
                self.place = place;
            }
            FromShell::ErrorApart(_)
            | FromShell::Follows(_)
            | FromShell::Done
            | FromShell::Terminal(_)
            | FromShell::Takes(_)
            | FromShell::Lost => {}
        }
    }

    /// The command that holds the shell has ended. Output that it wrote before may still be on its way through the
    /// terminal.
    fn command_ended(&mut self, status: i32, place: Place, stages: Vec<i32>) {
        self.place = place;
        if self.live.running.as_ref().is_some_and(|r| r.leaving && status > 128) {
            self.left();
            return;
        }
        if let Some(there) = self.live.running.as_mut().and_then(Running::there_mut) {
            // What was begun there goes on by itself.
            there.free = true;
            return;
        }
        if let Some(running) = &mut self.live.running {
            running.ended = Some((status, Instant::now()));
            running.stages = if running.pipes && stages.len() > 1 { stages } else { vec![] };
        }
        self.output(0);
        self.output(1);
        self.own_output();
    }
}
