//! Checklist: what has to hold before the gate, after steps and at the end, with who said so.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::run::health::{self, Answer, Health};
use crate::run::state::CommandState;
use crate::run::{RunState, due, items};
use crate::runbook::{CommandId, Due, Item, ItemId, StepId};
use crate::text as words;

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChecklistState {
    /// The item, counted over all groups.
    pub item: usize,
    /// The steps led here, and go on once nothing is due.
    pub led: bool,
}

/// A group of items.
#[derive(Debug)]
pub struct Group {
    /// When it is due, where it is not at the start, and how far it is.
    pub when: String,
    /// What is known of each of its items.
    pub known: Vec<Known>,
}

/// What is known of an open item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Its command runs.
    Runs,
    /// A step makes it so, and its command has not run.
    Awaited(StepId),
    /// Something speaks against it.
    Against(String),
    /// What its own command came to.
    Came(String),
    /// What of its command or of a probe could fulfil it.
    Nothing,
}

/// The groups of a run's checklist.
pub fn groups(run: &RunState) -> Vec<Group> {
    let groups = run.runbook().checklists.iter().map(|list| {
        let done = list.items.iter().filter(|item| run.item(&item.id).is_some()).count();
        let when = match &list.due {
            Due::Start => String::new(),
            _ if !due::counts(run, list) => format!("{}, skipped   ", list.due),
            due => format!("{due}   "),
        };
        let when = format!("{when}{done} of {} ", list.items.len());
        Group { when, known: list.items.iter().map(|item| known(run, item)).collect() }
    });
    groups.collect()
}

fn known(run: &RunState, item: &Item) -> Known {
    let id = CommandId(item.id.0.clone());
    if run.running() == Some(&id) {
        return Known::Runs;
    }
    if let Some(why) = items::against(run, item) {
        let step = items::awaited(run, item).filter(|_| run.last_run(&id).is_none());
        return step.map_or(Known::Against(why), |step| Known::Awaited(step.id.clone()));
    }
    if let Some(CommandState::Exited { exit, elapsed_ms, .. }) = run.command(&id).ended() {
        let (came, took) = (words::came(run, &id), *elapsed_ms as f64 / 1000.0);
        return Known::Came(format!("{exit}, {took:.1} s, {came}: tick it if that is right"));
    }
    Known::Nothing
}

/// What the probes say about items.
pub fn probed(all: Vec<&Item>, health: &Health, now: DateTime<Utc>) -> BTreeMap<ItemId, String> {
    let answers = all.into_iter().filter_map(|item| {
        let evidence = health::answer(&item.text, health, now)?;
        let says = match evidence.answer {
            Answer::Yes => "probe",
            Answer::No => "probe says no",
            Answer::Open => "probe can't tell",
        };
        Some((item.id.clone(), format!("{says}: {}", evidence.words)))
    });
    answers.collect()
}
