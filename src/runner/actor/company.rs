//! Clients: who comes and goes, what they ask, who has control.

use super::super::clients::{Client, ClientId};
use super::super::inbox::Wants;
use super::super::reader::Reading;
use super::Actor;
use crate::exec::ToShim;
use crate::exec::screen::Size;
use crate::mask::{Hidden, SHORTEST, in_environment};
use crate::protocol::{EndsWithLogin, Part, ToClient, ToRunner, Values};
use crate::record::sign_off::Signing;
use crate::run::event::Stored;
use crate::run::{Attempt, Event, Refusal, Request, Seq, places};
use crate::runbook::{CommandId, parameters};
use crate::store::{StoreError, chain};

impl Actor {
    /// A client gets everything so far, then whatever happens.
    pub(super) fn joined(&mut self, id: ClientId, client: Client) {
        let (records, document) = match self.so_far() {
            Ok(known) => known,
            Err(error) => {
                client.to.push(ToClient::Trouble(error.to_string()));
                client.to.close();
                return;
            }
        };
        self.presence.somebody_came = true;
        let (to, operator) = (client.to.clone(), client.operator.clone());
        for update in ToClient::welcome(document, &records) {
            to.push(update);
        }
        self.clients.join(id, client, self.state.control());
        self.clients.introduce();
        if let Some(since) = self.recorder.unrecorded.since {
            to.push(ToClient::Unrecorded(Some((since, self.recorder.unrecorded.why.clone()))));
        }
        let acts = self.clients.get(id).is_some_and(|c| c.part != Part::Looks);
        if acts && self.executor.place.is_none() && self.executor.no_shell.take().is_some() {
            // Whoever comes has it tried again.
            self.raise_place();
        } else if let Some(why) = &self.executor.no_shell {
            to.push(ToClient::NoShell(why.clone()));
        }
        for remark in self.executor.remark.iter().cloned().chain(self.recorder.spill.refused()) {
            to.push(ToClient::Trouble(remark));
        }
        if let Some(dies) = &self.presence.dies {
            to.push(ToClient::EndsWithLogin(dies.clone()));
        }
        if let Some(health) = &self.watching.health {
            to.push(ToClient::Health(Box::new(health.clone())));
        }
        for (command, screen) in &self.screens {
            to.push(ToClient::Screen { command: command.clone(), screen: screen.clone() });
        }
        if self.clients.has_control(id) {
            self.took_control(operator, None);
        }
    }

    pub(super) fn ends_with_login(&mut self, dies: EndsWithLogin) {
        self.clients.tell(&ToClient::EndsWithLogin(self.presence.dies.insert(dies).clone()));
    }

    fn so_far(&self) -> Result<(Vec<Stored>, String), StoreError> {
        let document = tokio::task::block_in_place(|| self.recorder.store.text_of(self.files.id()))?;
        Ok((chain::check(self.journaled_lines()?)?, document))
    }

    /// The lines of everything that was recorded so far, what is not in the journal yet included.
    pub(super) fn journaled_lines(&self) -> Result<Vec<String>, StoreError> {
        let run = self.files.id();
        let mut lines =
            tokio::task::block_in_place(|| self.recorder.store.lines_of(run, Seq(0), usize::MAX))?;
        // Of what is late some may have arrived.
        let last = Seq(lines.len() as u64);
        for record in self.recorder.unrecorded.held.iter().filter(|r| r.seq > last) {
            lines.push(chain::line(record)?);
        }
        Ok(lines)
    }

    /// Recorded where it is news: the same person coming back is none.
    fn took_control(&mut self, by: String, from: Option<String>) {
        if from.is_some() || self.state.control() != Some(by.as_str()) {
            self.fact(Event::ControlTaken { by, from });
        }
    }

    pub(super) fn left(&mut self, id: ClientId) {
        self.executor.waiting.retain(|(client, _, _)| *client != id);
        self.questions.needs_made.retain(|(client, _)| *client != id);
        if self.clients.leave(id) {
            self.clients.introduce();
        }
    }

    pub(super) fn client(&mut self, id: ClientId, message: ToRunner) {
        if self.waits_for_made(&message) {
            self.questions.needs_made.push_back((id, message));
            return;
        }
        match message {
            ToRunner::Ask { number, request } => self.asked_by(id, number, request),
            ToRunner::TakeControl => self.take_control(id),
            ToRunner::Read { number, query } => {
                self.read(id, (query.command.clone(), query.attempt), Reading::Page { number, query });
            }
            ToRunner::Save { command, attempt, path, lines } => {
                self.read(id, (command, attempt), Reading::Save { path, lines });
            }
            ToRunner::ReadLog { probe, name } => {
                if let Some(client) = self.clients.get(id) {
                    self.read_log(client.to.clone(), probe, name);
                }
            }
            ToRunner::PrepareSignOff { role, name, keyed } => {
                self.prepare_sign_off(id, &Signing { role, name, keyed });
            }
            ToRunner::LookBack => self.look_back(Wants::Shown(id)),
            ToRunner::Leave => self.left(id),
            ToRunner::Attach { .. } => {}
            ToRunner::Evaluate(command) if !self.clients.has_control(id) => {
                self.clients.answer(id, ToClient::Evaluated { command, target: vec![] });
            }
            ToRunner::Secret { .. } | ToRunner::Keys { .. } | ToRunner::PaneSize { .. }
                if !self.clients.has_control(id) => {}
            ToRunner::Secret { name, value } => {
                self.secret(name.clone(), value);
                self.asked_by(id, 0, Request::SetParameter { name, value: None });
            }
            ToRunner::Keys { command, keys } => {
                self.typed_into(&command);
                self.send(ToShim::Keys { command, keys });
            }
            ToRunner::PaneSize { columns, rows } => {
                self.send(ToShim::Pane(Size { columns: columns.max(10), rows: rows.max(3) }));
            }
            ToRunner::Evaluate(command) => self.evaluate(id, command),
        }
    }

