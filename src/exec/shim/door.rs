//! Places behind a door: `ssh`, `sudo -i`, `docker exec -it`. The command that leads there goes on running in the
//! place's own terminal for as long as what follows runs on its other side, as it does for a person; when it ends,
//! the shell before it is back.

use std::collections::VecDeque;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::shell::band::{self, Band, Part};
use super::super::shell::{First, FromShell, STARTS, ToShell, behind_a_door, first};
use super::super::variables::{Snapshot, is_name};
use super::line::{Second, end_line, is_of_a_way, over_line, second_terminal};
use super::message::{FromShim, Line, Signal};
use super::terminal::{drain_up_to, write_all};
use super::worker::Worker;
use crate::run::{Exit, Place};
use crate::runbook::CommandId;
use crate::shell::entrance::{Door, Passage, entrance};

/// How long a second terminal on the other side may take until what runs there does without.
const SECOND_TERMINAL: Duration = Duration::from_secs(5);
/// How long a connection whose shell has ended may go on for what else is on it.
const TO_LEAVE: Duration = Duration::from_secs(3);
/// What `ssh` ends with when its connection does (ssh(1), EXIT STATUS).
const CONNECTION_ENDED: i32 = 255;

/// A shell behind a door.
pub(super) struct Behind {
    /// The place command that leads there.
    command: CommandId,
    door: Door,
    host: String,
    /// What its reports are known by.
    nonce: String,
    /// How many messages it was sent. It takes one at a time, and answers each.
    sent: u64,
    busy: bool,
    waiting: VecDeque<String>,
    /// Its process, on its own host.
    pid: Option<u32>,
    /// Standard error has a terminal of its own there.
    pub(super) two: bool,
    /// Since when its second terminal is waited for; it is not inside before.
    settling: Option<(Instant, Place)>,
    /// The connection's socket, in a directory of its own.
    socket: Option<PathBuf>,
    /// What `ssh` has begun to say.
    words: Vec<u8>,
    pub(super) second: Option<Second>,
    /// Since when its shell has ended and its connection has not; then it is ended.
    leaving: Option<Instant>,
    asked_to_end: bool,
    /// What was known of the shell before the door.
    outer: Option<Snapshot>,
}

impl Drop for Behind {
    fn drop(&mut self) {
        if let Some(second) = &mut self.second {
            let _gone = second.process.child.kill();
            let _reaped = second.process.child.wait();
        }
        if let Some(directory) = self.socket.as_ref().and_then(|s| s.parent()) {
            let _gone = std::fs::remove_dir_all(directory);
        }
    }
}

/// A directory that only we can look into, with a name short enough for a socket (unix(7)).
fn private_directory(name: &str) -> std::io::Result<PathBuf> {
    let temporary = std::env::temp_dir();
    let parent = if temporary.as_os_str().len() > 40 { Path::new("/tmp") } else { &temporary };
    let directory = parent.join(format!("gonogo-{name}"));
    std::fs::DirBuilder::new().mode(0o700).create(&directory)?;
    Ok(directory)
}

impl Worker {
    /// The text that goes through a door, and what is behind it. A command that is not understood is said so.
    pub(super) fn enter(
        &mut self,
        command: &CommandId,
        text: &str,
        unattended: bool,
    ) -> Result<(Door, String), String> {
        let Some(entrance) = entrance(text) else {
            return Err(format!("gonogo can't follow \"{}\" to its other side", text.trim()));
        };
        let nonce = uuid::Uuid::now_v7().simple().to_string();
        let socket = match entrance.door {
            // From another host its socket could not be reached.
            Door::Ssh if self.doors.is_empty() => {
                let made = private_directory(&nonce[20..])
                    .map_err(|e| format!("no directory for a connection: {e}"))?;
                Some(made.join("ssh"))
            }
            _ => None,
        };
        let login = entrance.door != Door::Container;
        let driver = behind_a_door(&nonce, login);
        let shell: Vec<&str> = STARTS.into_iter().chain([driver.as_str()]).collect();
        let path = socket.as_ref().map(|s| format!("ControlPath={}", s.display()));
        let mut ssh = vec!["-tt", "-e", "none", "-o", "RemoteCommand=none"];
        if let Some(path) = &path {
            ssh.extend(["-o", "ControlMaster=yes", "-o", "ControlPersist=no", "-o", path]);
        }
        if unattended {
            ssh.extend(["-o", "BatchMode=yes"]);
        }
        let text = entrance.through(text, &Passage { shell: &shell, ssh: &ssh, unattended });
        self.entering = Some(Behind {
            command: command.clone(),
            door: entrance.door,
            host: entrance.host.unwrap_or_default(),
            nonce,
            sent: 0,
            busy: true,
            waiting: VecDeque::new(),
            pid: None,
            two: false,
            settling: None,
            socket,
            words: Vec::new(),
            second: None,
            leaving: None,
            asked_to_end: false,
            outer: None,
        });
        Ok((entrance.door, text))
    }

