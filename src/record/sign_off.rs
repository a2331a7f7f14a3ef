//! Prepares what is signed, and checks what was signed, against the run as it is recorded.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use thiserror::Error;

use super::log;
use super::signature::{self, SignError};
use crate::run::sign::{self, KeyUsed, NoStatement, SignOff, SignRole, Statement};
use crate::run::{Event, Record, Refusal, RunState, Seq};
use crate::runbook::Runbook;
use crate::runbook::hash::sha256_hex;

/// A statement that waits for its signature, with the log that it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The statement.
    pub statement: Statement,
    /// The log, as it is with this sign-off in it.
    pub log: String,
}

/// Who is about to sign as what, and whether with a key.
#[derive(Clone, Debug)]
pub struct Signing {
    /// As what.
    pub role: SignRole,
    /// Who.
    pub name: String,
    /// With a key; otherwise the log says that the name is claimed.
    pub keyed: bool,
}

/// Why a sign-off is not valid.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum NotGood {
    #[error(transparent)]
    Statement(#[from] NoStatement),
    #[error("it is for {0}, not for this run")]
    OtherRun(String),
    #[error("it is for another document than the one that ran")]
    OtherDocument,
    #[error("it covers {covers} events, and the journal has {has}: its end is missing")]
    Truncated { covers: u64, has: u64 },
    #[error("event {0} is not the one that was signed, or one before it is not")]
    OtherEvents(u64),
    #[error("somebody has signed since it was made, or a sign-off before it is missing")]
    OtherBefore,
    #[error("it is dated {0}, but the events say another time")]
    OtherTime(DateTime<Utc>),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the log that was signed is not what events 1 to {0} say")]
    OtherLog(u64),
    #[error(transparent)]
    Signature(#[from] SignError),
    #[error("it was signed with {made}, not with {told}")]
    OtherKey { made: String, told: String },
}

/// Prepares a statement on everything that is recorded so far; `head` is the hash of the last line.
pub fn prepare(
    state: &RunState,
    head: &str,
    signing: &Signing,
    now: DateTime<Utc>,
) -> Result<Prepared, Refusal> {
    sign::may_sign(state, signing.role, &signing.name)?;
    let document = state.start().map(|(start, _)| start.sha256.clone()).unwrap_or_default();
    let mut statement = Statement {
        run: state.id().clone(),
        document,
        events: state.seq(),
        head: head.to_owned(),
        log: String::new(),
        previous: state.signatures().last().map(|s| s.as_given.hash()),
        role: signing.role,
        name: signing.name.trim().to_owned(),
        time: now.trunc_subsecs(0),
    };
    let log = covered_log(state, &statement, signing.keyed);
    statement.log = sha256_hex(log.as_bytes());
    Ok(Prepared { statement, log })
}

/// The log that a statement covers: that of its events, with this sign-off and none after it.
pub fn covered_log(state: &RunState, statement: &Statement, keyed: bool) -> String {
    // The log does not tell its own hash: any stands for it.
    let statement = Statement { log: sha256_hex(b""), ..statement.clone() };
    let key = keyed.then(|| KeyUsed { algorithm: String::new(), fingerprint: String::new() });
    let sign_off = SignOff { statement: statement.text(), signature: None, key };
    log::fill(&with(state, &sign_off)).text
}

/// A state with one more sign-off, which has no event of its own yet.
pub fn with(state: &RunState, sign_off: &SignOff) -> RunState {
    let at = state.last_at().unwrap_or_default();
    let event = Event::Signed(Box::new(sign_off.clone()));
    let record = Record { seq: state.seq(), ..state.next_record(event, at) };
    state.clone().apply(&record)
}

/// So far the clocks of two machines may be apart.
const CLOCKS: TimeDelta = TimeDelta::minutes(10);

/// What the journal says, for checking sign-offs against it.
#[derive(Debug)]
pub struct Journaled<'j> {
    /// The document.
    pub runbook: Arc<Runbook>,
    /// SHA-256 of its bytes.
    pub document: &'j str,
    /// All records, in order.
    pub records: &'j [Record],
    /// The hash of the line of each.
    pub hashes: &'j [String],
}

