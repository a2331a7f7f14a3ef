//! Owns one place: its bash, its terminals, its recordings. One thread, no lock, bounded memory.
//!
//! Today the thread lives in the process that asks; its messages are plain data, so that it can move to a
//! process of its own.

mod message;
mod stream;

pub use message::{FromShim, Mode, ShimSettings, Signal, ToShim};

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
use super::screen::{Emulator, Size};
use super::shell::{FromShell, ToShell, decode, driver};
use super::spawn::{ShellProcess, ShellSpec, shell, wait_readable};
use super::variables::Snapshot;
use crate::run::event::ProcessIdentity;
use crate::run::{Attempt, Exit, Place};
use crate::runbook::CommandId;
use stream::Stream;

/// How often a screen is given out while output comes.
const SCREEN_EVERY: Duration = Duration::from_millis(33);
/// How long a possible beginning of a secret is held back.
const HELD_AT_MOST: Duration = Duration::from_millis(100);
/// After how long it is looked whether an interrupt arrived, and how often it is sent at most.
const INTERRUPT_SEEN: Duration = Duration::from_millis(40);
const MOST_INTERRUPTS: u32 = 25;
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
            streams: [Stream::default(), Stream::default()],
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

/// The command that runs.
struct Running {
    command: CommandId,
    mode: Mode,
    started: Instant,
    emulator: Emulator,
    recorder: Option<Recorder>,
    dirty: bool,
    shown: Instant,
    bytes: u64,
    full_screen: bool,
    /// Its end, reported by the shell, while its last output is still on the way.
    ended: Option<(i32, Instant)>,
}

