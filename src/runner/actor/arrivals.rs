//! What reaches the actor, in order; what can wait is put off while the journal is written.

use std::collections::VecDeque;

use tokio::sync::mpsc::UnboundedReceiver;

use super::super::inbox::Inbox;

/// The actor's inbox.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// Absent before the actor works.
    channel: Option<UnboundedReceiver<Inbox>>,
    /// What came while something else was waited for.
    put_off: VecDeque<Inbox>,
}

impl Arrivals {
    pub(super) fn of(channel: UnboundedReceiver<Inbox>) -> Self {
        Self { channel: Some(channel), put_off: VecDeque::new() }
    }

    /// The next message; nothing when there will be no more.
    pub(super) async fn next(&mut self) -> Option<Inbox> {
        if let Some(message) = self.put_off.pop_front() {
            return Some(message);
        }
        self.channel.as_mut()?.recv().await
    }

    /// What has arrived by now and was not looked at yet.
    pub(super) fn arrived(&mut self) -> Option<Inbox> {
        self.channel.as_mut()?.try_recv().ok()
    }

    /// The first of what was put off.
    #[cfg(test)]
    pub(super) fn put_off_now(&mut self) -> Option<Inbox> {
        self.put_off.pop_front()
    }

    /// Keeps a message for when there is time for it.
    pub(super) fn put_off(&mut self, message: Inbox) {
        self.put_off.push_back(message);
    }
}
