//! Who follows a run, and who has control of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::protocol::{Control, Part, ToClient};
use crate::run::{Refusal, Request};
use crate::wire::Outbox;

/// What goes to a client.
pub(super) type ToIt = Arc<Outbox<ToClient>>;

/// Names a client for as long as it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClientId(pub(super) u64);

/// One that follows.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) operator: String,
    pub(super) part: Part,
    pub(super) to: ToIt,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Clients {
    all: BTreeMap<ClientId, Client>,
    holder: Option<ClientId>,
}

impl Clients {
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn get(&self, id: ClientId) -> Option<&Client> {
        self.all.get(&id)
    }

    /// Takes one in; it has control where nobody has, unless it only looks, or somebody else had it last: then that
    /// has to be asked for, whoever comes first.
    pub(super) fn join(&mut self, id: ClientId, client: Client, had_last: Option<&str>) {
        let free = had_last.is_none_or(|last| last == client.operator);
        if self.holder.is_none() && free && client.part != Part::Looks {
            self.holder = Some(id);
        }
        self.all.insert(id, client);
    }

    /// One has gone; whether it was there.
    pub(super) fn leave(&mut self, id: ClientId) -> bool {
        if self.holder == Some(id) {
            self.holder = None;
        }
        self.all.remove(&id).inspect(|client| client.to.close()).is_some()
    }

    /// Gives control to one that follows.
    pub(super) fn give(&mut self, id: ClientId) {
        self.holder = Some(id);
    }

    /// Nobody has control.
    pub(super) fn release(&mut self) {
        self.holder = None;
    }

    /// Who has control.
    pub(super) fn holder(&self) -> Option<&Client> {
        self.holder.and_then(|id| self.all.get(&id))
    }

    /// Whether this one has control.
    pub(super) fn has_control(&self, id: ClientId) -> bool {
        self.holder == Some(id)
    }

    /// Why a client may not ask for this, if it may not. A note and a sign-off are
    /// everybody's who does not only look.
    pub(super) fn refuses(&self, id: ClientId, request: &Request) -> Option<Refusal> {
        let client = self.all.get(&id)?;
        let shows = matches!(request, Request::ShowSecrets { .. });
        if client.part == Part::Looks || shows && client.part != Part::Operator {
            return Some(Refusal::ViewOnly);
        }
        if self.has_control(id) || matches!(request, Request::Note { .. } | Request::Sign(_)) {
            return None;
        }
        Some(self.holder().map_or(Refusal::NobodysControl, |h| Refusal::NoControl(h.operator.clone())))
    }

    /// Tells everybody.
    pub(super) fn tell(&self, update: &ToClient) {
        for client in self.all.values() {
            client.to.push(update.clone());
        }
    }

    /// Tells one.
    pub(super) fn answer(&self, id: ClientId, update: ToClient) {
        if let Some(client) = self.all.get(&id) {
            client.to.push(update);
        }
    }

    /// Tells everybody who is there and who has control.
    pub(super) fn introduce(&self) {
        let holder = self.holder().map(|h| h.operator.clone());
        for (id, client) in &self.all {
            let others = self.all.iter().filter(|(other, _)| *other != id);
            client.to.push(ToClient::Control(Control {
                holder: holder.clone(),
                yours: self.has_control(*id),
                others: others.map(|(_, other)| other.operator.clone()).collect(),
            }));
        }
    }

    /// Lets everybody go.
    pub(super) fn close(&self) {
        for client in self.all.values() {
            client.to.push(ToClient::Ended);
            client.to.close();
        }
    }
}
