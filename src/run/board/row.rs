//! One row of the board.

use chrono::{DateTime, Utc};

use super::alerts::AlertLife;
use super::compare::Changed;
use super::now::Now;
use super::strip::{Buckets, Strip};
use crate::run::health::{Bounds, Reason, RowId, RowLevel, Spell, StoppedBy, Usual};
use crate::runbook::CommandId;
use crate::runbook::measures::Bound;
use crate::runbook::probes::ProbeId;

/// What is known of one thing that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name for requests.
    pub id: RowId,
    /// Its name for people: `Search Latency (p95)`, `/health`, `worker`.
    pub title: String,
    /// What it belongs to: `target`, `host`, `docker`, `postgres`, `sql`, `http`.
    pub group: &'static str,
    /// What it is about in full: the address, the disk, the container.
    pub subject: String,
    /// How it stands, by what counts.
    pub level: RowLevel,
    /// How it was at the last look, where that does not count yet.
    pub seen: RowLevel,
    /// Since when it stands so.
    pub since: Option<DateTime<Utc>>,
    /// Seconds of that.
    pub for_s: Option<u64>,
    /// What was seen last.
    pub now: Now,
    /// Why there is no figure, or why it is down or not seen.
    pub reason: Option<Reason>,
    /// What else is known, short: of what the figure is made, or the reason in words.
    pub about: String,
    /// What the document says of it.
    pub bounds: Bounds,
    /// The same as the document writes it: target, acceptable, alert; empty where it says nothing.
    pub written: [String; 3],
    /// The one of them that is next or was crossed.
    pub limit: Option<Limit>,
    /// What is expected of it where it has no bounds.
    pub expected: Option<Expected>,
    /// More is worse.
    pub high_is_bad: bool,
    /// How it was before: a quarter of an hour of it.
    pub before: Option<Usual>,
    /// How it has been since it was changed.
    pub after: Option<Usual>,
    /// What it is now less what it was before.
    pub change: Option<f64>,
    /// What that change comes to.
    pub changed: Changed,
    /// Its levels over time.
    pub strip: Strip,
    /// Its figure over the same time.
    pub series: Option<Buckets>,
    /// What stopped it.
    pub stopped_by: Option<StoppedBy>,
    /// The last command before this level that changed something.
    pub after_change: Option<LastChange>,
    /// Its alert, where one is not over.
    pub alert: Option<AlertLife>,
    /// How many of its looks were answered, as far as they are kept.
    pub answering: Option<Answering>,
    /// The line of the document it comes from; 0 where it comes from elsewhere.
    pub line: usize,
    /// What looks at it.
    pub probe: Option<Probed>,
    /// Lines to read.
    pub lines: Vec<String>,
    /// Its place in the document's order.
    pub place: usize,
}

/// Which of a document's bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What is aimed at.
    Target,
    /// What is acceptable.
    Acceptable,
    /// What raises an alert.
    Alert,
}

impl Which {
    /// Its word: `target`, `acceptable`, `alert`.
    pub fn word(self) -> &'static str {
        match self {
            Which::Target => "target",
            Which::Acceptable => "acceptable",
            Which::Alert => "alert",
        }
    }
}

/// A bound that stands beside a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Which it is.
    pub which: Which,
    /// In the measure's unit.
    pub bound: Bound,
    /// As the document writes it: `<100ms`.
    pub written: String,
}

/// What is expected of what has no bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An answer that says it is well.
    Success,
    /// It runs.
    Running,
    /// It answers.
    Answers,
}

impl Expected {
    /// In a word: `200`, `running`, `answers`.
    pub fn word(self) -> &'static str {
        match self {
            Expected::Success => "200",
            Expected::Running => "running",
            Expected::Answers => "answers",
        }
    }
}

/// The last command before a level that changed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// Which.
    pub command: CommandId,
    /// Its first line, as it was run.
    pub text: String,
    /// When it was started.
    pub at: DateTime<Utc>,
    /// Who ran it.
    pub by: String,
}

/// How many looks were answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering {
    /// Looks that were made.
    pub looks: u64,
    /// Those that were answered, whatever was answered.
    pub answered: u64,
    /// The longest time without an answer.
    pub longest: Option<Spell>,
}

impl Answering {
    /// The longest time without an answer, in seconds.
    pub fn longest_s(&self, now: DateTime<Utc>) -> u64 {
        let spell = self.longest.map(|s| s.until.unwrap_or(now.timestamp()) - s.from);
        spell.unwrap_or(0).max(0) as u64
    }
}

/// What looks at a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Probed {
    /// Its name.
    pub id: ProbeId,
    /// What it is called: `GET /search`.
    pub title: String,
    /// Seconds between two looks.
    pub every_s: u64,
    /// Seconds since it saw something.
    pub age_s: Option<u64>,
    /// How many seconds its next look is late, where it is.
    pub late_s: Option<u64>,
    /// What a look costs, where that is more than nothing.
    pub cost: Option<String>,
}

impl Row {
    /// Somebody is called, and nobody has said that they know.
    pub fn is_unknown(&self) -> bool {
        self.level.calls() && self.alert.as_ref().is_none_or(|alert| alert.known.is_none())
    }
}
