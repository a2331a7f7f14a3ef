//! How it all stands at a time, as one thing: what every screen, line, file and report says of the health is said of it.
//!
//! Made of what was seen, of the run where there is one, and of a clock. It holds numbers and the parts of sentences, no
//! colours and no widths; who draws it derives nothing. One function orders its rows, one counts them, one writes its
//! headline.

mod alerts;
mod build;
mod change;
mod compare;
mod counts;
mod headline;
mod now;
mod order;
mod row;
mod strip;
pub mod told;

use chrono::{DateTime, Utc};

use super::event::Event;
use super::gates::GateId;
use super::health::Health;

pub use alerts::{AlertLife, Happened, What};
pub use change::Changed;
pub use compare::Compared;
pub use counts::Counts;
pub use headline::Headline;
pub use now::Now;
pub use order::{Order, ordered};
pub use row::{Answering, Expected, LastChange, Limit, Probed, Row, Which};
pub use strip::{Buckets, Strip, View};

/// How it all stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// At this time.
    pub at: DateTime<Utc>,
    /// When it was looked at first.
    pub since: Option<DateTime<Utc>>,
    /// The host that it is looked at from, where that is not this machine.
    pub from: Option<String>,
    /// The worst of it in a sentence.
    pub headline: Headline,
    /// How many rows stand how.
    pub counts: Counts,
    /// What is watched, the worst first.
    pub rows: Vec<Row>,
    /// What happened: alerts that are open, the oldest last, then what is over and what was run, the newest first.
    pub events: Vec<Happened>,
    /// Against the time before the release, once that was taken.
    pub compared: Option<Compared>,
    /// Seconds since anything was looked at.
    pub looked_s: Option<u64>,
}

impl Board {
    /// The row of this name.
    pub fn row(&self, id: &super::health::RowId) -> Option<&Row> {
        self.rows.iter().find(|row| &row.id == id)
    }

    /// The alerts that are not over, the worst first.
    pub fn open_alerts(&self) -> impl Iterator<Item = (&Row, &AlertLife)> {
        self.rows.iter().filter_map(|row| Some((row, row.alert.as_ref()?)))
    }
}

/// Whether an event takes the time before it as the one that what follows is told against: somebody says so, or the
/// service is about to be changed for the first time.
pub fn takes_baseline(event: &Event) -> Option<Taken> {
    match event {
        Event::BaselineTaken => Some(Taken::Anew),
        Event::GateDecided { gate: GateId::Change, go: true, .. } => Some(Taken::Once),
        _ => None,
    }
}

/// How the time before is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Whatever was taken before.
    Anew,
    /// Only where nothing was taken before.
    Once,
}

impl Taken {
    /// Takes it.
    pub fn of(self, health: &mut Health, at: DateTime<Utc>) {
        match self {
            Taken::Anew => health.rebase(at),
            Taken::Once => health.rebase_once(at),
        }
    }
}

#[cfg(test)]
mod tests;
