//! Types into the shell of this machine: one text at a time, between its prompt and the moment when it has read it.
//!
//! The terminal has the modes of typing (no echo, nothing cut or turned into signals) only while the shell is held at
//! one of its gates or reads; while a command runs it has those that commands before it left, as in any terminal.

mod lost;
mod modes;
mod text;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::termios::{Termios, tcgetattr};

use super::super::shell::channel::path;
use super::super::shell::typed::{self, Prompt, Report};
use super::super::shell::{END_MARK, FromShell, ToShell};
use super::super::spawn::memory_file;
use super::super::variables::Snapshot;
use super::message::FromShim;
use super::running::UNKNOWN;
use super::terminal::write_all;
use super::worker::Worker;
use crate::run::Place;
use crate::shell::quote::quote;
use lost::reads_into;
use text::sets_prompts;

/// What is to be typed.
pub(super) enum Typed {
    /// A command of the run.
    Command {
        /// Its text.
        text: String,
        /// What it is given.
        input: Input,
    },
    /// Changes the shell: a variable, the directory.
    Change {
        /// The text.
        text: String,
        /// Where the shell is afterwards is told.
        tells_place: bool,
    },
    /// Report what a script prints.
    Ask(String),
    /// Report the values of variables.
    Values(Vec<String>),
}

/// What a command is given as standard input and error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// The terminal; standard error has one of its own.
    Terminal,
    /// The terminal, for standard error as well.
    Keyboard,
    /// Nothing: nobody is there.
    Nothing,
}

/// Where the shell is in reading a command.
#[derive(Default)]
enum At {
    /// It has not come up.
    #[default]
    Starting,
    /// It waits for a command.
    Prompt,
    /// It is given one, and has not said that it has read it.
    Reading,
    /// It runs one.
    Running,
}

/// What is known of a shell that is typed into.
#[derive(Default)]
pub(super) struct Typist {
    at: At,
    queue: VecDeque<Typed>,
    current: Option<Typed>,
    /// What the shell said with its last prompt.
    prompt: Prompt,
    /// What it says with the one that it is at; its state is not on its way yet.
    ending: Option<Box<Prompt>>,
    /// The modes that commands run with.
    modes: Option<Termios>,
    /// The terminals for what marks the end of output.
    markers: Vec<OwnedFd>,
    /// The state that the shell is writing, and what came of it so far.
    state: Option<(OwnedFd, Vec<u8>)>,
    /// It was written; it is taken when the command before it has ended.
    written: Option<Snapshot>,
    /// Where the answer to a script goes: however long it is, it holds nobody up.
    answer: Option<OwnedFd>,
    /// What a report began with on the terminal of standard error.
    error: Vec<u8>,
    /// Keys for a command that the shell has not begun.
    keys: Vec<u8>,
    /// `set -v` or its like was set: what we would type shows.
    shows_lines: bool,
    /// Nobody is there: what asks on the terminal gets the end of it.
    unattended: bool,
    /// What asked all the same was interrupted.
    interrupted: bool,
    /// The shell gives itself its prompts back.
    keeps: bool,
    /// Where bash keeps what it reads at its prompt, as the system call that waits for it tells.
    reads_into: Option<String>,
    asked_where: bool,
    /// Since when it is looked whether a shell that runs something is at a prompt of the document's.
    looked: Option<Instant>,
    /// `exec <file` was typed: what follows has its input from descriptor 200.
    input_moved: bool,
}

impl Worker {
    /// Takes what stands at the start of a shell's life.
    pub(super) fn sit_down(&mut self) {
        let markers = [&self.process.terminal, &self.process.error].map(super::super::spawn::Pty::unblocked);
        self.typist = Typist {
            markers: markers.into_iter().filter_map(Result::ok).collect(),
            modes: tcgetattr(&self.process.terminal.slave).ok(),
            unattended: true,
            ..Typist::default()
        };
        // Nobody can answer what a login's files ask.
        self.give_modes();
    }

    /// Has a message typed.
    pub(super) fn tell_typed(&mut self, message: &ToShell<'_>) {
        let change = |text: String| Typed::Change { text, tells_place: false };
        let command = |text: &str, input| Typed::Command { text: text.to_owned(), input };
        let typed = match message {
            ToShell::Run(text) => command(text, Input::Terminal),
            ToShell::Interactive(text) => command(text, Input::Keyboard),
            ToShell::NoInput(text) => command(text, Input::Nothing),
            ToShell::Follow(tty, text) => {
                Typed::Command { text: self.process.prompts.follow(tty, text), input: Input::Terminal }
            }
            ToShell::Export(name, value) => change(format!("builtin export {name}={}", quote(value))),
            ToShell::Directory(path) => {
                let text = format!("builtin cd -- {} >/dev/null", quote(path));
                Typed::Change { text, tells_place: true }
            }
            ToShell::Values(names) => Typed::Values(names.to_vec()),
            ToShell::Ask(script) => Typed::Ask((*script).to_owned()),
            // It tells that at each prompt; its standard error stays what it is.
            ToShell::Snapshot | ToShell::ErrorTo(_) => return,
        };
        self.typist.queue.push_back(typed);
        self.type_next();
    }

