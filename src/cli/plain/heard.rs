//! What the transcript says of what arrives from a run, and what it remembers of it.

use crate::cli::notes::ANOTHER_RUNNER;
use crate::cli::report::{CommandError, note, say};
use crate::client::Observer;
use crate::protocol::{Control, EndsWithLogin, ToClient};
use crate::run::health::Health;
use crate::run::{Event, Record, RunId, RunState, sign};
use crate::runbook::CommandId;
use crate::text as words;

/// What has arrived.
#[derive(Default)]
pub(super) struct Heard {
    /// Whose console it is.
    operator: String,
    /// It only looks on.
    looks: bool,
    /// Control is here.
    mine: bool,
    /// What is to be done next has to be told again.
    pub(super) fresh: bool,
    /// Something runs on screen: which command, and how many of its lines were printed.
    pub(super) followed: Option<(CommandId, u64)>,
    /// What runs stopped within a line, and may be asking something.
    pub(super) waits: bool,
    /// No shell could be had: it is not waited for.
    pub(super) no_shell: bool,
    /// Why the run ends with the login that its runner was started in, if it does.
    pub(super) ends_with_login: Option<EndsWithLogin>,
    /// How the service is, once something is watched.
    pub(super) health: Option<Health>,
    /// The command that has just ended had been kept in the background.
    background: bool,
}

impl Heard {
    pub(super) fn new(operator: String, looks: bool, mine: bool) -> Self {
        Self { operator, looks, mine, fresh: true, ..Self::default() }
    }

    fn who_is_there(&mut self, control: &Control) {
        let had = std::mem::replace(&mut self.mine, control.yours);
        match &control.holder {
            _ if had == control.yours => {}
            _ if control.yours => note("you have control"),
            Some(holder) => note(format!("{holder} has control; type control to take it back")),
            None => note("nobody has control; type control to take it"),
        }
    }

    fn recorded(&mut self, state: &RunState, record: &Record) -> Result<(), CommandError> {
        if record.actor != self.operator {
            self.fresh = true;
        }
        match &record.event {
            Event::CommandStarted { command, .. } if record.actor != self.operator => {
                say(format!("{} runs {command}", record.actor))?;
            }
            Event::GateDecided { go, reason, .. } if record.actor != self.operator => {
                let decided = if *go { "GO" } else { "NO-GO" };
                say(format!("gate: {decided} by {}: {reason}", record.actor))?;
            }
            Event::RunFinished { outcome } => {
                say(format!("the run is over: {outcome}"))?;
                let id = state.id();
                if let Some(role) = sign::wanted(state) {
                    say(format!("next: {role} signs: gonogo sign {id} --as {role}"))?;
                }
            }
            Event::OutputAfter { command, text, .. } => {
                text.lines().try_for_each(|line| say(format!("  {command} in the background | {line}")))?;
            }
            Event::OutputUnrecorded { command, why, .. } => {
                note(format!("the output of {command} is no longer recorded: {why}"))
            }
            Event::OutputMasked { .. } => note(words::happened(state, &record.event)),
            Event::ShellReplaced { lost } => note(words::shell_replaced(lost)),
            Event::WaitEnded { command, passed, why } => {
                let passes = if *passed { "passes" } else { "does not pass" };
                say(format!("{command} {passes}: {why}"))?;
                self.fresh = true;
            }
            Event::CommandExited { command, .. }
                if self.followed.as_ref().is_none_or(|(id, _)| id != command) =>
            {
                say("")?;
                let where_it_was = if self.background { ", in the background," } else { "" };
                say(format!("{command}{where_it_was} has ended"))?;
                self.fresh = true;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Observer for Heard {
    type Error = CommandError;

    fn before(&mut self, state: &RunState, record: &Record) {
        self.background = match &record.event {
            Event::CommandExited { command, .. } => state.background().contains(command),
            _ => false,
        };
    }

    fn arrived(&mut self, state: &RunState, update: &ToClient) -> Result<(), CommandError> {
        match update {
            ToClient::Recorded(record) => {
                if let Some(words) = words::of_watch(&record.event) {
                    note(words);
                }
                self.recorded(state, record)?;
            }
            ToClient::Health(health) => self.health = Some((**health).clone()),
            ToClient::Sampled(sample) => {
                if let Some(health) = &mut self.health {
                    health.take(sample);
                }
            }
            ToClient::Saved { path, lines } => say(format!("{lines} lines written to {}", path.display()))?,
            ToClient::Trouble(text) => note(text),
            ToClient::NoShell(why) => {
                self.no_shell = true;
                note(format!("gonogo could not get a shell: {why}"));
            }
            ToClient::EndsWithLogin(ends) => {
                note(ends);
                self.ends_with_login = Some(ends.clone());
            }
            ToClient::Unrecorded(Some((_, why))) => note(format!("NOT RECORDED: {why}")),
            ToClient::Unrecorded(None) => {
                note("recording works again; what happened meanwhile was recorded late")
            }
            ToClient::Screen { screen, .. } => self.waits = screen.may_wait,
            ToClient::Control(control) => self.who_is_there(control),
            // What answers a question goes to whoever asked it.
            _ => {}
        }
        Ok(())
    }

    fn runner_ended(&mut self, _run: &RunId) -> Result<(), CommandError> {
        if !self.looks {
            note(ANOTHER_RUNNER);
        }
        Ok(())
    }

    fn rejoined(&mut self, _state: &RunState) -> Result<(), CommandError> {
        self.fresh = true;
        Ok(())
    }
}