/// An interrupt that was sent, until it is seen whether it arrived.
struct Interrupt {
    group: Option<Pid>,
    at: Instant,
    tries: u32,
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
    streams: [Stream; 2],
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
            fds.extend(self.exited.as_ref());
            let ready = wait_readable(&fds, timeout);
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
            if ready[1] {
                self.reports();
            }
            self.due();
            if ready.get(4) == Some(&true) && !self.shell_ended() {
                return;
            }
        }
    }

    /// How long to wait at most; for ever when nothing is due.
    fn timeout(&self) -> Option<Duration> {
        let running = self.running.as_ref()?;
        let mut due = Vec::new();
        if running.dirty {
            due.push(SCREEN_EVERY.saturating_sub(running.shown.elapsed()));
        }
        if let Some(interrupt) = &self.interrupt {
            due.push(INTERRUPT_SEEN.saturating_sub(interrupt.at.elapsed()));
        }
        if self.masker.holds() {
            due.push(HELD_AT_MOST);
        }
        if let Some((_, since)) = running.ended {
            due.push(LATE_OUTPUT.saturating_sub(since.elapsed()));
        }
        due.into_iter().min()
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
        match message {
            ToShim::Run { command, attempt, text, mode } => self.run(command, attempt, &text, mode),
            ToShim::Keys(keys) => {
                if self.running.is_some() {
                    let _full = rustix::io::write(&self.process.terminal.master, &keys);
                }
            }
            ToShim::Pane(size) => {
                self.pane = size;
                if self.running.as_ref().is_some_and(|r| r.full_screen || r.mode == Mode::Interactive) {
                    self.resize(size);
                }
            }
            ToShim::Signal(signal) => self.signal(signal),
            ToShim::Secret { name, value } => {
                self.masker.add(&value);
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
        let size = if mode == Mode::Interactive { self.pane } else { Size::LOGICAL };
        self.set_size(size);
        // Keys typed while nothing ran must not answer this command's questions.
        let _flushed = tcflush(&self.process.terminal.slave, QueueSelector::IFlush);
        self.streams = [Stream::default(), Stream::default()];
        let now = Instant::now();
        self.running = Some(Running {
            command,
            mode,
            started: now,
            emulator: Emulator::live(size),
            recorder,
            dirty: true,
            shown: now,
            bytes: 0,
            full_screen: false,
            ended: None,
        });
        self.tell(&match mode {
            Mode::Run => ToShell::Run(text),
            Mode::Interactive => ToShell::Interactive(text),
            Mode::NoInput => ToShell::NoInput(text),
        });
    }

    fn resize(&mut self, size: Size) {
        self.set_size(size);
        if let Some(running) = &mut self.running {
            running.emulator.resize(size);
            running.dirty = true;
        }
    }

    fn set_size(&self, size: Size) {
        for slave in [&self.process.terminal.slave, &self.process.error.slave] {
            let _kept = tcsetwinsize(slave, winsize(size));
        }
    }

    fn signal(&mut self, signal: Signal) {
        if self.running.is_none() {
            return;
        }
        let signal = match signal {
            Signal::Int => rustix::process::Signal::INT,
            Signal::Term => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
        };
        self.interrupt = (signal == rustix::process::Signal::INT).then(|| Interrupt {
            group: None,
            at: Instant::now(),
            tries: 0,
        });
        if let Err(error) = self.signal_foreground(signal) {
            (self.report)(FromShim::Trouble(format!("could not signal the command: {error}")));
        }
    }

    /// Signals whatever the terminal calls its foreground: what Ctrl-C would reach.
    fn signal_foreground(&mut self, signal: rustix::process::Signal) -> Result<(), rustix::io::Errno> {
        let group = tcgetpgrp(&self.process.terminal.master)?;
        if let Some(interrupt) = &mut self.interrupt {
            *interrupt = Interrupt { group: Some(group), at: Instant::now(), tries: interrupt.tries + 1 };
        }
        match kill_process_group(group, signal) {
            // It ended by itself just now; whether the command goes on is seen in a moment.
            Err(rustix::io::Errno::SRCH) => Ok(()),
            result => result,
        }
    }

    /// An interrupt can hit a process of a loop that was ending anyway, and the loop goes on. That is seen by
    /// another process in the foreground, which is interrupted in turn; one that ignores interrupts is not
    /// pressed again.
    fn interrupt_again(&mut self) {
        let Some(interrupt) = &self.interrupt else { return };
        if interrupt.at.elapsed() < INTERRUPT_SEEN {
            return;
        }
        let now = tcgetpgrp(&self.process.terminal.master).ok();
        if interrupt.tries >= MOST_INTERRUPTS || now == interrupt.group {
            self.interrupt = None;
        } else {
            let _gone = self.signal_foreground(rustix::process::Signal::INT);
        }
    }

    /// Reads what a stream has, a bounded amount at a time, so that messages keep being heard.
    fn output(&mut self, stream: usize) {
        let master = if stream == 0 { &self.process.terminal.master } else { &self.process.error.master };
        let mut chunk = Vec::new();
        drain_up_to(master, 256 * 1024, |bytes| chunk.extend_from_slice(bytes));
        let bytes = self.streams[stream].feed(&chunk);
        let bytes = self.masker.feed(&bytes);
        self.show(stream, &bytes);
    }

    fn show(&mut self, stream: usize, bytes: &[u8]) {
        let Some(running) = &mut self.running else { return };
        if bytes.is_empty() {
            return;
        }
        running.bytes += bytes.len() as u64;
        running.emulator.feed(stream, bytes);
        running.dirty = true;
        if let Some(recorder) = &mut running.recorder
            && let Err(error) = recorder.write(stream, bytes)
        {
            // Recording never outranks the command: it goes on, and the gap is said.
            running.recorder = None;
            (self.report)(FromShim::Trouble(format!("no longer recorded: {error}")));
        }
        let answers = running.emulator.take_answers();
        if !answers.is_empty() {
            let _full = rustix::io::write(&self.process.terminal.master, &answers);
        }
        let full = running.emulator.alternate();
        if full != running.full_screen {
            running.full_screen = full;
            if running.mode != Mode::Interactive {
                let size = if full { self.pane } else { Size::LOGICAL };
                self.resize(size);
            }
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
                    if let Some(running) = &mut self.running {
                        running.ended = Some((status, Instant::now()));
                    }
                    // Output written before the end may still be on its way through the terminal.
                    self.output(0);
                    self.output(1);
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
        let ended = self.running.as_ref().and_then(|r| r.ended);
        if let Some((status, since)) = ended
            && (self.streams.iter().all(|s| s.mark_seen) || since.elapsed() >= LATE_OUTPUT)
        {
            self.finish(Exit::Status(status));
            self.tell(&ToShell::Snapshot);
            return;
        }
        self.interrupt_again();
        if self.masker.holds() && self.running.as_ref().is_some_and(|r| r.shown.elapsed() >= HELD_AT_MOST) {
            let held = self.masker.flush();
            self.show(0, &held);
        }
        if self.running.as_ref().is_some_and(|r| r.dirty && r.shown.elapsed() >= SCREEN_EVERY) {
            self.give_screen();
        }
    }

    fn give_screen(&mut self) {
        if let Some(running) = &mut self.running {
            running.dirty = false;
            running.shown = Instant::now();
            let mut screen = running.emulator.screen();
            screen.bytes = running.bytes;
            (self.report)(FromShim::Screen { command: running.command.clone(), screen: Box::new(screen) });
        }
    }

    fn finish(&mut self, exit: Exit) {
        let held = self.masker.flush();
        self.show(0, &held);
        self.give_screen();
        self.interrupt = None;
        let Some(running) = self.running.take() else { return };
        if let Some(modes) = &self.modes {
            // A program that died in raw mode must not leave the next one without line ends.
            let _kept = tcsetattr(&self.process.terminal.slave, rustix::termios::OptionalActions::Now, modes);
        }
        let bytes = match running.recorder.map(Recorder::finish) {
            Some(Ok(bytes)) => bytes,
            Some(Err(error)) => {
                (self.report)(FromShim::Trouble(format!("no longer recorded: {error}")));
                0
            }
            None => 0,
        };
        self.after = Some(running.command.clone());
        let elapsed = running.started.elapsed();
        (self.report)(FromShim::Exited {
            command: running.command,
            exit,
            elapsed,
            bytes,
            place: self.place.clone(),
        });
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
        if let Some(recorder) = self.running.take().and_then(|r| r.recorder) {
            let _kept = recorder.finish();
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