    /// Takes a stopped follow command off the shell's table of jobs.
    pub(super) fn disown_stopped(&mut self) {
        self.typist.queue.push_front(Typed::Change { text: "builtin disown %+".into(), tells_place: false });
        self.type_next();
    }

    /// Types what is next, once the shell is at its prompt and its state was taken.
    pub(super) fn type_next(&mut self) {
        while matches!(self.typist.at, At::Prompt) && self.typist.state.is_none() {
            let Some(next) = self.typist.queue.pop_front() else { return };
            let text = match &next {
                Typed::Values(names) => {
                    // Where it did not tell its state, nothing is known of any.
                    let values = self.known().map_or(vec![], |known| {
                        let value = |name: &String| (name.clone(), known.value(name).unwrap_or_default());
                        names.iter().map(value).collect()
                    });
                    self.heard(FromShell::Values(values));
                    continue;
                }
                Typed::Change { text, .. } => typed::unseen(text, &self.typist.prompt),
                Typed::Ask(script) => {
                    let Ok(answer) = memory_file("") else { continue };
                    let text = typed::asked(script, &path(&answer), &self.typist.prompt);
                    self.typist.answer = Some(answer);
                    text
                }
                Typed::Command { text, input } => {
                    if let Some(first) = self.before(text) {
                        self.typist.queue.push_front(next);
                        self.type_in(&first);
                        self.typist.current = Some(Typed::Change { text: first, tells_place: false });
                        return;
                    }
                    self.typist.unattended = *input == Input::Nothing && !sets_prompts(text);
                    self.given(text, *input)
                }
            };
            self.type_in(&text);
            self.typist.current = Some(next);
        }
    }

    /// The shell's variables as they are known.
    fn known(&self) -> Option<&Snapshot> {
        self.typist.written.as_ref().or(self.snapshot.as_ref())
    }

    pub(super) fn type_in(&mut self, text: &str) {
        if matches!(self.typist.at, At::Prompt) && !self.typist.asked_where {
            // Once in a shell's life; it needs a moment from the gate to its read.
            self.typist.asked_where = true;
            let begun = Instant::now();
            while self.typist.reads_into.is_none() && begun.elapsed() < Duration::from_millis(20) {
                self.typist.reads_into = reads_into(self.process.child.id());
                std::thread::yield_now();
            }
        }
        self.typist.at = At::Reading;
        let mut bytes: Vec<u8> = text.bytes().filter(|b| *b != 0).collect();
        bytes.push(b'\n');
        if !write_all(&self.process.terminal.master, &bytes) {
            (self.report)(FromShim::Trouble("the shell takes no input".into()));
        }
    }

    /// Keys that come before the command has begun are its own all the same.
    pub(super) fn hold_keys(&mut self, keys: &[u8]) -> bool {
        let reading = !self.is_behind() && matches!(self.typist.at, At::Reading | At::Prompt);
        if reading {
            self.typist.keys.extend_from_slice(keys);
        }
        reading
    }

    /// What the shell says with the prompt that it is at.
    pub(super) fn ending_typed(&self) -> Option<Prompt> {
        self.typist.ending.as_deref().cloned()
    }

    /// What was typed has led elsewhere, and its end was told there.
    pub(super) fn forget_typed(&mut self) {
        self.typist.current = None;
    }

    /// Takes what the shell reports.
    pub(super) fn reported(&mut self, report: Report) {
        match report {
            Report::Started => self.begins(),
            Report::Prompt(prompt) => self.typist.ending = Some(prompt),
            Report::Waits => {
                if let Some(prompt) = self.typist.ending.take() {
                    self.prompted(*prompt);
                }
            }
            Report::Followed(group, status) => self.heard(FromShell::Followed(group, status)),
        }
    }

    /// The shell has read a command: the terminal is the command's.
    fn begins(&mut self) {
        self.typist.at = At::Running;
        self.typist.interrupted = false;
        self.typist.looked = Some(Instant::now());
        self.give_modes();
        self.process.channel.prompt.close();
        self.process.channel.start.open();
        let keys = std::mem::take(&mut self.typist.keys);
        if !keys.is_empty() {
            let _full = rustix::io::write(&self.process.terminal.master, &keys);
        }
    }

