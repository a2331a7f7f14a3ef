//! How a headless walk ends: something failed or was lost, or all was gone through.

use tokio::time::Instant;

use super::walk::Walk;
use crate::cli::preflight::{self, Back};
use crate::cli::report::{CommandError, Status, note};
use crate::figures::{self, counted, were};
use crate::record;
use crate::run::claim::{Claim, UNSEEN};
use crate::run::gates::GateId;
use crate::run::state::{CommandState, Standing};
use crate::run::{Exit, Outcome, Request, RunState, places, sign};
use crate::runbook::CommandId;
use crate::shell::{Effect, Kind, services};
use crate::text::{self as words, first_line};

impl Walk {
    /// What came of a command is unknown: that is for somebody to look at.
    pub(super) fn is_lost(&self, id: &CommandId) -> CommandError {
        let run = self.state().id();
        let words = self.state().find(id).map(|c| words::state(self.state(), c)).unwrap_or_default();
        CommandError::new(Status::Interrupted, format!("{id}: {words}"))
            .hint(format!("see it and decide: gonogo attach {run}"))
    }

    /// Variables of a command have no value: nobody is there to say whether it runs all the same, unless that was
    /// answered in advance.
    pub(super) async fn answer_unset(&mut self, id: &CommandId) -> Result<(), CommandError> {
        if let Some(holds) = self.terms.answers.conditions.get(id).copied() {
            if !holds {
                self.line(&format!("{:<10} – skipped: its variables have no value", id.0))?;
            }
            return self.ask(Request::Answer { command: id.clone(), holds }).await;
        }
        let names = self.state().asks_unset().map_or(vec![], |(_, names)| names.to_vec());
        let variables: Vec<String> = names.iter().map(|name| format!("${name}")).collect();
        let line = self.state().find(id).map_or(0, |c| c.span.line);
        let words = format!("{id} did not run: no value for {} (line {line})", variables.join(", "));
        if self.state().going_back().is_none() && self.terms.answers.back == Back::OnFailure {
            self.line(&format!("NOT RUN: {words}"))?;
            return self.begin_back(&words).await;
        }
        let run = self.state().id();
        let way = |name: &String| preflight::way_to_set(self.state().runbook(), name);
        let set = names.iter().map(way).collect::<Vec<_>>().join(", ");
        Err(CommandError::new(Status::Usage, words)
            .hint(format!("{set}, or --answer {id}=yes to run it anyway, --answer {id}=no to skip it"))
            .hint(format!("then resume: gonogo resume {run} --headless"))
            .hint(format!("or give it up: gonogo stop {run}")))
    }

    /// What is known of a place whose way there led nowhere.
    fn not_reached(&self, id: &CommandId) -> Option<&str> {
        let reaches = |c: &&Claim| c.says.as_deref() == Some(words::REACHES) && c.met() == Some(false);
        let claim = self.state().claims(id).iter().find(reaches)?;
        claim.judged.as_ref().map(|judged| judged.observed.as_str())
    }

    /// Why a command has failed, in a few words.
    fn what_failed(&self, id: &CommandId) -> String {
        if let Some(observed) = self.not_reached(id) {
            return observed.to_owned();
        }
        let unmet = |c: &Claim| c.met() == Some(false);
        match self.state().command(id) {
            CommandState::Exited { exit, claims, .. } if exit.is_success() && claims.iter().any(unmet) => {
                "an expectation of the document was not met".to_owned()
            }
            CommandState::Exited { exit: exit @ Exit::ShellEnded(_), .. } => {
                let place = places::missing(self.state(), id);
                let why = place.and_then(|place| self.state().left_because(&place));
                why.map_or_else(|| exit.to_string(), str::to_owned)
            }
            CommandState::Exited { exit, .. } => exit.to_string(),
            CommandState::Lost { why, .. } => format!("lost: {why}"),
            _ => String::new(),
        }
    }

    /// Something failed: what is known is told. Where it was asked for, the way back is gone then; else that is the
    /// end.
    pub(super) async fn failed(&mut self, id: &CommandId) -> Result<Option<Status>, CommandError> {
        if self.asks_what_was_just_started(id) {
            self.wait_for(id).await?;
            if self.state().standing(id) != Standing::Failed {
                return Ok(None);
            }
        }
        let run = self.state().id().clone();
        let what = self.what_failed(id);
        let line = self.state().find(id).map_or(0, |c| c.span.line);
        let ran = self.state().ran().len();
        let text = self.state().find(id).map(|c| first_line(&c.text)).unwrap_or_default();
        self.line("")?;
        self.line(&format!("FAILED at {id} (line {line}): {what}"))?;
        self.line(&format!("  {text}"))?;
        if let Some(by) = self.state().opened_by(id) {
            self.line(&format!("  it opened a shell ({by}), and nobody is here to use it"))?;
        }
        self.line(&format!("  {} run, nothing after this one", were(ran, "command")))?;
        if self.not_reached(id).is_some() {
            self.line("  gonogo tried once; to see what it asks for, go there in a terminal")?;
        }
        self.say_problems(id)?;
        if self.state().going_back().is_none() && self.terms.answers.back == Back::OnFailure {
            let reason = format!("{id} failed: {what}");
            match self.begin_back(&reason).await {
                Ok(()) => return Ok(None),
                Err(error) => {
                    self.ask(Request::Finish { outcome: Outcome::Failed, reason: String::new() }).await?;
                    return Err(error);
                }
            }
        }
        if self.state().going_back().is_some() {
            self.say_stuck()?;
        }
        self.ask(Request::Finish { outcome: Outcome::Failed, reason: String::new() }).await?;
        if self.terms.log {
            // The run goes with its sandbox: what there is to read is printed now.
            self.line("")?;
            record::fill(self.state()).text.trim_end().lines().try_for_each(|line| self.line(line))?;
        } else {
            self.line(&format!("  output: gonogo output {run} {id}    log: gonogo log {run}"))?;
        }
        Ok(Some(Status::Failed))
    }

