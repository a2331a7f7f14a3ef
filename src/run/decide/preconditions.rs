//! What has to be so before a request is looked at any closer.

use crate::run::refusal::Refusal;
use crate::run::state::RunState;
use crate::runbook::{Command, CommandId};

pub(super) fn known<'s>(state: &'s RunState, id: &CommandId) -> Result<&'s Command, Refusal> {
    state.find(id).ok_or_else(|| Refusal::NoCommand(id.clone()))
}

pub(super) fn idle(state: &RunState, id: &CommandId) -> Result<(), Refusal> {
    if state.running() == Some(id) {
        Err(Refusal::Busy(id.clone()))
    } else if state.background().contains(id) {
        Err(Refusal::InBackground(id.clone()))
    } else if state.waiting().is_some_and(|w| &w.command == id) {
        Err(Refusal::Waits(id.clone()))
    } else {
        Ok(())
    }
}

/// Whether the shell is free for a command.
pub(super) fn free(state: &RunState, id: &CommandId) -> Result<(), Refusal> {
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
    if state.background().contains(id) {
        return Err(Refusal::InBackground(id.clone()));
    }
    match state.waiting() {
        Some(waiting) => Err(Refusal::Waits(waiting.command.clone())),
        None => Ok(()),
    }
}

/// A run is over only when nothing runs in it any more.
pub(super) fn nothing_lives(state: &RunState) -> Result<(), Refusal> {
    if let Some(busy) = state.running() {
        return Err(Refusal::Busy(busy.clone()));
    }
    if let Some(follow) = state.background().first() {
        return Err(Refusal::InBackground(follow.clone()));
    }
    if let Some(waiting) = state.waiting() {
        return Err(Refusal::Waits(waiting.command.clone()));
    }
    Ok(())
}

pub(super) fn needs_reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonNeeded) } else { Ok(()) }
}
