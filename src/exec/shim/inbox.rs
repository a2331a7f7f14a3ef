//! What a place is asked for: messages as they come, and those that wait for the shell.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, TryRecvError};

use tokio::sync::OwnedSemaphorePermit;

use super::message::ToShim;
use super::terminal::drain;

/// A message, with the room that it takes until it is taken where another process has sent it.
pub(super) type Turn = (ToShim, Option<OwnedSemaphorePermit>);

/// Messages for a place, with a pipe that wakes whoever waits for descriptors.
pub(super) struct Inbox {
    messages: Receiver<Turn>,
    woken: OwnedFd,
    /// Commands that came while another held the shell. Only the run's owner sends them, and that sends one at a time.
    held: VecDeque<ToShim>,
}

impl Inbox {
    pub(super) fn new(messages: Receiver<Turn>, woken: OwnedFd) -> Self {
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
            Ok((message, _turn)) => Some(message),
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::super::super::spawn::wait_readable;
    use super::*;

    #[test]
    fn messages_come_in_order_and_nobody_left_to_send_is_the_end() {
        let (messages, inbox) = channel();
        let (woken, wake) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::NONBLOCK).unwrap();
        let mut inbox = Inbox::new(inbox, woken);
        for path in ["/a", "/b"] {
            messages.send((ToShim::Directory(path.into()), None)).unwrap();
            rustix::io::write(&wake, b"!").unwrap();
        }
        let now = Some(std::time::Duration::ZERO);
        assert_eq!(wait_readable(&[inbox.wakes()], now), [true]);
        inbox.awake();
        assert_eq!(wait_readable(&[inbox.wakes()], now), [false], "all at once");
        let first = inbox.next().unwrap();
        assert!(matches!(&first, ToShim::Directory(path) if path == "/a"));
        inbox.hold(first);
        assert!(matches!(inbox.next(), Some(ToShim::Directory(path)) if path == "/b"));
        assert!(inbox.next().is_none(), "nothing has come");
        drop(messages);
        assert!(matches!(inbox.next(), Some(ToShim::Shutdown)));
        assert!(matches!(inbox.held(), Some(ToShim::Directory(path)) if path == "/a"));
        assert!(inbox.held().is_none());
    }
}
