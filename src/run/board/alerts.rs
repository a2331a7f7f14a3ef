//! What happened: alerts from their beginning to their end, and what was run meanwhile.

use chrono::{DateTime, Utc};

use crate::run::health::{Health, RowId, RowLevel};
use crate::run::state::{Alert, RunState};
use crate::runbook::CommandId;
use crate::shell::Effect;

/// So many things that are over are told.
const TOLD: usize = 50;

/// An alert from its beginning on.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertLife {
    /// The worst that it was.
    pub level: RowLevel,
    /// Since when, the first time.
    pub since: DateTime<Utc>,
    /// When it was over; nothing while it goes on.
    pub until: Option<DateTime<Utc>>,
    /// How often: what comes again within some minutes is the same.
    pub times: u32,
    /// Seconds that it lasted so far, all times together.
    pub lasted_s: u64,
    /// What was seen.
    pub words: String,
    /// The worst that was measured.
    pub worst: Option<String>,
    /// Who knows of it, and what they said.
    pub known: Option<(String, String)>,
}

impl AlertLife {
    pub(super) fn of(alert: &Alert, now: DateTime<Utc>) -> Self {
        Self {
            level: alert.level.into(),
            since: alert.since,
            until: alert.until,
            times: alert.times,
            lasted_s: alert.lasted_s(now),
            words: alert.words.clone(),
            worst: alert.worst.clone(),
            known: alert.acknowledged.clone(),
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// An alert.
    Alert(RowId, AlertLife),
    /// A command of the run that changed something.
    Ran {
        /// Which.
        command: CommandId,
        /// Its first line.
        text: String,
        /// Who ran it.
        by: String,
    },
}

impl Happened {
    fn goes_on(&self) -> bool {
        matches!(&self.what, What::Alert(_, alert) if alert.until.is_none())
    }
}

/// What happened in a run: what goes on first, however old it is, then the rest, the newest first.
pub(super) fn happened(state: &RunState, now: DateTime<Utc>) -> Vec<Happened> {
    let alerts = state.alerts().iter().map(|alert| Happened {
        at: alert.again,
        what: What::Alert(alert.row.clone(), AlertLife::of(alert, now)),
    });
    let ran = state.ran().iter().filter(|ran| changes(state, &ran.command)).map(|ran| Happened {
        at: ran.started,
        what: What::Ran { command: ran.command.clone(), text: first_line(&ran.text), by: ran.by.clone() },
    });
    let mut all: Vec<Happened> = alerts.chain(ran).collect();
    all.sort_by_key(|one| (!one.goes_on(), std::cmp::Reverse(one.at)));
    let open = all.iter().filter(|one| one.goes_on()).count();
    all.truncate(open + TOLD);
    all
}

/// The alert of a row that is not over.
pub(super) fn open(state: &RunState, row: &RowId, now: DateTime<Utc>) -> Option<AlertLife> {
    state.alert(row).map(|alert| AlertLife::of(alert, now))
}

/// Whether a command is no mere question.
pub(super) fn changes(state: &RunState, command: &CommandId) -> bool {
    state.find(command).is_none_or(|c| c.effect != Effect::Reads)
}

pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// Whether a row is one of an address.
pub(super) fn is_address(health: &Health, row: &RowId) -> bool {
    matches!(row, RowId::Subject(..)) && health.watch.probe_of(row).is_some_and(|p| p.source.kind() == "http")
}
