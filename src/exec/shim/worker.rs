//! A place at work: one thread, no lock, bounded memory. [`Worker`] waits for whatever comes first and passes it on; what
//! is known of each thing lies in a part of its own, which knows no other.

mod background;
mod doors;
mod hear;
mod opened;
mod output;
mod run;
mod signals;
mod typing;

use std::os::fd::OwnedFd;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rustix::process::kill_process_group;

use super::super::ExecError;
use super::super::recording::Recorded;
use super::super::screen::Size;
use super::super::shell::ToShell;
use super::super::spawn::wait_readable;
use super::super::variables::is_name;
use super::bash::Bash;
use super::door::{Behind, Doors};
use super::inbox::{Inbox, Turn};
use super::interrupt::Signals;
use super::known::Known;
use super::late::Late;
use super::live::Live;
use super::message::{FromShim, ShimSettings, ToShim};
use super::questions::Questions;
use super::running::Running;
use super::typist::Typist;
use super::values::Values;
use super::writers::{QUIET, Seen, Wait, Writers};
use crate::run::{Exit, Place};

/// A place at work.
pub(super) struct Worker {
    settings: ShimSettings,
    report: Box<dyn Fn(FromShim) + Send>,
    inbox: Inbox,
    /// The shell of this machine, and what is typed into it.
    bash: Bash,
    typist: Typist,
    /// Where the shell is that has the terminal, and what is known of its state.
    place: Place,
    known: Known,
    live: Live,
    values: Values,
    questions: Questions,
    doors: Doors,
    /// The size of the pane that somebody looks into.
    pane: Size,
    /// What writes to the shell's terminals beside what it runs, and what came from that while nothing ran.
    writers: Writers,
    late: Late,
    signals: Signals,
}

impl Worker {
    /// Starts the shell of a place; `report` is called from the thread that works.
    pub(super) fn new(
        settings: ShimSettings,
        report: Box<dyn Fn(FromShim) + Send>,
        messages: Receiver<Turn>,
        woken: OwnedFd,
    ) -> Result<Self, ExecError> {
        super::connection::sweep();
        let bash = Bash::start(&settings, None)?;
        let mut worker = Self {
            settings,
            report,
            inbox: Inbox::new(messages, woken),
            bash,
            typist: Typist::default(),
            place: Place::default(),
            known: Known::default(),
            live: Live::default(),
            values: Values::in_environment(std::env::vars_os()),
            questions: Questions::default(),
            doors: Doors::default(),
            pane: Size::LOGICAL,
            writers: Writers::default(),
            late: Late::default(),
            signals: Signals::default(),
        };
        worker.sit_down();
        Ok(worker)
    }

    /// Works until it is told to end, or no shell can be had.
    pub(super) fn work(mut self) {
        loop {
            let timeout = self.timeout();
            let mut fds = vec![
                self.inbox.wakes(),
                self.bash.process.channel.reports(),
                &self.bash.process.terminal.master,
                &self.bash.process.error.master,
            ];
            let fixed = fds.len();
            fds.extend(self.live.all().filter_map(Running::master));
            let second = self.doors.second();
            fds.extend(second.map(|s| &s.process.terminal.master));
            fds.extend(second.and_then(|s| s.ended.as_ref()));
            fds.extend(self.live.all().filter_map(Running::gone));
            fds.extend(self.typist.state.pipe());
            fds.extend(self.bash.exited.as_ref());
            let ready = wait_readable(&fds, timeout);
            let own = ready.len() - fixed - usize::from(self.bash.exited.is_some());
            if ready[0] {
                self.inbox.awake();
                if self.messages() {
                    self.hang_up();
                    return;
                }
            }
            if ready[2] {
                self.output(0);
            }
            if ready[3] {
                self.output(1);
            }
            if ready[fixed..fixed + own].contains(&true) {
                self.own_output();
            }
            if ready[1] {
                self.reports();
            }
            self.read_state();
            self.due();
            if self.bash.exited.is_some() && ready.last() == Some(&true) && !self.shell_ended() {
                return;
            }
        }
    }

    /// How long to wait at most; for ever when nothing is due.
    fn timeout(&self) -> Option<Duration> {
        let now = Instant::now();
        let due = [
            self.live.due_in(),
            self.signals.due_in(now),
            self.doors.due_in(now),
            self.doors.sent.due_in(),
            self.typist_due_in(),
            self.shell_due_in(),
            self.writers.due_in(),
            self.late.due_in(now),
            self.silence_due_in(now),
        ];
        due.into_iter().flatten().min()
    }

    /// Takes all messages; true when it is to end.
    fn messages(&mut self) -> bool {
        while let Some(message) = self.inbox.next() {
            if matches!(message, ToShim::Shutdown) {
                return true;
            }
            self.message(message);
        }
        false
    }

    fn message(&mut self, message: ToShim) {
        // One command holds the shell at a time, also one that is on its way into the background.
        if self.live.running.is_some() && matches!(message, ToShim::Run { .. }) {
            self.inbox.hold(message);
            return;
        }
        match message {
            ToShim::Run { command, attempt, text, mode, watch, hidden } => {
                self.run((command, attempt), &text, (mode, watch), hidden);
            }
            ToShim::Keys { command, keys } => self.keys(&command, &keys),
            ToShim::Pane(size) => {
                self.pane = size;
                if self.live.running.as_ref().is_some_and(|r| r.full_screen || r.mode.takes_keyboard()) {
                    self.resize(size);
                }
            }
            ToShim::Signal { command, signal } => self.signal(&command, signal),
            ToShim::Background(command) => self.background(&command),
            ToShim::Secret { name, value } => {
                self.values.secret(&name, &value);
                self.live.all_mut().for_each(|running| running.add_secret(&name, &value));
                if is_name(&name) && !self.doors.is_behind() {
                    self.values.gives(0, &name);
                    self.tell(&ToShell::Export(&name, &value));
                }
            }
            ToShim::Export { name, value } => {
                self.tell(&ToShell::Export(&name, &value));
                self.values.plain(name, value);
            }
            ToShim::Ask { name, script } => {
                self.questions.script(name);
                self.tell(&ToShell::Ask(&script));
            }
            ToShim::Directory(path) => self.tell(&ToShell::Directory(&path)),
            ToShim::Evaluate { command, names } => {
                self.questions.values_for(command);
                self.tell(&ToShell::Values(&names));
            }
            ToShim::Stand => self.stand(),
            ToShim::Shutdown => {}
        }
    }

