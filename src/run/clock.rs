//! The clocks of the frame: what is left of the change window, and how long the service has been down.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::event::Window;
use super::health::RowId;
use super::rollback::procedures::{estimate_s, usual};
use super::state::{Answers, Ran, RunState, Standing};
use crate::runbook::probes::Source;
use crate::runbook::words::lower_words;
use crate::shell::touches::{Resolve, Thing, touches};
use crate::shell::{Effect, services};

/// The latest time to begin a rollback: the window's end less what the document says a rollback takes; nothing where
/// it does not say that.
pub fn latest_rollback(window: Window, state: &RunState) -> Option<DateTime<Utc>> {
    let runbook = state.runbook();
    let takes = estimate_s(runbook, &usual(runbook))?;
    Some(window.ends - TimeDelta::seconds(takes as i64))
}

/// When the service went down and, once there was a sign of that, came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// The first look that nobody answered was then, or the first command that stops what serves was started.
    pub since: DateTime<Utc>,
    /// The first sign that it serves again, or the end of the run and of looking.
    pub until: Option<DateTime<Utc>>,
    /// What that sign was.
    pub sign: Sign,
}

/// By what it is known that an outage is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It goes on.
    Nothing,
    /// All that was stopped was started, and nothing has asked it yet.
    Started,
    /// It answered.
    Answered,
    /// The run was over first: nobody knows.
    RunOver,
}

impl Outage {
    /// How many milliseconds it has lasted.
    pub fn lasted_ms(&self, now: DateTime<Utc>) -> u64 {
        (self.until.unwrap_or(now) - self.since).num_milliseconds().max(0).cast_unsigned()
    }

    /// Whether it goes on.
    pub fn goes_on(&self) -> bool {
        self.until.is_none()
    }
}

/// How many milliseconds the service was down, all outages together; nothing where it was not.
pub fn down_ms(outages: &[Outage], now: DateTime<Utc>) -> Option<u64> {
    (!outages.is_empty()).then(|| outages.iter().map(|o| o.lasted_ms(now)).sum())
}

/// The last outage so far.
pub fn outage(state: &RunState) -> Option<Outage> {
    outages(state).pop()
}

/// All outages so far. Where any address was seen to answer, looks tell: from the first look that nobody answered to the
/// first good one, whatever was run. Else what was run tells, and what came of it.
///
/// 1. One begins with a stop of what serves. A worker's stop is none where the document has something else that serves.
/// 2. It ends with the first sign that it serves again: an answer that counts as passed, a probe that is well again, or
///    a start of all that was stopped, which holds for as long as no question finds nobody there.
/// 3. It ends with the run.
pub fn outages(state: &RunState) -> Vec<Outage> {
    if state.answers().iter().any(|a| a.answers) { by_looks(state) } else { by_commands(state) }
}

/// From the first look that nobody answered at an address to the first good one. Of several addresses each counts, and
/// what is so of two at once counts once.
fn by_looks(state: &RunState) -> Vec<Outage> {
    let mut turns: Vec<&Answers> = state.answers().iter().collect();
    turns.sort_by_key(|turn| turn.since);
    let mut silent: BTreeSet<&RowId> = BTreeSet::new();
    let mut found: Vec<Outage> = Vec::new();
    for turn in turns {
        let (was, since) = (silent.len(), turn.since);
        if turn.answers {
            silent.remove(&turn.row)
        } else {
            silent.insert(&turn.row)
        };
        match (was, silent.len()) {
            (0, 1) => found.push(Outage { since, until: None, sign: Sign::Nothing }),
            (1, 0) => {
                if let Some(last) = found.last_mut() {
                    (last.until, last.sign) = (Some(since), Sign::Answered);
                }
            }
            _ => {}
        }
    }
    // Nobody looks any more once the run is over and so is its monitoring.
    let ended = state.watched().and_then(|w| w.ended.as_ref()).map(|(at, _)| *at);
    let over = state.outcome().filter(|_| !state.is_watched()).map(|(_, at)| ended.map_or(at, |e| e.max(at)));
    if let Some((last, over)) = found.last_mut().filter(|o| o.goes_on()).zip(over) {
        (last.until, last.sign) = (Some(over.max(last.since)), Sign::RunOver);
    }
    found
}

fn by_commands(state: &RunState) -> Vec<Outage> {
    let mut fold = Fold { state, found: vec![], down: BTreeSet::new() };
    state.ran_on_services().for_each(|ran| fold.take(ran));
    let Fold { mut found, .. } = fold;
    for outage in &mut found {
        let begun = |at: &DateTime<Utc>| *at >= outage.since;
        let well = state.alerts().iter().filter(|a| begun(&a.since)).filter_map(|a| a.until).min();
        if let Some(well) = well.filter(|well| outage.until.is_none_or(|until| *well < until)) {
            (outage.until, outage.sign) = (Some(well), Sign::Answered);
        }
        if let Some((_, over)) = state.outcome().filter(|_| outage.goes_on()) {
            (outage.until, outage.sign) = (Some(over), Sign::RunOver);
        }
    }
    found
}

