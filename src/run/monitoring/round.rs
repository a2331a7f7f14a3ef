//! The rounds of a run's monitoring: their names, what was said in them, how they went.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::run::health::evidence::Evidence;
use crate::runbook::ItemId;

/// Names a round: the window's place among the document's, and the round's number in it, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoundId {
    /// The window.
    pub window: u32,
    /// The round.
    pub number: u32,
}

impl std::fmt::Display for RoundId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.window, self.number)
    }
}

/// How a round went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Somebody answered its items.
    Attended,
    /// Nobody did; probes saw something.
    Unattended,
    /// Nobody did, and nothing was seen.
    Missed,
}

impl Held {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Held::Attended => "attended",
            Held::Unattended => "measured unattended",
            Held::Missed => "missed",
        }
    }
}

/// What probes say of a round that is closed before its time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoFar {
    /// At least half of the looks that were due by then were made.
    pub looked: bool,
    /// What all of them say about its items.
    pub evidence: Vec<(ItemId, Evidence)>,
}

/// What an operator said about an item in a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// It is as it should be.
    pub met: bool,
    /// What they say about it.
    pub note: String,
    /// Who.
    pub by: String,
    /// When: what happened in the round after that is none of what they saw.
    pub at: DateTime<Utc>,
}

/// A round that has begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// Its name.
    pub id: RoundId,
    /// When it began by the plan.
    pub due: DateTime<Utc>,
    /// What the probes said about its items, by all looks within it, once it is over.
    pub evidence: Vec<(ItemId, Evidence)>,
    /// What operators said.
    pub said: Vec<(ItemId, Said)>,
    /// How it went, once it is over.
    pub held: Option<Held>,
}

impl Round {
    /// How it went, as far as is known.
    pub fn so_far(&self) -> Held {
        if !self.said.is_empty() {
            Held::Attended
        } else if !self.evidence.is_empty() {
            Held::Unattended
        } else {
            Held::Missed
        }
    }

    /// The same where it is known whether at least half of its looks were made.
    pub fn held_with(&self, looked: bool) -> Held {
        match self.so_far() {
            Held::Missed if looked => Held::Unattended,
            held => held,
        }
    }

    /// What an operator said about an item last.
    pub fn said_of(&self, item: &ItemId) -> Option<&Said> {
        self.said.iter().rev().find(|(id, _)| id == item).map(|(_, said)| said)
    }

    /// What the probes said about an item.
    pub fn evidence_of(&self, item: &ItemId) -> Option<&Evidence> {
        self.evidence.iter().find(|(id, _)| id == item).map(|(_, evidence)| evidence)
    }
}

/// The watch of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// When it began.
    pub since: DateTime<Utc>,
    /// Rounds that have begun, in order.
    pub rounds: Vec<Round>,
    /// When and why it was ended before its time, or that it came to its end.
    pub ended: Option<(DateTime<Utc>, String)>,
}

impl Watched {
    /// The round of this name, if it has begun.
    pub fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|r| r.id == id)
    }

    /// How many rounds of a window went each way: attended, unattended, missed.
    pub fn count(&self, window: u32) -> [usize; 3] {
        let mut counts = [0; 3];
        for held in self.rounds.iter().filter(|r| r.id.window == window).filter_map(|r| r.held) {
            counts[held as usize] += 1;
        }
        counts
    }
}
