//! Looks how the service is while the run goes on: samples in, alerts and rounds out.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::{Actor, Inbox};
use crate::exec::beside::Beside;
use crate::exec::spawn;
use crate::figures::minute;
use crate::probe::{self, Keys, Sampler, Vantage};
use crate::protocol::ToClient;
use crate::run::board::takes_baseline;
use crate::run::clock::Outage;
use crate::run::flow::lost_way;
use crate::run::gates::Outside;
use crate::run::health::{
    Counted, Health, Level, RowId, RowLevel, Sample, Seen, Watch, row_level, stopped_by,
};
use crate::run::{Event, Record};
use crate::run::{monitoring, places};
use crate::runbook::probes::{ProbeId, Source};
use crate::runner::inbox::Sent;
use crate::runner::reach::OverLine;
use crate::shell::services;
use crate::text::milestone;

/// How often readings are written beside the journal.
const SAVED_EVERY: Duration = Duration::from_mins(1);

/// Lines of a container's log that are shown at once.
const LOG_LINES: usize = 400;

/// What is watched, and what was seen of it.
#[derive(Debug)]
pub(super) struct Watching {
    pub(super) health: Option<Health>,
    sampler: Option<Sampler>,
    /// Where it is looked from.
    from: Vantage,
    keys: Keys,
    saved: Instant,
}

impl Default for Watching {
    fn default() -> Self {
        Self {
            health: None,
            sampler: None,
            from: Vantage::Here,
            keys: Keys::default(),
            saved: Instant::now(),
        }
    }
}

impl Actor {
    /// Begins to look, or goes on with what another owner saw.
    pub(in crate::runner) fn watch(&mut self) {
        let over = self.state.outcome().is_some() && !self.state.is_watched();
        let Some(watch) = self.state.watch().filter(|_| !over).cloned() else { return };
        let known = self.files.readings().and_then(|text| serde_json::from_str::<Health>(&text).ok());
        let health = known.filter(|h| h.watch == watch).unwrap_or_else(|| Health::new(watch.clone()));
        self.watching.health = Some(health);
        self.look(&watch);
    }

    /// Starts to look at everything that is watched.
    fn look(&mut self, watch: &Watch) {
        let programs = Arc::new(Beside::in_directory(self.hooks.directory().to_owned()));
        let keys = self.watching.keys.clone().with_programs(programs);
        self.secrets.iter().for_each(|(name, value)| keys.add(name.clone(), value.clone()));
        ask_credentials(watch, &keys, self.hooks.directory().to_owned());
        let inbox = self.to_self.clone();
        let tell = move |sample| drop(inbox.send(Inbox::Sample(Box::new(sample))));
        self.watching.sampler = Some(Sampler::start(watch, &keys, &self.watching.from, tell));
    }

    /// Looks from where the shell is now: what was seen from elsewhere was something else.
    pub(super) fn look_from_the_place(&mut self) {
        let (from, told) = self.vantage();
        let Some(health) = &mut self.watching.health else {
            self.watching.from = from;
            return;
        };
        if health.from == told && std::mem::discriminant(&from) == std::mem::discriminant(&self.watching.from)
        {
            return;
        }
        let watch = health.watch.clone();
        *health = Health::new(watch.clone());
        health.from = told;
        self.watching.from = from;
        let goes_on = self.watching.sampler.take().is_some();
        if goes_on {
            self.look(&watch);
        }
        self.tell_health();
    }

    /// Looks at nothing for a while, and lets go of all ways to another host.
    pub(super) fn look_away(&mut self, why: &str) {
        self.watching.from = Vantage::Nowhere(why.to_owned());
        if self.watching.sampler.take().is_some()
            && let Some(watch) = self.state.watch().cloned()
        {
            self.look(&watch);
        }
    }

    /// Where probes look from, and what that is called where it is not this machine.
    fn vantage(&self) -> (Vantage, Option<String>) {
        if let Some(line) = &self.remote.beside.line {
            let from = line.host.clone();
            return (Vantage::Afar(Arc::new(OverLine::new(line.clone()))), Some(from));
        }
        let why = match places::over_ssh(&self.state) {
            Some(_) => "the place is behind another host and can't be reached from here".to_owned(),
            None => match (lost_way(&self.state), &self.remote.regain.up) {
                (Some(_), Some(up)) => {
                    let from = up.line.host.clone();
                    return (Vantage::Afar(Arc::new(OverLine::new(up.line.clone()))), Some(from));
                }
                (Some(way), None) => {
                    format!("the connection to {} has ended", way.host.unwrap_or_default())
                }
                (None, _) => return (Vantage::Here, None),
            },
        };
        (Vantage::Nowhere(why.clone()), Some("nowhere".into()))
    }

    /// Whether probes look at anything.
    pub(super) fn is_watching(&self) -> bool {
        self.watching.sampler.is_some()
    }

