//! Goes through a run with nobody there: prints what it does, stops at the first failure.

mod back;
mod ends;
mod go_on;
mod items;
mod printed;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::plan::first_line;
use super::preflight::{Answers, Fate, PlaceAnswer, fates};
use super::report::{CommandError, Status, note, say_json};
use crate::client::{self, Attached, Host, Who};
use crate::protocol::{OutputPage, Part, ToClient, ToRunner};
use crate::run::event::PlaceChoice;
use crate::run::gates::{self, GateId};
use crate::run::ids::TextHash;
use crate::run::policy::Confirmation;
use crate::run::request::Seen;
use crate::run::rollback::Found;
use crate::run::state::{CommandState, Standing};
use crate::run::{Event, Next, Refusal, Request, RunState, SkipReason, blocks, due, flow, places, words};
use crate::runbook::CommandId;
use crate::runner::NewRun;
use crate::shell::Kind;
use crate::shell::entrance::{entrance, with_host};
use crate::store::StateDirectory;

pub(super) use back::go_back;
pub(super) use go_on::{go_on, take_control};

/// How long the shell may take to come up.
const TO_BE_READY: Duration = Duration::from_mins(1);

/// After how long a command that has not ended is told of, and how long it is then told of nothing at most.
const FIRST_SILENCE: Duration = Duration::from_secs(30);
const LONGEST_SILENCE: Duration = Duration::from_mins(10);

/// The last lines of a command's output that are printed.
const LINES_SHOWN: u16 = 40;

/// The terms of a headless run.
#[derive(Clone, Debug)]
pub(super) struct Headless {
    /// What was answered in advance.
    pub(super) answers: Answers,
    /// How long a command that does not end by itself is followed.
    pub(super) follow_for: Duration,
    /// It is gone on although the document is read differently than the run goes by.
    pub(super) accept_reading: bool,
    /// Events instead of words.
    pub(super) json: bool,
    /// Print the filled log at the end.
    pub(super) log: bool,
    /// Where runners live.
    pub(super) host: Host,
    /// Where runs are kept.
    pub(super) state: StateDirectory,
}

/// Starts the run and goes through it.
pub(super) async fn go_through(new: NewRun, terms: Headless) -> Result<Status, CommandError> {
    let attached = client::start(&terms.host, &terms.state, new).await?;
    Walk::new(attached, terms).through().await
}

impl Walk {
    fn new(attached: Attached, terms: Headless) -> Self {
        let planned = fates(attached.state.runbook(), &terms.answers);
        let planned = planned.into_iter().map(|(c, f)| (c.id.clone(), f)).collect();
        Self {
            attached,
            planned,
            terms,
            found: None,
            page: None,
            waited: BTreeSet::new(),
            asked: 0,
            answered: 0,
            refused: None,
            lost: false,
            unread: Cell::new(false),
        }
    }

    /// Goes through the run, and leaves it whatever comes of that.
    async fn through(mut self) -> Result<Status, CommandError> {
        let result = self.go().await;
        self.ended(result).await
    }

    /// Leaves the run. One that could not be gone through to an outcome is kept, and that is said: it holds its
    /// environment until somebody goes on with it or gives it up.
    async fn ended(self, result: Result<Status, CommandError>) -> Result<Status, CommandError> {
        let id = self.state().id().clone();
        let kept = self.state().outcome().is_none() && matches!(self.terms.host, Host::Processes(_));
        self.attached.connection.leave().await;
        result.map_err(|error| match error.status() {
            Status::Failed if kept => error
                .with(Status::Interrupted)
                .hint(format!("the run is not over: gonogo resume {id} --headless --yes goes on with it"))
                .hint(format!("or give it up, so that its environment is free: gonogo stop {id}")),
            _ => error,
        })
    }
}

struct Walk {
    attached: Attached,
    planned: BTreeMap<CommandId, Fate>,
    terms: Headless,
    /// What is there to go back with.
    found: Option<Found>,
    page: Option<Result<Box<OutputPage>, String>>,
    /// Commands that were repeated until they passed.
    waited: BTreeSet<CommandId>,
    asked: u64,
    answered: u64,
    refused: Option<Refusal>,
    /// The runner ended while it was asked something, and another one was found.
    lost: bool,
    /// Nobody reads what is printed any more.
    unread: Cell<bool>,
}