    /// Tells a new owner of the run all that it has to know; screens follow by themselves.
    fn stand(&mut self) {
        let live = self.live.all_mut().map(|running| {
            running.show_again();
            (running.command.clone(), running.attempt)
        });
        let live = live.collect();
        let shell = self.bash.ready.then(|| (self.values.told(&self.place), self.bash.identity()));
        let secrets = self.values.secrets.clone();
        (self.report)(FromShim::Standing { shell, live, secrets, beside: Box::new(self.doors.beside()) });
    }

    /// Sends the shell that has the terminal a message.
    fn tell(&mut self, message: &ToShell<'_>) {
        if !self.doors.open.is_empty() {
            self.tell_behind(message);
            return;
        }
        self.tell_typed(message);
    }

    /// What time brings: held bytes, screens, ends.
    fn due(&mut self) {
        if let Some(exit) = self.live.ended()
            && !self.still_writes()
        {
            self.finish(exit);
            self.tell(&ToShell::Snapshot);
            self.take_written();
            self.take_held();
        }
        self.tell_late(false);
        self.interrupt_again();
        self.kill_shell();
        self.door_due();
        self.find_shell();
        self.hear_silence();
        self.find_lost_prompt();
        self.stop_leaving();
        self.begin_there();
        for running in self.live.all_mut() {
            running.tick(&*self.report);
        }
        self.ended_in_background();
    }

    /// Whether the end of what runs waits for writers.
    fn still_writes(&mut self) -> bool {
        let Some(running) = self.live.running.as_ref().filter(|r| r.own.is_none()) else { return false };
        if self.doors.is_behind() {
            return false;
        }
        if self.typist.state.is_coming() {
            // The shell's state is on its way; who writes that is a process of the shell as well.
            return true;
        }
        let seen = Seen::of(self.bash.process.child.id(), running.quiet_for() >= QUIET);
        match self.writers.wait(seen, running.substitutes, Instant::now()) {
            Wait::Longer => true,
            Wait::NoMore => false,
            Wait::ForMarks => {
                self.live.running.iter_mut().for_each(Running::wait_for_marks);
                self.mark_end();
                true
            }
        }
    }

    /// Tells what came while nothing ran, once it is due or where something else begins.
    fn tell_late(&mut self, at_once: bool) {
        self.late.tell(at_once, &self.values.masker, Instant::now()).into_iter().for_each(&self.report);
    }

    fn finish(&mut self, exit: Exit) {
        self.signals.forget();
        let Some(running) = self.live.running.take() else { return };
        self.writers.ended();
        self.late = Late::of(&running.command, running.attempt);
        self.known.ran(&running.command);
        self.exited(running, exit);
    }

    fn exited(&self, running: Running, exit: Exit) {
        let (command, attempt) = (running.command.clone(), running.attempt);
        let elapsed = running.started.elapsed();
        let (mut shown, unreached) = (running.shown(), running.unreached());
        if let Some(shown) = &mut shown {
            shown.writing =
                running.own.is_none() && !self.doors.is_behind() && self.writers.left(&self.bash.children());
        }
        let Recorded { bytes, seal } = running.finish(&*self.report);
        let place = self.values.told(&self.place);
        (self.report)(FromShim::Exited {
            command,
            attempt,
            exit,
            elapsed,
            bytes,
            place,
            shown,
            seal,
            unreached,
        });
    }

    /// The shell is gone: ends its command, starts another from the last snapshot. False when none starts.
    fn shell_ended(&mut self) -> bool {
        let status = self.bash.reap();
        self.output(0);
        self.output(1);
        if self.doors.is_behind() {
            let place = self.place.clone();
            let _told = self.back_before(0, status, place);
        }
        if self.live.running.is_some() {
            self.finish(Exit::ShellEnded(status));
        } else if !self.bash.ready {
            (self.report)(FromShim::NoShell(format!(
                "bash ended with status {status} before it was ready: see ~/.bash_profile and ~/.profile"
            )));
            return false;
        }
        self.known.nothing_ran();
        self.questions.forget_values();
        match self.bash.next(&self.settings, self.known.snapshot.as_ref()) {
            Ok(()) => {
                self.sit_down();
                true
            }
            Err(error) => {
                (self.report)(FromShim::NoShell(error.to_string()));
                false
            }
        }
    }

    fn hang_up(mut self) {
        self.doors.open.iter().rev().for_each(Behind::hang_up);
        let left = self.live.running.is_none() && !self.doors.is_behind() && self.leave_shell();
        if !left {
            self.bash.hang_up();
        }
        for group in self.live.follows.iter().filter_map(|follow| follow.group) {
            let _gone = kill_process_group(group, rustix::process::Signal::HUP);
        }
        for running in self.live.take_all() {
            running.finish(&|_| {});
        }
        if left {
            self.bash.reap();
        } else {
            self.bash.end();
        }
    }
}
