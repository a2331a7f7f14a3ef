//! Doors to other places: `ssh`, `sudo -i`, `docker exec -it`, with the shells behind them. What is known of each, and
//! what it is told next.

use std::collections::VecDeque;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::shell::band::{self, Band, Part};
use super::super::shell::{STARTS, behind_a_door};
use super::super::variables::Snapshot;
use super::line::{CONNECTION_ENDED, Second, is_of_a_way};
use super::message::Line;
use super::silence::Silence;
use crate::run::Place;
use crate::runbook::CommandId;
use crate::shell::entrance::{Door, Passage, entrance};

/// How long a second terminal on the other side may take until what runs there does without.
const SECOND_TERMINAL: Duration = Duration::from_secs(5);
/// How long a connection whose shell has ended may go on for what else is on it.
const TO_LEAVE: Duration = Duration::from_secs(3);

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
    /// What its reports are known by.
    nonce: String,
    /// How many messages it was sent. It takes one at a time, and answers each.
    sent: u64,
    busy: bool,
    /// When it was sent the last one.
    asked: Option<Instant>,
    waiting: VecDeque<String>,
    /// Its process, on its own host.
    pub(super) pid: Option<u32>,
    /// Standard error has a terminal of its own there.
    pub(super) two: bool,
    /// Since when its second terminal is waited for; it is not inside before.
    pub(super) settling: Option<(Instant, Place)>,
    /// The connection's socket, in a directory of its own.
    pub(super) socket: Option<PathBuf>,
    /// What `ssh` has begun to say.
    words: Vec<u8>,
    pub(super) second: Option<Second>,
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

