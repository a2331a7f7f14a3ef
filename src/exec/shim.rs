//! Owns one place: its bash, its terminals, its recordings. One thread, no lock, bounded memory.
//!
//! Today the thread lives in the process that asks; its messages are plain data, so that it can move to a
//! process of its own.

mod interrupt;
mod message;
mod running;
mod stream;

pub use message::{FromShim, Mode, ShimSettings, Signal, ToShim};

use std::collections::{BTreeMap, VecDeque};
use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, kill_process_group, pidfd_open};
use rustix::termios::{
    QueueSelector, Termios, Winsize, tcflush, tcgetattr, tcgetpgrp, tcsetattr, tcsetwinsize,
};

use super::ExecError;
use super::mask::Masker;
use super::recording::Recorder;
use super::screen::Size;
use super::shell::{FromShell, ToShell, decode, driver};
use super::spawn::{Pty, ShellProcess, ShellSpec, shell, wait_readable};
use super::variables::Snapshot;
use crate::run::event::ProcessIdentity;
use crate::run::{Attempt, Exit, Place};
use crate::runbook::CommandId;
use interrupt::Interrupt;
use running::{Output, Running};

/// How often a screen is given out while output comes.
const SCREEN_EVERY: Duration = Duration::from_millis(33);
/// How long a possible beginning of a secret is held back.
const HELD_AT_MOST: Duration = Duration::from_millis(100);
/// Stands for an exit status that nobody saw; no process can have it.
const UNKNOWN: i32 = i32::MIN;
/// How long output that a command wrote before its end may take to arrive after the end was reported.
const LATE_OUTPUT: Duration = Duration::from_millis(500);

/// A running place. Dropping it hangs up its shell.
#[derive(Debug)]
pub struct Shim {
    messages: Sender<ToShim>,
    wake: OwnedFd,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Shim {
    /// Starts a place; `report` is called from its thread.
    pub fn start(
        settings: ShimSettings,
        report: impl Fn(FromShim) + Send + 'static,
    ) -> Result<Self, ExecError> {
        let (messages, inbox) = channel();
        let (woken, wake) =
            rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(ExecError::Terminal)?;
        rustix::io::ioctl_fionbio(&woken, true).map_err(ExecError::Terminal)?;
        let process = start_shell(&settings, None)?;
        let worker = Worker {
            settings,
            report: Box::new(report),
            inbox,
            woken,
            status: Vec::new(),
            place: Place::default(),
            running: None,
            follows: Vec::new(),
            queued: VecDeque::new(),
            followed: BTreeMap::new(),
            masker: Masker::default(),
            pane: Size::LOGICAL,
            snapshot: None,
            after: None,
            evaluating: None,
            replaced: None,
            ready: false,
            interrupt: None,
            modes: tcgetattr(&process.terminal.slave).ok(),
            exited: pidfd(&process),
            process,
        };
        let thread = std::thread::Builder::new()
            .name("shim".into())
            .spawn(move || worker.work())
            .map_err(|source| ExecError::Spawn { program: "a thread".into(), source })?;
        Ok(Self { messages, wake, thread: Some(thread) })
    }

    /// Sends a message. A place that has ended takes none; its end was reported.
    pub fn send(&self, message: ToShim) {
        if self.messages.send(message).is_ok() {
            // A full pipe means that it is awake already.
            let _full = rustix::io::write(&self.wake, b"!");
        }
    }
}

impl Drop for Shim {
    fn drop(&mut self) {
        self.send(ToShim::Shutdown);
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

struct Worker {
    settings: ShimSettings,
    report: Box<dyn Fn(FromShim) + Send>,
    inbox: Receiver<ToShim>,
    woken: OwnedFd,
    process: ShellProcess,
    exited: Option<OwnedFd>,
    status: Vec<u8>,
    place: Place,
    running: Option<Running>,
    /// Follow commands that go on in the background, each on a terminal of its own.
    follows: Vec<Running>,
    /// What came while a command was on its way into the background.
    queued: VecDeque<ToShim>,
    /// Exit statuses of follow commands by their process group.
    followed: BTreeMap<i32, i32>,
    /// Knows the secrets; every command's streams get copies.
    masker: Masker,
    pane: Size,
    snapshot: Option<Snapshot>,
    /// The command whose changes the next snapshot shows.
    after: Option<CommandId>,
    evaluating: Option<CommandId>,
    replaced: Option<String>,
    ready: bool,
    modes: Option<Termios>,
    interrupt: Option<Interrupt>,
}

fn start_shell(settings: &ShimSettings, restore: Option<&Snapshot>) -> Result<ShellProcess, ExecError> {
    shell(&ShellSpec {
        driver: &driver(restore),
        directory: &settings.directory,
        environment: &settings.environment,
        size: winsize(Size::LOGICAL),
    })
}

fn pidfd(process: &ShellProcess) -> Option<OwnedFd> {
    pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).ok()
}

fn winsize(size: Size) -> Winsize {
    Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 }
}

/// Process id, start time and boot id, so that a reused number is not taken for the same process.
pub fn identity(pid: u32) -> ProcessIdentity {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in brackets, may hold spaces; the start time is field 22 (proc(5)).
    let started = stat
        .rsplit_once(')')
        .and_then(|(_, rest)| rest.split_whitespace().nth(19))
        .and_then(|n| n.parse().ok());
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    ProcessIdentity { pid, started: started.unwrap_or(0), boot: boot.trim().to_owned() }
}

impl Worker {
    fn work(mut self) {
        loop {
            let timeout = self.timeout();
            let mut fds = vec![
                &self.woken,
                &self.process.status,
                &self.process.terminal.master,
                &self.process.error.master,
            ];
            let fixed = fds.len();
            fds.extend(self.running.iter().chain(&self.follows).filter_map(Running::master));
            fds.extend(self.follows.iter().filter_map(|f| f.gone.as_ref()));
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
            self.due();
            if self.exited.is_some() && ready.last() == Some(&true) && !self.shell_ended() {
                return;
            }
        }
    }

