//! The loop of a place: one thread, no lock, bounded memory.

use std::collections::{BTreeMap, VecDeque};
use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, kill_process_group, pidfd_open};
use rustix::termios::{tcgetpgrp, tcsetwinsize};

use super::super::ExecError;
use super::super::proc::identity;
use super::super::recording::{Bound, Recorded, Recorder};
use super::super::screen::Size;
use super::super::shell::ToShell;
use super::super::shell::band::Band;
use super::super::spawn::{Pty, ShellProcess, ShellSpec, shell, wait_readable};
use super::super::variables::{Snapshot, is_name};
use super::door::Behind;
use super::interrupt::Interrupt;
use super::late::Late;
use super::message::{FromShim, Mode, ShimSettings, Signal, ToShim};
use super::running::{Output, Running, UNKNOWN};
use super::terminal::{drain, drain_up_to, winsize};
use super::typist::Typist;
use super::writers::Writers;
use crate::mask::Masker;
use crate::run::{Attempt, Exit, Place};
use crate::runbook::CommandId;
use crate::shell::entrance::Door;

/// A place at work.
pub(super) struct Worker {
    pub(super) settings: ShimSettings,
    pub(super) report: Box<dyn Fn(FromShim) + Send>,
    inbox: Receiver<ToShim>,
    woken: OwnedFd,
    pub(super) process: ShellProcess,
    pub(super) exited: Option<OwnedFd>,
    pub(super) status: Vec<u8>,
    pub(super) place: Place,
    pub(super) running: Option<Running>,
    /// Follow commands that go on in the background, each on a terminal of its own.
    pub(super) follows: Vec<Running>,
    /// What came while a command was on its way into the background.
    pub(super) queued: VecDeque<ToShim>,
    /// Knows the secrets; every command's streams get copies.
    pub(super) masker: Masker,
    /// The secrets by their variables: whoever owns the run next has to know them again.
    pub(super) secrets: BTreeMap<String, String>,
    pane: Size,
    /// The size that the terminals were given last.
    size: Size,
    pub(super) snapshot: Option<Snapshot>,
    /// The command whose changes the next snapshot shows.
    pub(super) after: Option<CommandId>,
    /// For which commands values were asked, in order.
    pub(super) evaluating: VecDeque<CommandId>,
    /// Plain values that were set from outside: a shell behind a door gets them as well.
    pub(super) exports: BTreeMap<String, String>,
    /// Shells behind doors, the innermost last: the last one has the terminal.
    pub(super) doors: Vec<Behind>,
    /// One that is on its way.
    pub(super) entering: Option<Behind>,
    pub(super) band: Band,
    /// What was asked and waits for an answer.
    pub(super) asking: VecDeque<String>,
    pub(super) replaced: Option<String>,
    pub(super) ready: bool,
    /// What is typed into the shell of this machine.
    pub(super) typist: Typist,
    /// What writes to its terminals beside what it runs.
    pub(super) writers: Writers,
    /// What came from them while nothing ran.
    pub(super) late: Late,
    pub(super) interrupt: Option<Interrupt>,
    /// A command that was killed, and when.
    pub(super) kill: Option<(CommandId, Instant)>,
}

impl Worker {
    /// Starts the shell of a place; `report` is called from the thread that works.
    pub(super) fn new(
        settings: ShimSettings,
        report: Box<dyn Fn(FromShim) + Send>,
        inbox: Receiver<ToShim>,
        woken: OwnedFd,
    ) -> Result<Self, ExecError> {
        let process = start_shell(&settings, None)?;
        let exited = pidfd(&process);
        let mut worker = Self {
            settings,
            report,
            inbox,
            woken,
            status: Vec::new(),
            place: Place::default(),
            running: None,
            follows: Vec::new(),
            queued: VecDeque::new(),
            masker: Masker::default(),
            secrets: BTreeMap::new(),
            pane: Size::LOGICAL,
            size: Size::LOGICAL,
            snapshot: None,
            after: None,
            evaluating: VecDeque::new(),
            exports: BTreeMap::new(),
            doors: Vec::new(),
            entering: None,
            band: Band::default(),
            asking: VecDeque::new(),
            replaced: None,
            ready: false,
            interrupt: None,
            kill: None,
            typist: Typist::default(),
            writers: Writers::default(),
            late: Late::default(),
            exited,
            process,
        };
        worker.sit_down();
        Ok(worker)
    }
}

fn start_shell(settings: &ShimSettings, restore: Option<&Snapshot>) -> Result<ShellProcess, ExecError> {
    shell(&ShellSpec {
        restore,
        directory: &settings.directory,
        environment: &settings.environment,
        size: winsize(Size::LOGICAL),
    })
}

