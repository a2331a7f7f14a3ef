//! What can be asked of a run, and why it may lead to nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use thiserror::Error;

use super::claim::Derived;
use super::event::{Exit, Outcome, Place, PlaceChoice, ProcessIdentity, SkipReason, Start, Survivor};
use super::gates::{GateId, Outside};
use super::health::{Evidence, Level, RowId, Watch};
use super::ids::{Attempt, Seq, TextHash};
use super::monitoring::{Held, RoundId};
use super::policy::Confirmation;
use super::rollback::{Found, LookedAt, WayOut};
use super::sign::{SignOff, SignRole};
use super::trouble::Recognised;
use crate::config::Milestone;
use crate::runbook::correct::Correction;
use crate::runbook::{CommandId, ItemId, StepId};

/// What the client had drawn when the key was pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The hash of the command's text in that frame.
    pub text: TextHash,
    /// The last event that the frame showed.
    pub seq: Seq,
}

/// What the runner knows and `decide` has to be told, because it never touches the outside.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The shell that would run a command.
    pub shell: ProcessIdentity,
    /// How the service is, and the time: for gates.
    pub outside: Outside,
    /// SHA-256 of the readings beside the journal: for gates.
    pub readings: Option<String>,
    /// What was seen of what going back needs: for that.
    pub found: Option<Found>,
    /// Variables of the command that have no value where it would run: for running it.
    pub unset: Vec<String>,
}

