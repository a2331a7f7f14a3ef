//! Looks in the shell, just before a command runs, whether the variables it needs have a value there.

use super::super::clients::ClientId;
use super::{Actor, Inbox, Known};
use crate::exec::ToShim;
use crate::protocol::ToClient;
use crate::run::Request;
use crate::runbook::{CommandId, parameters};

/// What the shell is asked under, with a number behind it: no command's id begins so.
const ASKS: &str = "unset:";

/// A request to run that waits for the shell to say which variables have a value.
#[derive(Debug)]
pub(super) struct Looking {
    client: ClientId,
    number: u64,
    request: Request,
    asked: CommandId,
}

impl Actor {
    /// The variables to look at before a request is decided; none where the command needs none, or where the shell can't
    /// be asked now.
    pub(super) fn variables_of(&self, request: &Request) -> Vec<String> {
        let (Request::Run { command, .. } | Request::WaitUntil { command, .. }) = request else {
            return vec![];
        };
        let asks =
            self.executor.shell.is_some() && self.state.running().is_none() && self.state.outcome().is_none();
        let Some(found) = self.state.find(command).filter(|_| asks) else { return vec![] };
        let mut names = parameters::needed(&self.state.text_of(found));
        names.retain(|name| !self.secrets.contains_key(name) && !self.state.runs_unset(command, name));
        names
    }

    /// Asks the shell; the request is decided with its answer.
    pub(super) fn look_at_variables(
        &mut self,
        client: ClientId,
        number: u64,
        request: Request,
        names: Vec<String>,
    ) {
        self.questions.looks += 1;
        let asked = CommandId(format!("{ASKS}{}", self.questions.looks));
        self.questions.looking_at.push_back(Looking { client, number, request, asked: asked.clone() });
        self.send(ToShim::Evaluate { command: asked, names });
    }

    /// Whether values were asked for by [`Self::look_at_variables`].
    pub(super) fn asked_for_unset(asked: &CommandId) -> bool {
        asked.0.starts_with(ASKS)
    }

    /// The shell has answered. What it knows nothing of is not asked about.
    pub(super) fn variables_known(&mut self, asked: &CommandId, values: Vec<(String, String)>) {
        let Some(at) = self.questions.looking_at.iter().position(|l| l.asked == *asked) else { return };
        let Some(Looking { client, number, request, .. }) = self.questions.looking_at.remove(at) else {
            return;
        };
        let unset: Vec<String> =
            values.into_iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| name).collect();
        let Some(actor) = self.clients.get(client).map(|c| c.operator.clone()) else { return };
        let refused = self.clients.refuses(client, &request);
        if refused.is_none() && unset.is_empty() {
            self.decide_asked(client, number, request);
            return;
        }
        let known = Known { unset, ..Known::default() };
        let refused = refused.or_else(|| self.ask_with(&request, Some(actor), known).err());
        self.clients.answer(client, ToClient::Answered { number, refused });
    }

    /// The shell has gone before it answered: the requests wait for the next one.
    pub(super) fn variables_unknown(&mut self) {
        for Looking { client, number, request, .. } in std::mem::take(&mut self.questions.looking_at) {
            self.executor.waiting.push_back((client, number, request));
        }
    }

    /// Decides on a request of a client, after whoever is to be asked before it.
    pub(super) fn decide_asked(&mut self, id: ClientId, number: u64, request: Request) {
        let Some(actor) = self.clients.get(id).map(|c| c.operator.clone()) else { return };
        if let Some(hook) = self.hooks.before(&request, &self.state) {
            let inbox = self.to_self.clone();
            tokio::spawn(async move {
                let said = hook.ask().await;
                let _ended = inbox.send(Inbox::Hooked(id, number, Box::new(request), said));
            });
            return;
        }
        let refused = self.ask(&request, Some(actor)).err();
        if let (None, Request::ShowSecrets { hidden }) = (&refused, &request) {
            self.clients.answer(id, ToClient::Values(self.values_behind(hidden)));
        }
        self.clients.answer(id, ToClient::Answered { number, refused });
    }
}
