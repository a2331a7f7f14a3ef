//! What is typed into the shell of this machine, and when: one text at a time, between its prompt and the moment when it
//! has read it. [`Typist`] knows what the shell has said; whoever has its terminal types what it gives.
//!
//! The terminal has the modes of typing (no echo, nothing cut or turned into signals) only while the shell is held at
//! one of its gates or reads; while a command runs it has those that commands before it left, as in any terminal.

mod errors;
mod lost;
pub(super) mod modes;
mod state;
mod text;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::fd::OwnedFd;
use std::time::Instant;

use super::super::shell::channel::path;
use super::super::shell::typed::{self, Prompt, Prompts};
use super::super::shell::{END_MARK, FromShell, ToShell};
use super::super::spawn::{Pty, memory_file};
use super::super::variables::Snapshot;
use super::running::UNKNOWN;
use crate::run::Place;
use crate::shell::quote::quote;
use errors::Errors;
use lost::Lookout;
use modes::Modes;
use state::State;
use text::{Input, Wording, sets_prompts};

/// The status of what an interrupt ended: 128 and the number of `SIGINT` (bash(1), EXIT STATUS).
const INTERRUPTED: i32 = 130;

/// What is to be typed.
enum Typed {
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

/// Where the shell is in reading a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum At {
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

/// What is next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This text is typed.
    Text(String),
    /// Nothing has to be typed for what was asked: these values are known.
    Values(Vec<(String, String)>),
}

/// What a prompt tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// A report on what was typed.
    Heard(FromShell),
    /// Nothing was typed: the shell is there.
    At(Place),
    /// Nothing.
    Quiet,
}

/// What is known of a shell that is typed into.
#[derive(Default)]
pub(super) struct Typist {
    at: At,
    queue: VecDeque<Typed>,
    current: Option<Typed>,
    /// The shell has not said that it has read that.
    unread: bool,
    /// It was interrupted for the command before that, and may drop what it reads next.
    interrupted: bool,
    /// What the shell says with the prompt that it is at; its state is not on its way yet.
    ending: Option<Box<Prompt>>,
    /// Where the answer to a script goes: however long it is, it holds nobody up.
    answer: Option<OwnedFd>,
    /// Keys for a command that the shell has not begun.
    keys: Vec<u8>,
    /// The terminals for what marks the end of output.
    markers: Vec<OwnedFd>,
    pub(super) wording: Wording,
    pub(super) modes: Modes,
    pub(super) state: State,
    pub(super) errors: Errors,
    pub(super) lookout: Lookout,
}

impl Typist {
    /// At the start of a shell's life.
    pub(super) fn sit_down(terminal: &Pty, error: &Pty) -> Self {
        let markers = [terminal, error].map(Pty::unblocked);
        let modes = Modes::of(&terminal.slave);
        Self { markers: markers.into_iter().filter_map(Result::ok).collect(), modes, ..Self::default() }
    }

    pub(super) fn at(&self) -> At {
        self.at
    }

