//! What an unattended run prints.

use std::time::Duration;

use super::super::plan::first_line;
use super::super::report::{CommandError, note, say};
use super::{LINES_SHOWN, Walk};
use crate::protocol::{From, OutputLine, OutputPage, OutputQuery, ToRunner};
use crate::run::words;
use crate::runbook::CommandId;

impl Walk {
    /// What the document expects beside what was observed.
    pub(super) fn show_claims(&mut self, command: &crate::runbook::Command) -> Result<(), CommandError> {
        for told in words::claims(self.state(), command) {
            let sign = match told.sign {
                words::Sign::Met => "✓",
                words::Sign::NotMet => "✗",
                words::Sign::Eyes | words::Sign::Open => "?",
            };
            let observed =
                told.observed.filter(|o| !o.is_empty()).map_or(String::new(), |o| format!(" · {o}"));
            self.line(&format!("           {sign} {}{observed}", first_line(&told.says)))?;
        }
        Ok(())
    }

    /// A command that runs on and on is told of, with what it printed last.
    pub(super) async fn say_still(&mut self, id: &CommandId, runs: Duration) -> Result<(), CommandError> {
        let page = self.last_lines(id, 1).await?.ok();
        let last = page.and_then(|page| page.lines.last().map(OutputLine::plain));
        let last = last.filter(|l| !l.trim().is_empty()).map_or(String::new(), |l| format!(" · last: {l}"));
        self.line(&format!("{:<10} … still running after {} s{last}", id.0, runs.as_secs()))
    }

    /// The last lines that a command has shown, or why they can't be had.
    pub(super) async fn last_lines(
        &mut self,
        id: &CommandId,
        rows: u16,
    ) -> Result<Result<Box<OutputPage>, String>, CommandError> {
        let query = OutputQuery { rows, ..OutputQuery::new(id.clone(), From::End) };
        self.attached.connection.send(ToRunner::Read { number: 0, query: Box::new(query) });
        self.page = None;
        loop {
            match self.page.take() {
                Some(page) => return Ok(page),
                None => self.update().await?,
            }
        }
    }

    pub(super) async fn show_output(&mut self, id: &CommandId) -> Result<(), CommandError> {
        if self.terms.json {
            return Ok(());
        }
        let page = match self.last_lines(id, LINES_SHOWN).await? {
            Ok(page) => page,
            Err(error) => return self.line(&format!("           | {error}")),
        };
        let hidden = page.total - page.lines.len() as u64;
        if hidden > 0 {
            self.line(&format!(
                "           | … {hidden} lines before (gonogo output {} {})",
                self.state().id(),
                id
            ))?;
        }
        for line in &page.lines {
            self.line(&format!("           | {}", line.plain()))?;
        }
        page.left_out.map_or(Ok(()), |words| self.line(&format!("           | {words}")))
    }

    pub(super) fn line(&self, text: &str) -> Result<(), CommandError> {
        if self.terms.json || self.unread.get() { Ok(()) } else { self.printed(say(text)) }
    }

    /// A reader that went away, or a full disk behind the output, is no reason to stop half-way: the record has all of
    /// it. That is said once, and then nothing more is printed.
    pub(super) fn printed(&self, result: Result<(), CommandError>) -> Result<(), CommandError> {
        let Err(error) = result else { return Ok(()) };
        if !error.is_unprinted() {
            return Err(error);
        }
        if !self.unread.replace(true) {
            let why =
                if error.is_closed_pipe() { "nobody reads the output any more" } else { error.message() };
            let id = self.state().id();
            note(format!(
                "{why}: the run goes on and is recorded: gonogo status {id}, gonogo log {id} --full"
            ));
        }
        Ok(())
    }
}