    /// Whether what runs is behind a door, or on its way through one.
    pub(super) fn is_behind(&self) -> bool {
        !self.doors.is_empty() || self.entering.is_some()
    }

    /// The way to the host that it is on beside the terminal, where that is another one.
    pub(super) fn line(&self) -> Option<Line> {
        let mut over_ssh = self.doors.iter().filter(|d| d.door == Door::Ssh);
        match (over_ssh.next(), over_ssh.next()) {
            (Some(Behind { socket: Some(socket), host, .. }), None) => {
                Some(Line { socket: socket.clone(), host: host.clone() })
            }
            _ => None,
        }
    }

    /// Whether the second terminal of this machine's shell has nothing but the words of `ssh`.
    pub(super) fn is_over_line(&self) -> bool {
        self.doors.first().is_some_and(|d| d.socket.is_some())
    }

    /// What `ssh` says for itself, without that some probe's way led nowhere: that is told where the probe is.
    pub(super) fn own_words(&mut self, chunk: &[u8]) -> Vec<u8> {
        let Some(line) = self.doors.first_mut() else { return chunk.to_vec() };
        line.words.extend_from_slice(chunk);
        let mut told = Vec::new();
        while let Some(end) = line.words.iter().position(|b| *b == b'\n') {
            let words: Vec<u8> = line.words.drain(..=end).collect();
            if !is_of_a_way(&words) {
                told.extend(words);
            }
        }
        // A prompt has no line end.
        if !line.words.is_empty() && !b"channel ".starts_with(&line.words[..line.words.len().min(8)]) {
            told.append(&mut line.words);
        }
        told
    }

    /// What the terminal showed, with what shells behind doors report in it.
    pub(super) fn shown_behind(&mut self, chunk: &[u8]) {
        let parts = self.band.feed(chunk);
        for part in parts {
            match part {
                Part::Bytes(bytes) => self.feed(0, &bytes),
                Part::Report { nonce, answers, fields } => {
                    if let First::Message(message, _) = first(&fields) {
                        self.told_behind(&nonce, answers, message);
                    }
                }
            }
        }
    }

    fn told_behind(&mut self, nonce: &str, answers: u64, message: FromShell) {
        if self.entering.as_ref().is_some_and(|e| e.nonce == nonce) {
            if let FromShell::Ready(place, about) = message {
                self.reached(place, &about);
            }
            return;
        }
        let Some(at) = self.doors.iter().position(|d| d.nonce == nonce) else { return };
        // One that was interrupted while it waited tells its last report once more.
        if !self.doors[at].busy || self.doors[at].sent != answers {
            return;
        }
        self.doors[at].busy = false;
        if at + 1 < self.doors.len() || self.entering.is_some() {
            if let FromShell::End(status, place, stages) = message
                && !self.back_before(at + 1, status, place.clone())
            {
                self.heard(FromShell::End(status, place, stages));
            }
        } else if let FromShell::ErrorApart(two) = message {
            self.doors[at].two = two;
            self.settled();
        } else {
            self.heard(message);
        }
        self.send_waiting();
    }