/// What can be asked of a run. Operators' requests come from clients, facts from the runner itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// A client starts the run.
    Start(Box<Start>),
    /// A client accepts that the document is read differently than the run goes by.
    AcceptPlan {
        /// The version of gonogo.
        gonogo: String,
        /// SHA-256 of what it reads, as the client has it.
        plan: String,
        /// What differs, as it was shown.
        changes: Vec<String>,
    },
    /// A client answers a parameter; `value` is absent for a secret one, which goes to the shell only.
    SetParameter {
        /// Its name.
        name: String,
        /// Its value.
        value: Option<String>,
    },
    /// A client runs a command.
    Run {
        /// The command.
        command: CommandId,
        /// What was on screen.
        seen: Seen,
        /// What the operator gave for a destructive command.
        confirmed: Confirmation,
        /// The operator knows that it succeeded before.
        again: bool,
    },
    /// A client skips a command.
    Skip {
        /// The command.
        command: CommandId,
        /// Why.
        reason: SkipReason,
    },
    /// A client says that a command was done by hand.
    MarkDone {
        /// The command.
        command: CommandId,
        /// What they say about it.
        note: String,
    },
    /// A client answers a condition.
    Answer {
        /// The command.
        command: CommandId,
        /// Whether it holds.
        holds: bool,
    },
    /// A client says how a piece of the document is to be read.
    Correct(Box<Correction>),
    /// A client answers where the followers of a place command run.
    ChoosePlace {
        /// The command.
        command: CommandId,
        /// The answer.
        choice: PlaceChoice,
    },
    /// A client attests an expectation.
    Attest {
        /// The command.
        command: CommandId,
        /// Which expectation.
        expectation: usize,
        /// Met or not.
        met: bool,
        /// What they say about it.
        note: String,
    },
    /// A client ticks an item.
    Tick {
        /// The item.
        item: ItemId,
        /// What was seen.
        evidence: Option<String>,
    },
    /// A client takes a tick back.
    Untick {
        /// The item.
        item: ItemId,
    },
    /// A client skips an item.
    SkipItem {
        /// The item.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// A client decides at a gate.
    DecideGate {
        /// Which.
        #[serde(default)]
        gate: GateId,
        /// Go or no-go.
        go: bool,
        /// Why.
        reason: String,
    },
    /// A client changes a command before it runs.
    Edit {
        /// The command.
        command: CommandId,
        /// What is to run instead.
        text: String,
    },
    /// A client adds a command that is not in the document.
    Add {
        /// The text.
        text: String,
    },
    /// A client goes on at a later command; what is open before it is skipped.
    SkipTo {
        /// The command to go on at.
        command: CommandId,
        /// What was listed as skipped by it.
        skips: Vec<CommandId>,
        /// Why.
        reason: String,
    },
    /// A client keeps the follow command that runs in the background.
    KeepInBackground {
        /// The command.
        command: CommandId,
    },
    /// A client repeats a command that reads until it passes.
    WaitUntil {
        /// The command.
        command: CommandId,
        /// What was on screen.
        seen: Seen,
    },
    /// A client gives the waiting up.
    StopWaiting,
    /// Fact: the journal could not be written for a while; what happened was held in memory.
    Gap {
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        why: String,
        /// How many events were held.
        events: u64,
    },
    /// Fact: some of a command's output can't be recorded.
    OutputUnrecorded {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// Why.
        why: String,
    },
    /// Fact: something came after a command had ended, while nothing ran.
    OutputAfter {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What came, masked.
        text: String,
    },
    /// Fact: the interval of the waiting has passed.
    WaitAgain,
    /// A client wants a running command ended.
    Cancel {
        /// The command.
        command: CommandId,
        /// `INT`, `TERM` or `KILL`.
        signal: String,
    },
    /// A client writes a note.
    Note {
        /// What it is about.
        about: String,
        /// The words.
        text: String,
        /// It is an issue.
        issue: bool,
    },
    /// A client names somebody.
    Name {
        /// `engineer` or `reviewer`.
        role: String,
        /// Who.
        name: String,
    },
    /// A client ends the run.
    Finish {
        /// With this outcome.
        outcome: Outcome,
        /// Why, where something is open before the sign-off.
        #[serde(default)]
        reason: String,
    },
    /// Whoever has control gives it out of hand.
    HandOver {
        /// To whom.
        to: String,
    },
    /// Fact: somebody has control now.
    TookControl {
        /// Who.
        by: String,
        /// From whom, where somebody had it.
        from: Option<String>,
    },
    /// A client has written the log.
    WroteLog {
        /// Where to.
        path: String,
    },
    /// A client puts somebody's name to the record. The runner has looked whether statement and signature are good
    /// before it is decided.
    Sign(Box<SignOff>),
    /// Fact: a process took the run up again.
    Resumed {
        /// The version of gonogo.
        gonogo: String,
    },
    /// Fact: a place command has led to its other side.
    Entered {
        /// The place command.
        command: CommandId,
        /// Where that is.
        place: Place,
        /// What its shell was given back.
        restored: Vec<String>,
    },
    /// Fact: the other side of a place command was left.
    Left {
        /// The place command.
        command: CommandId,
        /// Where the shell is now.
        place: Place,
        /// Why, where nobody asked for it.
        lost: Option<String>,
    },
    /// Fact: it was looked what a lost command left behind.
    SurvivorsSeen {
        /// The command.
        command: CommandId,
        /// What is still there.
        survivors: Vec<Survivor>,
    },
    /// Fact: a shell reported where it is.
    Observed {
        /// Where.
        place: Place,
    },
    /// Fact: a command ended.
    Exited {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// How.
        exit: Exit,
        /// How long it took.
        elapsed_ms: u64,
        /// Bytes of output.
        bytes: u64,
        /// Where the shell is.
        place: Place,
        /// What the claims about it came to.
        #[serde(default)]
        verdicts: Vec<Derived>,
        /// The hash over its recording.
        #[serde(default)]
        seal: Option<String>,
    },
    /// Fact: a claim about a command that still runs came to a verdict.
    Judged {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// The verdict.
        verdict: Derived,
    },
    /// Fact: the shell that ran a command is gone.
    Lost {
        /// The command that it ran.
        command: CommandId,
        /// What is known.
        why: String,
        /// What it left behind.
        survivors: Vec<Survivor>,
        /// It ran where nobody can look now.
        unseen: bool,
    },
    /// Fact: a command was announced and never handed to a shell.
    NotStarted {
        /// The command.
        command: CommandId,
        /// What is known.
        why: String,
    },
    /// Fact: nobody knows a secret value any more.
    Forgot {
        /// The parameter.
        name: String,
    },
    /// Fact: a command changed a variable.
    Captured {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// The command.
        command: CommandId,
    },
    /// A client starts the run with this accepted to be watched.
    Watch {
        /// All of it.
        watch: Box<Watch>,
    },
    /// A client wants differences told from now on.
    Baseline,
    /// Fact: a row came to be an alert or absent, and stayed so.
    Alert {
        /// The row.
        row: RowId,
        /// Its level.
        level: Level,
        /// What was seen.
        words: String,
    },
    /// Fact: it is well again.
    Well {
        /// The row.
        row: RowId,
        /// What was seen.
        words: String,
    },
    /// A client knows of an alert.
    Acknowledge {
        /// The row.
        row: RowId,
        /// What they say about it.
        note: String,
    },
    /// A client begins the document's monitoring.
    BeginMonitoring,
    /// Fact: a round has begun.
    OpenRound {
        /// Which.
        round: RoundId,
        /// When it was due.
        due: DateTime<Utc>,
        /// What the probes say about its items.
        evidence: Vec<(ItemId, Evidence)>,
    },
    /// A client answers an item in a round.
    AnswerRound {
        /// Which.
        round: RoundId,
        /// The item.
        item: ItemId,
        /// It is as it should be.
        met: bool,
        /// What they say about it.
        note: String,
    },
    /// Fact: a round is over.
    CloseRound {
        /// Which.
        round: RoundId,
        /// How it went.
        held: Held,
    },
    /// A client ends the monitoring, or it came to its end.
    EndMonitoring {
        /// Why.
        why: String,
    },
    /// Fact: a message went out, or could not be sent.
    Sent {
        /// What for.
        milestone: Milestone,
        /// What it says.
        text: String,
        /// Where to.
        to: String,
        /// How often it was tried.
        attempts: u32,
        /// Why it did not arrive, if it did not.
        failed: Option<String>,
    },
    /// A client goes back by the document's way.
    RollBack {
        /// The line of the trigger that holds, where one was named.
        trigger: Option<usize>,
        /// Why.
        reason: String,
        /// The procedures that are gone through.
        procedures: Vec<StepId>,
        /// What the operator gave for it.
        confirmed: Confirmation,
        /// What was chosen about what stands in the way, by command.
        ways: Vec<(CommandId, WayOut)>,
    },
    /// A client takes going back back, before anything of it was done.
    CallOffRollback {
        /// Why.
        reason: String,
    },
    /// A client goes through a step again after going back.
    TakeAlong {
        /// The step.
        step: StepId,
    },
    /// Fact: a file that the way back needs was looked at.
    FileMade {
        /// The command that made it.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// Its path.
        path: String,
        /// What was seen.
        looked: LookedAt,
    },
    /// Fact: problems of the document fit what a command came to.
    Recognised {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// The problems, the best first.
        problems: Vec<Recognised>,
    },
    /// Fact: a new shell stands in for one that ended.
    ShellReplaced {
        /// What was lost.
        lost: String,
    },
}

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
    #[error("before this gate something is open: {0}; GO needs a reason")]
    GateOpen(String),
    #[error("refused by {0}: {1}")]
    Hook(String, String),
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

impl Request {
    /// What somebody typed: it is recorded, and so it must not hold a secret.
    pub fn typed(&self) -> Vec<&str> {
        match self {
            Self::Skip { reason: SkipReason::Operator(text), .. }
            | Self::MarkDone { note: text, .. }
            | Self::Attest { note: text, .. }
            | Self::SkipItem { reason: text, .. }
            | Self::DecideGate { reason: text, .. }
            | Self::Finish { reason: text, .. }
            | Self::Edit { text, .. }
            | Self::Add { text }
            | Self::SkipTo { reason: text, .. }
            | Self::RollBack { reason: text, .. }
            | Self::CallOffRollback { reason: text }
            | Self::Note { text, .. }
            | Self::Name { name: text, .. }
            | Self::SetParameter { value: Some(text), .. }
            | Self::HandOver { to: text }
            | Self::Acknowledge { note: text, .. }
            | Self::AnswerRound { note: text, .. }
            | Self::EndMonitoring { why: text }
            | Self::Tick { evidence: Some(text), .. } => vec![text],
            _ => vec![],
        }
    }
}
