//! What waits to be sent to one receiver. Of screens only the latest waits: a slow receiver misses frames and
//! nothing else, and never holds anybody up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::runbook::CommandId;

/// Messages that may wait. Whoever is further behind than this has gone.
const MOST: usize = 100_000;

/// Messages in order for one receiver.
#[derive(Debug)]
pub struct Outbox<T> {
    inner: Mutex<Inner<T>>,
    wake: Notify,
    /// The command whose screen a message is, where it is one.
    screen_of: fn(&T) -> Option<&CommandId>,
}

#[derive(Debug)]
struct Inner<T> {
    queue: VecDeque<T>,
    /// The latest screens since the last other message.
    screens: BTreeMap<CommandId, T>,
    closed: bool,
}

impl<T> Outbox<T> {
    /// An empty one.
    pub fn new(screen_of: fn(&T) -> Option<&CommandId>) -> Self {
        let inner = Inner { queue: VecDeque::new(), screens: BTreeMap::new(), closed: false };
        Self { inner: Mutex::new(inner), wake: Notify::new(), screen_of }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a message; false when nobody takes them any more.
    pub fn push(&self, message: T) -> bool {
        let mut inner = self.lock();
        if inner.closed {
            return false;
        }
        match (self.screen_of)(&message).cloned() {
            Some(command) => drop(inner.screens.insert(command, message)),
            None => {
                // A screen never overtakes what came after it.
                let screens = std::mem::take(&mut inner.screens);
                inner.queue.extend(screens.into_values());
                inner.queue.push_back(message);
            }
        }
        inner.closed = inner.queue.len() > MOST;
        drop(inner);
        self.wake.notify_one();
        true
    }

    /// Nothing more comes; what waits is still given out.
    pub fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_one();
    }

    /// A message that waits already.
    pub fn ready(&self) -> Option<T> {
        let mut inner = self.lock();
        inner.queue.pop_front().or_else(|| inner.screens.pop_first().map(|(_, screen)| screen))
    }

    /// The next message; `None` when it was closed and all was given out.
    pub async fn next(&self) -> Option<T> {
        loop {
            if let Some(message) = self.ready() {
                return Some(message);
            }
            if self.lock().closed {
                // Others may wait for the same end.
                self.wake.notify_one();
                return None;
            }
            self.wake.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Message {
        Screen(CommandId, u32),
        Word(u32),
    }

    fn screen_of(message: &Message) -> Option<&CommandId> {
        match message {
            Message::Screen(command, _) => Some(command),
            Message::Word(_) => None,
        }
    }

    #[tokio::test]
    async fn of_screens_only_the_latest_waits_and_none_overtakes_a_word() {
        let outbox = Outbox::new(screen_of);
        let one = CommandId("1/1".into());
        for n in 0..1000 {
            outbox.push(Message::Screen(one.clone(), n));
        }
        outbox.push(Message::Word(1));
        outbox.push(Message::Screen(one.clone(), 2000));
        outbox.close();
        assert!(!outbox.push(Message::Word(9)), "closed");
        let mut given = vec![];
        while let Some(message) = outbox.next().await {
            given.push(message);
        }
        let screen = |n| Message::Screen(one.clone(), n);
        assert_eq!(given, [screen(999), Message::Word(1), screen(2000)]);
    }
}