impl Walk {
    fn state(&self) -> &RunState {
        &self.attached.state
    }

    /// What becomes of a command. What was put before one of the way back was planned by nobody, and runs.
    fn fate(&self, id: &CommandId) -> Fate {
        let unplanned = if self.state().going_back().is_some() { Fate::Runs } else { Fate::Outside };
        self.planned.get(id).copied().unwrap_or(unplanned)
    }

    async fn go(&mut self) -> Result<Status, CommandError> {
        let ready = self.until(|w| !w.state().place().login.is_empty());
        if let Ok(ready) = tokio::time::timeout(TO_BE_READY, ready).await {
            ready?;
        } else {
            let words = format!("the shell was not ready after {} s", TO_BE_READY.as_secs());
            let hint = "a login file may never finish: look at ~/.bash_profile, ~/.profile and /etc/profile";
            return Err(CommandError::new(Status::Failed, words).hint(hint.to_owned()));
        }
        self.line(&format!(
            "run {} of {} in {} as {}",
            self.state().id(),
            self.state().runbook().title,
            self.state().environment(),
            self.state().operator()
        ))?;
        self.line(&format!("place {}", self.state().place()))?;
        if self.state().going_back().is_none() {
            self.tick_due(0).await?;
        }
        self.walk().await
    }

    async fn walk(&mut self) -> Result<Status, CommandError> {
        loop {
            match flow::next(self.state()) {
                Next::Gate(gate) => self.take_gate(gate).await?,
                Next::Check(item) => {
                    let book = self.state().runbook();
                    let at = due::list_of(self.state(), &item).map(|list| list.due.index(book));
                    self.tick_due(at.unwrap_or(usize::MAX)).await?;
                    if self.state().item(&item).is_none() {
                        // It is due at an end that this run does not come to.
                        return self.finish().await;
                    }
                }
                Next::Condition(id) => {
                    let holds = self.terms.answers.conditions.get(&id).copied().unwrap_or(true);
                    let optional = matches!(self.fate(&id), Fate::Optional | Fate::Interactive);
                    let doubt = self.state().find(&id).is_some_and(|c| c.doubt.is_some());
                    // What was not answered for is outside: nobody says that it is a command.
                    if optional || doubt && self.fate(&id) == Fate::Outside {
                        self.leave_out(&id).await?;
                    } else {
                        if doubt && !holds {
                            self.line(&format!("{:<10} – skipped: {}", id.0, SkipReason::Doubtful))?;
                        }
                        self.ask(Request::Answer { command: id, holds }).await?;
                    }
                }
                Next::Unset(id) => self.answer_unset(&id).await?,
                Next::Place(id) => self.choose_place(&id).await?,
                Next::Run(id) if self.goes_through(&id) => self.run(&id).await?,
                Next::Run(id) | Next::Choice(id) | Next::Manual(id) if self.fate(&id) != Fate::Runs => {
                    self.leave_out(&id).await?
                }
                Next::Run(id) | Next::Choice(id) => self.run(&id).await?,
                Next::Manual(id) | Next::Elsewhere(id) => self.leave_out(&id).await?,
                Next::Attest(id, _) => {
                    // Nobody is there to look. It stays unattested, and the exit status says so.
                    if let Some(status) = self.after(&id).await? {
                        return Ok(status);
                    }
                }
                Next::Failed(id) => {
                    if let Some(status) = self.failed(&id).await? {
                        return Ok(status);
                    }
                }
                Next::Lost(id) => return Err(self.is_lost(&id)),
                Next::Running(_) | Next::Waiting(_) => self.until(|w| w.state().running().is_none()).await?,
                Next::Finish | Next::Over => return self.finish().await,
            }
        }
    }