fn pidfd(process: &ShellProcess) -> Option<OwnedFd> {
    pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).ok()
}

impl Worker {
    /// Works until it is told to end, or no shell can be had.
    pub(super) fn work(mut self) {
        loop {
            let timeout = self.timeout();
            let mut fds = vec![
                &self.woken,
                self.process.channel.reports(),
                &self.process.terminal.master,
                &self.process.error.master,
            ];
            let fixed = fds.len();
            fds.extend(self.running.iter().chain(&self.follows).filter_map(Running::master));
            let second = self.doors.iter().rev().find_map(|d| d.second.as_ref());
            fds.extend(second.map(|s| &s.process.terminal.master));
            fds.extend(second.and_then(|s| s.ended.as_ref()));
            fds.extend(self.follows.iter().filter_map(|f| f.gone.as_ref()));
            fds.extend(self.state_pipe());
            fds.extend(self.exited.as_ref());
            let ready = wait_readable(&fds, timeout);
            let own = ready.len() - fixed - usize::from(self.exited.is_some());
            if ready[0] {
                drain(&self.woken, |_| {});
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
            if self.exited.is_some() && ready.last() == Some(&true) && !self.shell_ended() {
                return;
            }
        }
    }

    /// How long to wait at most; for ever when nothing is due.
    fn timeout(&self) -> Option<Duration> {
        let running = self.running.iter().chain(&self.follows).filter_map(Running::due_in);
        let signals = self.interrupt.as_ref().map(Interrupt::due_in).into_iter().chain(self.kill_due_in());
        running
            .chain(signals)
            .chain(self.door_due_in())
            .chain(self.typist_due_in())
            .chain(self.writers_due_in())
            .chain(self.late_due_in())
            .min()
    }

    /// Takes all messages; true when it is to end.
    fn messages(&mut self) -> bool {
        loop {
            match self.inbox.try_recv() {
                Ok(ToShim::Shutdown) | Err(TryRecvError::Disconnected) => return true,
                Ok(message) => self.message(message),
                Err(TryRecvError::Empty) => return false,
            }
        }
    }

    pub(super) fn message(&mut self, message: ToShim) {
        // One command holds the shell at a time, also one that is on its way into the background.
        if self.running.is_some() && matches!(message, ToShim::Run { .. }) {
            self.queued.push_back(message);
            return;
        }
        match message {
            ToShim::Run { command, attempt, text, mode, watch, hidden } => {
                self.run((command, attempt), &text, (mode, watch), hidden);
            }
            ToShim::Keys { command, keys } => self.keys(&command, &keys),
            ToShim::Pane(size) => {
                self.pane = size;
                if self.running.as_ref().is_some_and(|r| r.full_screen || r.mode.takes_keyboard()) {
                    self.resize(size);
                }
            }
            ToShim::Signal { command, signal } => self.signal(&command, signal),
            ToShim::Background(command) => self.background(&command),
            ToShim::Secret { name, value } => {
                self.masker.add(&value);
                self.secrets.insert(name.clone(), value.clone());
                for running in self.running.iter_mut().chain(&mut self.follows) {
                    running.add_secret(&value);
                }
                if is_name(&name) {
                    self.tell(&ToShell::Export(&name, &value));
                }
            }
            ToShim::Export { name, value } => {
                self.tell(&ToShell::Export(&name, &value));
                self.exports.insert(name, value);
            }
            ToShim::Ask { name, script } => {
                self.asking.push_back(name);
                self.tell(&ToShell::Ask(&script));
            }
            ToShim::Directory(path) => self.tell(&ToShell::Directory(&path)),
            ToShim::Evaluate { command, names } => {
                self.evaluating.push_back(command);
                self.tell(&ToShell::Values(&names));
            }
            ToShim::Stand => self.stand(),
            ToShim::Shutdown => {}
        }
    }

    /// Tells a new owner of the run all that it has to know; screens follow by themselves.
    fn stand(&mut self) {
        let live = self.running.iter_mut().chain(&mut self.follows);
        let live = live.map(|running| {
            running.show_again();
            (running.command.clone(), running.attempt)
        });
        let live = live.collect();
        let shell = self.ready.then(|| (self.place.clone(), identity(self.process.child.id())));
        let secrets = self.secrets.clone();
        (self.report)(FromShim::Standing { shell, live, secrets, line: self.line() });
    }

    /// Sends the shell that has the terminal a message.
    pub(super) fn tell(&mut self, message: &ToShell<'_>) {
        if !self.doors.is_empty() {
            self.tell_behind(message);
            return;
        }
        self.tell_typed(message);
    }

    fn run(
        &mut self,
        (command, attempt): (CommandId, Attempt),
        text: &str,
        (mode, watch): (Mode, bool),
        hidden: Option<String>,
    ) {
        self.tell_late(true);
        self.note_writers();
        let recorder = match Recorder::create(&self.settings.recordings, &command, attempt, Bound::USUAL) {
            Ok(mut recorder) => {
                if let Some(why) = hidden {
                    recorder.hide(&why);
                    (self.report)(FromShim::Unrecorded { command: command.clone(), attempt, why });
                }
                Some(recorder)
            }
            Err(error) => {
                let (command, why) = (command.clone(), error.to_string());
                (self.report)(FromShim::Unrecorded { command, attempt, why });
                None
            }
        };
        let own = match mode {
            Mode::Follow if !self.is_behind() => Pty::open(winsize(Size::LOGICAL)).ok(),
            _ => None,
        };
        let size = if mode.takes_keyboard() { self.pane } else { Size::LOGICAL };
        self.set_size(size);
        let tty = own.as_ref().and_then(Pty::path);
        let second = self.doors.last().is_none_or(|d| d.two);
        self.running = Some(Running::new(
            (command.clone(), attempt),
            mode,
            size,
            Output {
                recorder,
                own,
                masker: &self.masker,
                watch,
                second,
                is_pipeline: crate::shell::is_pipeline(text),
                substitutes: text.contains(">("),
            },
        ));
        if matches!(mode, Mode::Through | Mode::ThroughUnattended) {
            self.go_through(&command, text, mode == Mode::ThroughUnattended);
            return;
        }
        self.tell(&match (mode, &tty) {
            (Mode::Follow, Some(tty)) => ToShell::Follow(tty, text),
            (Mode::Interactive, _) => ToShell::Interactive(text),
            (Mode::NoInput, _) => ToShell::NoInput(text),
            _ => ToShell::Run(text),
        });
    }

    fn go_through(&mut self, command: &CommandId, text: &str, unattended: bool) {
        match self.enter(command, text, unattended) {
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

    fn resize(&mut self, size: Size) {
        self.set_size(size);
        if let Some(running) = &mut self.running {
            running.resize(size);
        }
    }

    /// A size that a command gave its terminal stays, until another one is asked for here.
    fn set_size(&mut self, size: Size) {
        if std::mem::replace(&mut self.size, size) == size {
            return;
        }
        for slave in [&self.process.terminal.slave, &self.process.error.slave] {
            let _kept = tcsetwinsize(slave, winsize(size));
        }
    }

    /// Keys go to the terminal of the command they are for. A terminal that nobody's session owns turns no
    /// Ctrl-C into a signal: that is done here.
    fn keys(&mut self, command: &CommandId, keys: &[u8]) {
        let running = self.running.iter().chain(&self.follows).find(|r| &r.command == command);
        let Some(running) = running else { return };
        if running.master().is_none() && self.hold_keys(keys) {
            return;
        }
        let running = self.running.iter().chain(&self.follows).find(|r| &r.command == command);
        let Some(running) = running else { return };
        match running.master() {
            Some(_) if keys == [3] => self.signal(&command.clone(), Signal::Int),
            own => {
                let _full = rustix::io::write(own.unwrap_or(&self.process.terminal.master), keys);
            }
        }
    }

    /// Reads what a stream of the shell's own terminals has, a bounded amount at a time, so that messages
    /// keep being heard.
    pub(super) fn output(&mut self, stream: usize) {
        let master = if stream == 0 { &self.process.terminal.master } else { &self.process.error.master };
        let mut chunk = Vec::new();
        drain_up_to(master, 256 * 1024, |bytes| chunk.extend_from_slice(bytes));
        if stream == 0 && self.is_behind() {
            self.shown_behind(&chunk);
        } else if stream == 1 && self.is_over_line() {
            let words = self.own_words(&chunk);
            self.feed(1, &words);
        } else if stream == 1 {
            let shown = self.without_reports(&chunk);
            self.feed(1, &shown);
        } else {
            self.feed(stream, &chunk);
        }
        self.follow_full_screen();
    }

    /// Takes bytes as output of what runs. A follow command has its own terminal; what the shell itself says
    /// meanwhile is nobody's output.
    pub(super) fn feed(&mut self, stream: usize, bytes: &[u8]) {
        if self.running.is_none() {
            self.came_late(stream, bytes);
        } else if let Some(running) = self.running.as_mut().filter(|r| r.own.is_none()) {
            running.feed(stream, bytes, &self.process.terminal.master, &*self.report);
        }
    }

    pub(super) fn own_output(&mut self) {
        for running in self.running.iter_mut().chain(&mut self.follows) {
            running.read_own(&*self.report);
        }
        self.second_output();
        self.follow_full_screen();
    }

    /// A program that takes the whole screen gets the pane's size.
    fn follow_full_screen(&mut self) {
        let Some(running) = self.running.as_mut() else { return };
        if running.full_screen_changed() && !running.mode.takes_keyboard() {
            let size = if running.full_screen { self.pane } else { Size::LOGICAL };
            self.resize(size);
        }
    }

    /// What time brings: held bytes, screens, ends.
    fn due(&mut self) {
        if self.running.as_ref().is_some_and(Running::all_read) && !self.still_writes() {
            let status = self.running.as_ref().and_then(|r| r.ended).map_or(-1, |(status, _)| status);
            self.finish(if status == UNKNOWN { Exit::Unknown } else { Exit::Status(status) });
            self.tell(&ToShell::Snapshot);
            self.take_written();
            self.take_queued();
        }
        self.tell_late(false);
        self.interrupt_again();
        self.kill_shell();
        self.door_due();
        self.find_lost_prompt();
        self.stop_leaving();
        for running in self.running.iter_mut().chain(&mut self.follows) {
            running.tick(&*self.report);
        }
        self.ended_in_background();
    }

    pub(super) fn finish(&mut self, exit: Exit) {
        (self.interrupt, self.kill) = (None, None);
        let Some(running) = self.running.take() else { return };
        self.writers.ended();
        self.late_is_of(&running.command, running.attempt);
        self.after = Some(running.command.clone());
        self.exited(running, exit);
    }

    pub(super) fn exited(&self, running: Running, exit: Exit) {
        let (command, attempt) = (running.command.clone(), running.attempt);
        let elapsed = running.started.elapsed();
        let mut shown = running.shown();
        if let Some(shown) = &mut shown {
            shown.writing = running.own.is_none() && self.left_writers();
        }
        let Recorded { bytes, seal } = running.finish(&*self.report);
        let place = self.place.clone();
        (self.report)(FromShim::Exited { command, attempt, exit, elapsed, bytes, place, shown, seal });
    }

    /// The shell is gone: ends its command, starts another from the last snapshot. False when none starts.
    fn shell_ended(&mut self) -> bool {
        let status = self.process.child.wait().map_or(-1, exit_code);
        self.output(0);
        self.output(1);
        if self.is_behind() {
            let place = self.place.clone();
            let _told = self.back_before(0, status, place);
        }
        if self.running.is_some() {
            self.finish(Exit::ShellEnded(status));
        } else if !self.ready {
            (self.report)(FromShim::NoShell(format!(
                "bash ended with status {status} before it was ready: see ~/.bash_profile and ~/.profile"
            )));
            return false;
        }
        self.after = None;
        self.evaluating.clear();
        self.status.clear();
        match start_shell(&self.settings, self.snapshot.as_ref()) {
            Ok(process) => {
                self.exited = pidfd(&process);
                self.process = process;
                self.size = Size::LOGICAL;
                self.sit_down();
                self.ready = false;
                self.replaced = Some("jobs, open descriptors, set -e, EXIT trap".into());
                true
            }
            Err(error) => {
                (self.report)(FromShim::NoShell(error.to_string()));
                false
            }
        }
    }

    fn hang_up(mut self) {
        if self.running.is_none() && !self.is_behind() && self.leave_shell() {
            for follow in std::mem::take(&mut self.follows) {
                let _gone = follow.group.map(|g| kill_process_group(g, rustix::process::Signal::HUP));
                follow.finish(&|_| {});
            }
            let _reaped = self.process.child.wait();
            return;
        }
        let pid = Pid::from_child(&self.process.child);
        let foreground = tcgetpgrp(&self.process.terminal.master);
        let _gone = foreground.and_then(|g| kill_process_group(g, rustix::process::Signal::HUP));
        let _gone = kill_process_group(pid, rustix::process::Signal::HUP);
        for follow in &self.follows {
            let _gone = follow.group.map(|g| kill_process_group(g, rustix::process::Signal::HUP));
        }
        for running in self.running.take().into_iter().chain(std::mem::take(&mut self.follows)) {
            running.finish(&|_| {});
        }
        if let Some(exited) = &self.exited {
            let ended = wait_readable(&[exited], Some(Duration::from_millis(500)));
            if ended != [true] {
                let _gone = self.process.child.kill();
            }
        }
        let _reaped = self.process.child.wait();
    }
}

fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}
