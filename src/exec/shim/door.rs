//! Doors to other places: `ssh`, `sudo -i`, `docker exec -it`, with the shells behind them. What is known of each, and
//! what it is told next.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::super::proc;
use super::super::shell::band::{self, Band, Part};
use super::super::shell::start::{SH, given, words};
use super::super::shell::{END_MARK, ToShell};
use super::super::variables::Snapshot;
use super::arrival::Arrival;
use super::connection::Connection;
use super::inside::{Inside, literal};
use super::line::{Line, NOT_RUN, is_of_a_way};
use super::message::Beside;
use super::own::There;
use super::second::Second;
use super::silence::Silence;
use super::transport::Transport;
use super::world::{Sent, World, script};
use crate::run::Place;
use crate::runbook::CommandId;
use crate::shell::containers::container;
use crate::shell::entrance::{Door, Entrance, Passage, entrance};

/// How long a second terminal on the other side may take until what runs there does without.
const SECOND_TERMINAL: Duration = Duration::from_secs(5);
/// How long a connection whose shell has ended may go on for what else is on it.
const TO_LEAVE: Duration = Duration::from_secs(3);
/// How often it is looked whether a connection is up.
const IS_UP: Duration = Duration::from_millis(50);
/// How long it may take to see whether a shell in a container is gone.
const IS_GONE: Duration = Duration::from_secs(3);

/// What a way to a place has ended for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Its shell has ended, with the status that is told.
    Shell,
    /// Its shell was killed, or ended with the status that says so.
    Killed,
    /// The connection has ended.
    Connection,
    /// It was ended here: nothing else did what was asked for.
    GivenUp,
}

/// A shell behind a door.
pub(super) struct Behind {
    /// The place command that leads there.
    pub(super) command: CommandId,
    pub(super) door: Door,
    pub(super) host: String,
    /// Its processes and files are in a world of their own: of another host, of a container.
    pub(super) own_world: bool,
    /// The way to that world beside the terminal.
    pub(super) way: Option<Transport>,
    /// Somebody has answered there.
    answers: Arc<AtomicBool>,
    /// How it is gone through, and from which directory.
    from: Option<(Entrance, String)>,
    /// What is known by its number that takes its driver. It stands in words of processes there, which every user of that
    /// machine may read: nothing else is taken by it, and no longer than until it has the driver.
    knock: String,
    /// What its reports are known by. Only the shell reads it, from its terminal.
    nonce: String,
    /// How many messages it was sent. It takes one at a time, and answers each.
    sent: u64,
    busy: bool,
    /// When it was sent the last one.
    asked: Option<Instant>,
    waiting: VecDeque<String>,
    /// At its prompt something has to be typed first.
    pub(super) arrival: Option<Arrival>,
    /// Its process, on its own host.
    pub(super) pid: Option<u32>,
    /// It is no bash: it knows no stages, and tells nothing of its variables.
    pub(super) posix: bool,
    /// It is at its prompt again, and what it shows until it answers is of that.
    lost: bool,
    /// Standard error has a terminal of its own there.
    pub(super) two: bool,
    /// Since when its second terminal is waited for; it is not inside before.
    pub(super) settling: Option<(Instant, Place)>,
    /// The connection's socket, in a directory of its own.
    pub(super) socket: Option<Connection>,
    /// What `ssh` has begun to say.
    words: Vec<u8>,
    pub(super) second: Option<Second>,
    /// A second terminal was asked for.
    pub(super) tried: bool,
    /// Since when its shell has ended and its connection has not; then it is ended.
    pub(super) leaving: Option<Instant>,
    asked_to_end: bool,
    /// Its shell has ended before its connection did.
    pub(super) shell_ended: bool,
    /// Nothing there obeyed a kill, and so the way there was ended.
    pub(super) given_up: bool,
    /// What was known of the shell before the door.
    pub(super) outer: Option<Snapshot>,
}

