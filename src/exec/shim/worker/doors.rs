//! Going through doors and back. The command that leads to a place goes on running in the place's own terminal for as
//! long as what follows runs on its other side, as it does for a person; when it ends, the shell before it is back.

use std::time::{Duration, Instant};

use rustix::process::kill_process_group;

use super::super::super::shell::band::Part;
use super::super::super::shell::{AGAIN, First, FromShell, ToShell, first};
use super::super::door::{Ended, MARK, behind_mark};
use super::super::line::{Line, NOT_RUN, end_line};
use super::super::message::{FromShim, Signal};
use super::super::second::Second;
use super::super::silence::Silence;
use super::super::terminal::{drain_up_to, write_all};
use super::super::typist::modes::asks_unseen;
use super::super::world::{Became, not_sent};
use super::Worker;
use crate::run::{Exit, Place};
use crate::runbook::CommandId;
use crate::shell::entrance::Door;

/// How long what is killed in a place may take to be gone; then the way there ends.
pub(super) const OBEYED: Duration = Duration::from_secs(5);

/// What is lost there, for people and the record.
const NO_BASH: &str = "\r\ngonogo: bash is not installed here, so the next commands run in sh. Standard output and standard error arrive as one stream, only the last status of a pipeline is known, and variables are neither recorded nor restored after a lost connection.\r\n";

impl Worker {
    /// What the terminal showed, with what shells behind doors report in it.
    pub(super) fn shown_behind(&mut self, chunk: &[u8]) {
        for part in self.doors.parts(chunk) {
            match part {
                Part::Bytes(bytes) => {
                    let seen = self.doors.seen(bytes);
                    self.feed(0, &seen);
                }
                Part::Report { nonce, answers, fields } => {
                    if let First::Message(message, _) = first(&fields) {
                        self.told_behind(&nonce, answers, message);
                    }
                }
            }
        }
    }

    fn told_behind(&mut self, nonce: &str, answers: u64, message: FromShell) {
        if let FromShell::Takes(kind) = &message {
            if let Some(given) = self.doors.given(nonce, kind) {
                self.write_behind(&given);
            }
            return;
        }
        if self.doors.is_arriving(nonce) {
            if let FromShell::Ready(place, about) = message {
                self.reached(place, &about);
            }
            return;
        }
        if message == FromShell::Lost {
            if self.doors.lost(nonce) {
                self.write_behind(AGAIN);
            }
            return;
        }
        let Some(at) = self.doors.answered(nonce, answers) else { return };
        if !self.doors.is_last(at) {
            if let FromShell::End(status, place, stages) = message
                && !self.back_before(at + 1, status, place.clone())
            {
                self.heard(FromShell::End(status, place, stages));
            }
        } else if let FromShell::ErrorApart(two) = message {
            self.doors.open[at].two = two;
            self.settled();
        } else {
            self.heard(message);
        }
        self.send_waiting();
    }

    /// The shell behind the door is there.
    fn reached(&mut self, place: Place, about: &[i32]) {
        let Some(mut behind) = self.doors.entering.take() else { return };
        behind.arrived(about);
        behind.outer = self.known.snapshot.take();
        if let Some(way) = self.doors.way_inside(&behind, self.bash.process.child.id(), &place) {
            behind.is_reached_by(way);
        } else if let (Some(second), Some(pid)) = (&behind.second, behind.pid) {
            second.holds_for(pid);
        }
        behind.settling = Some((Instant::now(), place));
        let (command, one) = (behind.command.clone(), !behind.two && !behind.posix);
        let waits = behind.second.is_some() && !behind.posix;
        self.doors.open.push(behind);
        for (name, value) in self.settings.environment.clone() {
            if name == MARK {
                self.tell(&ToShell::Export(&name, &behind_mark(&value, &command)));
            }
        }
        for (name, value) in self.values.variables() {
            self.tell(&ToShell::Export(&name, &value));
        }
        let here = self.bash.process.error.path();
        match self.doors.error_path(here).filter(|_| one) {
            Some(path) => self.tell(&ToShell::ErrorTo(&path)),
            None if waits => {}
            None => self.settled(),
        }
    }

