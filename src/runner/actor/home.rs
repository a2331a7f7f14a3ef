//! The place that a run's commands go to: found at work, started, taken, lost.

use std::time::{Duration, Instant};

use super::super::place::{Home, Place};
use super::super::recover::{never_started, recover};
use super::Actor;
use super::Inbox;
use crate::exec::variables::is_name;
use crate::exec::{ExecError, FromShim, Remote, ShimSettings, Standing, ToShim};
use crate::protocol::ToClient;
use crate::run::{Refusal, Request};
use crate::wire::WireError;

impl Actor {
    /// Brings the place up that the run's commands go to: one that is at work already, else a new one.
    pub(in crate::runner) async fn settle_in(&mut self) -> Result<(), ExecError> {
        if self.state.outcome().is_some() {
            return Ok(());
        }
        let found = match &self.home {
            Home::Thread => None,
            Home::Process(directory) => match Place::find(directory, self.to_self.clone()).await {
                Ok(found) => Some(found),
                Err(ExecError::Wire(WireError::Connect { .. } | WireError::Closed)) => None,
                // One that hangs, or speaks another language, is at work all the same.
                Err(error) => return Err(error),
            },
        };
        let found = match found {
            Some(found) => Ok(found),
            None => {
                self.recover();
                Place::start(&self.home, self.settings(), self.to_self.clone()).await
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
        let mut environment: Vec<(String, String)> =
            answered.filter(|(n, _)| is_name(n)).chain(captured).collect();
        environment.push(("GONOGO_RUN".into(), self.directory.id().0.clone()));
        // Taken up, a run goes on in the directory it was in, if that still exists.
        let known = std::path::PathBuf::from(&self.state.place().directory);
        let known = (known.is_absolute() && known.is_dir()).then_some(known);
        ShimSettings {
            recordings: self.directory.recordings(),
            directory: known.unwrap_or_else(|| self.shell_directory.clone()),
            environment,
        }
    }

    /// Takes a place that works, new or found. What it reported before comes first.
    pub(super) fn take_place(&mut self, place: Place, standing: Standing) {
        let known: Vec<FromShim> = standing.reports.iter().map(|r| r.report.clone()).collect();
        let never = never_started(&self.state, &standing.live, &known);
        self.place = Some(place);
        for (name, value) in standing.secrets {
            self.secrets.entry(name).or_insert(value);
        }
        let secrets: Vec<_> = self.secrets.iter().map(|(n, v)| (n.clone(), v.clone())).collect();
        for (name, value) in secrets {
            self.send(ToShim::Secret { name, value });
        }
        for report in standing.reports {
            self.reported(report);
        }
        self.starting = Some(Instant::now());
        self.remark = standing.remark;
        if let Some((place, shell)) = standing.shell {
            self.ready(shell, None, place);
        }
        for fact in never {
            self.fact(fact);
        }
        self.forget_secrets();
        if let Some(waiting) = self.state.waiting().filter(|_| self.state.running().is_none()) {
            self.again_at = Some(Instant::now() + Duration::from_secs(waiting.every_s));
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
            self.fact(Request::Forgot { name });
        }
    }

    pub(super) fn place_gone(&mut self) {
        let was_ready = self.shell.take().is_some();
        self.place = None;
        self.screens.clear();
        self.recover();
        let lost = "everything that was only in it: background jobs, functions, shell options";
        if was_ready && self.state.outcome().is_none() {
            self.fact(Request::ShellReplaced { lost: lost.into() });
        }
        if (was_ready || !self.waiting.is_empty()) && self.state.outcome().is_none() {
            self.raise_place();
        }
    }

    /// Records what came of what ran in a place that has gone.
    fn recover(&mut self) {
        let ledger = match &self.home {
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
        if self.place.is_some() || std::mem::replace(&mut self.raising, true) {
            return;
        }
        let (home, settings, inbox) = (self.home.clone(), self.settings(), self.to_self.clone());
        tokio::spawn(async move {
            let up = Place::start(&home, settings, inbox.clone()).await;
            let _ended = inbox.send(Inbox::PlaceUp(Box::new(up)));
        });
    }

    pub(super) fn place_up(&mut self, up: Result<(Place, Standing), ExecError>) {
        self.raising = false;
        match up {
            Ok((place, standing)) => self.take_place(place, standing),
            Err(error) => self.no_shell(&error.to_string()),
        }
    }

    /// What waits for a shell is refused; the next that wants one tries again.
    pub(super) fn no_shell(&mut self, why: &str) {
        self.shell = None;
        self.starting = None;
        self.send(ToShim::Shutdown);
        if matches!(self.place, Some(Place::Thread(_))) {
            self.place = None;
        }
        for (id, number, _) in std::mem::take(&mut self.waiting) {
            let refused = Some(Refusal::NoShell(why.to_owned()));
            self.clients.answer(id, ToClient::Answered { number, refused });
        }
        self.no_shell = Some(why.to_owned());
        self.clients.tell(&ToClient::NoShell(why.to_owned()));
    }
}
