//! The walk through a run with nobody there: how it begins, asks, waits and is left.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::printer::Printer;
use super::terms::Headless;
use crate::cli::interrupted::Interrupted;
use crate::cli::preflight::{Fate, fates};
use crate::cli::report::{CommandError, Status, note};
use crate::client::{Answer, Session};
use crate::run::{Request, RunState};
use crate::run_files::RunFiles;
use crate::runbook::CommandId;
use crate::runner::NewRun;

/// How long the shell may take to come up.
const TO_BE_READY: Duration = Duration::from_mins(1);

/// A run that is gone through.
pub(super) struct Walk {
    pub(super) session: Session,
    pub(super) printer: Printer,
    pub(super) terms: Headless,
    planned: BTreeMap<CommandId, Fate>,
    /// Commands that were repeated until they passed.
    pub(super) waited: BTreeSet<CommandId>,
    /// Places that were gone to.
    pub(super) gone_to: BTreeSet<CommandId>,
    interrupted: Interrupted,
}

/// Starts the run and goes through it.
pub(in crate::cli) async fn go_through(new: NewRun, terms: Headless) -> Result<Status, CommandError> {
    let session = Session::start(&terms.host, &terms.store, &terms.state_dir, new).await?;
    Box::pin(Walk::new(session, terms)?.through()).await
}

impl Walk {
    pub(super) fn new(session: Session, terms: Headless) -> Result<Self, CommandError> {
        let interrupted = Interrupted::listen().map_err(|error| {
            CommandError::new(Status::Failed, format!("could not listen for signals: {error}"))
        })?;
        let planned = fates(session.state().runbook(), &terms.answers);
        let planned = planned.into_iter().map(|(c, f)| (c.id.clone(), f)).collect();
        Ok(Self {
            session,
            printer: Printer::new(terms.json),
            planned,
            terms,
            waited: BTreeSet::new(),
            gone_to: BTreeSet::new(),
            interrupted,
        })
    }

    /// Goes through the run, and leaves it whatever comes of that.
    pub(super) async fn through(mut self) -> Result<Status, CommandError> {
        let result = Box::pin(self.go()).await;
        self.ended(result).await
    }

    /// Leaves the run. One that could not be gone through to an outcome is kept, and that is said: it holds its
    /// environment until somebody goes on with it or gives it up.
    pub(super) async fn ended(self, result: Result<Status, CommandError>) -> Result<Status, CommandError> {
        let id = self.state().id().clone();
        let kept = self.state().outcome().is_none() && self.session.outlives_us();
        let unread = self.printer.is_unread();
        let lost = self.session.outlives_us() && RunFiles::of(&self.terms.state_dir, id.clone()).is_gone();
        self.session.leave().await;
        // Whoever calls this has not seen what came of it.
        if matches!(result, Ok(Status::Done)) && unread {
            note(format!("done, but not everything was printed: gonogo status {id}"));
            return Ok(Status::Interrupted);
        }
        result.map_err(|error| match error.status() {
            _ if kept && lost => error
                .with(Status::Interrupted)
                .hint("its directory was removed, and the record with it: the lines above show what ran"),
            Status::Failed if kept => error
                .with(Status::Interrupted)
                .hint(format!("the run is not over: gonogo resume {id} --headless --yes continues it"))
                .hint(format!("or give it up to free its environment: gonogo stop {id}")),
            _ => error,
        })
    }

    async fn go(&mut self) -> Result<Status, CommandError> {
        let ready = |state: &RunState| !state.place().login.is_empty();
        if !self.until_by(Instant::now() + TO_BE_READY, ready).await? {
            let words = format!("the shell was not ready after {} s", TO_BE_READY.as_secs());
            let hint = "a login file may never finish: check ~/.bash_profile, ~/.profile and /etc/profile";
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

    /// What is known of the run.
    pub(super) fn state(&self) -> &RunState {
        self.session.state()
    }

    /// What becomes of a command. What was put before one of the way back was planned by nobody, and runs.
    pub(super) fn fate(&self, id: &CommandId) -> Fate {
        let unplanned = if self.state().going_back().is_some() { Fate::Runs } else { Fate::Outside };
        self.planned.get(id).copied().unwrap_or(unplanned)
    }

    /// Prints a line.
    pub(super) fn line(&self, text: &str) -> Result<(), CommandError> {
        self.printer.line(self.state().id(), text)
    }

    /// Asks and waits until it is recorded; a refusal ends the run's walk.
    pub(super) async fn ask(&mut self, request: Request) -> Result<(), CommandError> {
        self.with(async |session, printer| session.insist(request, printer).await).await
    }

    /// Asks for something to run, once: whether it was started is told by the record.
    pub(super) async fn ask_to_run(&mut self, request: Request) -> Result<(), CommandError> {
        match self.with(async |session, printer| session.put(request, printer).await).await? {
            Answer::NotTaken | Answer::NotKnown => Ok(()),
            answer => self.session.undone(answer).map_or(Ok(()), |error| Err(error.into())),
        }
    }

    /// Waits until the state says something.
    pub(super) async fn until(&mut self, holds: impl Fn(&RunState) -> bool) -> Result<(), CommandError> {
        self.with(async |session, printer| session.until(holds, printer).await).await
    }

    /// Waits until the state says something, or until a time; whether it says it.
    pub(super) async fn until_by(
        &mut self,
        deadline: Instant,
        holds: impl Fn(&RunState) -> bool,
    ) -> Result<bool, CommandError> {
        self.with(async |session, printer| session.until_by(deadline, holds, printer).await).await
    }

    /// Waits for one thing to arrive, or until a time; false when nothing did.
    pub(super) async fn wait_by(&mut self, deadline: Instant) -> Result<bool, CommandError> {
        self.with(async |session, printer| session.wait_by(deadline, printer).await).await
    }

    /// Does something with the session that a signal ends.
    pub(super) async fn with<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session, &mut Printer) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        let Self { session, printer, interrupted, .. } = self;
        let result = tokio::select! {
            result = work(session, printer) => Some(result),
            () = interrupted.came() => None,
        };
        result.unwrap_or_else(|| Err(self.interrupted()))
    }

    fn interrupted(&self) -> CommandError {
        let id = self.state().id();
        let words = format!("interrupted; the command keeps running, then run {id} waits");
        let document = self.state().start().map_or("", |(start, _)| start.document.as_str());
        CommandError::new(Status::Interrupted, words)
            .hint(format!("continue it: gonogo {document}"))
            .hint(format!("or give it up: gonogo stop {id}"))
    }
}
