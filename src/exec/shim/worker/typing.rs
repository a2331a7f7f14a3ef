//! The hands of the typist: types what it gives, holds the shell at its gates, and gives its terminal the modes.

use std::time::{Duration, Instant};

use super::super::super::proc;
use super::super::super::shell::typed::{Prompt, Report};
use super::super::super::shell::{FromShell, ToShell};
use super::super::super::spawn::wait_readable;
use super::super::message::{FromShim, Signal};
use super::super::terminal::{drain, write_all};
use super::super::typist::modes::for_typing;
use super::super::typist::{At, Ended, Next, Typist};
use super::Worker;

/// How long a program that waits for keys with nobody there may show nothing.
const UNANSWERED: Duration = Duration::from_secs(4);
/// How long an `EXIT` trap may take, and how long a shell without one.
const TRAP: Duration = Duration::from_secs(10);
const NO_TRAP: Duration = Duration::from_millis(500);

impl Worker {
    /// Takes what stands at the start of a shell's life.
    pub(super) fn sit_down(&mut self) {
        self.typist = Typist::sit_down(&self.bash.process.terminal, &self.bash.process.error);
        self.give_modes();
    }

    /// Has a message typed.
    pub(super) fn tell_typed(&mut self, message: &ToShell<'_>) {
        self.typist.tell(message, &self.bash.process.prompts);
        self.type_next();
    }

    /// Takes a stopped follow command off the shell's table of jobs.
    pub(super) fn disown_stopped(&mut self) {
        self.typist.disown_stopped();
        self.type_next();
    }

    /// Types what is next, once the shell takes it.
    fn type_next(&mut self) {
        while let Some(next) = self.typist.next(self.known.snapshot.as_ref(), &self.bash.process.prompts) {
            match next {
                Next::Text(text) => self.type_in(&text),
                Next::Values(values) => self.heard(FromShell::Values(values)),
            }
        }
    }

    fn type_in(&mut self, text: &str) {
        self.typist.lookout.learn(self.bash.process.child.id());
        self.typist.reads();
        let mut bytes: Vec<u8> = text.bytes().filter(|b| *b != 0).collect();
        bytes.push(b'\n');
        if !write_all(&self.bash.process.terminal.master, &bytes) {
            (self.report)(FromShim::Trouble("the shell takes no input".into()));
        }
    }

    /// Takes what the shell reports.
    pub(super) fn reported(&mut self, report: Report) {
        match report {
            Report::Started => self.begins(),
            Report::Prompt(prompt) => self.typist.says(prompt),
            Report::Waits => {
                if let Some(prompt) = self.typist.take_ending() {
                    self.prompted(prompt);
                }
            }
            Report::Followed(group, status) => self.heard(FromShell::Followed(group, status)),
        }
    }

    /// The shell has read a command: the terminal is the command's.
    fn begins(&mut self) {
        let keys = self.typist.begins(Instant::now());
        self.give_modes();
        self.bash.process.channel.prompt.close();
        self.bash.process.channel.start.open();
        if !keys.is_empty() {
            let _full = rustix::io::write(&self.bash.process.terminal.master, &keys);
        }
    }

    /// The shell is at its prompt: what it ran has ended.
    fn prompted(&mut self, prompt: Prompt) {
        self.bash.process.startup = None;
        self.bash.process.channel.start.close();
        if matches!(self.typist.at(), At::Running | At::Starting) {
            self.typist.modes.keep(&self.bash.process.terminal.slave);
        }
        for_typing(&self.bash.process.terminal.slave);
        self.mark_end();
        if let Ok(pipe) = self.bash.process.channel.state() {
            self.typist.state.comes_by(pipe);
        }
        if !self.has_terminal() {
            self.typist.wording.prompt = prompt;
            // What it would read as its next command is a file of the document's: it reads nothing any more.
            (self.report)(FromShim::Trouble(
                "the command redirected the shell's own input: a new shell was started".into(),
            ));
            self.bash.kill();
            return;
        }
        self.bash.process.channel.prompt.open();
        match self.typist.prompted(prompt) {
            Ended::Heard(report) => self.heard(report),
            Ended::At(place) => self.place = place,
            Ended::Quiet => {}
        }
        self.type_next();
    }

    /// Whether the shell still reads its own terminal.
    fn has_terminal(&self) -> bool {
        let Some(own) = self.bash.process.terminal.path() else { return true };
        proc::input(self.bash.process.child.id()).map_or(true, |reads| reads == std::path::Path::new(&own))
    }