    /// Goes on past commands that wait for eyes: the flow stops at the first, headless must not.
    async fn after(&mut self, id: &CommandId) -> Result<Option<Status>, CommandError> {
        let commands = self.state().path();
        let rest: Vec<CommandId> =
            commands.iter().skip_while(|c| &c.id != id).skip(1).map(|c| c.id.clone()).collect();
        let gates = gates::with_commands(self.state().runbook()).into_iter();
        let forward = self.state().going_back().is_none();
        let gates = gates.filter(|_| forward).map(|(gate, c)| (gate, c.id.clone()));
        let gates: Vec<(GateId, CommandId)> = gates.collect();
        for next in rest {
            let at = self.state().step_commands().iter().position(|c| c.id == next);
            if let Some(at) = at.filter(|_| forward) {
                self.tick_due(at).await?;
            }
            for (gate, _) in gates.iter().filter(|(_, id)| *id == next) {
                if self.state().gate_of(*gate).is_none() {
                    self.take_gate(*gate).await?;
                }
            }
            match self.state().standing(&next) {
                Standing::NotYet => {}
                Standing::Failed => return self.failed(&next).await,
                Standing::Lost => return Err(self.is_lost(&next)),
                _ => continue,
            }
            let Some(command) = self.state().find(&next).cloned() else { continue };
            let fate = self.fate(&next);
            if fate == Fate::Place && !self.goes_through(&next) {
                self.choose_place(&next).await?;
                if !self.goes_through(&next) {
                    continue;
                }
            }
            if matches!(fate, Fate::Runs | Fate::Place) {
                if command.is_asked() {
                    let holds = self.terms.answers.conditions.get(&next).copied().unwrap_or(true);
                    self.ask(Request::Answer { command: next.clone(), holds }).await?;
                }
                // A runner that ended before it had recorded the start has run nothing.
                while self.state().standing(&next) == Standing::NotYet {
                    self.run(&next).await?;
                    if self.state().asks_unset().is_some_and(|(id, _)| *id == next) {
                        self.answer_unset(&next).await?;
                    }
                }
                match self.state().standing(&next) {
                    Standing::Failed => return self.failed(&next).await,
                    Standing::Lost => return Err(self.is_lost(&next)),
                    _ => {}
                }
            } else {
                self.leave_out(&next).await?;
            }
        }
        if forward {
            // What is due at the end is not so yet: that comes once somebody has looked.
            self.tick_due(usize::MAX).await?;
        }
        self.finish().await.map(Some)
    }

    /// Whether a place command is to be run, because what follows it runs on its other side, or to come back from one.
    fn goes_through(&self, id: &CommandId) -> bool {
        let state = self.state();
        let found = state.find(id).filter(|c| c.kind == Kind::Place && c.leaves_place());
        if found.is_some_and(|c| !places::leads_back(state, c)) {
            return true;
        }
        let back = found.is_some();
        state.place_choice(id) == Some(PlaceChoice::Through) || back && !state.entered().is_empty()
    }

    /// Answers where what follows a place command runs, as it was said in advance.
    async fn choose_place(&mut self, id: &CommandId) -> Result<(), CommandError> {
        let command = id.clone();
        let Some(PlaceAnswer::There(host)) = self.terms.answers.place.clone() else {
            self.line(&format!("{:<10} – not run: this shell is taken to be there already", id.0))?;
            return self.ask(Request::ChoosePlace { command, choice: PlaceChoice::AlreadyHere }).await;
        };
        let text = self.state().find(id).map(|c| self.state().text_of(c)).unwrap_or_default();
        let own = entrance(&text).and_then(|e| e.host);
        if let Some(host) = host.filter(|host| own.as_ref().is_some_and(|own| own != host))
            && let Some(text) = with_host(&text, &host)
        {
            self.line(&format!("{:<10} goes to {host}, by --place", id.0))?;
            self.ask(Request::Edit { command: id.clone(), text }).await?;
        }
        self.ask(Request::ChoosePlace { command, choice: PlaceChoice::Through }).await
    }

    /// Takes a gate as the operator, and says what was open.
    async fn take_gate(&mut self, gate: GateId) -> Result<(), CommandError> {
        self.ask(Request::DecideGate { gate, go: true, reason: "--yes".into() }).await?;
        self.line(&format!("gate {}: GO, taken with --yes", gate.title()))?;
        self.say_open(gate)
    }

