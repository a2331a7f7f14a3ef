//! That somebody goes back: how it was decided, and how far it is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::run::event::parts::Outcome;
use crate::runbook::StepId;

/// How somebody goes back, as it was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The line of the document's trigger that holds, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<usize>,
    /// Why.
    pub reason: String,
    /// The document's procedures that are gone through, in order.
    pub procedures: Vec<StepId>,
    /// What was known to be in the way, with what was chosen about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
    /// What a restore loses, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loses: Option<String>,
}

/// Going back, as far as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct GoingBack {
    /// What was decided.
    pub decided: Decided,
    /// Who did.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How much had been run before.
    pub ran_before: usize,
    /// Steps of the deployment that are gone through again behind the verification.
    pub along: Vec<StepId>,
    /// How the run had come out before, if it was over: so it has again when this is taken back.
    pub was: Option<(Outcome, DateTime<Utc>)>,
}
