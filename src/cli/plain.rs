//! `--plain`: the run as a linear transcript with prompts, for serial consoles and screen readers.
//!
//! What is asked is printed with the command written out, then a line is read. Lines that were typed before
//! the question was there are not taken: what you saw is what runs.

mod answer;
mod back;
mod begin;
mod console;
mod follow;
mod heard;
mod show;
mod transcript;

use std::sync::Arc;

use super::document::Document;
use super::opened::Opened;
use super::report::{CommandError, Status, note, say};
use super::runtime::runtime;
use crate::client;
use crate::config::Settings;
use crate::protocol::EndsWithLogin;
use crate::run::{Next, Outcome, flow};
use crate::store::Store;
use crate::text as words;
use console::Console;
use transcript::Plain;

/// Runs the transcript until the operator leaves.
pub(super) fn plain(
    settings: Settings,
    store: Arc<dyn Store>,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    runtime()?.block_on(async {
        let mut console = Console::new();
        let read_only = opened.read_only;
        let operator = settings.operator.clone();
        let Some(session) = begin::begin(&mut console, settings, store, document, opened).await? else {
            return Ok(Status::Done);
        };
        let mut plain = Plain::new(session, console, operator, read_only);
        let result = plain.go().await;
        let Plain { session, heard, .. } = plain;
        let goes_on = session.outlives_us();
        let state = session.leave().await;
        result?;
        if state.outcome().is_none() && goes_on {
            let brings_back = format!("gonogo attach --plain {} brings you back", state.id());
            let dies = heard.ends_with_login.as_ref().map(EndsWithLogin::cause);
            note(words::left(&state, &brings_back, dies.as_deref(), &client::needs_login()));
        }
        Ok(match state.outcome() {
            Some((Outcome::RolledBack, _)) => Status::RolledBack,
            Some((Outcome::Unconfirmed, _)) => Status::NeedsEyes,
            Some((Outcome::Failed | Outcome::NoGo, _)) => Status::Failed,
            _ => Status::Done,
        })
    })
}

impl Plain {
    async fn go(&mut self) -> Result<(), CommandError> {
        while self.state().place().login.is_empty() && !self.read_only && !self.heard.no_shell {
            self.update().await?;
        }
        say(format!(
            "Run {} of {} in {}, by {}. Type help for the commands.",
            self.state().id(),
            self.state().runbook().title,
            self.state().environment(),
            self.state().operator()
        ))?;
        if !self.accept_reading().await? {
            return Ok(());
        }
        loop {
            let next = flow::next(self.state());
            let mine = self.is_mine();
            if matches!(next, Next::Running(_) | Next::Waiting(_)) && mine {
                if self.while_it_runs().await? {
                    return Ok(());
                }
                continue;
            }
            if std::mem::take(&mut self.heard.fresh) {
                self.show_next()?;
            }
            let Some(line) = self.line(">").await? else { return Ok(()) };
            if answer::answer(self, &next, &line).await? {
                return Ok(());
            }
        }
    }

    /// Asks whether the run goes on as this version reads its document, where it goes by another reading; false where
    /// it does not.
    async fn accept_reading(&mut self) -> Result<bool, CommandError> {
        let mine = self.is_mine() && self.state().outcome().is_none();
        let reread = client::reread(self.session.run(), self.state()).filter(|_| mine);
        let Some(reread) = reread else { return Ok(true) };
        if !reread.is_form_only() {
            say(reread.headline())?;
            reread.lines().iter().try_for_each(|line| say(format!("  {line}")))?;
            let answer = self.console.ask("Continue as it is read now? yes or no:").await?;
            if !matches!(answer.as_deref(), Some("yes" | "y")) {
                note(format!("nothing was run; gonogo {} continues it as it was read", reread.by));
                return Ok(false);
            }
        }
        let request = reread.accepted(self.state());
        self.ask(request).await
    }
}
