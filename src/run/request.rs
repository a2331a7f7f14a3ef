//! What can be asked of a run.

use serde::{Deserialize, Serialize};

use super::event::parts::{Outcome, PlaceChoice, ProcessIdentity, SkipReason};
use super::gates::id::GateId;
use super::gates::outside::Outside;
use super::health::sample::RowId;
use super::ids::{Seq, TextHash};
use super::monitoring::round::{RoundId, SoFar};
use super::policy::Confirmation;
use super::rollback::found::Found;
use super::rollback::way_out::WayOut;
use super::sign::sign_off::SignOff;
use crate::mask::Hidden;
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
    /// What probes say of the round that is open: for ending the monitoring.
    pub so_far: SoFar,
}

/// What an operator may ask of a run, as clients send it. What happened is no request: see [`super::accept()`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
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
        /// Why, where something speaks against it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
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
    /// Whoever has control wants to see values that masks hide, on their own screen.
    ShowSecrets {
        /// Which, as the record calls them.
        hidden: Vec<Hidden>,
    },
    /// A client has written the log.
    WroteLog {
        /// Where to.
        path: String,
    },
    /// A client puts somebody's name to the record. The runner has looked whether statement and signature are good
    /// before it is decided.
    Sign(Box<SignOff>),
    /// A client wants differences told from now on.
    Baseline,
    /// A client knows of an alert.
    Acknowledge {
        /// The row.
        row: RowId,
        /// What they say about it.
        note: String,
    },
    /// A client begins the document's monitoring.
    BeginMonitoring,
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
    /// A client ends the monitoring.
    EndMonitoring {
        /// Why.
        why: String,
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
