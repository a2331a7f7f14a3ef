//! The way for clients to a runner in this process; the socket's server uses it too.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::clients::{Client, ClientId};
use super::inbox::{Inbox, ToActor};
use crate::protocol::{Part, ToClient, ToRunner};
use crate::wire::Outbox;

/// Lets clients in.
#[derive(Clone, Debug)]
pub struct Handle {
    to: ToActor,
    last: Arc<AtomicU64>,
}

/// Both ways of one client.
#[derive(Debug)]
pub struct Line {
    /// To the runner. When it is dropped, the client has left.
    pub to: UnboundedSender<ToRunner>,
    /// From the runner.
    pub from: Arc<Outbox<ToClient>>,
}

impl Handle {
    pub(super) fn new(to: ToActor) -> Self {
        Self { to, last: Arc::new(AtomicU64::new(0)) }
    }

    /// The way into the actor's inbox.
    pub(super) fn inbox(&self) -> ToActor {
        self.to.clone()
    }

    /// Takes a client in.
    pub fn attach(&self, operator: String, part: Part) -> Line {
        let id = ClientId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let from = Arc::new(Outbox::new(ToClient::screen_of));
        let client = Client { operator, part, to: Arc::clone(&from) };
        if self.to.send(Inbox::Joined(id, client)).is_err() {
            from.close();
        }
        let (to, mut messages) = unbounded_channel();
        let (inbox, outbox) = (self.to.clone(), Arc::clone(&from));
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                if inbox.send(Inbox::Client(id, message)).is_err() {
                    outbox.close();
                    return;
                }
            }
            let _ended = inbox.send(Inbox::Left(id));
        });
        Line { to, from }
    }
}
