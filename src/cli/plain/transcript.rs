//! The run with the console that it is shown on: what is asked of either.

use super::console::{Console, SETTLE, Typed, ignored};
use super::heard::Heard;
use super::show;
use crate::cli::report::{CommandError, note, say};
use crate::client::{Answer, Session, SessionError};
use crate::protocol::{From, OutputPage, OutputQuery};
use crate::run::rollback::Found;
use crate::run::{Request, RunState, flow, gates};
use crate::runbook::CommandId;

/// The run with the console it is shown on.
pub(super) struct Plain {
    pub(super) session: Session,
    pub(super) console: Console,
    pub(super) heard: Heard,
    /// The command looked at instead of the next thing.
    pub(super) looked_at: Option<CommandId>,
    pub(super) read_only: bool,
    /// What can be typed while something runs was not said yet.
    pub(super) hint: bool,
    /// The unfinished line that was printed last.
    pub(super) question: Option<String>,
}

impl Plain {
    pub(super) fn new(session: Session, console: Console, operator: String, read_only: bool) -> Self {
        let heard = Heard::new(operator, read_only, session.control().yours);
        Self { session, console, heard, looked_at: None, read_only, hint: true, question: None }
    }

    /// What a gate has to know of the outside.
    pub(super) fn outside(&self) -> gates::Outside {
        gates::Outside::at(chrono::Utc::now(), self.heard.health.as_ref(), Some(self.state()))
    }

    pub(super) fn state(&self) -> &RunState {
        self.session.state()
    }

    /// The command that is looked at, or that comes next.
    pub(super) fn shown(&self) -> Option<CommandId> {
        self.looked_at.clone().or_else(|| flow::next(self.state()).command().cloned())
    }

    /// The next thing, and whose it is to answer.
    pub(super) fn show_next(&self) -> Result<(), CommandError> {
        show::next(self.state(), &flow::next(self.state()), self.looked_at.as_ref())?;
        if !self.read_only && !self.session.control().yours {
            note(self.who_has_control());
        }
        Ok(())
    }

    /// Waits for a line while updates are taken in.
    pub(super) async fn line(&mut self, prompt: &str) -> Result<Option<String>, CommandError> {
        let mut shown = self.console.prompt(prompt)?;
        loop {
            let typed: Typed = tokio::select! {
                typed = self.console.lines.recv() => typed,
                arrived = self.session.next() => {
                    let known = std::mem::take(&mut self.heard.fresh);
                    self.session.take(arrived, &mut self.heard).await?;
                    // What was said in between stands after the prompt: it is asked again.
                    if self.heard.fresh {
                        if self.read_only || !self.session.control().yours {
                            self.show_next()?;
                        }
                        shown = self.console.prompt(prompt)?;
                    }
                    self.heard.fresh |= known;
                    continue;
                }
                _interrupted = tokio::signal::ctrl_c() => {
                    say("")?;
                    note("no command is running; quit leaves");
                    shown = self.console.prompt(prompt)?;
                    continue;
                }
            };
            match typed {
                None => return Ok(None),
                Some((line, at)) if at < shown + SETTLE => ignored(&line),
                Some((line, _)) => return Ok(Some(line.trim().to_owned())),
            }
        }
    }

    /// Who can act, where that is not this console.
    pub(super) fn who_has_control(&self) -> String {
        match &self.session.control().holder {
            Some(holder) => format!("{holder} has control and decides; type control to take it"),
            None => "nobody has control; type control to take it".to_owned(),
        }
    }

    /// Whether this console may act.
    pub(super) fn is_mine(&self) -> bool {
        self.session.control().yours && !self.read_only
    }

    /// Reads a part of an output.
    pub(super) async fn read(
        &mut self,
        id: &CommandId,
        from: From,
        rows: u16,
        pattern: Option<String>,
    ) -> Result<OutputPage, CommandError> {
        let filter = pattern.as_ref().map(|_| 1);
        let query = OutputQuery { rows, pattern, filter, ..OutputQuery::new(id.clone(), from) };
        let told = self.session.read_output(query, &mut self.heard).await?;
        Ok(match told.unwrap_or_else(|silent| Err(silent.to_string())) {
            Ok(page) => *page,
            Err(error) => {
                note(error);
                OutputPage::default()
            }
        })
    }

    /// What a command's words stand for.
    pub(super) async fn evaluate(&mut self, id: &CommandId) -> Result<Vec<String>, CommandError> {
        let told = self.session.evaluate(id, &mut self.heard).await?;
        Ok(told.unwrap_or_else(|silent| {
            note(silent);
            Vec::new()
        }))
    }

    /// What is there to go back with.
    pub(super) async fn look_back(&mut self) -> Result<Found, CommandError> {
        let told = self.session.look_back(&mut self.heard).await?;
        Ok(told.map_or_else(
            |silent| {
                note(silent);
                Found::default()
            },
            |found| *found,
        ))
    }

    /// Asks the runner; says why it refuses, or that it can't be told what came of it. True when it did what was asked.
    pub(super) async fn ask(&mut self, request: Request) -> Result<bool, CommandError> {
        let answer = self.session.put(request, &mut self.heard).await?;
        self.heard.fresh |= answer == Answer::Done;
        let undone = self.session.undone(answer);
        let done = undone.is_none();
        if let Some(why) = undone {
            note(match why {
                SessionError::Refused(refusal) => refusal.told(|remedy| Some(show::way(remedy).to_owned())),
                other => other.to_string(),
            });
        }
        Ok(done)
    }

    /// Takes one thing in.
    pub(super) async fn update(&mut self) -> Result<(), CommandError> {
        let arrived = self.session.next().await;
        self.session.take(arrived, &mut self.heard).await
    }
}