struct Fold<'s> {
    state: &'s RunState,
    found: Vec<Outage>,
    /// What is stopped, by name; an empty name stands for all of it.
    down: BTreeSet<String>,
}

impl Fold<'_> {
    fn take(&mut self, ran: &Ran) {
        let Some(exit) = ran.exit else { return };
        let ended = ran.started + TimeDelta::milliseconds(ran.elapsed_ms as i64);
        if exit.is_success() && services::stops(&ran.text) {
            self.stopped(ran);
        }
        if exit.is_success() && services::starts(&ran.text) {
            self.started(ran, ended);
        }
        if !services::asks_address(&ran.text) {
            return;
        }
        let last = self.state.last_run(&ran.command).is_some_and(|r| r.attempt == ran.attempt);
        let healthy = match self.state.standing(&ran.command) {
            _ if !exit.is_success() || !last => false,
            Standing::Passed => true,
            Standing::DoneNothingClaimed => {
                services::asks_health(&ran.text) && services::fails_when_unhealthy(&ran.text)
            }
            _ => false,
        };
        let failed = !exit.is_success() || last && self.state.standing(&ran.command) == Standing::Failed;
        match self.found.last_mut() {
            Some(outage) if healthy && outage.sign == Sign::Nothing => {
                (outage.until, outage.sign) = (Some(ended), Sign::Answered);
                self.down.clear();
            }
            Some(outage) if healthy => outage.sign = Sign::Answered,
            Some(outage) if failed && outage.sign == Sign::Started => {
                (outage.until, outage.sign) = (None, Sign::Nothing);
            }
            _ => {}
        }
    }

    fn stopped(&mut self, ran: &Ran) {
        let names = service_names(&ran.text);
        if !serves(self.state, &names) {
            return;
        }
        if self.found.last().is_none_or(|outage| !outage.goes_on()) {
            self.down.clear();
            self.found.push(Outage { since: ran.started, until: None, sign: Sign::Nothing });
        }
        if names.is_empty() {
            self.down.insert(String::new());
        }
        self.down.extend(names.into_iter().filter(|name| !is_behind(name, WORKERS)));
    }

    /// What was started is not down any more; a start of everything ends the outage, and so does one of a part that is
    /// no mere store of data where everything was stopped.
    fn started(&mut self, ran: &Ran, ended: DateTime<Utc>) {
        let names = service_names(&ran.text);
        let whole = names.is_empty() || names.iter().any(|n| !is_behind(n, WORKERS) && !is_behind(n, STORES));
        if names.is_empty() {
            self.down.clear();
        } else if whole {
            self.down.remove("");
        }
        self.down.retain(|name| !names.contains(name));
        if let Some(outage) = self.found.last_mut().filter(|o| o.goes_on() && self.down.is_empty()) {
            (outage.until, outage.sign) = (Some(ended), Sign::Started);
        }
    }
}

/// Words in the names of what works behind what serves.
const WORKERS: &[&str] = &[
    "worker",
    "workers",
    "scheduler",
    "cron",
    "queue",
    "consumer",
    "consumers",
    "job",
    "jobs",
    "sidekiq",
    "celery",
    "beat",
    "background",
    "batch",
    "mailer",
    "indexer",
    "timer",
];

/// Words in the names of what keeps data for what serves.
const STORES: &[&str] = &[
    "db",
    "database",
    "postgres",
    "postgresql",
    "pg",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "redis",
    "valkey",
    "cache",
    "rabbitmq",
    "kafka",
    "elasticsearch",
    "opensearch",
    "memcached",
    "minio",
];

fn is_behind(name: &str, words: &[&str]) -> bool {
    let plain = |w: &String| words.contains(&w.trim_end_matches(|c: char| c.is_ascii_digit()));
    lower_words(&name.replace(['-', '_', '.', '@'], " ")).iter().any(plain)
}

/// The services that a command names.
fn service_names(text: &str) -> Vec<String> {
    let word = |word: &str| word.to_owned();
    let things = touches(text, &Resolve { directory: None, word: &word });
    let names = things.into_iter().flat_map(|thing| match thing {
        Thing::Service(Some(name)) => vec![name],
        Thing::Cluster(_, names) => names.into_iter().collect(),
        _ => vec![],
    });
    names.collect()
}

/// Whether something of these serves: whatever is no worker, and a worker where the document has nothing else.
fn serves(state: &RunState, names: &[String]) -> bool {
    let worker = |name: &String| is_behind(name, WORKERS);
    if names.is_empty() || !names.iter().all(worker) {
        return true;
    }
    let watched = state.watch().is_some_and(|w| w.probes.iter().any(|p| matches!(p.source, Source::Http(_))));
    let others = || {
        let changing = state.step_commands().into_iter().filter(|c| c.effect != Effect::Reads);
        changing
            .filter(|c| services::stops(&c.text) || services::starts(&c.text))
            .any(|c| service_names(&c.text).iter().any(|n| !worker(n)))
    };
    !watched && !others()
}

#[cfg(test)]
mod tests;
