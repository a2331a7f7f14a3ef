//! What terminals show, and the keys and sizes that they are given.

use std::time::Instant;

use super::super::super::screen::Size;
use super::super::message::{FromShim, Signal};
use super::super::typist::modes::asks_unseen;
use super::Worker;
use crate::runbook::CommandId;

impl Worker {
    /// Reads what a stream of the shell's own terminals has.
    pub(super) fn output(&mut self, stream: usize) {
        let chunk = self.bash.output(stream);
        if stream == 0 && self.doors.is_behind() {
            self.shown_behind(&chunk);
        } else if stream == 1 && self.doors.is_over_line() {
            let words = self.doors.own_words(&chunk);
            self.feed(1, &words);
        } else if stream == 1 {
            let shown = self.without_reports(chunk);
            self.feed(1, &shown);
        } else {
            self.feed(stream, &chunk);
        }
        self.follow_full_screen();
    }

    /// Takes bytes as output of what runs. A follow command has its own terminal; what the shell itself says
    /// meanwhile is nobody's output.
    pub(super) fn feed(&mut self, stream: usize, bytes: &[u8]) {
        if let Some(running) = &mut self.live.running {
            if running.own.is_none() {
                running.feed(stream, bytes, &self.bash.process.terminal.master, &*self.report);
            }
        } else if !self.doors.is_behind() {
            self.late.came(stream, bytes, Instant::now());
        }
    }

    /// Reads what terminals beside the shell's own have.
    pub(super) fn own_output(&mut self) {
        for running in self.live.all_mut() {
            running.read_own(&*self.report);
        }
        self.second_output();
        self.follow_full_screen();
    }

    /// A program that takes the whole screen gets the pane's size.
    fn follow_full_screen(&mut self) {
        let Some(running) = self.live.running.as_mut() else { return };
        if running.full_screen_changed() && !running.mode.takes_keyboard() {
            let size = if running.full_screen { self.pane } else { Size::LOGICAL };
            self.resize(size);
        }
    }

    pub(super) fn resize(&mut self, size: Size) {
        self.bash.set_size(size);
        if let Some(running) = &mut self.live.running {
            running.resize(size);
        }
    }

    /// Keys go to the terminal of the command they are for. A terminal that nobody's session owns turns no
    /// Ctrl-C into a signal: that is done here.
    pub(super) fn keys(&mut self, command: &CommandId, keys: &[u8]) {
        let Some(running) = self.live.find(command) else { return };
        let shared = running.master().is_none();
        if shared && !self.doors.is_behind() && self.typist.hold_keys(keys) {
            return;
        }
        if !shared && keys == [3] {
            self.signal(command, Signal::Int);
            return;
        }
        let terminal = running.master().unwrap_or(&self.bash.process.terminal.master);
        let unseen = shared && asks_unseen(&self.bash.process.terminal.slave);
        let _full = rustix::io::write(terminal, keys);
        if unseen {
            for (name, value) in self.values.unseen(keys) {
                self.values.secret(&name, &value);
                self.live.all_mut().for_each(|running| running.add_secret(&name, &value));
                (self.report)(FromShim::Unseen { name, value });
            }
        }
    }
}