    /// The shell behind the door is there.
    fn reached(&mut self, place: Place, about: &[i32]) {
        let Some(mut behind) = self.entering.take() else { return };
        behind.busy = false;
        behind.pid = about.first().and_then(|pid| u32::try_from(*pid).ok());
        behind.two = about.get(1) == Some(&1);
        behind.outer = self.snapshot.take();
        behind.second = behind.socket.as_ref().zip(behind.pid).and_then(|(s, pid)| second_terminal(s, pid));
        behind.settling = Some((Instant::now(), place));
        let (waits, command) = (behind.second.is_some(), behind.command.clone());
        self.doors.push(behind);
        for (name, value) in self.settings.environment.clone() {
            if name == MARK {
                self.tell(&ToShell::Export(&name, &behind_mark(&value, &command)));
            }
        }
        let known: Vec<(String, String)> =
            self.exports.clone().into_iter().chain(self.secrets.clone()).collect();
        for (name, value) in known.iter().filter(|(name, _)| is_name(name)) {
            self.tell(&ToShell::Export(name, value));
        }
        if !waits {
            self.settled();
        }
    }

    /// Everything is there that it will have: what follows runs here.
    fn settled(&mut self) {
        let line = self.line();
        let Some(behind) = self.doors.last_mut() else { return };
        let Some((_, place)) = behind.settling.take() else { return };
        let command = behind.command.clone();
        self.place = place.clone();
        (self.report)(FromShim::Entered { command: command.clone(), place, line });
        if self.running.as_ref().is_some_and(|r| r.command == command) {
            self.finish(Exit::Status(0));
        }
        self.tell(&ToShell::Snapshot);
        self.take_queued();
    }

    /// Reads what the second terminal has.
    pub(super) fn second_output(&mut self) {
        // What `sudo` and `su` start behind `ssh` writes to the same one.
        let Some(at) = self.doors.iter().rposition(|d| d.second.is_some()) else { return };
        let Some(second) = self.doors[at].second.as_mut() else { return };
        let mut chunk = Vec::new();
        drain_up_to(&second.process.terminal.master, 256 * 1024, |bytes| chunk.extend_from_slice(bytes));
        for part in second.band.feed(&chunk) {
            match part {
                Part::Bytes(bytes) => self.feed(1, &bytes),
                Part::Report { fields, .. } => {
                    if let First::Message(FromShell::Terminal(path), _) = first(&fields) {
                        self.tell(&ToShell::ErrorTo(&path));
                    }
                }
            }
        }
        let ended = |s: &mut Second| s.process.child.try_wait().is_ok_and(|ended| ended.is_some());
        if let Some(behind) = self.doors.get_mut(at)
            && behind.second.as_mut().is_some_and(ended)
        {
            // What is written to it from now on is lost to everybody; before it was used nothing is.
            behind.second = None;
            if behind.settling.is_some() {
                self.settled();
            } else {
                // It is held open for as long as the shell is there.
                behind.leaving = Some(Instant::now());
                (self.report)(FromShim::Leaving);
            }
        }
    }

    /// When something behind a door is due.
    pub(super) fn door_due_in(&self) -> Option<Duration> {
        let door = self.doors.last()?;
        let settling =
            door.settling.as_ref().map(|(since, _)| SECOND_TERMINAL.saturating_sub(since.elapsed()));
        let leaving = door.leaving.map(|since| TO_LEAVE.saturating_sub(since.elapsed()));
        settling.into_iter().chain(leaving).min()
    }

    /// A second terminal that does not come is done without.
    pub(super) fn door_due(&mut self) {
        let stays = |d: &&mut Behind| d.leaving.is_some_and(|since| since.elapsed() >= TO_LEAVE);
        if let Some(behind) = self.doors.last_mut().filter(stays) {
            behind.leaving = None;
            behind.asked_to_end = true;
            if let Some(socket) = behind.socket.clone() {
                let helper = end_line(&socket);
                let _started =
                    std::thread::Builder::new().name("end".into()).spawn(move || drop(helper.run()));
            }
        }
        let late = |(since, _): &(Instant, Place)| since.elapsed() >= SECOND_TERMINAL;
        if self.doors.last().and_then(|d| d.settling.as_ref()).is_some_and(late) {
            if let Some(behind) = self.doors.last_mut() {
                behind.second = None;
            }
            self.settled();
        }
    }