    /// Everything is there that it will have: what follows runs here.
    fn settled(&mut self) {
        let beside = Box::new(self.doors.beside());
        let Some(behind) = self.doors.open.last_mut() else { return };
        let Some((_, place)) = behind.settling.take() else { return };
        let (command, posix) = (behind.command.clone(), behind.posix);
        self.place = place.clone();
        let place = self.values.told(&place);
        (self.report)(FromShim::Entered { command: command.clone(), place, beside });
        if let Some(running) = self.live.running.as_mut().filter(|r| r.command == command) {
            running.reached = true;
            if posix {
                self.feed(0, NO_BASH.as_bytes());
            }
            self.finish(Exit::Status(0));
        }
        self.tell(&ToShell::Snapshot);
        self.take_held();
    }

    /// Reads what the second terminal has.
    pub(super) fn second_output(&mut self) {
        let Some(second) = self.doors.with_second().and_then(|d| d.second.as_mut()) else { return };
        let mut chunk = Vec::new();
        drain_up_to(&second.process.terminal.master, 256 * 1024, |bytes| chunk.extend_from_slice(bytes));
        let known = second.path.is_some();
        let mut shown = Vec::new();
        for part in second.band.feed(&chunk) {
            match part {
                Part::Bytes(bytes) if second.path.is_some() => shown.extend(bytes),
                // The files of a login may print.
                Part::Bytes(_) => {}
                Part::Report { fields, .. } => {
                    // Once: what is written to it later is anybody's.
                    if let First::Message(FromShell::Terminal(path), _) = first(&fields) {
                        second.path.get_or_insert(path);
                    }
                }
            }
        }
        let path = second.path.clone().filter(|_| !known);
        self.feed(1, &shown);
        if let Some(path) = path.filter(|_| self.doors.entering.is_none()) {
            self.tell(&ToShell::ErrorTo(&path));
        }
        let ended = |s: &mut Second| s.process.child.try_wait().ok().flatten();
        if let Some(behind) = self.doors.with_second()
            && let Some(status) = behind.second.as_mut().and_then(ended)
        {
            behind.shell_ended |= behind.pid.is_some() && status.code().is_some_and(|code| code != NOT_RUN);
            // What is written to it from now on is lost to everybody; before it was used nothing is.
            behind.second = None;
            if behind.settling.is_some() {
                self.settled();
            } else if behind.pid.is_some() && behind.door == Door::Ssh {
                // It is held open for as long as the shell is there.
                behind.leaving = Some(Instant::now());
                (self.report)(FromShim::Leaving);
            }
        }
    }

    /// What is typed at a prompt is typed; a connection that stays is ended; a second terminal that does not come is
    /// done without.
    pub(super) fn door_due(&mut self) {
        let now = Instant::now();
        self.arriving(now);
        if let Some(socket) = self.doors.line_to_end(now) {
            let helper = end_line(&socket);
            let _started = std::thread::Builder::new().name("end".into()).spawn(move || drop(helper.run()));
        }
        if self.doors.gives_up_second(now) {
            self.settled();
        }
        if let Some((became, signal)) = self.doors.sent.became().filter(|(became, _)| *became != Became::Sent)
        {
            (self.report)(FromShim::Trouble(not_sent(became, signal, OBEYED)));
        }
    }

    fn arriving(&mut self, now: Instant) {
        let Some(entering) = &mut self.doors.entering else { return };
        if let Some(second) = entering.lacks_second().map(|way| Second::for_errors(way, None)) {
            (entering.second, entering.tried) = (second, true);
        }
        let Some(arrival) = &mut entering.arrival else { return };
        let nothing_came = arrival.gives_up(now);
        let asks = asks_unseen(&self.bash.process.terminal.slave);
        let line = if asks { None } else { entering.types(now) };
        self.feed(0, &nothing_came);
        if let Some(line) = line {
            self.write_behind(format!("{line}\r").as_bytes());
        }
    }

