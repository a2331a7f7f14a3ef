//! The place that a run's commands go to: found at work, started, taken, lost.

use std::time::{Duration, Instant};

use super::super::inbox::{Inbox, ToActor};
use super::super::place::{Home, Place};
use super::super::recover::{never_started, recover};
use super::Actor;
use crate::exec::variables::is_name;
use crate::exec::{ExecError, FromPlace, FromShim, Remote, ShimSettings, Standing, ToShim};
use crate::protocol::ToClient;
use crate::run::{Event, Refusal};

/// Values beyond this are not handed to a new shell: with more it would not start (execve(2), E2BIG).
const MOST_ENVIRONMENT: usize = 512 * 1024;

/// What a place tells goes into the inbox.
fn told(inbox: &ToActor) -> impl Fn(FromPlace) + Clone + Send + 'static {
    let inbox = inbox.clone();
    move |message| {
        let _ended = inbox.send(match message {
            FromPlace::Report(report) => Inbox::Place(report),
            FromPlace::Gone => Inbox::PlaceGone,
        });
    }
}

impl Actor {
    /// Brings the place up that the run's commands go to: one that is at work already, else a new one.
    pub(in crate::runner) async fn settle_in(&mut self) -> Result<(), ExecError> {
        let found = Place::look(&self.executor.home, &told(&self.to_self)).await;
        if self.state.outcome().is_some() {
            // What is left of a run that is over is not needed.
            self.executor.place = found.ok().flatten().map(|(place, _)| place);
            self.send(ToShim::Shutdown);
            self.places_gone();
            return Ok(());
        }
        let found = found?;
        let found = match found {
            Some(found) => Ok(found),
            None => {
                self.recover();
                self.places_gone();
                Place::start(&self.executor.home, self.settings(), told(&self.to_self)).await
            }
        };
        match found {
            Ok((place, standing)) => self.take_place(place, standing),
            // The run can be looked at and decided about; what is to run tries again.
            Err(error) => self.no_shell(&error.to_string()),
        }
        Ok(())
    }

    /// What a new shell starts with.
    fn settings(&self) -> ShimSettings {
        let captured = self.state.captured_last().map(|(name, c)| (name.to_owned(), c.value.clone()));
        let answered = self.state.parameters().iter();
        let answered = answered.filter_map(|(n, v)| Some((n.clone(), v.clone()?)));
        let mut environment: Vec<(String, String)> = Vec::new();
        let mut room = MOST_ENVIRONMENT;
        for (name, value) in answered.filter(|(n, _)| is_name(n)).chain(captured) {
            if name.len() + value.len() < room {
                room -= name.len() + value.len();
                environment.push((name, value));
            }
        }
        environment.push(("GONOGO_RUN".into(), self.files.id().0.clone()));
        // Taken up, a run goes on in the directory it was in, if that still exists.
        let known = std::path::PathBuf::from(&self.state.place().directory);
        let known = (known.is_absolute() && known.is_dir()).then_some(known);
        ShimSettings {
            recordings: self.files.recordings(),
            directory: known.unwrap_or_else(|| self.executor.shell_directory.clone()),
            environment,
        }
    }

    /// Takes a place that works, new or found. What it reported before comes first.
    pub(super) fn take_place(&mut self, place: Place, standing: Standing) {
        let known: Vec<FromShim> = standing.reports.iter().map(|r| r.report.clone()).collect();
        let never = never_started(&self.state, &standing.live, &known);
        self.executor.place = Some(place);
        for (name, value) in &self.secrets {
            if standing.secrets.get(name) != Some(value) {
                self.send(ToShim::Secret { name: name.clone(), value: value.clone() });
            }
        }
        for (name, value) in standing.secrets {
            self.secrets.entry(name).or_insert(value);
        }
        // What was durable when the last owner ended may not have been done. Doing it again does no harm.
        for command in self.state.background() {
            self.send(ToShim::Background(command.clone()));
        }
        for (name, value) in self.state.parameters() {
            if let Some(value) =
                value.as_ref().filter(|_| is_name(name) && self.state.captured(name).is_empty())
            {
                self.send(ToShim::Export { name: name.clone(), value: value.clone() });
            }
        }
        for report in standing.reports {
            self.reported(report);
        }
        self.executor.starting = Some(Instant::now());
        self.remote.beside = standing.beside;
        self.look_from_the_place();
        self.executor.remark = standing.remark;
        if let Some((place, shell)) = standing.shell {
            self.ready(shell, None, place);
        }
        for fact in never {
            self.fact(fact);
        }
        self.forget_secrets();
        // Whoever owned the run before has counted alone.
        if let Some(running) = self.state.running().cloned() {
            self.limit(&running);
        }
        if let Some(waiting) = self.state.waiting().filter(|_| self.state.running().is_none()) {
            self.timers.again_at = Some(Instant::now() + Duration::from_secs(waiting.every_s));
        }
    }

