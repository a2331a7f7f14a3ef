//! What can happen in a run. Events are small, versioned and never change once written.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::claim::Derived;
use super::gates::GateId;
use super::health::{Evidence, Level, RowId, Watch};
use super::ids::{Attempt, RunId, Seq};
use super::monitoring::{Held, RoundId};
use crate::config::Milestone;
use crate::runbook::{CommandId, ItemId};

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

/// Where commands run, as a shell reported it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `user@host`.
    pub login: String,
    /// The working directory.
    pub directory: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.login.is_empty() {
            f.write_str("place not observed yet")
        } else {
            write!(f, "{}:{}", self.login, self.directory)
        }
    }
}

impl Place {
    /// The host's name.
    pub fn host(&self) -> &str {
        self.login.rsplit('@').next().unwrap_or("")
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// It returned this status.
    Status(i32),
    /// The operator ended a command that goes on until it is ended; no failure.
    Ended,
    /// Its shell went away with this status (`exit`, `set -e`, a signal).
    ShellEnded(i32),
    /// It went away in the background, and nobody could see with which status.
    Unknown,
}

impl Exit {
    /// Whether the exit alone is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Exit::Status(0) | Exit::Ended | Exit::ShellEnded(0))
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::Status(n) => write!(f, "exit {n}"),
            Exit::Ended => f.write_str("ended by operator"),
            Exit::ShellEnded(n) => write!(f, "shell ended, {n}"),
            Exit::Unknown => f.write_str("ended, status unknown"),
        }
    }
}

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of DESIGN 7, each its own explanation")]
pub enum Outcome {
    Deployed,
    Failed,
    NoGo,
    RolledBack,
    Abandoned,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::Deployed => "deployed",
            Outcome::Failed => "failed",
            Outcome::NoGo => "no-go",
            Outcome::RolledBack => "rolled back",
            Outcome::Abandoned => "abandoned",
        })
    }
}

/// Why a command was not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The operator said so.
    Operator(String),
    /// The document's condition was answered with no.
    ConditionNo,
    /// A place command whose place was answered with "already here".
    AlreadyHere,
    /// Optional, and nobody was there to choose it.
    Optional,
    /// One of several ways, and another was taken.
    Alternative,
    /// Takes the keyboard, and nobody was there.
    Interactive,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SkipReason::Operator(reason) => f.write_str(reason),
            SkipReason::ConditionNo => f.write_str("its condition does not hold"),
            SkipReason::AlreadyHere => f.write_str("already here"),
            SkipReason::Optional => f.write_str("optional"),
            SkipReason::Alternative => f.write_str("another way was taken"),
            SkipReason::Interactive => f.write_str("needs a keyboard"),
        }
    }
}

/// What a place command's question was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceChoice {
    /// This shell is already where the document wants to go.
    AlreadyHere,
    /// Run it in the pane; nothing after it runs through gonogo.
    InteractiveThenStop,
}

/// How a run is started: who, where, under which terms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The document's path as given.
    pub document: String,
    /// The document's title.
    pub title: String,
    /// SHA-256 of the document's bytes.
    pub sha256: String,
    /// The environment's name.
    pub environment: String,
    /// Whether that counts as production.
    pub production: bool,
    /// Who runs it.
    pub operator: String,
    /// The change it belongs to.
    pub ticket: Option<String>,
    /// The version of gonogo.
    pub gonogo: String,
    /// Nobody is there to answer.
    pub headless: bool,
    /// The change window it has to stay in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

/// A change window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// When it opens.
    pub begins: DateTime<Utc>,
    /// When everything has to be over, a rollback included.
    pub ends: DateTime<Utc>,
}

/// A process id that survives reuse of the number: with start time and boot id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessIdentity {
    /// The process id of the shell that runs the command.
    pub pid: u32,
    /// Its start time in clock ticks since boot, from `/proc/PID/stat`; 0 where that cannot be read.
    pub started: u64,
    /// `/proc/sys/kernel/random/boot_id`; empty where that cannot be read.
    pub boot: String,
}