    /// Whether a read found nobody, and the change before it has only just started what it asks: that is waited for
    /// once, as a person would.
    fn asks_what_was_just_started(&self, id: &CommandId) -> bool {
        let state = self.state();
        let failed =
            matches!(state.command(id), CommandState::Exited { exit: Exit::Status(s), .. } if *s != 0);
        let reads =
            |id: &CommandId| state.find(id).is_some_and(|c| c.effect == Effect::Reads && c.kind == Kind::Run);
        let started =
            state.ran().iter().rev().find(|r| !reads(&r.command)).is_some_and(|r| services::starts(&r.text));
        failed && reads(id) && started && !self.waited.contains(id)
    }

    /// Repeats a command until it passes, for as long as something is followed.
    async fn wait_for(&mut self, id: &CommandId) -> Result<(), CommandError> {
        let Some(command) = self.state().find(id) else { return Ok(()) };
        let text = self.state().text_of(command);
        self.waited.insert(id.clone());
        let limit = self.terms.follow_for;
        self.line(&format!(
            "{:<10} checks what has just been started: repeated until it passes, for at most {}",
            id.0,
            figures::limit(limit)
        ))?;
        let seen = self.seen(&text);
        self.ask(Request::WaitUntil { command: id.clone(), seen }).await?;
        let over = |state: &RunState| state.waiting().is_none() && state.running().is_none();
        if !self.until_by(Instant::now() + limit, over).await? {
            self.ask(Request::StopWaiting).await?;
        }
        self.until(over).await?;
        if let CommandState::Exited { exit, .. } = self.state().command(id) {
            let line = format!("{:<10} {exit}, after waiting", id.0);
            self.line(&line)?;
        }
        Ok(())
    }

    pub(super) async fn finish(&mut self) -> Result<Status, CommandError> {
        let commands = self.state().path();
        let eyes = commands.iter().filter(|c| self.state().standing(&c.id) == Standing::NeedsEyes).count();
        let ran = self.state().ran().len();
        if eyes > 0 && self.terms.answers.accept_unattested {
            self.accept().await?;
        }
        // What only a person can judge keeps the run from "deployed" where nobody accepted it. It is over all the same:
        // it holds nothing, and can be confirmed later.
        let back = self.state().going_back().is_some();
        let comes_to = if back { Outcome::RolledBack } else { Outcome::Deployed };
        let confirmed = eyes == 0 || self.terms.answers.accept_unattested;
        let outcome = if confirmed { comes_to } else { Outcome::Unconfirmed };
        self.ask(Request::Finish { outcome, reason: "--yes".into() }).await?;
        if confirmed && !back {
            self.say_open(GateId::SignOff)?;
        }
        self.line("")?;
        let words = match (eyes, self.terms.answers.accept_unattested) {
            (0, _) => "no manual checks are open".to_owned(),
            (n, true) => format!("the manual checks of {} were accepted unattested", counted(n, "command")),
            (1, false) => "1 command needs a manual check".to_owned(),
            (n, false) => format!("{n} commands need manual checks"),
        };
        let done = match outcome {
            _ if back => self.back_words(),
            Outcome::Unconfirmed => "UNCONFIRMED".to_owned(),
            _ => "DONE".to_owned(),
        };
        let but = words::misgivings(self.state()).map_or(String::new(), |but| format!("; {but}"));
        self.line(&format!("{done}: {} run; {words}{but}", were(ran, "command")))?;
        if outcome == Outcome::Unconfirmed && self.session.outlives_us() {
            let id = self.state().id();
            self.line(&format!("  confirm or reject: gonogo attach {id}"))?;
            self.line(&format!(
                "  accept it unconfirmed: gonogo resume {id} --headless --yes --accept-unattested"
            ))?;
        }
        if self.terms.log {
            self.line("")?;
            let filled = record::fill(self.state());
            filled.text.trim_end().lines().try_for_each(|line| self.line(line))?;
            for line in &filled.left {
                note(format!("line {} was not filled in: {} ({})", line.line, line.text.trim(), line.why));
            }
        } else if let Some(role) = sign::wanted(self.state()).filter(|_| confirmed) {
            note(format!("next: {role} signs: gonogo sign {} --as {role}", self.state().id()));
        }
        Ok(match outcome {
            Outcome::RolledBack => Status::RolledBack,
            Outcome::Unconfirmed => Status::NeedsEyes,
            _ => Status::Done,
        })
    }

    /// Attests what waits for eyes, saying in each record that nobody looked.
    async fn accept(&mut self) -> Result<(), CommandError> {
        while let Some((command, expectation)) = self.unattested() {
            self.ask(Request::Attest { command, expectation, met: true, note: UNSEEN.into() }).await?;
        }
        Ok(())
    }

    fn unattested(&self) -> Option<(CommandId, usize)> {
        self.state().path().into_iter().find_map(|c| match self.state().command(&c.id) {
            CommandState::Exited { claims, .. } if self.state().standing(&c.id) == Standing::NeedsEyes => {
                claims.iter().position(|c| c.met().is_none()).map(|at| (c.id.clone(), at))
            }
            _ => None,
        })
    }
}