    fn give_modes(&self) {
        self.typist.modes.give(&self.bash.process.terminal.slave);
    }

    /// Marks the end of what was written so far, in every terminal that a command may have written to.
    pub(super) fn mark_end(&self) {
        self.typist.mark_end();
        for running in self.live.all() {
            running.mark_end();
        }
    }

    /// Reads what the shell has written of its state; at its end it can be typed into again.
    pub(super) fn read_state(&mut self) {
        if self.typist.state.read() {
            self.take_written();
            self.type_next();
        }
    }

    /// Takes the shell's state, once the command that it came after has ended.
    pub(super) fn take_written(&mut self) {
        if self.live.running.as_ref().is_none_or(|r| r.ended.is_none())
            && !self.doors.is_behind()
            && let Some(snapshot) = self.typist.state.take()
        {
            self.heard(FromShell::Snapshot(Box::new(snapshot)));
        }
    }

    /// What the terminal of standard error showed, without what a restricted shell says there for us.
    pub(super) fn without_reports(&mut self, chunk: Vec<u8>) -> Vec<u8> {
        if !self.typist.errors.take(&chunk, &self.typist.wording.prompt) {
            return chunk;
        }
        let mut shown = Vec::new();
        while let Some((before, report)) = self.typist.errors.report() {
            shown.extend(before);
            self.reported(report);
        }
        let prompt = &self.typist.wording.prompt;
        self.typist.errors.shown(shown, prompt, &self.bash.process.prompts)
    }

    /// Leaves the shell by `exit`, as whoever types does: its `EXIT` trap runs to its end, and jobs that it left in the
    /// background go on. False where it is not at its prompt, or does not end.
    pub(super) fn leave_shell(&mut self) -> bool {
        if self.typist.at() != At::Prompt {
            return false;
        }
        let known = self.typist.state.written().or(self.known.snapshot.as_ref());
        let trap = known.is_some_and(|s| s.has_trap("EXIT"));
        self.type_in("exit");
        self.bash.process.channel.start.open();
        self.bash.process.channel.prompt.open();
        let until = Instant::now() + if trap { TRAP } else { NO_TRAP };
        let Some(exited) = self.bash.exited.as_ref() else { return false };
        // What it writes meanwhile must not hold it up.
        let (out, error) = (&self.bash.process.terminal.master, &self.bash.process.error.master);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let ready = wait_readable(&[exited, out, error], Some(left));
            if ready[0] {
                return true;
            }
            if left.is_zero() {
                return false;
            }
            for master in [out, error] {
                drain(master, |_| {});
            }
        }
    }

    /// When it is to be looked again whether a shell that runs something is at a prompt that is not ours.
    pub(super) fn typist_due_in(&self) -> Option<Duration> {
        let runs = self.typist.at() == At::Running && !self.doors.is_behind();
        let running = self.live.running.as_ref().filter(|_| runs)?;
        Some(self.typist.lookout.due_in(running.started.elapsed(), Instant::now()))
    }

    /// A shell that is at a prompt of the document's gets ours back, with the status that it has.
    pub(super) fn find_lost_prompt(&mut self) {
        if self.typist_due_in() != Some(Duration::ZERO) {
            return;
        }
        self.typist.lookout.looked(Instant::now());
        self.end_question();
        let own = self.bash.foreground() == Some(self.bash.pid());
        if own && self.typist.lookout.sees_prompt(self.bash.process.child.id()) {
            self.typist.modes.keep(&self.bash.process.terminal.slave);
            for_typing(&self.bash.process.terminal.slave);
            let text = self.bash.process.prompts.give_back(&self.typist.wording.prompt);
            self.type_in(&text);
        }
    }

    /// With nobody there a program that set the terminal up to wait for keys, and shows nothing more, waits for ever: it is
    /// interrupted, and that is said. What goes on until it is ended may be quiet.
    fn end_question(&mut self) {
        let Some(running) = self.live.running.as_ref().filter(|r| r.ended.is_none()) else { return };
        let quiet = !running.is_watched() && running.quiet_for() >= UNANSWERED;
        if quiet && self.typist.modes.waits_for_nobody(&self.bash.process.terminal.slave) {
            let command = running.command.clone();
            let words =
                format!("{command} waits for a key, and nobody is here to press one: gonogo interrupted it");
            (self.report)(FromShim::Trouble(words));
            self.typist.modes.interrupted = true;
            self.signal(&command, Signal::Int);
        }
    }
}