    /// Where they look from.
    pub(super) fn looks_from(&self) -> &Vantage {
        &self.watching.from
    }

    /// A secret that a probe may need.
    pub(super) fn key(&self, name: &str, value: &str) {
        self.watching.keys.add(name.to_owned(), value.to_owned());
    }

    /// Takes a sample in and tells it on.
    pub(super) fn sampled(&mut self, mut sample: Sample) {
        self.hide(&mut sample);
        let Some(health) = self.watching.health.as_mut() else { return };
        let counted = health.take(&sample);
        self.clients.tell(&ToClient::Sampled(Box::new(sample.clone())));
        let turned = counted.iter().any(|c| c.from.is_some());
        self.answers(&sample, &counted);
        self.alerts(&sample.probe, counted);
        self.rounds();
        if turned || self.watching.saved.elapsed() >= SAVED_EVERY {
            self.save_readings();
        }
    }

    /// What came from outside may hold a secret, of the run or of the operator's environment.
    fn hide(&self, sample: &mut Sample) {
        let masker = self.masker();
        let subjects = match &mut sample.seen {
            Seen::Nothing(unseen) => {
                unseen.words = masker.text(&unseen.words);
                return;
            }
            Seen::Subjects(subjects) => subjects,
            Seen::Earlier(..) => return,
        };
        for subject in subjects {
            subject.state = masker.text(&subject.state);
            subject.about = masker.text(&subject.about);
            subject.lines.iter_mut().for_each(|line| *line = masker.text(line));
        }
    }

    /// Notes when an address answers for the first time or again, and when nobody does: the outage clock runs on that.
    fn answers(&mut self, sample: &Sample, counted: &[Counted]) {
        let address = self.state.watch().and_then(|w| w.probe(&sample.probe));
        if !address.is_some_and(|p| matches!(p.source, Source::Http(_))) {
            return;
        }
        let mut facts = Vec::new();
        for one in counted {
            let (row, words) = (one.row.clone(), one.words.clone());
            let known = self.state.does_answer(&row);
            let fact = |answers, since| Event::AddressAnswers { row, answers, since, words };
            match (&one.row, one.seen) {
                (RowId::Subject(..), Some(Level::Ok | Level::Watch)) if known != Some(true) => {
                    facts.push(fact(true, sample.at));
                }
                (RowId::Subject(..), Some(Level::Down))
                    if known == Some(true) && one.level == Level::Down =>
                {
                    facts.push(fact(false, one.since.unwrap_or(sample.at)));
                }
                _ => {}
            }
        }
        for fact in facts {
            self.fact(fact);
        }
    }

    /// Raises and clears alerts by what counts after a sample.
    fn alerts(&mut self, probe: &ProbeId, counted: Vec<Counted>) {
        let Some(health) = &self.watching.health else { return };
        let (mut facts, now) = (Vec::new(), Utc::now());
        for alert in self.state.open_alerts() {
            let of_probe = matches!(&alert.row, RowId::Subject(from, _) if from == probe);
            if of_probe && !counted.iter().any(|c| c.row == alert.row) {
                let words = format!("{} does not exist any more", alert.row);
                facts.push(Event::AlertCleared { row: alert.row.clone(), words, worst: None });
            }
        }
        for counted in counted {
            let stopped = stopped_by(&self.state, health, &counted.row);
            let planned = stopped.as_ref().is_some_and(|s| !s.is_overdue(now));
            // What a step stopped and has not come back is down, however it ended.
            let missed = stopped.is_some()
                && !planned
                && counted.was_well
                && ![Some(counted.level), counted.seen].contains(&Some(Level::Ok))
                && row_level(Some(counted.level), stopped.as_ref(), now) == RowLevel::Down;
            if !planned && (counted.raises() || missed) {
                let Counted { row, level, words, since, .. } = counted;
                let (level, words) = match &stopped {
                    Some(by) if missed => {
                        let due = minute(by.due, self.state.zone());
                        (Level::Down, format!("{words}; stopped by {}, due back {due}", by.command))
                    }
                    _ => (level, words),
                };
                let since = stopped.map_or(since, |by| since.max(Some(by.since)));
                facts.push(Event::AlertRaised { row, level, words, since });
            } else if !counted.is_bad() && !missed && self.state.alert(&counted.row).is_some() {
                let Counted { row, words, worst, .. } = counted;
                facts.push(Event::AlertCleared { row, words, worst });
            }
        }
        for fact in facts {
            self.fact(fact);
        }
    }

    /// Tells others of a milestone.
    pub(super) fn tell_others(&mut self, before: Option<Outage>, record: &Record) {
        if let Some(messenger) = &mut self.messenger
            && let Some(told) = milestone(before, &self.state, &record.event)
        {
            messenger.tell(told, &self.state, record, before);
        }
    }