impl Behind {
    fn on_the_way(command: &CommandId, door: Door, host: String, [knock, nonce]: [String; 2]) -> Self {
        Self {
            command: command.clone(),
            door,
            host,
            own_world: door == Door::Ssh,
            way: None,
            answers: Arc::default(),
            from: None,
            knock,
            nonce,
            sent: 0,
            busy: true,
            asked: None,
            waiting: VecDeque::new(),
            arrival: None,
            pid: None,
            posix: false,
            lost: false,
            two: false,
            settling: None,
            socket: None,
            words: Vec::new(),
            second: None,
            tried: false,
            leaving: None,
            asked_to_end: false,
            shell_ended: false,
            given_up: false,
            outer: None,
        }
    }

    /// Its shell tells that it is there, with what that says about itself.
    pub(super) fn arrived(&mut self, about: &[i32]) {
        self.busy = false;
        self.pid = about.first().and_then(|pid| u32::try_from(*pid).ok());
        self.two = about.get(1) == Some(&1);
        self.posix = about.get(2) == Some(&1);
        self.arrival = None;
    }

    /// It has a way beside its terminal from now on. Of one that never answers nothing is to be concluded.
    pub(super) fn is_reached_by(&mut self, way: Transport) {
        way.name().clone_into(&mut self.host);
        self.second = self.pid.filter(|_| !self.posix).and_then(|pid| Second::for_errors(&way, Some(pid)));
        let (tried, answers) = (way.clone(), Arc::clone(&self.answers));
        let try_it =
            move || answers.store(tried.ask("true").is_ok_and(|(status, ..)| status == 0), Ordering::Relaxed);
        let _started = std::thread::Builder::new().name("way".into()).spawn(try_it);
        self.way = Some(way);
    }

    /// Hangs up the shell in a container and what it runs, which do not end with the program that led there.
    pub(super) fn hang_up(&self) {
        if let (Door::Container, Some(way), Some(pid)) = (self.door, &self.way, self.pid) {
            let _late = way.asked(&format!("({})\nkill -HUP {pid}", script(pid, None, "HUP")), IS_GONE);
        }
    }

    /// It takes its driver, and says what it is: the bytes of that. A `sh` may make way for a bash, which takes it anew.
    fn takes(&mut self, kind: &str) -> Vec<u8> {
        self.arrival.iter_mut().for_each(Arrival::taken);
        // What its words start reads nothing by itself; at a prompt all has been read.
        let given = given([&self.knock, &self.nonce], kind, self.arrival.is_none());
        if kind != SH {
            self.knock.clear();
        }
        given
    }

    /// What is to be typed at its prompt by now.
    pub(super) fn types(&mut self, now: Instant) -> Option<String> {
        self.arrival.as_mut()?.types(&self.knock, now)
    }

    /// A connection of its own that is up and has no second terminal yet.
    pub(super) fn lacks_second(&self) -> Option<&Transport> {
        let socket = self.socket.as_ref().filter(|_| !self.tried)?;
        self.way.as_ref().filter(|_| socket.path().exists())
    }

    /// What the command that leads there has ended for, by its status. `ssh` has the same one for a connection that has
    /// ended and for a shell that was killed: then the second session has heard of that before.
    pub(super) fn ended(&mut self, status: i32) -> Ended {
        let of_ssh = self.door == Door::Ssh && status == NOT_RUN && !self.asked_to_end;
        if self.given_up {
            return Ended::GivenUp;
        }
        if let (Door::Container, Some(way), Some(pid)) = (self.door, &self.way, self.pid)
            && status != 0
            && (self.two || self.answers.load(Ordering::Relaxed))
            && !way.is_gone(pid, IS_GONE)
        {
            return Ended::Connection;
        }
        if !of_ssh {
            return Ended::Shell;
        }
        self.shell_ended |= self.second.as_mut().is_some_and(Second::outlived_the_shell);
        if self.shell_ended { Ended::Killed } else { Ended::Connection }
    }

    /// The second terminal was waited for long enough.
    fn is_late(&self, now: Instant) -> bool {
        self.settling
            .as_ref()
            .is_some_and(|(since, _)| now.saturating_duration_since(*since) >= SECOND_TERMINAL)
    }
}