    /// Has a message typed.
    pub(super) fn tell(&mut self, message: &ToShell<'_>, prompts: &Prompts) {
        let change = |text: String| Typed::Change { text, tells_place: false };
        let command = |text: &str, input| Typed::Command { text: text.to_owned(), input };
        let typed = match message {
            ToShell::Run(text) => command(text, Input::Terminal),
            ToShell::Interactive(text) => command(text, Input::Keyboard),
            ToShell::NoInput(text) => command(text, Input::Nothing),
            ToShell::Follow(tty, text) => {
                Typed::Command { text: prompts.follow(tty, text), input: Input::Terminal }
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
        self.queue.push_back(typed);
    }

    /// Takes a stopped follow command off the shell's table of jobs, before anything else.
    pub(super) fn disown_stopped(&mut self) {
        self.queue.push_front(Typed::Change { text: "builtin disown %+".into(), tells_place: false });
    }

    /// What is next, once the shell is at its prompt and its state was taken; `snapshot` is what was known of it before.
    pub(super) fn next(&mut self, snapshot: Option<&Snapshot>, prompts: &Prompts) -> Option<Next> {
        while self.at == At::Prompt && !self.state.is_coming() {
            let next = self.queue.pop_front()?;
            let known = self.state.written().or(snapshot);
            let text = match &next {
                Typed::Values(names) => {
                    // Where it did not tell its state, nothing is known of any.
                    let values = known.map_or(vec![], |known| {
                        let value = |name: &String| (name.clone(), known.value(name).unwrap_or_default());
                        names.iter().map(value).collect()
                    });
                    return Some(Next::Values(values));
                }
                Typed::Change { text, .. } => typed::unseen(text, &self.wording.prompt),
                Typed::Ask(script) => {
                    let Ok(answer) = memory_file("") else { continue };
                    let text = typed::asked(script, &path(&answer), &self.wording.prompt);
                    self.answer = Some(answer);
                    text
                }
                Typed::Command { text, input } => {
                    if let Some(first) = self.wording.before(text, known, prompts) {
                        self.queue.push_front(next);
                        self.gives(Typed::Change { text: first.clone(), tells_place: false });
                        return Some(Next::Text(first));
                    }
                    self.modes.unattended = *input == Input::Nothing && !sets_prompts(text);
                    self.wording.given(text, *input, known)
                }
            };
            self.gives(next);
            return Some(Next::Text(text));
        }
        None
    }

    /// The shell is given this to read.
    fn gives(&mut self, typed: Typed) {
        (self.current, self.unread) = (Some(typed), true);
        self.reads();
    }

    /// The shell itself is interrupted. Where that comes when its command has just ended, it drops what it reads next
    /// (bash(1), SIGNALS).
    pub(super) fn is_interrupted(&mut self) {
        self.interrupted = self.at == At::Running;
    }

    /// Whether what was typed was dropped for an interrupt that was meant for the command before it.
    fn was_dropped(&self, prompt: &Prompt) -> bool {
        self.unread && self.interrupted && prompt.status == Some(INTERRUPTED)
    }

    /// The shell is given something to read.
    pub(super) fn reads(&mut self) {
        self.at = At::Reading;
    }

    /// Keys that come before the command has begun are its own all the same; whether they were kept for it.
    pub(super) fn hold_keys(&mut self, keys: &[u8]) -> bool {
        let reading = matches!(self.at, At::Reading | At::Prompt);
        if reading {
            self.keys.extend_from_slice(keys);
        }
        reading
    }

    /// The shell has read a command, which begins: the keys that came for it.
    pub(super) fn begins(&mut self, now: Instant) -> Vec<u8> {
        self.at = At::Running;
        (self.unread, self.interrupted) = (false, false);
        self.modes.interrupted = false;
        self.lookout.looked(now);
        std::mem::take(&mut self.keys)
    }

    /// The shell says this with the prompt that it is at.
    pub(super) fn says(&mut self, prompt: Box<Prompt>) {
        self.ending = Some(prompt);
    }

    /// Whether what was typed is a command of the run, and not something before it.
    pub(super) fn runs_command(&self) -> bool {
        matches!(self.current, Some(Typed::Command { .. }))
    }

    /// What it says with that.
    pub(super) fn ending(&self) -> Option<&Prompt> {
        self.ending.as_deref()
    }

    /// The same, for whoever goes on from there: it is told once.
    pub(super) fn take_ending(&mut self) -> Option<Prompt> {
        self.ending.take().map(|prompt| *prompt)
    }

    /// What was typed has led elsewhere, and its end was told there.
    pub(super) fn forget(&mut self) {
        self.current = None;
    }

    /// The shell waits for a command: what was typed before has ended so.
    pub(super) fn prompted(&mut self, prompt: Prompt) -> Ended {
        let first = std::mem::replace(&mut self.at, At::Prompt) == At::Starting;
        if self.was_dropped(&prompt)
            && let Some(dropped) = self.current.take()
        {
            self.queue.push_front(dropped);
            self.interrupted = false;
        }
        self.wording.prompt = prompt.clone();
        let place = Place { login: prompt.login, directory: prompt.directory };
        match self.current.take() {
            Some(Typed::Command { .. }) => {
                Ended::Heard(FromShell::End(prompt.status.unwrap_or(UNKNOWN), place, prompt.stages))
            }
            Some(Typed::Change { tells_place: true, .. }) => Ended::Heard(FromShell::At(place)),
            Some(Typed::Ask(_)) => self.answered().map_or(Ended::Quiet, Ended::Heard),
            Some(Typed::Change { .. } | Typed::Values(_)) => Ended::Quiet,
            None if first => Ended::Heard(FromShell::Ready(place, vec![])),
            None => Ended::At(place),
        }
    }

    fn answered(&mut self) -> Option<FromShell> {
        let mut answer = File::from(self.answer.take()?);
        let mut bytes = Vec::new();
        let _unread = answer.rewind().and_then(|()| answer.read_to_end(&mut bytes));
        let text = String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned();
        Some(FromShell::Asked(0, text))
    }

    /// Marks the end of what was written so far to the shell's terminals.
    pub(super) fn mark_end(&self) {
        for marker in &self.markers {
            let _full = rustix::io::write(marker, END_MARK);
        }
    }
}

#[cfg(test)]
mod tests;
