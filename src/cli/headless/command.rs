//! One command of a headless walk: it is run, followed to its end, and shown.

use std::time::Duration;

use tokio::time::Instant;

use super::walk::Walk;
use crate::cli::report::CommandError;
use crate::figures::need_you;
use crate::run::ids::TextHash;
use crate::run::policy::Confirmation;
use crate::run::request::Seen;
use crate::run::state::{CommandState, Standing};
use crate::run::{Request, RunState, blocks, places};
use crate::runbook::{Command, CommandId};
use crate::shell::Kind;
use crate::text::{self as words, first_line};

/// How long a shell may take to be where it was before.
const TO_ARRIVE: Duration = Duration::from_secs(10);

/// After how long a command that has not ended is told of, and how long it is then told of nothing at most.
const FIRST_SILENCE: Duration = Duration::from_secs(30);
const LONGEST_SILENCE: Duration = Duration::from_mins(10);

impl Walk {
    /// Whether the shell is where a command belongs. Gone there again, it is given its directory back a moment later.
    pub(super) async fn has_arrived(&mut self, command: &Command) -> Result<bool, CommandError> {
        let arrived = |state: &RunState| places::displaced(state, command).is_none();
        self.until_by(Instant::now() + TO_ARRIVE, arrived).await
    }

    /// Runs a command and tells what came of it.
    pub(super) async fn run(&mut self, id: &CommandId) -> Result<(), CommandError> {
        let Some(command) = self.state().find(id).cloned() else { return Ok(()) };
        if blocks::left_by(self.state(), &command).is_some() {
            return self.leave_out(id).await;
        }
        let text = self.state().text_of(&command);
        if let Some(seconds) = command.wait_s {
            self.line(&format!("{:<10} waits {seconds} s, as the document says", id.0))?;
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
        if !self.has_arrived(&command).await? {
            return self.answer_place(&command).await.map(drop);
        }
        let seen = self.seen(&text);
        let confirmed = Confirmation::TypeName;
        let request = Request::Run { command: id.clone(), seen, confirmed, again: false };
        let asked = self.ask_to_run(request).await;
        // A shell that has just come up may be elsewhere.
        if asked.is_err() && places::displaced(self.state(), &command).is_some() {
            return self.choose_place(id).await;
        }
        asked?;
        if self.state().standing(id) == Standing::NotYet {
            // It asks for values first, or its runner ended before it was started: nothing was run.
            return Ok(());
        }
        let at = words::prompt(self.state());
        self.line(&format!("{:<10} ▶ {at}{}", id.0, first_line(&text)))?;
        self.until_ended(id, command.kind).await?;
        self.show_output(id).await?;
        let CommandState::Exited { exit, elapsed_ms, claims, .. } = self.state().command(id) else {
            return Ok(());
        };
        let eyes = match claims.iter().filter(|c| c.met().is_none()).count() {
            0 => String::new(),
            n => format!(" · {}", need_you(n)),
        };
        let sign = match self.state().standing(id) {
            Standing::Failed | Standing::GonePast => "✗",
            Standing::NeedsEyes => "?",
            Standing::Passed => "✓",
            _ => "○",
        };
        let came_to = words::came_to(self.state(), id, *exit);
        let line = format!("{:<10} {sign} {came_to} · {:.1} s{eyes}", id.0, *elapsed_ms as f64 / 1000.0);
        self.line(&line)?;
        self.show_claims(&command)
    }

    /// What is known of a command when it is asked for: its text, as it would run now.
    pub(super) fn seen(&self, text: &str) -> Seen {
        Seen { text: TextHash::of(text), seq: self.state().seq() }
    }

    async fn until_ended(&mut self, id: &CommandId, kind: Kind) -> Result<(), CommandError> {
        let deadline = (kind == Kind::Follow).then(|| Instant::now() + self.terms.follow_for);
        let mut signals = ["INT", "TERM", "KILL"].into_iter();
        let mut next = deadline;
        let mut ending = false;
        let begun = Instant::now();
        let mut still = begun + FIRST_SILENCE;
        while self.state().running() == Some(id) {
            // What was to be seen was, and it went on after it: there is nothing left to follow.
            let claims = self.state().claims(id);
            if !ending
                && kind == Kind::Follow
                && !claims.is_empty()
                && claims.iter().all(|c| c.met().is_some())
            {
                next = next.map(|_| Instant::now());
            }
            let until = next.map_or(still, |at| at.min(still));
            if self.wait_by(until).await? {
                continue;
            }
            if next.is_none_or(|at| still < at) {
                let runs = begun.elapsed();
                self.say_still(id, runs).await?;
                still = Instant::now() + runs.min(LONGEST_SILENCE);
            } else if let Some(signal) = signals.next() {
                ending = true;
                self.ask(Request::Cancel { command: id.clone(), signal: signal.into() }).await?;
                next = Some(Instant::now() + Duration::from_secs(5));
            } else {
                next = None;
            }
        }
        Ok(())
    }
}