/// The doors that what runs is behind.
#[derive(Default)]
pub(super) struct Doors {
    /// Shells behind doors, the innermost last: the last one has the terminal.
    pub(super) open: Vec<Behind>,
    /// One that is on its way.
    pub(super) entering: Option<Behind>,
    /// Whether the connection answers while something runs over it.
    pub(super) silence: Silence,
    /// A signal on its way to what runs there.
    pub(super) sent: Sent,
    band: Band,
}

impl Doors {
    /// The text that goes through a door, and which kind of door it is. A command that is not understood is said so.
    pub(super) fn enter(
        &mut self,
        command: &CommandId,
        text: &str,
        (directory, unattended): (&str, bool),
    ) -> Result<(Door, String), String> {
        let Some(entrance) = entrance(text) else {
            return Err(format!("gonogo can't follow \"{}\" to the shell it opens", text.trim()));
        };
        let numbers = [(); 2].map(|()| uuid::Uuid::now_v7().simple().to_string());
        let socket = match entrance.door {
            // From another host its socket could not be reached.
            Door::Ssh if self.open.is_empty() => {
                Some(Connection::new().map_err(|e| format!("no directory for a connection: {e}"))?)
            }
            _ => None,
        };
        let path = socket.as_ref().map(|s| format!("ControlPath={}", s.path().display()));
        let mut ssh = vec!["-tt", "-e", "none"];
        if let Some(path) = &path {
            ssh.extend(["-o", "ControlMaster=yes", "-o", "ControlPersist=no", "-o", path]);
        }
        if unattended {
            ssh.extend(["-o", "BatchMode=yes"]);
        }
        let posix = self.open.last().is_some_and(|d| d.posix);
        let text =
            entrance.through(text, &Passage { shell: &words(&numbers[0]), ssh: &ssh, unattended, posix });
        let door = entrance.door;
        let arrival = entrance.keeps_words().then(|| Arrival::new(Instant::now()));
        let host = entrance.host.clone().unwrap_or_default();
        let mut behind = Behind::on_the_way(command, door, host.clone(), numbers);
        behind.own_world |= container(&entrance.words).is_some();
        behind.way = socket.as_ref().map(|s| Line { socket: s.path().to_owned(), host }.into());
        (behind.arrival, behind.socket) = (arrival, socket);
        behind.from = Some((entrance, directory.to_owned()));
        self.entering = Some(behind);
        Ok((door, text))
    }

    /// Whether what runs is behind a door, or on its way through one.
    pub(super) fn is_behind(&self) -> bool {
        !self.open.is_empty() || self.entering.is_some()
    }

    /// The way to the host that it is on beside the terminal, where that is another one.
    pub(super) fn line(&self) -> Option<Line> {
        let mut over_ssh = self.open.iter().filter(|d| d.door == Door::Ssh);
        match (over_ssh.next(), over_ssh.next()) {
            (Some(Behind { socket: Some(socket), host, .. }), None) => {
                Some(Line { socket: socket.path().to_owned(), host: host.clone() })
            }
            _ => None,
        }
    }

    /// The ways beside the terminal to where the shell is that has it.
    pub(super) fn beside(&self) -> Beside {
        // Another user's files are looked at by that user's shell.
        let files = self.open.last().filter(|b| b.own_world).and_then(|b| b.way.clone());
        let terminals = files.is_some() && self.open.last().is_some_and(|b| !b.posix);
        Beside { line: self.line(), files, terminals }
    }

    /// Where the processes are that the shell which has the terminal has started; nothing where that is out of reach.
    pub(super) fn world(&self) -> Option<World> {
        let Some(at) = self.open.iter().rposition(|b| b.own_world) else {
            return Some(World { way: None, first: None, others: !self.open.is_empty() });
        };
        let (way, first) = (self.open[at].way.clone()?, self.open[at].pid);
        Some(World { way: Some(way), first, others: at + 1 < self.open.len() })
    }

