//! The kinds of events.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::newer::Newer;
use super::parts::{Exit, Outcome, Place, PlaceChoice, ProcessIdentity, SkipReason, Start, Survivor};
use crate::config::Milestone;
use crate::mask::Hidden;
use crate::run::claim::Derived;
use crate::run::gates::id::GateId;
use crate::run::health::evidence::Evidence;
use crate::run::health::level::Level;
use crate::run::health::sample::RowId;
use crate::run::health::watch::Watch;
use crate::run::ids::Attempt;
use crate::run::monitoring::round::{Held, RoundId};
use crate::run::rollback::decided::Decided;
use crate::run::rollback::found::LookedAt;
use crate::run::sign::sign_off::SignOff;
use crate::run::trouble::Recognised;
use crate::runbook::correct::Correction;
use crate::runbook::{CommandId, ItemId, StepId};

/// Everything that can happen. Each variant says who causes it; [`RunState`](crate::run::RunState) folds all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", remote = "Self")]
pub enum Event {
    /// The operator started the run.
    RunStarted(Start),
    /// A process took the run up again.
    RunResumed {
        /// The version of gonogo that did.
        gonogo: String,
    },
    /// The operator accepted that this version of gonogo reads the document differently than the one before it.
    PlanAccepted {
        /// The version of gonogo that reads it so.
        gonogo: String,
        /// SHA-256 of what it reads, in hexadecimal.
        plan: String,
        /// What differs, in words; empty where that could not be told.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changes: Vec<String>,
    },
    /// The operator answered a parameter. Secret values are not kept.
    ParameterSet {
        /// Its name.
        name: String,
        /// Its value, unless secret.
        value: Option<String>,
    },
    /// The operator said how a piece of the document is to be read, for this run.
    ReadingCorrected {
        /// What they said.
        correction: Correction,
        /// SHA-256 of the plan with it, by which the run goes on.
        plan: String,
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
    /// A place command has led to its other side: what follows runs there.
    PlaceEntered {
        /// The place command.
        command: CommandId,
        /// What its shell was given back of what was there before the way to it ended.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        restored: Vec<String>,
        /// What goes on there can have a terminal of its own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        terminals: bool,
    },
    /// The other side of a place command was left.
    PlaceLeft {
        /// The place command.
        command: CommandId,
        /// Why, where nobody asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost: Option<String>,
    },
    /// Somebody has said that the shell is where it should be.
    PlaceAccepted {
        /// Where it is.
        place: Place,
    },
    /// A command that does not read like one opened a shell that waits for whoever sits there.
    ShellOpened {
        /// The command.
        command: CommandId,
        /// What opened it, as it was seen to run.
        by: String,
    },
    /// It was looked what a lost command left behind, once its place could be reached again.
    SurvivorsSeen {
        /// The command.
        command: CommandId,
        /// What is still there.
        survivors: Vec<Survivor>,
    },
    /// The operator ticked an item.
    ItemTicked {
        /// The item.
        item: ItemId,
        /// What was seen, if the item's command was run.
        evidence: Option<String>,
        /// Why it is ticked although something speaks against it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
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
    /// Variables that a command uses have no value where it would run: it was not started, and somebody is asked.
    UnsetFound {
        /// The command.
        command: CommandId,
        /// The variables.
        names: Vec<String>,
    },
    /// The operator answered that.
    UnsetAnswered {
        /// The command.
        command: CommandId,
        /// It runs all the same.
        runs: bool,
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
        /// The hash over its recording, see [`seal`](crate::run::seal).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seal: Option<String>,
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
        /// It ran where nobody can look now: what it left behind is not known yet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unseen: bool,
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
        /// The command of the way back that it was put before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<CommandId>,
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
    /// Masks in a command's output hide this, which they had not before.
    OutputMasked {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What it is called.
        hidden: Vec<Hidden>,
    },
    /// Whoever has control had values that masks hide shown on their own screen.
    SecretsShown {
        /// What the values are called.
        hidden: Vec<Hidden>,
    },
    /// What came after a command had ended and before the next one ran: of a job that it left in the background.
    OutputAfter {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What came, masked.
        text: String,
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
    /// A row of what is watched came to be an alert, down, or not to be seen, and stayed so.
    AlertRaised {
        /// The row.
        row: RowId,
        /// Its level.
        level: Level,
        /// What was seen.
        words: String,
        /// When it was first seen to be so; nothing in records of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<DateTime<Utc>>,
    },
    /// It is well again.
    AlertCleared {
        /// The row.
        row: RowId,
        /// What was seen.
        words: String,
        /// The worst that was measured meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        worst: Option<String>,
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
    /// A round has begun.
    RoundOpened {
        /// Which.
        round: RoundId,
        /// When it was due.
        due: DateTime<Utc>,
        /// What the probes said then, in records of before: a look at its beginning.
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
        /// What all looks within it say about its items; records of before have it where it was opened.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<(ItemId, Evidence)>,
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
    /// A file that the way back puts back was looked at after a command had made it.
    FileMade {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// Its path.
        path: String,
        /// What was seen.
        looked: LookedAt,
    },
    /// The operator began to go back.
    RollbackBegun(Box<Decided>),
    /// The operator took that back before anything of it was done.
    RollbackCalledOff {
        /// Why.
        reason: String,
    },
    /// A step of the deployment is gone through again after going back.
    StepTakenAlong {
        /// The step.
        step: StepId,
    },
    /// Problems of the document fit what a command came to.
    ProblemsRecognised {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// The problems, the best first.
        problems: Vec<Recognised>,
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
    /// Somebody put their name to the record.
    Signed(Box<SignOff>),
    /// Something that a newer gonogo wrote and this one does not know. It is kept as it is.
    #[serde(skip)]
    Newer(Newer),
}