    fn say_open(&self, gate: GateId) -> Result<(), CommandError> {
        let open = self.state().gate_of(gate).map(|g| g.board.clone()).unwrap_or_default();
        open.iter().try_for_each(|point| self.line(&format!("  open: {point}")))
    }

    async fn leave_out(&mut self, id: &CommandId) -> Result<(), CommandError> {
        let left = self.state().find(id).is_some_and(|c| blocks::left_by(self.state(), c).is_some());
        let reason = match self.fate(id) {
            _ if left => SkipReason::BlockLeft,
            // Left out before and open again: the way taken instead was given up.
            _ if matches!(self.state().command(id), CommandState::Skipped { .. }) => {
                SkipReason::Operator("no other way was answered for".into())
            }
            Fate::Interactive => SkipReason::Interactive,
            Fate::Optional if self.state().find(id).is_some_and(crate::runbook::Command::is_one_way) => {
                SkipReason::Alternative
            }
            Fate::Optional => SkipReason::Optional,
            Fate::ConditionNo => {
                return self.ask(Request::Answer { command: id.clone(), holds: false }).await;
            }
            Fate::Manual if self.terms.answers.by_hand_done => SkipReason::DoneBefore,
            Fate::Manual => {
                let words = format!("{id} is done by hand, and nobody is here to do it");
                let error = CommandError::new(Status::Interrupted, words);
                return Err(error.hint("--by-hand-done says that it has been done"));
            }
            _ => SkipReason::Operator("outside of --from and --to".into()),
        };
        let skipped = if reason == SkipReason::DoneBefore { "" } else { "skipped: " };
        self.line(&format!("{:<10} – {skipped}{reason}", id.0))?;
        self.ask(Request::Skip { command: id.clone(), reason }).await
    }

