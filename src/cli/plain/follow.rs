//! The transcript of what runs: its lines as they come, and the lines that are typed for it.

use std::time::{Duration, Instant};

use super::console::ignored;
use super::transcript::Plain;
use super::{answer, show};
use crate::cli::report::{CommandError, say};
use crate::protocol::{From, ToClient};
use crate::run::{Request, flow};
use crate::runbook::CommandId;
use crate::text as words;

/// After how long without output a command that stopped within a line may be asking something.
const QUIET: Duration = Duration::from_millis(400);

/// How long what runs has to have run before a line that is typed is for it.
const SETTLE_RUNNING: Duration = Duration::from_millis(300);

/// Lines of running output that are printed between two looks; what is beyond is said and left out.
const MOST_AT_ONCE: u64 = 200;

impl Plain {
    /// Prints what a command prints until it ends; lines that are typed meanwhile are for it or for us.
    pub(super) async fn while_it_runs(&mut self) -> Result<bool, CommandError> {
        let Some(id) = self.state().running().cloned() else { return self.between_runs().await };
        if self.heard.followed.as_ref().is_none_or(|(known, _)| *known != id) {
            self.heard.followed = Some((id.clone(), 0));
            let asked = words::asked(self.state(), &flow::next(self.state()));
            say(asked.sentences("Enter").join(" "))?;
            if std::mem::take(&mut self.hint) {
                say(show::WHILE_IT_RUNS)?;
            }
        }
        let begun = Instant::now();
        while self.state().running() == Some(&id) && self.session.control().yours {
            tokio::select! {
                typed = self.console.lines.recv() => {
                    let Some((line, at)) = typed else { return Ok(true) };
                    if at < begun + SETTLE_RUNNING && !line.starts_with('~') {
                        ignored(&line);
                        continue;
                    }
                    if answer::while_it_runs(self, &id, &line).await? {
                        return Ok(true);
                    }
                }
                arrived = self.session.next() => {
                    let screen = matches!(arrived, Some(ToClient::Screen { .. }));
                    self.session.take(arrived, &mut self.heard).await?;
                    if screen {
                        self.print_new(&id, false).await?;
                    }
                }
                () = tokio::time::sleep(QUIET), if self.heard.waits => self.print_question(&id).await?,
                _interrupted = tokio::signal::ctrl_c() => {
                    self.ask(Request::Cancel { command: id.clone(), signal: "INT".into() }).await?;
                }
            }
        }
        self.print_new(&id, true).await?;
        self.heard.followed = None;
        (self.heard.waits, self.question) = (false, None);
        self.heard.fresh = true;
        show::ended(self.state(), &id)?;
        Ok(false)
    }

    /// What is waited for runs again in a moment; until then it can be given up.
    async fn between_runs(&mut self) -> Result<bool, CommandError> {
        tokio::select! {
            typed = self.console.lines.recv() => match typed {
                None => return Ok(true),
                Some((line, _)) if line.trim() == "~leave" => return Ok(true),
                Some((line, _)) if line.trim() == "~stop" => drop(self.ask(Request::StopWaiting).await?),
                Some((line, _)) => ignored(&line),
            },
            arrived = self.session.next() => self.session.take(arrived, &mut self.heard).await?,
            _interrupted = tokio::signal::ctrl_c() => drop(self.ask(Request::StopWaiting).await?),
        }
        Ok(false)
    }

    /// Prints lines of a command's output that were not printed yet; the last one only when it is complete.
    async fn print_new(&mut self, id: &CommandId, ended: bool) -> Result<(), CommandError> {
        let Some((_, printed)) = self.heard.followed.clone() else { return Ok(()) };
        let page = self.read(id, From::Line(printed), MOST_AT_ONCE as u16, None).await?;
        let complete = page.total - u64::from(page.unfinished && !ended && page.total > 0);
        let mut at = printed;
        for line in page.lines.iter().filter(|l| (printed..complete).contains(&l.number)) {
            say(format!("  | {}", line.plain().trim_end()))?;
            at = line.number + 1;
        }
        if complete > at + MOST_AT_ONCE {
            say(format!("  | ({} lines not shown; output {id} shows them)", complete - at))?;
            at = complete;
        }
        self.heard.followed = Some((id.clone(), at));
        if ended && at < complete && at > printed {
            return Box::pin(self.print_new(id, true)).await;
        }
        Ok(())
    }

    /// Prints the line that a command has stopped in: it may be a question.
    async fn print_question(&mut self, id: &CommandId) -> Result<(), CommandError> {
        self.heard.waits = false;
        let page = self.read(id, From::End, 1, None).await?;
        let text = page.lines.last().map(|l| l.plain().trim_end().to_owned()).unwrap_or_default();
        if !text.is_empty() && self.question.as_ref() != Some(&text) {
            say(format!("  | {text} (it may be waiting for input)"))?;
            self.question = Some(text);
        }
        Ok(())
    }
}