    /// Secrets that were answered and that nobody knows any more have to be answered again.
    fn forget_secrets(&mut self) {
        let secret = self.state.parameters().iter().filter(|(_, value)| value.is_none());
        let unknown = secret.map(|(name, _)| name.clone());
        let unknown: Vec<String> = unknown
            .filter(|n| !self.secrets.contains_key(n) && !self.state.forgotten().contains(n))
            .collect();
        for name in unknown {
            self.fact(Event::ParameterForgotten { name });
        }
    }

    pub(super) fn place_gone(&mut self) {
        let was_ready = self.executor.shell.take().is_some();
        self.executor.place = None;
        self.executor.starting = None;
        for (id, command) in std::mem::take(&mut self.questions.evaluating) {
            self.clients.answer(id, ToClient::Evaluated { command, target: vec![] });
        }
        self.values_unknown();
        self.variables_unknown();
        if tokio::task::block_in_place(|| self.executor.home.still_at_work()) {
            // Only the way to it has ended.
            self.raise_place();
            return;
        }
        self.screens.clear();
        self.recover();
        self.places_gone();
        let lost = "everything that only it had: background jobs, functions, shell options";
        if was_ready && self.state.outcome().is_none() {
            self.fact(Event::ShellReplaced { lost: lost.into() });
        }
        if was_ready && self.state.outcome().is_none() || !self.executor.waiting.is_empty() {
            self.raise_place();
        }
    }

    /// Records what came of what ran in a place that has gone.
    fn recover(&mut self) {
        let ledger = match &self.executor.home {
            Home::Thread => None,
            Home::Process(directory) => Remote::ledger(directory),
        };
        let recovered = tokio::task::block_in_place(|| recover(&self.state, ledger));
        for report in recovered.reports {
            if !matches!(report, FromShim::Ready { .. }) {
                self.report(report);
            }
        }
        for fact in recovered.facts {
            self.fact(fact);
        }
    }

    pub(super) fn raise_place(&mut self) {
        if self.executor.place.is_some() || std::mem::replace(&mut self.executor.raising, true) {
            return;
        }
        let (home, settings, inbox) = (self.executor.home.clone(), self.settings(), self.to_self.clone());
        tokio::spawn(async move {
            let up = match Place::look(&home, &told(&inbox)).await {
                Ok(Some(found)) => Ok(found),
                Ok(None) => Place::start(&home, settings, told(&inbox)).await,
                Err(error) => Err(error),
            };
            let _ended = inbox.send(Inbox::PlaceUp(Box::new(up)));
        });
    }

    pub(super) fn place_up(&mut self, up: Result<(Place, Standing), ExecError>) {
        self.executor.raising = false;
        match up {
            Ok((place, standing)) => self.take_place(place, standing),
            Err(error) => self.no_shell(&error.to_string()),
        }
    }

    /// What waits for a shell is refused; the next that wants one tries again.
    pub(super) fn no_shell(&mut self, why: &str) {
        self.executor.shell = None;
        self.executor.starting = None;
        self.send(ToShim::Shutdown);
        if matches!(self.executor.place, Some(Place::Thread(_))) {
            self.executor.place = None;
        }
        for (id, number, _) in std::mem::take(&mut self.executor.waiting) {
            let refused = Some(Refusal::NoShell(why.to_owned()));
            self.clients.answer(id, ToClient::Answered { number, refused });
        }
        self.executor.no_shell = Some(why.to_owned());
        self.clients.tell(&ToClient::NoShell(why.to_owned()));
    }
}
