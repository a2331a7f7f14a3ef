//! Why a request leads to nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::health::sample::RowId;
use super::ids::Seq;
use super::monitoring::round::RoundId;
use super::sign::sign_off::SignRole;
use crate::runbook::{CommandId, ItemId, StepId};

/// Why a request leads to nothing. Each says what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum Refusal {
    #[error("the run is over")]
    Over,
    #[error("the gate {0} was not taken yet")]
    GateAhead(Cow<'static, str>),
    #[error("the run has been started already")]
    Started,
    #[error("{0} still runs: wait for it, or end it with F8")]
    Busy(CommandId),
    #[error("only the process that owns the run can record this")]
    NotObserved,
    #[error("no value of these is known: only the output had them")]
    NothingKept,
    #[error("gonogo can't process this text, and nothing was recorded; write it in another way")]
    NotTaken,
    #[error("event {} of this run was written by a newer gonogo ({kind}): go on with that version", .seq.0)]
    Newer { seq: Seq, kind: String },
    #[error("nothing runs")]
    NothingRuns,
    #[error("there is no command {0}")]
    NoCommand(CommandId),
    #[error("there is no check item {0}")]
    NoItem(ItemId),
    #[error("{0} changed after it was drawn: look again, then press the key again")]
    NotAsSeen(CommandId),
    #[error("{0} waits for the gate: decide go or no-go first")]
    GateClosed(CommandId),
    #[error("{0} has an unanswered placeholder: {1}")]
    Hole(CommandId, String),
    #[error("{0} is not something bash would take; edit the document, or do it by hand and mark it done")]
    Unparsable(CommandId),
    #[error("the correction is not taken: {0}")]
    Correction(String),
    #[error(
        "{0} has run, and would be another command after this correction: put it into the document for the next run (gonogo redline writes it)"
    )]
    WouldRename(CommandId),
    #[error("answer the condition of {0} first")]
    ConditionOpen(CommandId),
    #[error("{1} unset or empty: answer first whether {0} runs all the same, or give a value")]
    Unset(CommandId, String),
    #[error("say where the commands after {0} run first")]
    PlaceOpen(CommandId),
    #[error("the other side of {0} was left: go there again first")]
    PlaceLeft(CommandId),
    #[error("{0} stands before {1}, and the run is on the other side of that")]
    TooFar(CommandId, CommandId),
    #[error(
        "{0} belongs to {1}, and the shell is at {2}: no command of the document went there; say first whether that is the right place"
    )]
    Displaced(CommandId, String, String),
    #[error("gonogo can't follow {0} to its other side: go there by hand, or run gonogo there")]
    NoEntrance(CommandId),
    #[error("{0} belongs to the other side of \"{1}\": do it there and mark it done")]
    Elsewhere(CommandId, String),
    #[error("{0} is destructive and was not confirmed as it has to be")]
    Unconfirmed(CommandId),
    #[error("{0} changes something and has succeeded before: confirm to run it again")]
    Repeat(CommandId),
    #[error("{0} is done by hand: mark it done")]
    Manual(CommandId),
    #[error("{0} has nothing to attest")]
    NothingToAttest(CommandId),
    #[error("this overrules what was observed of {0}: say why")]
    Overrules(CommandId),
    #[error("this takes a reason to be ticked: {0}")]
    TickNeedsReason(String),
    #[error("before this gate something is open: {0}; GO needs a reason")]
    GateOpen(String),
    #[error("refused by {0}: {1}")]
    Hook(String, String),
    #[error("\"{0}\" is not a signal that gonogo sends; use INT, TERM or KILL")]
    NoSignal(String),
    #[error("{0} can't be skipped as \"{1}\": that is not the case")]
    NotSkippedAs(CommandId, String),
    #[error("\"{0}\" is not a role; use engineer or reviewer")]
    NoRole(String),
    #[error("the choice for {0} was not offered; look again, then choose one of those shown")]
    NotOffered(CommandId),
    #[error("a reason is needed")]
    ReasonNeeded,
    #[error("the host \"{0}\" speaks of another environment than {1}")]
    WrongHost(String, String),
    #[error("{0} is settled; run it again instead")]
    Settled(CommandId),
    #[error("the engineer and the reviewer have to be different people")]
    SamePerson,
    #[error("the engineer and the reviewer need different keys")]
    SameKey,
    #[error("the run is not over: it is signed when it has an outcome")]
    NotOver,
    #[error("manual checks are open: confirm or reject them first")]
    NotConfirmed,
    #[error("\"{0}\" is no name")]
    NoName(String),
    #[error("{0} may not sign as {1}: the settings that the run was started with name others")]
    NotListed(String, SignRole),
    #[error("the engineer signs before the reviewer")]
    EngineerFirst,
    #[error("the {0} signs with a key here, by the settings that the run was started with")]
    KeyNeeded(SignRole),
    #[error("not signed: {0}")]
    WrongStatement(String),
    #[error("{0} changes something: only what reads is repeated until it passes")]
    NotARead(CommandId),
    #[error("{0} is waited for: wait, or give it up with F8")]
    Waits(CommandId),
    #[error(
        "{0} holds the terminal of this place, and there is no other one for it here: it goes on until it is ended"
    )]
    NoBackground(CommandId),
    #[error("{0} goes on in the background: end it with F8 first")]
    InBackground(CommandId),
    #[error("only a command that goes on until it is ended can be kept in the background, and {0} does not")]
    NotAFollow(CommandId),
    #[error("no shell could be had: {0}")]
    NoShell(String),
    #[error("not recorded, and so not done: {0}")]
    NotRecorded(String),
    #[error("it holds the value of {0}, and what is typed here is recorded: write ${0} instead")]
    HoldsSecret(String),
    #[error("view only: nothing can be changed here")]
    ViewOnly,
    #[error("{0} has control of this run: take it first")]
    NoControl(String),
    #[error("nobody has control of this run: take it first")]
    NobodysControl,
    #[error("{0} uses {1}, whose value went with the shell that knew it: answer it again with v")]
    Forgotten(CommandId, String),
    #[error("there is no command in \"{0}\"")]
    NoCommandIn(String),
    #[error("what is watched was accepted already")]
    WatchedAlready,
    #[error("{0} is no alert now")]
    NoAlert(RowId),
    #[error("the document has no monitoring windows")]
    NoWindows,
    #[error("the monitoring has begun already")]
    MonitoringGoesOn,
    #[error("there is no monitoring that goes on")]
    NoMonitoring,
    #[error("round {0} is not open")]
    RoundNotOpen(RoundId),
    #[error("the document has no way back: end what runs, then do by hand what has to be done")]
    NoWayBack,
    #[error("going back has begun already")]
    GoesBack,
    #[error("nobody is going back")]
    NotGoingBack,
    #[error("the way back is not clear, and nothing was stopped: {0}")]
    WayBack(String),
    #[error("going back in production is confirmed by typing the environment's name")]
    BackUnconfirmed,
    #[error("something of it was done already: go on with it, or end the run as failed")]
    BackUnderWay,
    #[error("there is no step {0} to go through again")]
    NoStep(StepId),
    #[error("the environment is held by another run: {0}")]
    HeldElsewhere(String),
    #[error("what is there to go back with was not looked at yet")]
    NotLooked,
    #[error("the run goes back: it can't end as deployed")]
    NotDeployed,
    #[error(
        "the document is read differently now than gonogo {0} read it for this run: see what differs, and accept it first"
    )]
    ReadDifferently(String),
    #[error(
        "the process that owns this run is of another version of gonogo, and reads the document as the run goes by: go on with that version"
    )]
    OtherPlan,
    #[error("nothing is open before {0}")]
    NothingBefore(CommandId),
}