    /// It is known what became of a message.
    pub(super) fn sent(&mut self, sent: Sent) {
        if let Some(messenger) = &mut self.messenger {
            messenger.heard();
        }
        let Sent { milestone, text, to, attempts, failed } = sent;
        self.fact(Event::MessageSent { milestone, text, to, attempts, failed });
    }

    /// When the next round of the monitoring begins or is over.
    pub(super) fn rounds_due_in(&self) -> Option<Duration> {
        let watched = self.state.watched().filter(|_| self.state.is_watched())?;
        let now = Utc::now();
        let next = monitoring::next_change(&self.state.runbook().monitoring, watched, now)?;
        // A round that waits for its first readings is looked at again with each of them, and soon.
        let wait = next.signed_duration_since(now).to_std().unwrap_or(Duration::from_millis(500));
        Some(wait.max(Duration::from_millis(10)))
    }

    /// Opens and closes the rounds that are due.
    pub(super) fn rounds(&mut self) {
        let now = Utc::now();
        while let Some(fact) = monitoring::due(&self.state, self.watching.health.as_ref(), now) {
            if self.seen(fact).is_err() {
                return;
            }
        }
    }

    /// What an event means for what is watched.
    pub(super) fn watch_event(&mut self, event: &Event) {
        if let (Some(taken), Some(health)) = (takes_baseline(event), &mut self.watching.health) {
            taken.of(health, self.state.last_at().unwrap_or_else(Utc::now));
        }
        match event {
            Event::WatchAccepted { .. } => {
                self.watch();
                self.tell_health();
            }
            // What was just stopped or started is looked at now, not at the next interval.
            Event::CommandExited { command, .. } => {
                let text = self.state.last_run(command).map(|r| &r.text);
                if text.is_some_and(|t| services::stops(t) || services::starts(t))
                    && let Some(sampler) = &self.watching.sampler
                {
                    sampler.wake();
                }
            }
            // The next minute's readings must not take the place of those whose hash is in the record.
            Event::GateDecided { readings: Some(hash), .. } => self.files.keep_readings(hash),
            Event::RunFinished { .. } | Event::MonitoringEnded { .. } | Event::MonitoringBegan => {
                self.save_readings();
                let goes_on = self.state.outcome().is_none() || self.state.is_watched();
                if !goes_on {
                    self.watching.sampler = None;
                } else if self.watching.sampler.is_none()
                    && let Some(watch) = self.state.watch().cloned()
                {
                    // The monitoring begins with the run's end, or after it.
                    self.look(&watch);
                }
            }
            _ => {}
        }
    }

    /// Everybody gets the whole picture; what follows are samples.
    fn tell_health(&self) {
        if let Some(health) = &self.watching.health {
            self.clients.tell(&ToClient::Health(Box::new(health.clone())));
        }
    }

    /// Writes the readings beside the journal, so that the next owner goes on with them; what was written, where
    /// there was room. They are no part of the record, and a full disk costs no more than they.
    fn save_readings(&mut self) -> Option<String> {
        self.watching.saved = Instant::now();
        let text = serde_json::to_string(self.watching.health.as_ref()?).ok()?;
        self.files.save_readings(&text).then_some(text)
    }

    /// What a gate has to know of the outside, and the hash of the readings at that time.
    pub(super) fn outside(&mut self) -> (Outside, Option<String>) {
        let readings = self.save_readings().map(|text| crate::store::chain::hash(&text));
        (Outside::at(Utc::now(), self.watching.health.as_ref(), Some(&self.state)), readings)
    }

    /// Reads the end of a container's log for a client.
    pub(super) fn read_log(&self, to: super::super::clients::ToIt, probe: ProbeId, name: String) {
        let Some(source) = self.state.watch().and_then(|w| w.probe(&probe)).map(|p| p.source.clone()) else {
            return;
        };
        let (masker, from) = (self.masker(), self.watching.from.clone());
        tokio::spawn(async move {
            let limit = Duration::from_millis(crate::runbook::probes::TIMEOUT_MS);
            let read = tokio::time::timeout(limit, probe::log_tail(&source, &from, &name, LOG_LINES)).await;
            let lines = read.unwrap_or_else(|_| Err(format!("no answer in {} s", limit.as_secs())));
            let lines = lines.map(|lines| lines.iter().map(|l| masker.text(l)).collect());
            to.push(ToClient::ContainerLog { probe, name, lines });
        });
    }
}

/// Asks commands of the settings for passwords, on a thread of their own.
fn ask_credentials(watch: &Watch, keys: &Keys, directory: PathBuf) {
    let (commands, keys) = (watch.credential_commands(), keys.clone());
    if !commands.is_empty() {
        tokio::task::spawn_blocking(move || spawn::credentials(commands, &directory, |n, v| keys.add(n, v)));
    }
}
