//! What a run's state is made of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::config::Milestone;
use crate::mask::Hidden;
use crate::run::claim::Claim;
use crate::run::event::parts::{Exit, Place, ProcessIdentity, SkipReason, Survivor};
use crate::run::gates::id::GateId;
use crate::run::health::level::Level;
use crate::run::health::sample::RowId;
use crate::run::ids::{Attempt, Seq};
use crate::runbook::{CommandId, ItemId};

/// What became of a command so far.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "fields named after those of the events that set them")]
pub enum CommandState {
    /// Nothing yet.
    Pending,
    /// Runs; what a command that goes on shows can be judged and attested while it does.
    Running { attempt: Attempt, since: DateTime<Utc>, shell: ProcessIdentity, claims: Vec<Claim> },
    /// Ended, with what came of each claim about it.
    Exited {
        attempt: Attempt,
        exit: Exit,
        elapsed_ms: u64,
        at: DateTime<Utc>,
        by: String,
        claims: Vec<Claim>,
    },
    /// Outcome unknown.
    Lost { attempt: Attempt, why: String, survivors: Vec<Survivor>, unseen: bool },
    /// Not run; or gone past, after what it had come to.
    Skipped { reason: SkipReason, after: Option<Box<CommandState>> },
    /// Done by hand; perhaps after what it had come to.
    DoneByHand { note: String, at: DateTime<Utc>, after: Option<Box<CommandState>> },
}

impl CommandState {
    /// How it ended when it ran last, whatever was decided about it after that.
    pub fn ended(&self) -> Option<&CommandState> {
        match self {
            Self::Exited { .. } | Self::Lost { .. } => Some(self),
            Self::Skipped { after, .. } | Self::DoneByHand { after, .. } => after.as_deref(),
            Self::Pending | Self::Running { .. } => None,
        }
    }
}

/// What became of a check item.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "fields named after those of the events that set them")]
pub enum ItemState {
    /// Ticked.
    Ticked { by: String, at: DateTime<Utc>, evidence: Option<String>, reason: Option<String> },
    /// Skipped.
    Skipped { by: String, reason: String },
}

/// A gate's decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Items that were open.
    pub open: Vec<ItemId>,
    /// All that was open, in words.
    pub board: Vec<String>,
    /// Go or no-go.
    pub go: bool,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A note or an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What it is about.
    pub about: String,
    /// The words.
    pub text: String,
    /// It is an issue.
    pub issue: bool,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was stopped and has not been started again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The command that stopped it.
    pub command: CommandId,
    /// As it was run.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Something that is an alert, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// The row.
    pub row: RowId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The worst level that it had.
    pub level: Level,
    /// The level that was told last: a lesser one is news once, and not at each look.
    pub told: Level,
    /// What was seen at its worst.
    pub words: String,
    /// Who knows of it, and what they said.
    pub acknowledged: Option<(String, String)>,
    /// When it was over.
    pub until: Option<DateTime<Utc>>,
    /// How often: what comes again within some minutes is the same.
    pub times: u32,
    /// Seconds that the times before this one lasted, all together.
    pub before_s: u64,
    /// Since when this time.
    pub again: DateTime<Utc>,
    /// The worst that was measured, as people read it.
    pub worst: Option<String>,
}

impl Alert {
    /// How many seconds it lasted so far, all times together.
    pub fn lasted_s(&self, now: DateTime<Utc>) -> u64 {
        let this = self.until.unwrap_or(now).signed_duration_since(self.again).num_seconds();
        self.before_s + this.max(0) as u64
    }
}

/// That an address answers, or does not, from a time on.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The row.
    pub row: RowId,
    /// It does.
    pub answers: bool,
    /// Since the first look that said so.
    pub since: DateTime<Utc>,
}

/// A message that went out, or did not.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// What for.
    pub milestone: Milestone,
    /// What it says.
    pub text: String,
    /// Where to.
    pub to: String,
    /// Why it did not arrive, if it did not.
    pub failed: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A captured value with the command that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// The value.
    pub value: String,
    /// The command.
    pub command: CommandId,
    /// How much had been begun when it was made, its command included.
    pub ran: usize,
}

/// A command that is repeated until it passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The command.
    pub command: CommandId,
    /// Seconds between its runs.
    pub every_s: u64,
    /// Seconds after which it is given up.
    pub limit_s: u64,
    /// How often it ran.
    pub runs: u32,
    /// How often it passed, without a failure in between.
    pub passed: u32,
    /// Milliseconds that its runs took together.
    pub spent_ms: u64,
}

impl Waiting {
    /// How often it has to pass in a row: three times, and over at least ten seconds, because an old instance
    /// answers before it is stopped.
    pub fn wanted(&self) -> u32 {
        3.max(10u64.div_ceil(self.every_s.max(1)) as u32 + 1)
    }

    /// Seconds it has gone on, by its intervals and its runs.
    pub fn spent_s(&self) -> u64 {
        u64::from(self.runs.saturating_sub(1)) * self.every_s + self.spent_ms / 1000
    }

    /// The same after one more run.
    #[must_use]
    pub fn after(&self, holds: bool, elapsed_ms: u64) -> Self {
        Self {
            runs: self.runs + 1,
            passed: if holds { self.passed + 1 } else { 0 },
            spent_ms: self.spent_ms + elapsed_ms,
            ..self.clone()
        }
    }
}

/// Who was named for a role, and when.
pub type Named = (String, DateTime<Utc>);

/// One line of the command log.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// The command.
    pub command: CommandId,
    /// Which time.
    pub attempt: Attempt,
    /// What was run, secrets masked.
    pub text: String,
    /// Who ran it.
    pub by: String,
    /// When it started.
    pub started: DateTime<Utc>,
    /// Where.
    pub place: Place,
    /// How it ended, if it did.
    pub exit: Option<Exit>,
    /// How long it took.
    pub elapsed_ms: u64,
    /// What masks in its output hide, as far as that is known.
    pub hidden: Vec<Hidden>,
}

/// What an event says something of: where a log's line comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is its own explanation")]
pub enum Mark {
    Start,
    Parameter(String),
    Place,
    Item(ItemId),
    Gate(GateId),
    Command(CommandId),
    Captured(String),
    Note(usize),
    Person(String),
    Sent(usize),
    Back,
    Watched,
    Alert(usize),
    Outcome,
    Signed(usize),
}

/// Variables without a value that commands were to run with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unset {
    /// The command that waits for an answer, with the variables.
    pub asks: Option<(CommandId, Vec<String>)>,
    /// For which variables of which commands it was answered that they run all the same.
    pub accepted: BTreeMap<CommandId, BTreeSet<String>>,
}

/// What could not be recorded, or was recorded late.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// In a sentence.
    pub words: String,
    /// The event that says so.
    pub seq: Seq,
}
