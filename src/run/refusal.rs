//! Why a request leads to nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::health::sample::RowId;
use super::ids::Seq;
use super::monitoring::round::RoundId;
use super::sign::sign_off::SignRole;
use crate::runbook::{CommandId, ItemId, StepId};

/// Why a request leads to nothing. Each says what to do instead, and names no key: see [`Refusal::remedy`].
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum Refusal {
    #[error("the run is over")]
    Over,
    #[error("decide the gate first: {0}")]
    GateAhead(Cow<'static, str>),
    #[error("the run has already been started")]
    Started,
    #[error("{0} is still running: wait for it, or end it")]
    Busy(CommandId),
    #[error("only the process that owns the run can record this")]
    NotObserved,
    #[error("gonogo does not know these values: they appeared only in the output")]
    NothingKept,
    #[error("gonogo can't process this text, and nothing was recorded: write it differently")]
    NotTaken,
    #[error("event {} of this run was written by a newer gonogo ({kind}): continue with that version", .seq.0)]
    Newer { seq: Seq, kind: String },
    #[error("no command is running")]
    NothingRuns,
    #[error("{0} is not running")]
    NotRunning(CommandId),
    #[error("no command is being repeated")]
    NotWaiting,
    #[error("there is no command {0}")]
    NoCommand(CommandId),
    #[error("the checklist has no item {0}")]
    NoItem(ItemId),
    #[error("{0} has changed since it was drawn: read it again before you run it")]
    NotAsSeen(CommandId),
    #[error("{0} comes after the gate: decide go or no-go first")]
    GateClosed(CommandId),
    #[error("{0} needs a value for {1}: give it first")]
    Hole(CommandId, String),
    #[error("bash can't parse {0}: edit the document, or do it by hand and mark it done")]
    Unparsable(CommandId),
    #[error("the correction was not made: {0}")]
    Correction(String),
    #[error(
        "{0} has already run, and this correction would make another command of it: put the correction into the document for the next run (`gonogo redline` writes it)"
    )]
    WouldRename(CommandId),
    #[error("answer the condition of {0} first")]
    ConditionOpen(CommandId),
    #[error("{1} unset or empty: give a value, or say that {0} runs anyway")]
    Unset(CommandId, String),
    #[error("first choose where the commands after {0} run")]
    PlaceOpen(CommandId),
    #[error("not connected to {0} any more: reconnect first")]
    PlaceLeft(CommandId),
    #[error("{0} comes before {1}, and the run is connected through {1} already")]
    TooFar(CommandId, CommandId),
    #[error(
        "{0} belongs to {1}, but the shell is at {2}, where no command of the document went: first confirm that this is the right place"
    )]
    Displaced(CommandId, String, String),
    #[error("gonogo can't follow {0} to the shell it opens: go there by hand, or run gonogo there")]
    NoEntrance(CommandId),
    #[error("{0} runs where \"{1}\" leads: do it there and mark it done")]
    Elsewhere(CommandId, String),
    #[error("{0} is destructive and has not been confirmed")]
    Unconfirmed(CommandId),
    #[error("{0} changes something and has succeeded before: confirm to run it again")]
    Repeat(CommandId),
    #[error("{0} is done by hand: mark it done")]
    Manual(CommandId),
    #[error("{0} has no manual check")]
    NothingToAttest(CommandId),
    #[error("this overrules what gonogo observed of {0}: give a reason")]
    Overrules(CommandId),
    #[error("give a reason to tick this: {0}")]
    TickNeedsReason(String),
    #[error("something is still open before this gate: {0}; GO needs a reason")]
    GateOpen(String),
    #[error("refused by {0}: {1}")]
    Hook(String, String),
    #[error("gonogo can't send \"{0}\": use INT, TERM or KILL")]
    NoSignal(String),
    #[error("{0} can't be skipped as \"{1}\": that is not the case")]
    NotSkippedAs(CommandId, String),
    #[error("\"{0}\" is not a role: use engineer or reviewer")]
    NoRole(String),
    #[error("that fix for {0} is not among those offered: look again, then choose one")]
    NotOffered(CommandId),
    #[error("give a reason")]
    ReasonNeeded,
    #[error("host \"{0}\" looks like another environment than {1}")]
    WrongHost(String, String),
    #[error("{0} is still open: run or skip it first")]
    StillOpen(CommandId),
    #[error("{0} has succeeded already: it can't be skipped")]
    Succeeded(CommandId),
    #[error("the rollback is not finished")]
    RollbackOpen,
    #[error("engineer and reviewer must be different people")]
    SamePerson,
    #[error("engineer and reviewer must use different keys")]
    SameKey,
    #[error("the run is not over: sign it when it has an outcome")]
    NotOver,
    #[error("manual checks are open: confirm or reject them first")]
    NotConfirmed,
    #[error("\"{0}\" contains characters that nobody can see: enter the name without them")]
    NoName(String),
    #[error("enter a name")]
    NameNeeded,
    #[error("the settings of this run name others than {0} to sign as {1}")]
    NotListed(String, SignRole),
    #[error("the engineer signs before the reviewer")]
    EngineerFirst,
    #[error("the settings of this run require the {0} to sign with a key")]
    KeyNeeded(SignRole),
    #[error("not signed: {0}")]
    WrongStatement(String),
    #[error("{0} changes something: gonogo repeats only commands that read")]
    NotARead(CommandId),
    #[error("{0} is being repeated until it passes: wait, or give it up")]
    Waits(CommandId),
    #[error("{0} occupies the only terminal of this place: it can't move to the background, only be ended")]
    NoBackground(CommandId),
    #[error("{0} is still running in the background: end it first")]
    InBackground(CommandId),
    #[error(
        "{0} ends by itself: only a command that runs until somebody ends it can be kept in the background"
    )]
    NotAFollow(CommandId),
    #[error("gonogo could not get a shell: {0}")]
    NoShell(String),
    #[error("not done, because it could not be recorded: {0}")]
    NotRecorded(String),
    #[error("{0} is a secret, and what is typed here is recorded: write ${0} instead")]
    HoldsSecret(String),
    #[error("view only: nothing can be changed here")]
    ViewOnly,
    #[error("{0} has control of this run: take control first")]
    NoControl(String),
    #[error("nobody has control of this run: take control first")]
    NobodysControl,
    #[error("{0} uses {1}, whose value was lost with its shell: give it again")]
    Forgotten(CommandId, String),
    #[error("\"{0}\" contains no command")]
    NoCommandIn(String),
    #[error("the health checks of this run were already accepted")]
    WatchedAlready,
    #[error("{0} is not alerting")]
    NoAlert(RowId),
    #[error("the document has no monitoring windows")]
    NoWindows,
    #[error("monitoring has already begun")]
    MonitoringGoesOn,
    #[error("no monitoring is in progress")]
    NoMonitoring,
    #[error("round {0} is not open")]
    RoundNotOpen(RoundId),
    #[error("the document has no rollback: end what runs, then do by hand what is needed")]
    NoWayBack,
    #[error("the rollback has already started")]
    GoesBack,
    #[error("no rollback is in progress")]
    NotGoingBack,
    #[error("rollback is blocked, nothing was stopped: {0}")]
    WayBack(String),
    #[error("type the name of the environment to confirm a rollback in production")]
    BackUnconfirmed,
    #[error("the rollback has already changed something: finish it, or end the run as failed")]
    BackUnderWay,
    #[error("the document offers no step {0} to repeat")]
    NoStep(StepId),
    #[error("another run holds the environment: {0}")]
    HeldElsewhere(String),
    #[error("gonogo has not checked yet what the rollback needs")]
    NotLooked,
    #[error("the run is rolling back: it can't end as deployed")]
    NotDeployed,
    #[error(
        "gonogo {0} read the document differently for this run: review the differences and accept them first"
    )]
    ReadDifferently(String),
    #[error(
        "the process that owns this run is another version of gonogo and keeps its own reading of the document: continue with that version"
    )]
    OtherPlan,
    #[error("no command before {0} is open")]
    NothingBefore(CommandId),
}

/// What helps where a request was refused. A front end says how that is done there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// End the command that runs, or give up waiting for it.
    Stop,
    /// Give a value.
    Answer,
    /// Say that it was done by hand.
    MarkDone,
    /// Take control of the run.
    TakeControl,
}

impl Refusal {
    /// What helps, where one thing does that is done somewhere else than what was asked for.
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Busy(_) | Self::Waits(_) | Self::InBackground(_) => Some(Remedy::Stop),
            Self::Hole(..) | Self::Forgotten(..) => Some(Remedy::Answer),
            Self::Unparsable(_) | Self::Elsewhere(..) | Self::Manual(_) => Some(Remedy::MarkDone),
            Self::NoControl(_) | Self::NobodysControl => Some(Remedy::TakeControl),
            _ => None,
        }
    }

    /// The refusal with the way that a front end has to what helps, if it has one: `… or end it (F8)`.
    pub fn told(&self, way: impl FnOnce(Remedy) -> Option<String>) -> String {
        let way = self.remedy().and_then(way).map_or(String::new(), |way| format!(" ({way})"));
        format!("{self}{way}")
    }
}