    /// The shell before a door is back: everything behind it is gone, and what ran there was told of. False where
    /// nothing was behind it.
    pub(super) fn back_before(&mut self, at: usize, status: i32, place: Place) -> bool {
        let mut gone = self.doors.leave(at);
        let Some(outermost) = gone.first_mut() else { return false };
        self.values.left(at);
        self.place = place.clone();
        for nothing in self.questions.unanswered() {
            (self.report)(nothing);
        }
        let ended = outermost.ended(status);
        let why = match (ended, self.live.running.is_some()) {
            (Ended::Connection, _) => Some(format!("the connection to {} has ended", outermost.host)),
            (Ended::GivenUp, _) => Some("nothing there obeyed KILL, so gonogo closed the connection".into()),
            (Ended::Killed, _) => Some(
                "the shell there was killed or exited with status 255; the connection itself did not break"
                    .into(),
            ),
            (Ended::Shell, false) => Some(format!("its shell ended, {status}, with nothing running in it")),
            (Ended::Shell, true) => None,
        };
        let unknown = matches!(ended, Ended::Connection | Ended::GivenUp);
        let beside = Box::new(self.doors.beside());
        for behind in gone.iter().rev() {
            let (command, lost) = (behind.command.clone(), why.clone());
            let place = self.values.told(&place);
            (self.report)(FromShim::Left { command, place, lost, beside: beside.clone() });
        }
        self.known.snapshot = gone.into_iter().next().and_then(|mut b| b.outer.take());
        if let Some(running) = self.live.running.take_if(|_| unknown) {
            let (command, attempt) = (running.command.clone(), running.attempt);
            running.finish(&*self.report);
            let why = format!("{}; its result is not known", why.unwrap_or_default());
            (self.report)(FromShim::Lost { command, attempt, why });
        } else if self.live.running.is_some() {
            self.finish(Exit::ShellEnded(status));
            // The one before it is there, and takes what comes next.
            let shell = self.bash.identity();
            let place = self.values.told(&place);
            (self.report)(FromShim::Ready { place, shell, replaced: None });
        }
        self.known.nothing_ran();
        self.signals.forget();
        self.tell(&ToShell::Snapshot);
        self.take_held();
        true
    }

    /// Sends the shell behind the last door a message, or keeps it until that takes one.
    pub(super) fn tell_behind(&mut self, message: &ToShell<'_>) {
        self.doors.send(message);
        self.send_waiting();
    }

    fn send_waiting(&mut self) {
        if let Some(bytes) = self.doors.next_message() {
            self.write_behind(&bytes);
        }
    }

    fn write_behind(&mut self, bytes: &[u8]) {
        if !write_all(&self.bash.process.terminal.master, bytes) {
            (self.report)(FromShim::Trouble("the place takes no input".into()));
        }
    }

    /// Signals what runs behind a door: an interrupt as its terminal does, the others beside it.
    pub(super) fn signal_behind(&mut self, command: &CommandId, signal: Signal) {
        if signal == Signal::Int {
            let _gone = write_all(&self.bash.process.terminal.master, &[3]);
            return;
        }
        if signal == Signal::Kill {
            // What does not end by it may not even have got it.
            self.signals.killed(command, Instant::now() + OBEYED);
        }
        let shell = self.doors.open.last().and_then(|behind| behind.pid);
        match (self.doors.world(), shell) {
            (Some(world), Some(shell)) => {
                self.doors.sent.send(world, (shell, self.bash.process.child.id()), signal);
            }
            _ => (self.report)(FromShim::Trouble(not_sent(Became::Unreached, signal, OBEYED))),
        }
    }

    /// The connection that something runs over, or that its shell is asked over, and for how long nothing has come.
    fn quiet_line(&self) -> Option<(Line, Duration)> {
        let running = self.live.running.as_ref().filter(|r| r.ended.is_none());
        let quiet = running.map_or_else(|| self.doors.unanswered_for(), |r| Some(r.quiet_for()))?;
        self.doors.line().map(|line| (line, quiet))
    }

    /// When the connection is to be looked at.
    pub(super) fn silence_due_in(&self, now: Instant) -> Option<Duration> {
        self.quiet_line().map(|(_, quiet)| self.doors.silence.due_in(quiet, now))
    }

    /// Says that nothing is heard from the connection that something runs over.
    pub(super) fn hear_silence(&mut self) {
        let Some((line, quiet)) = self.quiet_line() else {
            self.doors.silence = Silence::default();
            return;
        };
        let says = self.doors.silence.look(&line, quiet, Instant::now());
        says.map(FromShim::Trouble).into_iter().for_each(&self.report);
    }

    /// Ends the way to the outermost place: what is there did not end, and may not hear any more.
    pub(super) fn end_way(&mut self) {
        self.doors.open.iter_mut().for_each(|behind| behind.given_up = true);
        let shell = self.bash.pid();
        let door = self.bash.foreground().filter(|group| *group != shell);
        let killed = door.map(|group| kill_process_group(group, rustix::process::Signal::KILL));
        // Another user's process is not ours to kill; with our shell its terminal goes.
        if !matches!(killed, Some(Ok(()))) {
            self.bash.kill();
        }
    }
}