    /// The shell is at its prompt: what it ran has ended.
    fn prompted(&mut self, prompt: Prompt) {
        let ran = matches!(self.typist.at, At::Running);
        let first = matches!(self.typist.at, At::Starting);
        self.process.startup = None;
        self.process.channel.start.close();
        if ran || first {
            self.keep_modes();
        }
        self.typing_modes();
        self.mark_end();
        self.take_state();
        self.typist.prompt = prompt.clone();
        if !self.has_terminal() {
            // What it would read as its next command is a file of the document's: it reads nothing any more.
            (self.report)(FromShim::Trouble(
                "the command redirected the shell's own input: a new shell was started".into(),
            ));
            let shell = Pid::from_child(&self.process.child);
            let _gone = rustix::process::kill_process(shell, rustix::process::Signal::KILL);
            return;
        }
        self.typist.at = At::Prompt;
        self.process.channel.prompt.open();
        let place = Place { login: prompt.login, directory: prompt.directory };
        match self.typist.current.take() {
            Some(Typed::Command { .. }) => {
                let status = prompt.status.unwrap_or(UNKNOWN);
                self.heard(FromShell::End(status, place, prompt.stages));
            }
            Some(Typed::Change { tells_place: true, .. }) => self.heard(FromShell::At(place)),
            Some(Typed::Ask(_)) => self.answered(),
            Some(Typed::Change { .. } | Typed::Values(_)) => {}
            None if first => self.heard(FromShell::Ready(place, vec![])),
            None => self.place = place,
        }
        self.type_next();
    }

    fn answered(&mut self) {
        let Some(answer) = self.typist.answer.take() else { return };
        let mut bytes = Vec::new();
        let mut answer = File::from(answer);
        let _unread = answer.rewind().and_then(|()| answer.read_to_end(&mut bytes));
        let text = String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned();
        self.heard(FromShell::Asked(0, text));
    }

    /// Marks the end of what was written so far, in every terminal that a command may have written to.
    pub(super) fn mark_end(&self) {
        for marker in &self.typist.markers {
            let _full = rustix::io::write(marker, END_MARK);
        }
        for running in self.running.iter().chain(&self.follows) {
            running.mark_end();
        }
    }

    fn take_state(&mut self) {
        if let Ok(pipe) = self.process.channel.state() {
            self.typist.state = Some((pipe, Vec::new()));
        }
    }

    /// The pipe that the shell writes its state to.
    pub(super) fn state_pipe(&self) -> Option<&OwnedFd> {
        self.typist.state.as_ref().map(|(pipe, _)| pipe)
    }

    /// Reads what the shell has written of its state; at its end it can be typed into again.
    pub(super) fn read_state(&mut self) {
        let Some((pipe, bytes)) = self.typist.state.as_mut() else { return };
        let mut buffer = [0u8; 65536];
        let ended = loop {
            match rustix::io::read(&*pipe, &mut buffer) {
                Ok(0) => break true,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => break false,
                Err(_) => break true,
            }
        };
        if ended {
            let written = typed::state(bytes);
            self.typist.state = None;
            if written.is_some() {
                self.typist.written = written;
            }
            self.take_written();
            self.type_next();
        }
    }

    /// Takes the shell's state, once the command that it came after has ended.
    pub(super) fn take_written(&mut self) {
        if self.running.as_ref().is_none_or(|r| r.ended.is_none())
            && !self.is_behind()
            && let Some(snapshot) = self.typist.written.take()
        {
            self.heard(FromShell::Snapshot(Box::new(snapshot)));
        }
    }

    /// What the terminal of standard error showed, without what a restricted shell says there for us.
    pub(super) fn without_reports(&mut self, chunk: &[u8]) -> Vec<u8> {
        if self.typist.error.is_empty() && !chunk.contains(&0x1e) && !self.typist.prompt.flags.contains('r') {
            return chunk.to_vec();
        }
        self.typist.error.extend_from_slice(chunk);
        let mut shown = Vec::new();
        while let Some((range, Some(report))) = typed::next_report(&self.typist.error) {
            shown.extend(self.typist.error.drain(..range.end).take(range.start));
            self.reported(report);
        }
        let whole = self.typist.error.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let rest: Vec<u8> = self.typist.error.drain(..whole).collect();
        shown.extend(rest);
        if !self.typist.error.contains(&0x1e) {
            shown.append(&mut self.typist.error);
        }
        if self.typist.prompt.flags.contains('r') || String::from_utf8_lossy(&shown).contains("restricted") {
            let text = String::from_utf8_lossy(&shown).into_owned();
            let kept = text.split_inclusive('\n').filter(|line| !self.process.prompts.is_complaint(line));
            return kept.collect::<String>().into_bytes();
        }
        shown
    }
}
