//! Hands a command to the shell that has the terminal.

use super::super::super::recording::{Bound, Recorder};
use super::super::super::screen::Size;
use super::super::super::shell::ToShell;
use super::super::super::spawn::Pty;
use super::super::message::{FromShim, Mode};
use super::super::own::Own;
use super::super::running::{Output, Running};
use super::super::terminal::winsize;
use super::Worker;
use crate::run::{Attempt, Exit};
use crate::runbook::CommandId;
use crate::shell::entrance::Door;

/// What a command ends with that can't be run (bash(1), EXIT STATUS).
const NOT_RUN: i32 = 126;

impl Worker {
    pub(super) fn run(
        &mut self,
        (command, attempt): (CommandId, Attempt),
        text: &str,
        (mode, watch): (Mode, bool),
        hidden: Option<String>,
    ) {
        self.tell_late(true);
        for (name, value) in self.values.wanted(self.doors.open.len(), text) {
            self.tell(&ToShell::Export(&name, &value));
        }
        self.writers.note(self.bash.process.child.id());
        let recorder = self.recorder(&command, attempt, hidden);
        let own = match mode {
            Mode::Follow if !self.doors.is_behind() => Pty::open(winsize(Size::LOGICAL)).ok().map(Own::Here),
            Mode::Follow => self.doors.terminal_there(text).map(|there| Own::There(Box::new(there))),
            _ => None,
        };
        let size = if mode.takes_keyboard() { self.pane } else { Size::LOGICAL };
        self.bash.set_size(size);
        let tty = own.as_ref().filter(|own| own.there().is_none()).and_then(|own| own.terminal().path());
        let second = self.doors.open.last().is_none_or(|d| d.two);
        self.live.running = Some(Running::new(
            (command.clone(), attempt),
            mode,
            size,
            Output {
                recorder,
                own,
                masker: &self.values.masker,
                watch,
                second,
                pipes: crate::shell::pipes(text),
                substitutes: text.contains(">("),
            },
        ));
        if mode.leads_through() {
            self.go_through(&command, text, mode == Mode::ThroughUnattended);
            return;
        }
        if mode.runs_by_itself()
            && let Some(words) = self.will_open(text)
        {
            self.live.running.iter_mut().for_each(|running| running.opened = true);
            (self.report)(FromShim::ShellOpened { command, words });
            if mode == Mode::NoInput {
                // It would find the end of its input and be gone, and what is meant for it would run here.
                self.feed(0, b"gonogo: not run, because it opens a shell and nobody is here to use it\r\n");
                self.finish(Exit::Status(NOT_RUN));
                return;
            }
        }
        if self.live.running.as_ref().is_some_and(|running| running.there().is_some()) {
            // Its terminal comes first.
            return;
        }
        self.tell(&match (mode, &tty) {
            (Mode::Follow, Some(tty)) => ToShell::Follow(tty, text),
            (Mode::Interactive, _) => ToShell::Interactive(text),
            (Mode::NoInput, _) => ToShell::NoInput(text),
            _ => ToShell::Run(text),
        });
    }

    /// What records a command; nothing where there is no room for it, which is told, as is what is not to be recorded.
    fn recorder(&self, command: &CommandId, attempt: Attempt, hidden: Option<String>) -> Option<Recorder> {
        let unrecorded = |why| FromShim::Unrecorded { command: command.clone(), attempt, why };
        match Recorder::create(&self.settings.recordings, command, attempt, Bound::USUAL) {
            Ok(mut recorder) => {
                if let Some(why) = hidden {
                    recorder.hide(&why);
                    (self.report)(unrecorded(why));
                }
                Some(recorder)
            }
            Err(error) => {
                (self.report)(unrecorded(error.to_string()));
                None
            }
        }
    }

    fn go_through(&mut self, command: &CommandId, text: &str, unattended: bool) {
        match self.doors.enter(command, text, (&self.place.directory, unattended)) {
            // What `sudo` and `su` start has the terminals of this shell, the second one too; what `ssh` says for itself
            // goes there, and apart from what its other side shows.
            Ok((Door::User | Door::Ssh, text)) => self.tell(&ToShell::Run(&text)),
            Ok((Door::Container, text)) => self.tell(&ToShell::Interactive(&text)),
            Err(why) => {
                self.feed(0, format!("gonogo: {why}\r\n").as_bytes());
                self.finish(Exit::Status(1));
            }
        }
    }
}