    async fn run(&mut self, id: &CommandId) -> Result<(), CommandError> {
        let Some(command) = self.state().find(id).cloned() else { return Ok(()) };
        if blocks::left_by(self.state(), &command).is_some() {
            return self.leave_out(id).await;
        }
        let text = self.state().text_of(&command);
        if let Some(seconds) = command.wait_s {
            self.line(&format!("{:<10} waits {seconds} s, as the document says", id.0))?;
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
        let seen = self.seen(&text);
        self.ask(Request::Run { command: id.clone(), seen, confirmed: Confirmation::TypeName, again: false })
            .await?;
        if self.state().asks_unset().is_some_and(|(asked, _)| asked == id) {
            return Ok(());
        }
        self.line(&format!("{:<10} ▶ {}", id.0, first_line(&text)))?;
        self.until_ended(id, command.kind).await?;
        self.show_output(id).await?;
        let CommandState::Exited { exit, elapsed_ms, claims, .. } = self.state().command(id) else {
            return Ok(());
        };
        let eyes = match claims.iter().filter(|c| c.met().is_none()).count() {
            0 => String::new(),
            n => format!(" · {n} to be looked at"),
        };
        let sign = match self.state().standing(id) {
            Standing::Failed => "✗",
            Standing::NeedsEyes => "?",
            Standing::Passed => "✓",
            _ => "○",
        };
        let line = format!("{:<10} {sign} {exit} · {:.1} s{eyes}", id.0, *elapsed_ms as f64 / 1000.0);
        self.line(&line)?;
        self.show_claims(&command)
    }

    /// What is known of a command when it is asked for: its text, as it would run now.
    fn seen(&self, text: &str) -> Seen {
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
            let wait = until.saturating_duration_since(Instant::now());
            if let Ok(result) = tokio::time::timeout(wait, self.update()).await {
                result?;
            } else if next.is_none_or(|at| still < at) {
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

    /// Asks and waits until it is recorded; a refusal ends the run's walk.
    async fn ask(&mut self, request: Request) -> Result<(), CommandError> {
        self.asked += 1;
        let runs = matches!(request, Request::Run { .. });
        self.lost = false;
        self.attached.connection.send(ToRunner::Ask { number: self.asked, request: request.clone() });
        self.until(|w| w.answered == w.asked || w.lost).await?;
        if std::mem::take(&mut self.lost) {
            // What ran is told by the record; what else was asked may have been done already.
            if !runs {
                self.attached.connection.send(ToRunner::Ask { number: self.asked, request });
                self.until(|w| w.answered == w.asked || w.lost).await?;
                self.refused = None;
            }
            return Ok(());
        }
        match self.refused.take() {
            Some(refusal) => Err(CommandError::new(Status::Failed, refusal.to_string())),
            None => Ok(()),
        }
    }

    async fn until(&mut self, done: impl Fn(&Self) -> bool) -> Result<(), CommandError> {
        while !done(self) {
            self.update().await?;
        }
        Ok(())
    }

    async fn update(&mut self) -> Result<(), CommandError> {
        let update = tokio::select! {
            update = self.attached.connection.next() => update,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                let id = self.state().id().clone();
                return Err(CommandError::new(Status::Interrupted, format!("interrupted; run {id} goes on by itself as far as its command"))
                    .hint(format!("go on with it: gonogo {}", self.state().start().map_or("", |(s, _)| s.document.as_str())))
                    .hint(format!("or give it up: gonogo stop {id}")));
            }
        };
        match update {
            Some(ToClient::Recorded(record)) => {
                self.attached.state.advance(&record);
                if self.terms.json {
                    self.printed(say_json(&record))?;
                } else if let Event::OutputAfter { command, text, .. } = &record.event {
                    text.lines().try_for_each(|line| {
                        self.line(&format!("{:<10} in the background | {line}", command.0))
                    })?;
                } else if let Event::OutputUnrecorded { command, why, .. } = &record.event {
                    note(format!("{command} is no longer recorded: {why}"));
                } else if let Some(words) = words::of_watch(&record.event) {
                    note(words);
                } else if let Event::ShellReplaced { lost } = &record.event {
                    note(words::shell_replaced(lost));
                }
            }
            Some(ToClient::Answered { number, refused }) => {
                self.answered = number;
                self.refused = refused;
            }
            Some(ToClient::Page { page, .. }) => self.page = Some(page),
            Some(ToClient::Found(found)) => self.found = Some(*found),
            // Alerts are events; the figures themselves are for screens.
            Some(ToClient::Health(_) | ToClient::Sampled(_) | ToClient::ContainerLog { .. }) => {}
            Some(ToClient::Unrecorded(Some((_, why)))) => note(format!("not recorded: {why}")),
            Some(ToClient::Unrecorded(None)) => note("recorded again"),
            Some(ToClient::EndsWithLogin(ends)) => note(ends),
            Some(ToClient::NoShell(why)) => {
                let words = format!("no shell could be had: {why}");
                return Err(CommandError::new(Status::Failed, words));
            }
            Some(ToClient::Trouble(text)) => note(text),
            Some(ToClient::Control(control)) if !control.yours => {
                let by = control.holder.unwrap_or_else(|| "somebody else".into());
                let words =
                    format!("{by} took control of {}; this ends here, the run goes on", self.state().id());
                return Err(CommandError::new(Status::Interrupted, words));
            }
            Some(
                ToClient::Screen { .. }
                | ToClient::Evaluated { .. }
                | ToClient::Saved { .. }
                | ToClient::ToSign(_)
                | ToClient::Welcome { .. }
                | ToClient::Known(_)
                | ToClient::Changed { .. }
                | ToClient::Control(_),
            ) => {}
            Some(ToClient::Ended) | None => self.rejoin().await?,
        }
        Ok(())
    }

    /// The runner has gone, the run has not: goes on with the next one.
    async fn rejoin(&mut self) -> Result<(), CommandError> {
        if matches!(self.terms.host, Host::Within) {
            return Err(CommandError::new(Status::Failed, "the runner has ended"));
        }
        note("the runner has ended; another one is started");
        let operator = self.state().control().unwrap_or_else(|| self.state().operator()).to_owned();
        let who = Who { operator, part: Part::Unattended };
        let directory = std::env::current_dir()?;
        let run = self.attached.run.clone();
        self.attached = client::join(&self.terms.host, &self.terms.state, &run, &who, &directory).await?;
        self.lost = true;
        self.page.get_or_insert_with(|| Err("not read: the runner ended meanwhile".into()));
        Ok(())
    }
}
