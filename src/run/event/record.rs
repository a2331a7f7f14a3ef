//! An event with what says where it belongs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