    /// Asks for a terminal where the shell is that has this one, for a text that goes on; nothing where it can't have one.
    pub(super) fn terminal_there(&self, text: &str) -> Option<There> {
        let shell = self.open.last().filter(|b| !b.posix)?;
        There::open(self.beside().files?, shell.pid?, text)
    }

    /// The way into a container whose shell is there; `here` is the shell of this machine.
    pub(super) fn way_inside(&self, behind: &Behind, here: u32, place: &Place) -> Option<Transport> {
        let (entrance, directory) = behind.from.as_ref().filter(|_| behind.own_world)?;
        let world = self.world()?;
        let inside = match world.way {
            None => {
                let shell = self.open.last().map_or(Some(here), |b| b.pid)?;
                Inside::of_process(proc::terminal_group(shell)?, entrance.shell_words(), place)
            }
            Some(Transport::Line(line)) if !world.others && literal(&entrance.words) => {
                Inside::of_words(&line, entrance.words.clone(), directory, place)
            }
            Some(_) => None,
        };
        inside.map(|inside| Transport::Inside(Box::new(inside)))
    }

    /// The second terminal that is in use: what `sudo` and `su` start behind `ssh` writes to the same one.
    pub(super) fn second(&self) -> Option<&Second> {
        self.open.iter().chain(&self.entering).rev().find_map(|d| d.second.as_ref())
    }

    /// The same, with what it belongs to.
    pub(super) fn with_second(&mut self) -> Option<&mut Behind> {
        self.open.iter_mut().chain(&mut self.entering).rev().find(|d| d.second.is_some())
    }

    /// Where the shell that has the terminal may find the one for errors, seen from its host: `here` is this machine's.
    pub(super) fn error_path(&self, here: Option<String>) -> Option<String> {
        for behind in self.open.iter().rev() {
            match behind.door {
                Door::User => {}
                Door::Ssh | Door::Container => return behind.second.as_ref()?.path.clone(),
            }
        }
        here
    }

    /// Whether the second terminal of this machine's shell has nothing but the words of `ssh`.
    pub(super) fn is_over_line(&self) -> bool {
        self.open.first().or(self.entering.as_ref()).is_some_and(|d| d.socket.is_some())
    }

