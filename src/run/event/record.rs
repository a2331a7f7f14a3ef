//! An event with what says where it belongs.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::kinds::Event;
use crate::run::ids::{RunId, Seq};

/// The version of the stored shape.
pub const RECORD_VERSION: u32 = 1;

/// One event with what says where it belongs; serialised with sorted keys it is one line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`RECORD_VERSION`] when written.
    pub v: u32,
    /// The run it belongs to.
    pub run: RunId,
    /// Its number.
    pub seq: Seq,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who caused it: a person's name, or `gonogo`.
    pub actor: String,
    /// Counts the processes that have owned the run.
    pub epoch: u32,
    /// SHA-256 of the line before it, in hexadecimal; empty for the first.
    pub prev: String,
    /// What happened.
    pub event: Event,
}

impl Record {
    /// Reads one line of a journal. Nearly all of them are known, and those are read in one go.
    pub fn read(line: &str) -> serde_json::Result<Self> {
        serde_json::from_str::<KnownRecord>(line).map(Self::from).or_else(|_| serde_json::from_str(line))
    }
}

/// A record as the journal has it: handed on as it lies there, and read by whoever wants to know it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stored(Arc<RawValue>);

impl Stored {
    /// That of a line.
    pub fn of(line: String) -> serde_json::Result<Self> {
        RawValue::from_string(line).map(|line| Self(line.into()))
    }

    /// What it says.
    pub fn read(&self) -> serde_json::Result<Record> {
        Record::read(self.0.get())
    }
}

impl PartialEq for Stored {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

/// A record with an event that this version knows.
#[derive(Deserialize)]
struct KnownRecord {
    v: u32,
    run: RunId,
    seq: Seq,
    at: DateTime<Utc>,
    actor: String,
    epoch: u32,
    prev: String,
    #[serde(with = "Event")]
    event: Event,
}

impl From<KnownRecord> for Record {
    fn from(known: KnownRecord) -> Self {
        let KnownRecord { v, run, seq, at, actor, epoch, prev, event } = known;
        Self { v, run, seq, at, actor, epoch, prev, event }
    }
}
