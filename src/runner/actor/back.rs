//! Going back: looks at what it needs before it begins, and at files that it will need once they are made.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::clock::now_here;
use super::super::files::{self, Look};
use super::super::inbox::{Inbox, Wants};
use super::{Actor, Known};
use crate::caught;
use crate::exec::ToShim;
use crate::protocol::{ToClient, ToRunner};
use crate::run::environment::EnvironmentKey;
use crate::run::rollback::{self, Found, LookedAt};
use crate::run::trouble::{self, Failure};
use crate::run::{Attempt, Event, Refusal, Request, places};
use crate::runbook::{CommandId, StepId};
use crate::store::held::Holder;

/// Under this name the shell is asked for values that nobody has recorded.
pub(super) const ASKS_VALUES: &str = "rollback";

impl Actor {
    /// Looks at what going back needs: asks the shell for values first, where there are any to ask for.
    pub(super) fn look_back(&mut self, wants: Wants) {
        let names = self.values_to_ask();
        let known = |name: &String| self.secrets.contains_key(name);
        let ask: Vec<String> = names.iter().filter(|n| !known(n)).cloned().collect();
        let free = self.executor.shell.is_some() && self.state.running().is_none();
        if !ask.is_empty() && free {
            self.questions.looking.push_back(wants);
            self.send(ToShim::Evaluate { command: CommandId(ASKS_VALUES.into()), names: ask });
            return;
        }
        let set = if ask.is_empty() { Some(names.into_iter().map(|n| (n, true)).collect()) } else { None };
        self.look_at_files(wants, set);
    }

    fn values_to_ask(&self) -> Vec<String> {
        let all: Vec<StepId> = rollback::procedures(self.state.runbook()).map(|s| s.id.clone()).collect();
        rollback::unknown_values(&self.state, &all).into_iter().map(|(_, _, name)| name).collect()
    }

    /// The shell has answered.
    pub(super) fn values_known(&mut self, values: Vec<(String, String)>) {
        let Some(wants) = self.questions.looking.pop_front() else { return };
        let own = self.secrets.keys().map(|n| (n.clone(), true));
        let set = own.chain(values.into_iter().map(|(name, value)| (name, !value.is_empty())));
        let set = set.collect();
        self.look_at_files(wants, Some(set));
    }

    /// The shell has gone before it answered.
    pub(super) fn values_unknown(&mut self) {
        for wants in std::mem::take(&mut self.questions.looking) {
            self.look_at_files(wants, None);
        }
    }

    fn look_at_files(&mut self, wants: Wants, set: Option<BTreeMap<String, bool>>) {
        let (look, inbox) = (Look::of(&self.state), self.to_self.clone());
        if places::missing_for_back(&self.state).is_some() {
            // What is of the same name here is something else.
            self.looked_back(wants, Found { set, ..Found::default() });
            return;
        }
        if self.is_elsewhere() {
            self.look_back_there(wants, look, set);
            return;
        }
        tokio::task::spawn_blocking(move || {
            let found = look.found(set);
            let _ended = inbox.send(Inbox::LookedBack(wants, Box::new(found)));
        });
    }

    /// What is there to go back with is known.
    pub(super) fn looked_back(&mut self, wants: Wants, found: Found) {
        match wants {
            Wants::Shown(id) => self.clients.answer(id, ToClient::Found(Box::new(found))),
            Wants::Decided(id, number, request) => {
                let Some(actor) = self.clients.get(id).map(|c| c.operator.clone()) else { return };
                let refused = self.clients.refuses(id, &request).or_else(|| self.hold_again().err());
                let known = Known { found: Some(found), ..Known::default() };
                let refused = refused.or_else(|| self.ask_with(&request, Some(actor), known).err());
                // Refused: what was over is over still.
                self.let_go_if_over();
                self.clients.answer(id, ToClient::Answered { number, refused });
            }
        }
    }

    /// A run that was over takes its environment again.
    fn hold_again(&mut self) -> Result<(), Refusal> {
        let Some((start, _)) = self.state.start().filter(|_| self.state.outcome().is_some()) else {
            return Ok(());
        };
        let held = |error: crate::store::StoreError| Refusal::HeldElsewhere(error.to_string());
        let key = EnvironmentKey::of(self.state.runbook(), &start.environment);
        let holder = Holder::of(&self.files, &start.operator, &now_here());
        let environment = self.recorder.store.hold(&key, &holder).map_err(held)?;
        self.hold(environment);
        self.recorder.reserved = self.files.reserve();
        Ok(())
    }

    /// Files that the way back needs are looked at as soon as they are made.
    pub(super) fn look_at_made(&mut self, event: &Event) {
        let counts = match event {
            Event::CommandExited { .. } | Event::RunResumed { .. } => true,
            // A command may set many values; few of them lead to a file.
            Event::ValueCaptured { name, .. } => rollback::leads_to_a_file(&self.state, name),
            _ => false,
        };
        if !counts {
            return;
        }
        let mut unseen = rollback::made_unseen(&self.state);
        unseen.retain(|made| self.remote.looked_at.insert(made.clone()));
        if unseen.is_empty() {
            return;
        }
        self.questions.made += 1;
        if self.is_elsewhere() {
            self.look_at_made_there(unseen);
            return;
        }
        let inbox = self.to_self.clone();
        tokio::task::spawn_blocking(move || {
            let each = unseen.into_iter().map(|(command, attempt, path)| {
                let looked = caught::catch(|| files::look(Path::new(&path)));
                let looked = looked.unwrap_or_else(|| LookedAt::Not("gonogo could not check it".into()));
                Event::FileMade { command, attempt, path, looked }
            });
            let _ended = inbox.send(Inbox::FilesMade(each.collect()));
        });
    }

    /// Files that were made have been looked at: what needed that is decided now.
    pub(super) fn seen_made(&mut self, facts: Vec<Event>) {
        for fact in facts {
            self.fact(fact);
        }
        self.questions.made = self.questions.made.saturating_sub(1);
        if self.questions.made == 0 {
            for (id, message) in std::mem::take(&mut self.questions.needs_made) {
                self.client(id, message);
            }
        }
    }

    /// Whether a message waits for looks at files that were made: a run does not end before them, no gate is taken
    /// without what they saw, and nobody goes back without it.
    pub(super) fn waits_for_made(&self, message: &ToRunner) -> bool {
        let needs = match message {
            ToRunner::LookBack => true,
            ToRunner::Ask { request, .. } => {
                matches!(
                    request,
                    Request::Finish { .. } | Request::DecideGate { .. } | Request::RollBack { .. }
                )
            }
            _ => false,
        };
        needs && self.questions.made > 0
    }

    /// The document's problems that fit what a command came to.
    pub(super) fn recognise(&mut self, id: &CommandId, attempt: Attempt, shown: Option<&crate::exec::Shown>) {
        use crate::run::state::Standing;
        if !matches!(self.state.standing(id), Standing::Failed | Standing::NeedsEyes) {
            return;
        }
        let Some(command) = self.state.find(id) else { return };
        let masker = self.masker();
        let text = self.state.text_of(command);
        let output = shown.map_or(String::new(), |s| masker.text(&format!("{}\n{}", s.output, s.error)));
        let problems =
            trouble::recognise(self.state.runbook(), Failure { command, text: &text, output: &output });
        if !problems.is_empty() || !self.state.recognised(id).is_empty() {
            self.fact(Event::ProblemsRecognised { command: id.clone(), attempt, problems });
        }
    }
}