    pub(super) fn asked_by(&mut self, id: ClientId, number: u64, request: Request) {
        let runs = matches!(request, Request::Run { .. } | Request::WaitUntil { .. });
        let over = self.state.outcome().is_some() && places::missing_for_back(&self.state).is_none();
        if runs && self.executor.shell.is_none() && !over {
            self.executor.waiting.push_back((id, number, request));
            self.raise_place();
            return;
        }
        if self.clients.get(id).is_none() {
            return;
        }
        let refused = self.clients.refuses(id, &request).or_else(|| self.secret_in(&request));
        let refused = refused.or_else(|| match &request {
            Request::Sign(sign_off) => self.check_sign_off(sign_off).err(),
            _ => None,
        });
        if refused.is_none() && matches!(request, Request::RollBack { .. }) {
            self.look_back(Wants::Decided(id, number, Box::new(request)));
            return;
        }
        if refused.is_some() {
            self.clients.answer(id, ToClient::Answered { number, refused });
            return;
        }
        let names = self.variables_of(&request);
        if names.is_empty() {
            self.decide_asked(id, number, request);
        } else {
            self.look_at_variables(id, number, request, names);
        }
    }

    /// A hook has answered: the request is decided on what is so now, or refused in the hook's words.
    pub(super) fn hooked(&mut self, id: ClientId, number: u64, request: &Request, said: Result<(), Refusal>) {
        let Some(actor) = self.clients.get(id).map(|c| c.operator.clone()) else { return };
        let refused = said.err().or_else(|| self.clients.refuses(id, request));
        let refused = refused.or_else(|| self.ask(request, Some(actor)).err());
        self.clients.answer(id, ToClient::Answered { number, refused });
    }

    /// Whoever wants control gets it: people talk to each other, and everybody sees it.
    fn take_control(&mut self, id: ClientId) {
        let Some(client) = self.clients.get(id).filter(|c| c.part != Part::Looks) else { return };
        if self.clients.has_control(id) {
            return;
        }
        let by = client.operator.clone();
        let from = self.clients.holder().map(|h| h.operator.clone());
        self.clients.give(id);
        self.took_control(by, from);
        self.clients.introduce();
    }

    /// The secret whose value stands in what somebody typed: the journal must never get it.
    fn secret_in(&self, request: &Request) -> Option<Refusal> {
        let typed = request.typed();
        let known = |value: &str| value.len() >= SHORTEST && typed.iter().any(|text| text.contains(value));
        let found = self.secrets.iter().find(|(_, value)| known(value));
        found.map(|(name, _)| Refusal::HoldsSecret(name.clone()))
    }

    /// The values that masks hide, as far as they are known now; what was asked for is in the record already.
    pub(super) fn values_behind(&self, hidden: &[Hidden]) -> Values {
        let environment = in_environment(std::env::vars_os());
        let held =
            |name: &String| environment.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        let value = |hidden: &Hidden| match hidden {
            Hidden::Declared(name) => self.secrets.get(name).cloned(),
            Hidden::Environment(name) => held(name),
            _ => None,
        };
        let told = self.state.hidden();
        let asked = hidden.iter().filter(|hidden| hidden.is_kept() && told.contains(hidden));
        Values(asked.map(|hidden| (hidden.clone(), value(hidden))).collect())
    }

    /// Lets the reader answer; it tells the client itself.
    fn read(&self, id: ClientId, what: (CommandId, Option<Attempt>), reading: Reading) {
        if let Some(client) = self.clients.get(id) {
            self.reader.read(&self.state, what, reading, client.to.clone());
        }
    }

    fn evaluate(&mut self, id: ClientId, command: CommandId) {
        let text = self.state.find(&command).map(|c| self.state.text_of(c)).unwrap_or_default();
        let mut names: Vec<String> = parameters::variables(&text).into_iter().map(|(n, _)| n).collect();
        names.sort();
        names.dedup();
        names.retain(|n| !parameters::is_secret_name(n));
        if names.is_empty() || self.executor.shell.is_none() || self.state.running().is_some() {
            self.clients.answer(id, ToClient::Evaluated { command, target: vec![] });
        } else {
            self.questions.evaluating.push_back((id, command.clone()));
            self.send(ToShim::Evaluate { command, names });
        }
    }
}