impl Journaled<'_> {
    /// The state after an event.
    pub fn state_at(&self, seq: Seq) -> RunState {
        let upto = self.records.iter().take_while(|r| r.seq <= seq);
        upto.fold(RunState::new(Arc::clone(&self.runbook)), RunState::apply)
    }

    /// Checks a sign-off; `before` is what was signed before it. Whether the key is that of whoever is named is not
    /// known from here.
    ///
    /// It has to be as old as what it covers, and no older than what recorded it (`by`), but for clocks that differ.
    pub fn check(
        &self,
        sign_off: &SignOff,
        before: Option<&SignOff>,
        by: DateTime<Utc>,
    ) -> Result<Statement, NotGood> {
        let statement = Statement::read(&sign_off.statement)?;
        let run = self.records.first().map(|r| &r.run);
        if run != Some(&statement.run) {
            return Err(NotGood::OtherRun(statement.run.0));
        }
        if statement.document != self.document {
            return Err(NotGood::OtherDocument);
        }
        let (covers, has) = (statement.events.0, self.records.len() as u64);
        if covers > has {
            return Err(NotGood::Truncated { covers, has });
        }
        let head = (covers as usize).checked_sub(1).and_then(|at| self.hashes.get(at));
        if head != Some(&statement.head) {
            return Err(NotGood::OtherEvents(covers));
        }
        if statement.previous != before.map(SignOff::hash) {
            return Err(NotGood::OtherBefore);
        }
        let covered = self.records.get(covers as usize - 1).map_or(by, |r| r.at);
        if statement.time < covered - CLOCKS || statement.time > by + CLOCKS {
            return Err(NotGood::OtherTime(statement.time));
        }
        match (&sign_off.signature, &sign_off.key) {
            (None, None) => {}
            (Some(signature), key) => {
                let good = signature::verify(&sign_off.statement, signature)?;
                if let Some(key) = key.as_ref().filter(|k| **k != good.key) {
                    let (made, told) = (good.key.fingerprint, key.fingerprint.clone());
                    return Err(NotGood::OtherKey { made, told });
                }
            }
            (None, Some(_)) => return Err(NotGood::Signature(SignError::Bad)),
        }
        Ok(statement)
    }

    /// The log that a sign-off covers: that of its events, with the sign-offs before it, which may have been brought
    /// here later.
    pub fn covered_log(&self, statement: &Statement, keyed: bool, before: &[SignOff]) -> String {
        let state = self.signed_before(statement, before);
        covered_log(&state, statement, keyed)
    }

    /// Whether the run's own policy takes a sign-off after those before it.
    pub fn check_policy(
        &self,
        statement: &Statement,
        sign_off: &SignOff,
        before: &[SignOff],
    ) -> Result<(), NotGood> {
        let state = self.signed_before(statement, before);
        Ok(sign::sign(&state, sign_off).map(drop)?)
    }

    fn signed_before(&self, statement: &Statement, before: &[SignOff]) -> RunState {
        let state = self.state_at(statement.events);
        let missing = |state: &RunState, s: &SignOff| !state.signatures().iter().any(|k| &k.as_given == s);
        before.iter().fold(state, |state, s| if missing(&state, s) { with(&state, s) } else { state })
    }

    /// Whether the log that a good sign-off covers is what this program makes of its events.
    pub fn check_log(
        &self,
        statement: &Statement,
        keyed: bool,
        before: &[SignOff],
    ) -> Result<String, NotGood> {
        let log = self.covered_log(statement, keyed, before);
        let same = sha256_hex(log.as_bytes()) == statement.log;
        if same { Ok(log) } else { Err(NotGood::OtherLog(statement.events.0)) }
    }
}

/// Sign-offs in the order in which they were made: each names the one before it, the first one `last`. What fits
/// nowhere stands behind them.
pub fn in_order(mut all: Vec<SignOff>, last: Option<&SignOff>) -> Vec<SignOff> {
    let mut ordered = Vec::new();
    let mut last = last.map(SignOff::hash);
    let names =
        |s: &SignOff, last: &Option<String>| Statement::read(&s.statement).is_ok_and(|t| &t.previous == last);
    while let Some(at) = all.iter().position(|s| names(s, &last)) {
        let next = all.remove(at);
        last = Some(next.hash());
        ordered.push(next);
    }
    ordered.extend(all);
    ordered
}