    /// How long to wait at most; for ever when nothing is due.
    fn timeout(&self) -> Option<Duration> {
        let running = self.running.iter().chain(&self.follows).filter_map(Running::due_in);
        running.chain(self.interrupt.as_ref().map(Interrupt::due_in)).min()
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

    fn message(&mut self, message: ToShim) {
        // A command on its way into the background still holds the shell for a moment.
        if self.running.as_ref().is_some_and(|r| r.leaving) && matches!(message, ToShim::Run { .. }) {
            self.queued.push_back(message);
            return;
        }
        match message {
            ToShim::Run { command, attempt, text, mode } => self.run(command, attempt, &text, mode),
            ToShim::Keys { command, keys } => self.keys(&command, &keys),
            ToShim::Pane(size) => {
                self.pane = size;
                if self.running.as_ref().is_some_and(|r| r.full_screen || r.mode == Mode::Interactive) {
                    self.resize(size);
                }
            }
            ToShim::Signal { command, signal } => self.signal(&command, signal),
            ToShim::Background(command) => self.background(&command),
            ToShim::Secret { name, value } => {
                self.masker.add(&value);
                for running in self.running.iter_mut().chain(&mut self.follows) {
                    running.add_secret(&value);
                }
                self.tell(&ToShell::Export(&name, &value));
            }
            ToShim::Export { name, value } => self.tell(&ToShell::Export(&name, &value)),
            ToShim::Evaluate { command, names } => {
                self.evaluating = Some(command);
                self.tell(&ToShell::Values(&names));
            }
            ToShim::Shutdown => {}
        }
    }

    fn tell(&self, message: &ToShell<'_>) {
        let bytes = message.encode();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match rustix::io::write(&self.process.commands, rest) {
                Ok(written) => rest = &rest[written..],
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }

    fn run(&mut self, command: CommandId, attempt: Attempt, text: &str, mode: Mode) {
        let recorder = match Recorder::create(&self.settings.recordings, &command, attempt) {
            Ok(recorder) => Some(recorder),
            Err(error) => {
                (self.report)(FromShim::Trouble(format!("not recorded: {error}")));
                None
            }
        };
        let own = match mode {
            Mode::Follow => Pty::open(winsize(Size::LOGICAL)).ok(),
            _ => None,
        };
        let size = if mode == Mode::Interactive { self.pane } else { Size::LOGICAL };
        self.set_size(size);
        // Keys typed while nothing ran must not answer this command's questions.
        let _flushed = tcflush(&self.process.terminal.slave, QueueSelector::IFlush);
        let tty = own.as_ref().and_then(Pty::path);
        self.running =
            Some(Running::new(command, mode, size, Output { recorder, own, masker: &self.masker }));
        self.tell(&match (mode, &tty) {
            (Mode::Follow, Some(tty)) => ToShell::Follow(tty, text),
            (Mode::Run | Mode::Follow, _) => ToShell::Run(text),
            (Mode::Interactive, _) => ToShell::Interactive(text),
            (Mode::NoInput, _) => ToShell::NoInput(text),
        });
    }

    fn resize(&mut self, size: Size) {
        self.set_size(size);
        if let Some(running) = &mut self.running {
            running.resize(size);
        }
    }

    fn set_size(&self, size: Size) {
        for slave in [&self.process.terminal.slave, &self.process.error.slave] {
            let _kept = tcsetwinsize(slave, winsize(size));
        }
    }

    /// Keys go to the terminal of the command they are for. A terminal that nobody's session owns turns no
    /// Ctrl-C into a signal: that is done here.
    fn keys(&mut self, command: &CommandId, keys: &[u8]) {
        let running = self.running.iter().chain(&self.follows).find(|r| &r.command == command);
        let Some(running) = running else { return };
        match running.master() {
            Some(_) if keys == [3] => self.signal(&command.clone(), Signal::Int),
            own => {
                let _full = rustix::io::write(own.unwrap_or(&self.process.terminal.master), keys);
            }
        }
    }

    /// Takes the shell back from a follow command: it is stopped, which gives the prompt back, and goes on
    /// when the prompt is there.
    fn background(&mut self, command: &CommandId) {
        let Some(running) = self.running.as_mut().filter(|r| &r.command == command) else { return };
        if running.own.is_some() && running.ended.is_none() {
            running.leaving = true;
            self.stop_leaving();
        }
    }

    /// A command that was only just handed over has no processes of its own yet; they are waited for.
    fn stop_leaving(&mut self) {
        let Some(running) = self.running.as_mut().filter(|r| r.leaving && r.group.is_none()) else { return };
        let shell = Pid::from_child(&self.process.child);
        let group = tcgetpgrp(&self.process.terminal.master).ok().filter(|g| *g != shell);
        let Some(group) = group else { return };
        if kill_process_group(group, rustix::process::Signal::STOP).is_ok() {
            running.group = Some(group);
            running.gone = pidfd_open(group, PidfdFlags::empty()).ok();
        }
    }

    /// The prompt is back: what was stopped goes on.
    fn left(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        running.leaving = false;
        if running.gone.is_none() {
            // It had ended before it could be watched.
            running.ended = Some((UNKNOWN, Instant::now()));
        }
        if let Some(group) = running.group {
            let _gone = kill_process_group(group, rustix::process::Signal::CONT);
        }
        self.follows.push(running);
        self.tell(&ToShell::Snapshot);
        while let Some(message) = self.queued.pop_front() {
            self.message(message);
        }
    }

    /// Reads what a stream of the shell's own terminals has, a bounded amount at a time, so that messages
    /// keep being heard.
    fn output(&mut self, stream: usize) {
        let master = if stream == 0 { &self.process.terminal.master } else { &self.process.error.master };
        let mut chunk = Vec::new();
        drain_up_to(master, 256 * 1024, |bytes| chunk.extend_from_slice(bytes));
        // A follow command has its own terminal; what the shell itself says meanwhile is nobody's output.
        if let Some(running) = self.running.as_mut().filter(|r| r.own.is_none()) {
            running.feed(stream, &chunk, &self.process.terminal.master, &*self.report);
        }
        self.follow_full_screen();
    }

    fn own_output(&mut self) {
        for running in self.running.iter_mut().chain(&mut self.follows) {
            running.read_own(&*self.report);
        }
        self.follow_full_screen();
    }

    /// A program that takes the whole screen gets the pane's size.
    fn follow_full_screen(&mut self) {
        let Some(running) = self.running.as_mut() else { return };
        if running.full_screen_changed() && running.mode != Mode::Interactive {
            let size = if running.full_screen { self.pane } else { Size::LOGICAL };
            self.resize(size);
        }
    }

    fn reports(&mut self) {
        let mut bytes = Vec::new();
        drain(&self.process.status, |b| bytes.extend_from_slice(b));
        self.status.extend_from_slice(&bytes);
        for report in decode(&mut self.status) {
            match report {
                FromShell::Ready(place) => {
                    self.ready = true;
                    self.place = place.clone();
                    let shell = identity(self.process.child.id());
                    (self.report)(FromShim::Ready { place, shell, replaced: self.replaced.take() });
                    self.tell(&ToShell::Snapshot);
                }
                FromShell::End(status, place) => {
                    self.place = place;
                    if self.running.as_ref().is_some_and(|r| r.leaving && status > 128) {
                        self.left();
                        continue;
                    }
                    if let Some(running) = &mut self.running {
                        running.ended = Some((status, Instant::now()));
                    }
                    // Output written before the end may still be on its way through the terminal.
                    self.output(0);
                    self.output(1);
                    self.own_output();
                }
                FromShell::Followed(group, status) => {
                    self.followed.insert(group, status);
                }
                FromShell::Snapshot(snapshot) => self.changes(snapshot),
                FromShell::Values(values) => {
                    if let Some(command) = self.evaluating.take() {
                        let values = values.into_iter().map(|(n, v)| (n, self.masker.text(&v))).collect();
                        (self.report)(FromShim::Evaluated { command, values });
                    }
                }
            }
        }
    }

    fn changes(&mut self, snapshot: Snapshot) {
        if let (Some(before), Some(command)) = (&self.snapshot, self.after.take()) {
            for (name, value) in snapshot.changed_since(before) {
                if self.masker.text(&value) == value {
                    (self.report)(FromShim::Captured { name, value, command: command.clone() });
                }
            }
        }
        self.snapshot = Some(snapshot);
    }

    /// What time brings: held bytes, screens, ends.
    fn due(&mut self) {
        if self.running.as_ref().is_some_and(Running::all_read) {
            let status = self.running.as_ref().and_then(|r| r.ended).map_or(-1, |(status, _)| status);
            self.finish(Exit::Status(status));
            self.tell(&ToShell::Snapshot);
        }
        self.interrupt_again();
        self.stop_leaving();
        for running in self.running.iter_mut().chain(&mut self.follows) {
            running.tick(&*self.report);
        }
        self.ended_in_background();
    }

    /// Commands in the background end on their own: seen by their first process, told by its last words. Their
    /// last output may come later than either.
    fn ended_in_background(&mut self) {
        let gone = |f: &Running| {
            f.gone.as_ref().is_some_and(|fd| wait_readable(&[fd], Some(Duration::ZERO)) == [true])
        };
        if self.follows.iter().any(gone) {
            // What it said before it went may not have been read yet.
            self.reports();
            let followed = &mut self.followed;
            for follow in self.follows.iter_mut().filter(|f| gone(f)) {
                let told = follow.group.and_then(|g| followed.remove(&g.as_raw_nonzero().get()));
                follow.gone = None;
                follow.ended = Some((told.unwrap_or(UNKNOWN), Instant::now()));
            }
        }
        while let Some(at) = self.follows.iter().position(Running::all_read) {
            let follow = self.follows.remove(at);
            let status = follow.ended.map_or(UNKNOWN, |(status, _)| status);
            let exit = if status == UNKNOWN { Exit::Unknown } else { Exit::Status(status) };
            self.exited(follow, exit);
        }
    }

    fn finish(&mut self, exit: Exit) {
        self.interrupt = None;
        let Some(running) = self.running.take() else { return };
        if let Some(modes) = &self.modes {
            // A program that died in raw mode must not leave the next one without line ends.
            let _kept = tcsetattr(&self.process.terminal.slave, rustix::termios::OptionalActions::Now, modes);
        }
        self.after = Some(running.command.clone());
        self.exited(running, exit);
        while let Some(message) = self.queued.pop_front() {
            self.message(message);
        }
    }

    fn exited(&self, running: Running, exit: Exit) {
        let command = running.command.clone();
        let elapsed = running.started.elapsed();
        let bytes = running.finish(&*self.report);
        (self.report)(FromShim::Exited { command, exit, elapsed, bytes, place: self.place.clone() });
    }

    /// The shell is gone: ends its command, starts another from the last snapshot. False when none starts.
    fn shell_ended(&mut self) -> bool {
        let status = self.process.child.wait().map_or(-1, exit_code);
        self.output(0);
        self.output(1);
        if self.running.is_some() {
            self.finish(Exit::ShellEnded(status));
        } else if !self.ready {
            (self.report)(FromShim::Trouble(format!(
                "bash ended with status {status} before it was ready: see ~/.bash_profile and ~/.profile"
            )));
            return false;
        }
        self.after = None;
        self.status.clear();
        match start_shell(&self.settings, self.snapshot.as_ref()) {
            Ok(process) => {
                self.exited = pidfd(&process);
                self.process = process;
                self.ready = false;
                self.replaced = Some("background jobs, open descriptors and shell options".into());
                true
            }
            Err(error) => {
                (self.report)(FromShim::Trouble(error.to_string()));
                false
            }
        }
    }

    fn hang_up(mut self) {
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

fn drain(fd: &OwnedFd, take: impl FnMut(&[u8])) {
    drain_up_to(fd, usize::MAX, take);
}

fn drain_up_to(fd: &OwnedFd, most: usize, mut take: impl FnMut(&[u8])) {
    let mut buffer = [0u8; 65536];
    let mut total = 0;
    while total < most {
        match rustix::io::read(fd, &mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                take(&buffer[..count]);
                total += count;
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}