/// A process that is still there although the shell that it came from is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// Its process id.
    pub pid: u32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
    /// Its words.
    pub command: String,
}

/// Everything that can happen. Each variant says who causes it; [`super::RunState`] folds all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The operator started the run.
    RunStarted(Start),
    /// A process took the run up again.
    RunResumed {
        /// The version of gonogo that did.
        gonogo: String,
    },
    /// The operator answered a parameter. Secret values are not kept.
    ParameterSet {
        /// Its name.
        name: String,
        /// Its value, unless secret.
        value: Option<String>,
    },
    /// The operator answered where a place command's followers run.
    PlaceChosen {
        /// The place command.
        command: CommandId,
        /// The answer.
        choice: PlaceChoice,
    },
    /// A shell reported where it is.
    PlaceObserved {
        /// What it reported.
        place: Place,
    },
    /// The operator ticked an item.
    ItemTicked {
        /// The item.
        item: ItemId,
        /// What was seen, if the item's command was run.
        evidence: Option<String>,
    },
    /// The operator took a tick back.
    ItemUnticked {
        /// The item.
        item: ItemId,
    },
    /// The operator skipped an item.
    ItemSkipped {
        /// The item.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// The operator decided at a gate.
    GateDecided {
        /// Which.
        #[serde(default)]
        gate: GateId,
        /// Go or no-go.
        go: bool,
        /// Why, where something was open.
        reason: String,
        /// Items that were open.
        open: Vec<ItemId>,
        /// All that was open, in words.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        board: Vec<String>,
        /// SHA-256 of the readings beside the journal at that time, in hexadecimal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        readings: Option<String>,
    },
    /// The operator answered a command's condition.
    ConditionAnswered {
        /// The command.
        command: CommandId,
        /// Whether it holds.
        holds: bool,
    },
    /// A command is about to be handed to the shell.
    CommandStarted {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What is run, secrets masked.
        text: String,
        /// Where, as last observed.
        place: Place,
        /// The shell that runs it.
        shell: ProcessIdentity,
    },
    /// A command ended.
    CommandExited {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// How.
        exit: Exit,
        /// How long it took, by a monotonic clock.
        elapsed_ms: u64,
        /// Bytes of output recorded.
        bytes: u64,
        /// Where the shell was afterwards.
        place: Place,
        /// What the claims about it came to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        verdicts: Vec<Derived>,
    },
    /// A claim about a command that still runs came to a verdict.
    VerdictDerived {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// The verdict.
        verdict: Derived,
    },
    /// The process that ran a command went away with it: nobody knows what came of it.
    CommandLost {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What is known.
        why: String,
        /// What it left behind, as far as could be seen.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        survivors: Vec<Survivor>,
    },
    /// A command was announced and never handed to a shell: it is known not to have run.
    CommandNotStarted {
        /// The command.
        command: CommandId,
        /// Which time it would have been.
        attempt: Attempt,
        /// What is known.
        why: String,
    },
    /// Somebody has control of the run now; others look on.
    ControlTaken {
        /// Who.
        by: String,
        /// From whom, where somebody had it.
        from: Option<String>,
    },
    /// Whoever had control gave it out of hand.
    HandedOver {
        /// To whom, as they said.
        to: String,
    },
    /// A secret value went with the processes that knew it: it has to be answered again.
    ParameterForgotten {
        /// Its name.
        name: String,
    },
    /// A command was not run.
    CommandSkipped {
        /// The command.
        command: CommandId,
        /// Why.
        reason: SkipReason,
    },
    /// The operator did a command by hand.
    CommandMarkedDone {
        /// The command.
        command: CommandId,
        /// What they say about it.
        note: String,
    },
    /// The operator changed a command before running it: a deviation.
    CommandEdited {
        /// The command.
        command: CommandId,
        /// What is run instead; equal to the document's text when the change is taken back.
        text: String,
    },
    /// The operator added a command that is not in the document: a deviation.
    CommandAdded {
        /// Its id, `added.1`.
        command: CommandId,
        /// The text.
        text: String,
    },
    /// The operator keeps a follow command in the background and goes on.
    KeptInBackground {
        /// The command.
        command: CommandId,
    },
    /// The operator waits until a command that reads passes; it is repeated.
    WaitStarted {
        /// The command.
        command: CommandId,
        /// Seconds between its runs.
        every_s: u64,
        /// Seconds after which it is given up.
        limit_s: u64,
    },
    /// The waiting is over.
    WaitEnded {
        /// The command.
        command: CommandId,
        /// It passed often and long enough.
        passed: bool,
        /// What was seen.
        why: String,
    },
    /// The operator asked for a running command to be ended.
    CancelRequested {
        /// The command.
        command: CommandId,
        /// `INT`, `TERM` or `KILL`.
        signal: String,
    },
    /// The operator said whether an expectation was met.
    Attested {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// Which of its expectations, from 0.
        expectation: usize,
        /// Met or not.
        met: bool,
        /// What they say about it.
        note: String,
    },
    /// A command changed a variable that is not secret.
    ValueCaptured {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// The command.
        command: CommandId,
    },
    /// A shell ended and the next command gets a new one.
    ShellReplaced {
        /// What could not be carried over.
        lost: String,
    },
    /// The journal could not be written for a while. What happened meanwhile stands before this, recorded late.
    Gap {
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        why: String,
        /// How many events were recorded late.
        events: u64,
    },
    /// From here on some of a command's output is not in its recording, which says where and how much.
    OutputUnrecorded {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// Why.
        why: String,
    },
    /// Somebody wrote a note.
    Noted {
        /// What it is about: an id, or empty for the run.
        about: String,
        /// The words.
        text: String,
        /// It is an issue, for the log.
        issue: bool,
    },
    /// Somebody was named for the record; without a key the identity is claimed, not proven.
    PersonNamed {
        /// `engineer` or `reviewer`.
        role: String,
        /// Who.
        name: String,
    },
    /// Whoever started the run accepted what is watched in it.
    WatchAccepted {
        /// All probes and what is bound to them.
        watch: Box<Watch>,
    },
    /// From here on differences are told since now.
    BaselineTaken,
    /// A row of what is watched came to be an alert or absent, and stayed so.
    AlertRaised {
        /// The row.
        row: RowId,
        /// Its level.
        level: Level,
        /// What was seen.
        words: String,
    },
    /// It is well again.
    AlertCleared {
        /// The row.
        row: RowId,
        /// What was seen.
        words: String,
    },
    /// Somebody knows of an alert.
    AlertAcknowledged {
        /// The row.
        row: RowId,
        /// What they say about it.
        note: String,
    },
    /// The document's monitoring windows begin.
    MonitoringBegan,
    /// A round has begun, with what the probes say about its items.
    RoundOpened {
        /// Which.
        round: RoundId,
        /// When it was due.
        due: DateTime<Utc>,
        /// What the probes say.
        evidence: Vec<(ItemId, Evidence)>,
    },
    /// Somebody answered an item in a round.
    RoundAnswered {
        /// Which.
        round: RoundId,
        /// The item.
        item: ItemId,
        /// It is as it should be.
        met: bool,
        /// What they say about it.
        note: String,
    },
    /// A round is over.
    RoundClosed {
        /// Which.
        round: RoundId,
        /// How it went.
        held: Held,
    },
    /// The monitoring is over.
    MonitoringEnded {
        /// Why.
        why: String,
    },
    /// A message went out, or could not be sent.
    MessageSent {
        /// What for.
        milestone: Milestone,
        /// What it says.
        text: String,
        /// Where to: `webhook` or `command`.
        to: String,
        /// How often it was tried.
        attempts: u32,
        /// Why it did not arrive, if it did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// The run has an outcome.
    RunFinished {
        /// Which.
        outcome: Outcome,
    },
    /// The deployment log was written.
    LogWritten {
        /// Where to.
        path: String,
    },
}