    /// The shell before a door is back: everything behind it is gone, and what ran there was told of. False where
    /// nothing was behind it.
    pub(super) fn back_before(&mut self, at: usize, status: i32, place: Place) -> bool {
        self.entering = None;
        if self.doors.len() <= at {
            return false;
        }
        let gone: Vec<Behind> = self.doors.drain(at..).collect();
        self.band = Band::default();
        self.place = place.clone();
        for name in std::mem::take(&mut self.asking) {
            (self.report)(FromShim::Answered { name, output: None });
        }
        for command in std::mem::take(&mut self.evaluating) {
            (self.report)(FromShim::Evaluated { command, values: vec![] });
        }
        let outermost = &gone[0];
        let cut = outermost.door == Door::Ssh && status == CONNECTION_ENDED && !outermost.asked_to_end;
        let why = match (cut, self.running.is_some()) {
            (true, _) => Some(format!("the connection to {} has ended", outermost.host)),
            (false, false) => Some(format!("its shell ended, {status}, with nothing running in it")),
            (false, true) => None,
        };
        for behind in gone.iter().rev() {
            let (command, lost) = (behind.command.clone(), why.clone());
            (self.report)(FromShim::Left { command, place: place.clone(), lost });
        }
        self.snapshot = gone.into_iter().next().and_then(|mut b| b.outer.take());
        if let Some(running) = self.running.take_if(|_| cut) {
            let (command, attempt) = (running.command.clone(), running.attempt);
            running.finish(&*self.report);
            let why = format!("{}, and what came of it is not known", why.unwrap_or_default());
            (self.report)(FromShim::Lost { command, attempt, why });
        } else if self.running.is_some() {
            self.finish(Exit::ShellEnded(status));
        }
        (self.after, self.interrupt, self.kill) = (None, None, None);
        self.tell(&ToShell::Snapshot);
        self.take_queued();
        true
    }

    /// Sends the shell behind the last door a message, or keeps it until that takes one.
    pub(super) fn tell_behind(&mut self, message: &ToShell<'_>) {
        if let Some(behind) = self.doors.last_mut() {
            behind.waiting.push_back(message.text());
            self.send_waiting();
        }
    }

    fn send_waiting(&mut self) {
        let Some(behind) = self.doors.last_mut().filter(|d| !d.busy) else { return };
        let Some(body) = behind.waiting.pop_front() else { return };
        behind.sent += 1;
        behind.busy = true;
        let bytes = band::message(&behind.nonce, behind.sent, &body);
        if !write_all(&self.process.terminal.master, &bytes) {
            (self.report)(FromShim::Trouble("the place takes no input".into()));
        }
    }

    /// Signals what runs behind a door: an interrupt as its terminal does, the others over the connection.
    pub(super) fn signal_behind(&mut self, signal: Signal) {
        let name = match signal {
            Signal::Int => {
                let _gone = write_all(&self.process.terminal.master, &[3]);
                return;
            }
            Signal::Term => "TERM",
            Signal::Kill => "KILL",
        };
        let (Some(Line { socket, .. }), 1) = (self.line(), self.doors.len()) else {
            let words = format!("{name} can't be sent to what runs in this place; INT can");
            (self.report)(FromShim::Trouble(words));
            return;
        };
        let Some(pid) = self.doors.last().and_then(|d| d.pid) else { return };
        // The group in the foreground of its terminal, unless that is the shell itself.
        let script = format!("g=$(ps -o tpgid= -p {pid}); [ $g -ne {pid} ] && kill -{name} -- -$((g))");
        let helper = over_line(&socket, &["-T"], &script);
        // A thread: the connection may hang.
        let _started = std::thread::Builder::new().name("signal".into()).spawn(move || drop(helper.run()));
    }
}

/// The variable that marks the processes of a run.
const MARK: &str = "GONOGO_RUN";

/// Its value behind a door: what the door itself leaves here is told from what runs there.
pub fn behind_mark(run: &str, door: &CommandId) -> String {
    format!("{run}:{door}")
}