    /// What `ssh` says for itself, without that some probe's way led nowhere: that is told where the probe is.
    pub(super) fn own_words(&mut self, chunk: &[u8]) -> Vec<u8> {
        let Some(line) = self.open.first_mut().or(self.entering.as_mut()) else { return chunk.to_vec() };
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

    /// The parts of what the terminal showed: bytes, and reports of shells behind doors.
    pub(super) fn parts(&mut self, chunk: &[u8]) -> Vec<Part> {
        self.band.feed(chunk)
    }

    /// Whether a report is of the shell that is on its way.
    pub(super) fn is_arriving(&self, nonce: &str) -> bool {
        self.entering.as_ref().is_some_and(|e| e.nonce == nonce)
    }

    /// What is given to a shell that is on its way and takes its driver.
    pub(super) fn given(&mut self, number: &str, kind: &str) -> Option<Vec<u8>> {
        let entering = self.entering.as_mut().filter(|e| e.knock == number && !number.is_empty())?;
        Some(entering.takes(kind))
    }

    /// Which door's shell has answered, where that is the answer to what it was sent last. One that was interrupted while
    /// it waited tells its last report once more.
    pub(super) fn answered(&mut self, nonce: &str, answers: u64) -> Option<usize> {
        let at = self.open.iter().position(|d| d.nonce == nonce)?;
        let behind = &mut self.open[at];
        behind.lost = false;
        let waits = behind.busy && behind.sent == answers;
        behind.busy &= !waits;
        waits.then_some(at)
    }

    /// The shell that has the terminal is back at its own prompt: whether it is to be called into its loop again.
    pub(super) fn lost(&mut self, nonce: &str) -> bool {
        let Some(behind) = self.open.last_mut().filter(|d| d.nonce == nonce) else { return false };
        // Whatever it was to lead to next has ended.
        self.entering = None;
        !std::mem::replace(&mut behind.lost, true)
    }

    /// What is to be seen of what the terminal shows, now that it may be what becomes of a line of ours.
    pub(super) fn seen(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        match (&mut self.entering, self.open.last()) {
            (Some(Behind { arrival: Some(arrival), .. }), _) => arrival.shows(&bytes, Instant::now()),
            // What it wrote before has its end among the echo of what it is called with.
            (None, Some(Behind { lost: true, .. })) => {
                let ends = bytes.windows(END_MARK.len()).any(|w| w == END_MARK);
                if ends { END_MARK.to_vec() } else { vec![] }
            }
            _ => bytes,
        }
    }

    /// Whether this is the shell that has the terminal.
    pub(super) fn is_last(&self, at: usize) -> bool {
        at + 1 == self.open.len() && self.entering.is_none()
    }

    /// Keeps a message for the shell that has the terminal.
    pub(super) fn send(&mut self, message: &ToShell<'_>) {
        if let Some(behind) = self.open.last_mut() {
            behind.waiting.push_back(message.text(behind.posix));
        }
    }

    /// The bytes of the next message, once the shell takes one.
    pub(super) fn next_message(&mut self) -> Option<Vec<u8>> {
        let behind = self.open.last_mut().filter(|d| !d.busy)?;
        let body = behind.waiting.pop_front()?;
        behind.sent += 1;
        behind.busy = true;
        behind.asked = Some(Instant::now());
        let end = if behind.posix { b'\n' } else { 0 };
        Some(band::message(&behind.nonce, behind.sent, &body, end))
    }

    /// For how long the shell that has the terminal has not answered what it was sent last.
    pub(super) fn unanswered_for(&self) -> Option<Duration> {
        let behind = self.open.last().filter(|d| d.busy)?;
        behind.asked.map(|at| at.elapsed())
    }

    /// The doors from one on are left: what was behind them, the outermost first.
    pub(super) fn leave(&mut self, at: usize) -> Vec<Behind> {
        self.entering = None;
        if self.open.len() <= at {
            return vec![];
        }
        self.band = Band::default();
        self.open.drain(at..).collect()
    }

    /// A connection that did not end with its shell is to be ended now: its socket.
    pub(super) fn line_to_end(&mut self, now: Instant) -> Option<PathBuf> {
        let stays = |since: Instant| now.saturating_duration_since(since) >= TO_LEAVE;
        let behind = self.open.last_mut().filter(|d| d.leaving.is_some_and(stays))?;
        behind.leaving = None;
        behind.asked_to_end = true;
        behind.socket.as_ref().map(|s| s.path().to_owned())
    }

    /// Gives a second terminal up that does not come; whether one was.
    pub(super) fn gives_up_second(&mut self, now: Instant) -> bool {
        let Some(behind) = self.open.last_mut().filter(|d| d.is_late(now)) else { return false };
        behind.second = None;
        true
    }

    /// When something is due.
    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        let left =
            |since: Instant, limit: Duration| limit.saturating_sub(now.saturating_duration_since(since));
        if let Some(entering) = &self.entering {
            // What is due and not typed waits for a question to be answered: it is looked at again in a moment.
            let moment = |left: Duration| if left.is_zero() { IS_UP } else { left };
            let arrival = entering.arrival.as_ref().and_then(|a| a.due_in(now)).map(moment);
            let up = entering.socket.as_ref().filter(|_| !entering.tried).map(|_| IS_UP);
            return arrival.into_iter().chain(up).min();
        }
        let door = self.open.last()?;
        let settling = door.settling.as_ref().map(|(since, _)| left(*since, SECOND_TERMINAL));
        let leaving = door.leaving.map(|since| left(since, TO_LEAVE));
        settling.into_iter().chain(leaving).min()
    }
}

/// The variable that marks the processes of a run.
pub(super) const MARK: &str = "GONOGO_RUN";

/// Its value behind a door: what the door itself leaves here is told from what runs there.
pub fn behind_mark(run: &str, door: &CommandId) -> String {
    format!("{run}:{door}")
}

#[cfg(test)]
mod tests;
