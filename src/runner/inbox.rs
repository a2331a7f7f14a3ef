//! What reaches the owner of a run: from clients, from the place, from what it had looked at.

use std::collections::BTreeMap;

use tokio::sync::mpsc::UnboundedSender;

use super::clients::{Client, ClientId};
use super::files::Look;
use super::place::Place;
use crate::config::Milestone;
use crate::exec::shim::Regained;
use crate::exec::{ExecError, Report, Standing};
use crate::protocol::{EndsWithLogin, ToRunner};
use crate::run::health::Sample;
use crate::run::rollback::Found;
use crate::run::{Attempt, Event, Refusal, Request};
use crate::runbook::CommandId;

/// The way into an actor's inbox.
pub(super) type ToActor = UnboundedSender<Inbox>;

/// What reaches the actor.
#[derive(Debug)]
pub(super) enum Inbox {
    /// A client has come.
    Joined(ClientId, Client),
    /// From a client.
    Client(ClientId, ToRunner),
    /// A client has gone.
    Left(ClientId),
    /// From the place.
    Place(Report),
    /// The place's process has gone.
    PlaceGone,
    /// This process ends with the login that it was started in.
    Dies(EndsWithLogin),
    /// Something that whoever follows has to know.
    Trouble(String),
    /// A message went out, or did not.
    Sent(Sent),
    /// A hook was asked before a client's request is decided.
    Hooked(ClientId, u64, Box<Request>, Result<(), Refusal>),
    /// What is there to go back with is known.
    LookedBack(Wants, Box<Found>),
    /// What was asked about another host is known, or can't be.
    Errand(Errand, Option<String>),
    /// Files that going back needs were looked at once they were made.
    FilesMade(Vec<Event>),
    /// A probe looked.
    Sample(Box<Sample>),
    /// A connection of the probes' own is up, or could not be had.
    Regained(Box<Result<Regained, String>>),
    /// A new place was started in its stead, or could not be.
    PlaceUp(Box<Result<(Place, Standing), ExecError>>),
}

/// Who wants to know what is there to go back with.
#[derive(Debug)]
pub(super) enum Wants {
    /// A client, to show it.
    Shown(ClientId),
    /// A request to go back, that is decided on it.
    Decided(ClientId, u64, Box<Request>),
}

/// What was asked of a place, for when it answers.
#[derive(Debug)]
pub(super) enum Errand {
    /// What is there to go back with; what is known of values.
    Back(Wants, Box<Look>, Option<BTreeMap<String, bool>>),
    /// Files that going back needs, once they are made.
    Made(Vec<(CommandId, Attempt, String)>),
    /// What a lost command left behind.
    Survivors(CommandId),
    /// The compose file's services, for the verdict on a command.
    Services(CommandId),
}

/// What became of a message at one receiver.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) milestone: Milestone,
    pub(super) text: String,
    pub(super) to: String,
    pub(super) attempts: u32,
    pub(super) failed: Option<String>,
}
