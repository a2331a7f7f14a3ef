//! What a place is asked for: messages as they come, and those that wait for the shell.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, TryRecvError};

use super::message::ToShim;
use super::terminal::drain;

/// Messages for a place, with a pipe that wakes whoever waits for descriptors.
pub(super) struct Inbox {
    messages: Receiver<ToShim>,
    woken: OwnedFd,
    held: VecDeque<ToShim>,
}

impl Inbox {
    pub(super) fn new(messages: Receiver<ToShim>, woken: OwnedFd) -> Self {
        Self { messages, woken, held: VecDeque::new() }
    }

    /// Can be read when there are messages.
    pub(super) fn wakes(&self) -> &OwnedFd {
        &self.woken
    }

    /// Takes what woke: whatever is sent from now on wakes once more.
    pub(super) fn awake(&self) {
        drain(&self.woken, |_| {});
    }

    /// The next message that has come. Where nobody is left to send one, the place is to end.
    pub(super) fn next(&self) -> Option<ToShim> {
        match self.messages.try_recv() {
            Ok(message) => Some(message),
            Err(TryRecvError::Disconnected) => Some(ToShim::Shutdown),
            Err(TryRecvError::Empty) => None,
        }
    }

    /// Keeps a message until the shell is free.
    pub(super) fn hold(&mut self, message: ToShim) {
        self.held.push_back(message);
    }

    /// The first of those that were kept.
    pub(super) fn held(&mut self) -> Option<ToShim> {
        self.held.pop_front()
    }
}