impl Behind {
    fn on_the_way(command: &CommandId, door: Door, host: String, nonce: String) -> Self {
        Self {
            command: command.clone(),
            door,
            host,
            nonce,
            sent: 0,
            busy: true,
            asked: None,
            waiting: VecDeque::new(),
            pid: None,
            two: false,
            settling: None,
            socket: None,
            words: Vec::new(),
            second: None,
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
    }

    /// What the command that leads there has ended for, by its status. `ssh` has the same one for a connection that has
    /// ended and for a shell that was killed: then the second session has heard of that before.
    pub(super) fn ended(&mut self, status: i32) -> Ended {
        let of_ssh = self.door == Door::Ssh && status == CONNECTION_ENDED && !self.asked_to_end;
        if self.given_up {
            return Ended::GivenUp;
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
    band: Band,
}

impl Doors {
    /// The text that goes through a door, and which kind of door it is. A command that is not understood is said so.
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
            Door::Ssh if self.open.is_empty() => {
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
        let door = entrance.door;
        let mut behind = Behind::on_the_way(command, door, entrance.host.unwrap_or_default(), nonce);
        behind.socket = socket;
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
                Some(Line { socket: socket.clone(), host: host.clone() })
            }
            _ => None,
        }
    }

    /// The second terminal that is in use: what `sudo` and `su` start behind `ssh` writes to the same one.
    pub(super) fn second(&self) -> Option<&Second> {
        self.open.iter().rev().find_map(|d| d.second.as_ref())
    }

    /// Whether the second terminal of this machine's shell has nothing but the words of `ssh`.
    pub(super) fn is_over_line(&self) -> bool {
        self.open.first().is_some_and(|d| d.socket.is_some())
    }

    /// What `ssh` says for itself, without that some probe's way led nowhere: that is told where the probe is.
    pub(super) fn own_words(&mut self, chunk: &[u8]) -> Vec<u8> {
        let Some(line) = self.open.first_mut() else { return chunk.to_vec() };
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

    /// Which door's shell has answered, where that is the answer to what it was sent last. One that was interrupted while
    /// it waited tells its last report once more.
    pub(super) fn answered(&mut self, nonce: &str, answers: u64) -> Option<usize> {
        let at = self.open.iter().position(|d| d.nonce == nonce)?;
        let behind = &mut self.open[at];
        let waits = behind.busy && behind.sent == answers;
        behind.busy &= !waits;
        waits.then_some(at)
    }

    /// Whether this is the shell that has the terminal.
    pub(super) fn is_last(&self, at: usize) -> bool {
        at + 1 == self.open.len() && self.entering.is_none()
    }

    /// Keeps a message for the shell that has the terminal.
    pub(super) fn send(&mut self, body: String) {
        if let Some(behind) = self.open.last_mut() {
            behind.waiting.push_back(body);
        }
    }

    /// The bytes of the next message, once the shell takes one.
    pub(super) fn next_message(&mut self) -> Option<Vec<u8>> {
        let behind = self.open.last_mut().filter(|d| !d.busy)?;
        let body = behind.waiting.pop_front()?;
        behind.sent += 1;
        behind.busy = true;
        behind.asked = Some(Instant::now());
        Some(band::message(&behind.nonce, behind.sent, &body))
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
        behind.socket.clone()
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
        let door = self.open.last()?;
        let settling = door.settling.as_ref().map(|(since, _)| left(*since, SECOND_TERMINAL));
        let leaving = door.leaving.map(|since| left(since, TO_LEAVE));
        settling.into_iter().chain(leaving).min()
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

/// The variable that marks the processes of a run.
pub(super) const MARK: &str = "GONOGO_RUN";

/// Its value behind a door: what the door itself leaves here is told from what runs there.
pub fn behind_mark(run: &str, door: &CommandId) -> String {
    format!("{run}:{door}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> CommandId {
        CommandId("1/1".into())
    }

    /// Behind doors with these kinds, whose shells are known by `n0`, `n1` and so on and have arrived.
    fn behind(doors: &[Door]) -> Doors {
        let mut open = Vec::new();
        for (at, door) in doors.iter().enumerate() {
            let mut behind = Behind::on_the_way(&one(), *door, "web".into(), format!("n{at}"));
            behind.arrived(&[70, 1]);
            open.push(behind);
        }
        Doors { open, ..Doors::default() }
    }

    /// The same with a connection of its own at the first door; nothing is there that could be taken away with it.
    fn over_line() -> Doors {
        let mut doors = behind(&[Door::Ssh]);
        doors.open[0].socket = Some(PathBuf::from("/nowhere/gonogo/ssh"));
        doors
    }

    #[test]
    fn a_shell_takes_one_message_at_a_time_and_each_has_its_number() {
        let mut doors = behind(&[Door::Ssh]);
        doors.send("Rone".into());
        doors.send("Rtwo".into());
        assert_eq!(doors.next_message(), Some(band::message("n0", 1, "Rone")));
        assert_eq!(doors.next_message(), None, "it has not answered");
        assert_eq!(doors.answered("n0", 1), Some(0));
        assert_eq!(doors.next_message(), Some(band::message("n0", 2, "Rtwo")));
        assert_eq!(doors.answered("n0", 1), None, "an answer that is told once more");
        assert_eq!(doors.next_message(), None);
        assert_eq!(doors.answered("n0", 2), Some(0));
        assert_eq!(doors.answered("n0", 2), None, "the same answer twice");
        assert_eq!(doors.answered("other", 1), None);
    }

    #[test]
    fn messages_go_to_the_innermost_shell() {
        let mut doors = behind(&[Door::Ssh, Door::User]);
        doors.send("Rone".into());
        assert_eq!(doors.next_message(), Some(band::message("n1", 1, "Rone")));
        assert!(doors.is_last(1) && !doors.is_last(0));
        let left = doors.leave(1);
        assert_eq!(left.len(), 1);
        assert!(doors.is_last(0) && doors.is_behind());
        assert!(doors.leave(1).is_empty(), "nothing is behind it");
        assert_eq!(doors.leave(0).len(), 1);
        assert!(!doors.is_behind());
        doors.send("Rnobody".into());
        assert_eq!(doors.next_message(), None);
    }

    #[test]
    fn one_on_its_way_is_known_by_its_number_and_given_up_with_what_led_there() {
        let mut doors = Doors::default();
        let (door, text) = doors.enter(&one(), "sudo -i", true).unwrap();
        assert_eq!(door, Door::User);
        assert!(text.contains("sudo -i"), "the text stays as it is: {text}");
        assert!(doors.is_behind() && !doors.is_arriving("other"));
        let nonce = doors.entering.as_ref().unwrap().nonce.clone();
        assert!(doors.is_arriving(&nonce) && text.contains(&nonce));
        assert!(doors.leave(0).is_empty());
        assert!(!doors.is_behind());
        let why = doors.enter(&one(), "echo hello", true).unwrap_err();
        assert!(why.contains("can't follow \"echo hello\""), "{why}");
    }

    #[test]
    fn only_the_first_door_over_ssh_is_a_way_beside_the_terminal() {
        assert_eq!(behind(&[Door::Ssh]).line(), None, "it has no connection of its own");
        let line = over_line().line().unwrap();
        assert_eq!((line.host.as_str(), line.socket.ends_with("ssh")), ("web", true));
        let mut twice = over_line();
        twice.open.push(Behind::on_the_way(&one(), Door::Ssh, "db".into(), "n1".into()));
        assert_eq!(twice.line(), None, "from another host its socket can't be reached");
        let mut user = over_line();
        user.open.push(Behind::on_the_way(&one(), Door::User, String::new(), "n1".into()));
        assert!(user.line().is_some(), "sudo stays on the host");
    }

    #[test]
    fn what_ssh_says_for_itself_is_told_but_for_ways_that_led_nowhere() {
        let mut doors = over_line();
        assert!(doors.is_over_line());
        assert!(doors.own_words(b"channel 3: open fai").is_empty(), "it may be of a way");
        assert!(doors.own_words(b"led: connect failed\r\n").is_empty());
        assert_eq!(doors.own_words(b"password: "), b"password: ", "a prompt has no line end");
        let words = b"channel 3: open failed: x\r\nConnection to web closed.\r\n";
        assert_eq!(doors.own_words(words), b"Connection to web closed.\r\n");
        assert_eq!(Doors::default().own_words(b"channel 3"), b"channel 3");
    }

    #[test]
    fn a_connection_was_cut_only_where_nobody_asked_for_its_end() {
        let (mut ssh, mut user) = (behind(&[Door::Ssh]), behind(&[Door::User]));
        assert_eq!(ssh.open[0].ended(255), Ended::Connection);
        assert_eq!((ssh.open[0].ended(0), user.open[0].ended(255)), (Ended::Shell, Ended::Shell));
        ssh.open[0].shell_ended = true;
        assert_eq!(ssh.open[0].ended(255), Ended::Killed, "its second session heard of that before");
        user.open[0].given_up = true;
        assert_eq!(user.open[0].ended(137), Ended::GivenUp);
        let (mut doors, now) = (over_line(), Instant::now());
        doors.open[0].leaving = Some(now);
        assert_eq!(doors.line_to_end(now), None, "it may end by itself");
        assert_eq!(doors.due_in(now), Some(TO_LEAVE));
        assert!(doors.line_to_end(now + TO_LEAVE).is_some());
        assert_eq!(doors.line_to_end(now + TO_LEAVE), None, "asked once");
        assert_eq!(doors.open[0].ended(255), Ended::Shell);
    }

    #[test]
    fn a_second_terminal_that_does_not_come_is_given_up() {
        let (mut doors, now) = (behind(&[Door::Ssh]), Instant::now());
        assert!(!doors.gives_up_second(now), "none is waited for");
        doors.open[0].settling = Some((now, Place::default()));
        assert_eq!(doors.due_in(now), Some(SECOND_TERMINAL));
        assert!(!doors.gives_up_second(now));
        assert!(doors.gives_up_second(now + SECOND_TERMINAL));
    }

    #[test]
    fn a_shell_tells_its_process_and_its_terminals_when_it_arrives() {
        let mut behind = Behind::on_the_way(&one(), Door::Container, String::new(), "n".into());
        behind.arrived(&[]);
        assert_eq!((behind.pid, behind.two), (None, false));
        behind.arrived(&[70, 0]);
        assert_eq!((behind.pid, behind.two), (Some(70), false));
    }
}
