//! Prints what arrives from a run that nobody is at.

use std::cell::Cell;

use crate::cli::notes::ANOTHER_RUNNER;
use crate::cli::report::{CommandError, Status, note, say, say_json};
use crate::client::Observer;
use crate::protocol::ToClient;
use crate::run::{Event, Record, RunId, RunState};
use crate::text as words;

/// Where an unattended run prints.
pub(super) struct Printer {
    /// Events instead of words.
    json: bool,
    /// Nobody reads what is printed any more.
    unread: Cell<bool>,
}

impl Printer {
    pub(super) fn new(json: bool) -> Self {
        Self { json, unread: Cell::new(false) }
    }

    /// Whether events are printed instead of words.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether something could not be printed.
    pub(super) fn is_unread(&self) -> bool {
        self.unread.get()
    }

    /// Prints a line of words, where words are wanted.
    pub(super) fn line(&self, run: &RunId, text: &str) -> Result<(), CommandError> {
        if self.json || self.unread.get() { Ok(()) } else { self.printed(run, say(text)) }
    }

    /// A reader that went away, or a full disk behind the output, is no reason to stop half-way: the record has all of
    /// it. That is said once, and then nothing more is printed.
    fn printed(&self, run: &RunId, result: Result<(), CommandError>) -> Result<(), CommandError> {
        let Err(error) = result else { return Ok(()) };
        if !error.is_unprinted() {
            return Err(error);
        }
        if !self.unread.replace(true) {
            let why =
                if error.is_closed_pipe() { "nobody reads this output any more" } else { error.message() };
            note(format!(
                "{why}: the run continues and is recorded: gonogo status {run}, gonogo log {run} --full"
            ));
        }
        Ok(())
    }

    fn recorded(&self, state: &RunState, record: &Record) -> Result<(), CommandError> {
        let run = state.id();
        if self.json {
            return self.printed(run, say_json(record));
        }
        match &record.event {
            Event::OutputAfter { command, text, .. } => text.lines().try_for_each(|line| {
                self.line(run, &format!("{:<10} in the background | {line}", command.0))
            })?,
            Event::OutputUnrecorded { command, why, .. } => {
                note(format!("the output of {command} is no longer recorded: {why}"));
            }
            Event::ShellReplaced { lost } => note(words::shell_replaced(lost)),
            Event::OutputMasked { .. } | Event::PlaceLeft { lost: Some(_), .. } => {
                note(words::happened(state, &record.event))
            }
            event => {
                if let Some(words) = words::of_watch(event) {
                    note(words);
                }
            }
        }
        Ok(())
    }
}

impl Observer for Printer {
    type Error = CommandError;

    fn arrived(&mut self, state: &RunState, update: &ToClient) -> Result<(), CommandError> {
        match update {
            ToClient::Recorded(record) => self.recorded(state, record)?,
            ToClient::Unrecorded(Some((_, why))) => note(format!("not recorded: {why}")),
            ToClient::Unrecorded(None) => note("recorded again"),
            ToClient::EndsWithLogin(ends) => note(ends),
            ToClient::NoShell(why) => {
                let words = format!("gonogo could not get a shell: {why}");
                return Err(CommandError::new(Status::Failed, words));
            }
            ToClient::Trouble(text) => note(text),
            ToClient::Control(control) if !control.yours => {
                let by = control.holder.as_deref().unwrap_or("somebody else");
                let words =
                    format!("{by} took control of {}; this process ends, the run continues", state.id());
                return Err(CommandError::new(Status::Interrupted, words));
            }
            // Alerts are events; the figures themselves and the screens are for who looks.
            _ => {}
        }
        Ok(())
    }

    fn runner_ended(&mut self, _run: &RunId) -> Result<(), CommandError> {
        note(ANOTHER_RUNNER);
        Ok(())
    }
}
