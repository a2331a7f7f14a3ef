//! What an unattended run prints.

use std::time::Duration;

use super::walk::Walk;
use crate::cli::report::CommandError;
use crate::protocol::{From, OutputLine, OutputPage, OutputQuery};
use crate::runbook::{Command, CommandId};
use crate::text::{self as words, first_line};

/// The last lines of a command's output that are printed.
const LINES_SHOWN: u16 = 40;

impl Walk {
    /// What the document expects beside what was observed.
    pub(super) fn show_claims(&mut self, command: &Command) -> Result<(), CommandError> {
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
        let told = self.with(async |session, printer| session.read_output(query, printer).await).await?;
        Ok(told.unwrap_or_else(|silent| Err(silent.to_string())))
    }

    /// Prints the last lines that a command has shown.
    pub(super) async fn show_output(&mut self, id: &CommandId) -> Result<(), CommandError> {
        if self.printer.is_json() {
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
}
