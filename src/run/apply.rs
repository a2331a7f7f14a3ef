//! Folds events into the state. Nothing else writes it.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::causes::Causes;
use super::claim::{self, Attestation, Claim};
use super::event::{Event, Exit, Place, PlaceChoice, Record};
use super::flow;
use super::ids::Seq;
use super::place_stack::KnownPlaces;
use super::places;
use super::reading;

mod back;
mod marks;
mod unset;
mod watch;
use super::sign::sign_off::{SignedOff, Statement};
use super::state::{Captured, CommandState, Gate, ItemState, Missing, Note, Ran, RunState, Stopped, Waiting};
use super::text::clock_went_back;
use crate::caught;
use crate::figures::were;
use crate::runbook::block::plain_command;
use crate::runbook::doubt::Doubt;
use crate::runbook::{Command, CommandId, ItemId, Span};
use crate::shell::{Effect, entrance, services};

impl RunState {
    /// The state after `record`. Total: an event that does not fit changes nothing but the sequence, so
    /// that an old journal always opens.
    #[must_use]
    pub fn apply(mut self, record: &Record) -> Self {
        self.seq = record.seq;
        self.epoch = self.epoch.max(record.epoch);
        let before = self.last_at.replace(record.at);
        if let Some(by) = before.and_then(|before| clock_went_back(before, record.at)) {
            self.miss(format!(
                "event {} is dated {by} earlier than the event before it: the clock was set back",
                self.seq.0
            ));
        }
        if self.id.0.is_empty() {
            self.id = record.run.clone();
        }
        let taken = caught::catch(|| {
            self.fold(&record.event, record.at, &record.actor);
            self.fold_unset(&record.event);
            self.mark(&record.event);
        });
        if taken.is_none() {
            // Of what it half did nothing is known.
            self.settled = 0;
            self.known_places = KnownPlaces::default();
            // It stands in the journal, and what comes after it counts all the same.
            self.untaken.push(self.seq);
            self.miss(format!("gonogo {} could not read event {}", env!("CARGO_PKG_VERSION"), self.seq.0));
        }
        let _rest_unsettled = caught::catch(|| self.settle());
        self
    }

    /// Goes on past what wants nothing any more.
    fn settle(&mut self) {
        while self.first_open().is_some_and(|c| flow::open(self, c).is_none()) {
            self.settled += 1;
        }
        // Whoever goes back does so from the end of what was gone through.
        let ahead = if self.going_back.is_none() { self.settled } else { self.runbook.count_step_commands() };
        let known = std::mem::take(&mut self.known_places);
        self.known_places = places::known_until(self, known, ahead);
    }

    /// Something has become of a command: where the places lead to is looked for anew where that is another place.
    fn look_for_places(&mut self, command: &CommandId) {
        if !places::is_known(self, &self.known_places, command) {
            self.known_places = KnownPlaces::default();
        }
    }

    /// The way that the run is on is another one, or its commands are: what is settled of it is looked for anew.
    fn on_another_way(&mut self) {
        self.back_way = OnceLock::new();
        self.settled = 0;
    }

    /// The plan is another one.
    fn by_another_plan(&mut self) {
        self.own_plan = OnceLock::new();
        self.known_places = KnownPlaces::default();
        self.gates_at = OnceLock::new();
        self.open_items = OnceLock::new();
        self.copied = OnceLock::new();
        self.back_files = OnceLock::new();
        self.on_another_way();
    }

    /// What is settled ends before a command that wants something again. Of several ways to do one thing what became
    /// of one says what the others want.
    fn unsettle(&mut self, command: &CommandId) {
        let Some(found) = self.find(command) else { return };
        let others = found.way.iter().flat_map(|way| self.runbook.ways(&way.group)).map(|c| &c.id);
        let wanting = others.chain([command]).filter_map(|id| {
            let at = self.position(id).filter(|at| *at < self.settled)?;
            flow::open(self, self.at(at)?).map(|_| at)
        });
        self.settled = wanting.min().unwrap_or(self.settled);
    }

    /// The same in place.
    pub fn advance(&mut self, record: &Record) {
        let empty = Self::new(self.runbook_arc());
        *self = std::mem::replace(self, empty).apply(record);
    }

    /// A value is another one: what going back puts back may be another file.
    fn is_set(&mut self, name: &str) {
        if self.back_files.get().is_some_and(|files| files.names.contains(name)) {
            self.back_files = OnceLock::new();
        }
    }

    fn is_at(&mut self, place: &Place) {
        if self.place.directory != place.directory {
            self.back_files = OnceLock::new();
        }
        if !place.login.is_empty() {
            self.directories.insert(place.login.clone(), place.directory.clone());
        }
        self.place = place.clone();
    }

    fn fold(&mut self, event: &Event, at: DateTime<Utc>, actor: &str) {
        #[cfg(test)]
        tests::fails_at(self.seq);
        match event {
            Event::RunStarted(start) => {
                self.people.insert("engineer".into(), (start.operator.clone(), at));
                self.control = Some(start.operator.clone());
                self.runbook = reading::as_started(&self.runbook, start);
                self.by_another_plan();
                self.plan = start.plan.clone().map(|plan| (plan, start.gonogo.clone()));
                self.start = Some((start.clone(), at));
            }
            Event::ReadingCorrected { correction, plan } => {
                let environment = self.environment();
                self.runbook = Arc::new(reading::corrected(&self.runbook, correction, environment));
                self.by_another_plan();
                self.plan = self.plan.take().map(|(_, gonogo)| (plan.clone(), gonogo));
            }
            Event::PlanAccepted { gonogo, plan, .. } => self.plan = Some((plan.clone(), gonogo.clone())),
            Event::RunResumed { .. }
            | Event::ShellReplaced { .. }
            | Event::LogWritten { .. }
            | Event::UnsetFound { .. }
            | Event::UnsetAnswered { .. }
            | Event::SecretsShown { .. }
            | Event::OutputAfter { .. } => {}
            Event::OutputMasked { command, attempt, hidden } => {
                let ran = self.ran.iter_mut().rev().find(|r| &r.command == command && r.attempt == *attempt);
                if let Some(ran) = ran {
                    ran.hidden.extend(hidden.iter().cloned());
                }
            }
            Event::Gap { since, why, events } => {
                let since = since.format("%Y-%m-%d %H:%M:%S UTC");
                self.miss(format!(
                    "{} recorded late, from {since} on: {why}",
                    were(*events as usize, "event")
                ));
            }
            Event::OutputUnrecorded { command, why, .. } => {
                self.miss(format!("part of the output of {command} is missing: {why}"));
            }
            Event::Newer(newer) => {
                self.newer.push((self.seq, newer.kind.clone()));
                let words = format!("event {} was written by a newer gonogo ({})", self.seq.0, newer.kind);
                self.miss(words);
            }
            Event::CancelRequested { command, .. } => {
                self.cancelled.insert(command.clone());
            }
            Event::ControlTaken { by, .. } => self.control = Some(by.clone()),
            Event::HandedOver { .. } => self.control = None,
            Event::ParameterForgotten { name } => {
                self.forgotten.insert(name.clone());
            }
            Event::ParameterSet { name, value } => {
                self.forgotten.remove(name);
                self.parameters.insert(name.clone(), value.clone());
                self.is_set(name);
            }
            Event::PlaceChosen { command, choice } => {
                self.places.insert(command.clone(), *choice);
                if *choice == PlaceChoice::Through && !self.entered.contains(command) {
                    // It is gone through once more.
                    self.commands.remove(command);
                }
                self.touch(command);
            }
            Event::PlaceObserved { place } => {
                self.whereabouts.seen(self.entered.last(), place);
                self.is_at(place);
            }
            Event::PlaceAccepted { place } => self.whereabouts.accepted(self.entered.last(), place),
            Event::ShellOpened { command, by } => {
                self.opened.insert(command.clone(), by.clone());
                self.places.remove(command);
                self.touch(command);
            }
            Event::PlaceEntered { command, restored, terminals } => {
                self.entered.retain(|id| id != command);
                self.entered.push(command.clone());
                self.terminals.retain(|id| id != command);
                self.terminals.extend(terminals.then(|| command.clone()));
                let entrance = self.find(command).and_then(|c| entrance::entrance(&self.text_of(c)));
                self.whereabouts.entered(restored, entrance.and_then(|e| e.user));
            }
            Event::PlaceLeft { command, lost } => {
                self.left.remove(command);
                self.left.extend(lost.clone().map(|why| (command.clone(), why)));
                if let Some(at) = self.entered.iter().position(|id| id == command) {
                    self.entered.truncate(at);
                    self.whereabouts.left();
                }
                self.touch(command);
            }
            Event::SurvivorsSeen { command, survivors: seen } => {
                if let Some(CommandState::Lost { survivors, unseen, .. }) = self.commands.get_mut(command) {
                    (*survivors, *unseen) = (seen.clone(), false);
                }
                self.touch(command);
            }
            Event::ItemTicked { item, evidence, reason } => {
                let (evidence, reason) = (evidence.clone(), reason.clone());
                let ticked = ItemState::Ticked { by: actor.to_owned(), at, evidence, reason };
                self.becomes_of_item(item, Some(ticked));
            }
            Event::ItemUnticked { item } => {
                self.becomes_of_item(item, None);
            }
            Event::ItemSkipped { item, reason } => {
                let skipped = ItemState::Skipped { by: actor.to_owned(), reason: reason.clone() };
                self.becomes_of_item(item, Some(skipped));
            }
            Event::GateDecided { gate, go, reason, open, board, .. } => {
                let (reason, by) = (reason.clone(), actor.to_owned());
                let decided = Gate { go: *go, reason, by, at, open: open.clone(), board: board.clone() };
                self.gates.insert(*gate, decided);
            }
            Event::ConditionAnswered { command, holds } => {
                self.conditions.insert(command.clone(), *holds);
                // A section that may be no step is asked about once.
                let with = |c: &&Command| c.condition.is_none();
                let all = self.runbook.asked_with(command);
                let asked = all.filter(with).map(|c| (c.id.clone(), *holds));
                self.conditions.extend(asked);
                self.touch(command);
            }
            Event::CommandStarted { command, attempt, text, place, shell } => {
                self.cancelled.remove(command);
                self.before_start = Some((command.clone(), self.command(command).clone()));
                self.set(
                    command,
                    CommandState::Running {
                        attempt: *attempt,
                        since: at,
                        shell: shell.clone(),
                        claims: claim::open(self.find(command)),
                    },
                );
                self.running = Some(command.clone());
                if services::stops(text) {
                    self.stopped = Some(Stopped { command: command.clone(), text: text.clone(), at });
                }
                self.index_run(command, text, self.ran.len());
                self.ran.push(Ran {
                    command: command.clone(),
                    attempt: *attempt,
                    text: text.clone(),
                    by: actor.to_owned(),
                    started: at,
                    place: place.clone(),
                    exit: None,
                    elapsed_ms: 0,
                    hidden: vec![],
                });
            }
            Event::CommandExited { command, attempt, exit, elapsed_ms, place, verdicts, .. } => {
                let mut claims = match self.command(command) {
                    CommandState::Running { claims, .. } => claims.clone(),
                    _ => claim::open(self.find(command)),
                };
                claim::derive(&mut claims, verdicts);
                self.left_shell |= *exit == Exit::ShellEnded(0);
                let by = self.last_run(command).map_or_else(String::new, |r| r.by.clone());
                self.set(
                    command,
                    CommandState::Exited {
                        attempt: *attempt,
                        exit: *exit,
                        elapsed_ms: *elapsed_ms,
                        at,
                        by,
                        claims,
                    },
                );
                if !self.background.contains(command) {
                    self.whereabouts.ran(self.entered.last(), place);
                    self.is_at(place);
                }
                self.ended(command);
                let holds = self.find(command).is_some_and(|c| claim::holds(c, *exit, verdicts));
                self.count_wait(command, holds, *elapsed_ms);
                let is_it = |at: &&usize| self.ran.get(**at).is_some_and(|r| r.attempt == *attempt);
                let at = self.ran_at.get(command).into_iter().flatten().rev().find(is_it).copied();
                if let Some((at, ran)) = at.and_then(|at| Some((at, self.ran.get_mut(at)?))) {
                    ran.exit = Some(*exit);
                    ran.elapsed_ms = *elapsed_ms;
                    // Something started it again, or what should have stopped it failed to.
                    self.stopped.take_if(|stopped| {
                        if exit.is_success() {
                            services::starts(&ran.text)
                        } else {
                            &stopped.command == command
                        }
                    });
                    self.index_end(at);
                }
            }
            Event::CommandLost { command, attempt, why, survivors, unseen } => {
                let (attempt, why, survivors) = (*attempt, why.clone(), survivors.clone());
                self.set(command, CommandState::Lost { attempt, why, survivors, unseen: *unseen });
                self.ended(command);
                self.waiting = None;
            }
            Event::CommandNotStarted { command, attempt, .. } => {
                let before = self.before_start.take().filter(|(id, _)| id == command);
                self.set(command, before.map_or(CommandState::Pending, |(_, state)| state));
                self.ended(command);
                self.ran.retain(|r| &r.command != command || r.attempt != *attempt);
                self.index_all_runs();
            }
            Event::CommandSkipped { command, reason } => {
                let after = self.command(command).ended().cloned().map(Box::new);
                self.set(command, CommandState::Skipped { reason: reason.clone(), after });
            }
            Event::CommandMarkedDone { command, note } => {
                let after = self.command(command).ended().cloned().map(Box::new);
                self.set(command, CommandState::DoneByHand { note: note.clone(), at, after });
            }
            Event::VerdictDerived { command, verdict, .. } => {
                if let Some(claims) = self.claims_mut(command) {
                    claim::derive(claims, std::slice::from_ref(verdict));
                }
                self.touch(command);
            }
            Event::Attested { command, expectation, met, note, .. } => {
                let said = Attestation { met: *met, by: actor.to_owned(), note: note.clone() };
                if let Some(claim) = self.claims_mut(command).and_then(|c| c.get_mut(*expectation)) {
                    claim.attested = Some(said);
                }
                self.touch(command);
            }
            Event::ValueCaptured { name, value, command } => {
                // It is told once its command has ended; the next one may have been begun by then.
                let made = self.place_of_last_run(command).map(|at| at + 1);
                let ran = made.unwrap_or(self.ran.len());
                let captured = Captured { value: value.clone(), command: command.clone(), ran };
                self.captured.entry(name.clone()).or_default().push(captured);
                self.is_set(name);
            }
            Event::Noted { about, text, issue } => {
                let note = Note {
                    about: about.clone(),
                    text: text.clone(),
                    issue: *issue,
                    by: actor.to_owned(),
                    at,
                };
                self.notes.push(note);
            }
            Event::PersonNamed { role, name } => {
                self.people.insert(role.clone(), (name.clone(), at));
            }
            Event::CommandEdited { command, text } => self.revise(command, text),
            Event::CommandAdded { command, text, before } => {
                if let Some(before) = before {
                    self.inserted.insert(command.clone(), before.clone());
                    self.on_another_way();
                }
                // Who typed it meant it so.
                let added = Command { doubt: None, ..plain_command(command.clone(), text, Span::default()) };
                self.revised.insert(command.clone(), added);
                self.added.push(command.clone());
                self.touch(command);
            }
            Event::KeptInBackground { command } => {
                if self.running.as_ref() == Some(command) {
                    self.running = None;
                    self.background.insert(command.clone());
                }
                self.touch(command);
            }
            Event::WaitStarted { command, every_s, limit_s } => {
                self.waiting = Some(Waiting {
                    command: command.clone(),
                    every_s: *every_s,
                    limit_s: *limit_s,
                    runs: 0,
                    passed: 0,
                    spent_ms: 0,
                });
            }
            Event::WaitEnded { .. } => self.waiting = None,
            Event::WatchAccepted { .. }
            | Event::BaselineTaken
            | Event::AlertRaised { .. }
            | Event::AlertCleared { .. }
            | Event::AlertAcknowledged { .. }
            | Event::MonitoringBegan
            | Event::RoundOpened { .. }
            | Event::RoundAnswered { .. }
            | Event::RoundClosed { .. }
            | Event::MonitoringEnded { .. }
            | Event::MessageSent { .. } => self.fold_watch(event, at, actor),
            Event::FileMade { .. }
            | Event::RollbackBegun(_)
            | Event::RollbackCalledOff { .. }
            | Event::StepTakenAlong { .. }
            | Event::ProblemsRecognised { .. } => self.fold_back(event, at, actor),
            Event::Signed(sign_off) => {
                if let Ok(statement) = Statement::read(&sign_off.statement) {
                    self.people.insert(statement.role.to_string(), (statement.name.clone(), statement.time));
                    let as_given = (**sign_off).clone();
                    self.signatures.push(SignedOff { statement, as_given, seq: self.seq });
                }
            }
            Event::RunFinished { outcome } => {
                // To be confirmed it has ended already.
                let ended = self.outcome.filter(|_| self.is_unconfirmed()).map_or(at, |(_, ended)| ended);
                self.outcome = Some((*outcome, ended));
                self.ended_by = Some(self.seq);
            }
        }
    }

    fn miss(&mut self, words: String) {
        self.missing.push(Missing { words, seq: self.seq });
    }

    fn set(&mut self, command: &CommandId, state: CommandState) {
        self.commands.insert(command.clone(), state);
        self.touch(command);
    }

    fn touch(&mut self, command: &CommandId) {
        let seq: Seq = self.seq;
        self.changed_at.insert(command.clone(), seq);
        self.unsettle(command);
        self.look_for_places(command);
    }

    fn ended(&mut self, command: &CommandId) {
        if self.running.as_ref() == Some(command) {
            self.running = None;
        }
        self.background.remove(command);
    }

    fn becomes_of_item(&mut self, item: &ItemId, state: Option<ItemState>) {
        if let Some(open) = self.open_items.get_mut() {
            open.set(&self.runbook, item, state.is_none());
        }
        match state {
            Some(state) => drop(self.items.insert(item.clone(), state)),
            None => drop(self.items.remove(item)),
        }
    }

    fn claims_mut(&mut self, command: &CommandId) -> Option<&mut Vec<Claim>> {
        match self.commands.get_mut(command)? {
            CommandState::Exited { claims, .. } | CommandState::Running { claims, .. } => Some(claims),
            _ => None,
        }
    }

    /// The document's command with another text: what it does follows from the text, what is expected of it
    /// and when it is run stays.
    fn revise(&mut self, id: &CommandId, text: &str) {
        self.back_files = OnceLock::new();
        let Some(original) = self.runbook.command(id) else { return };
        if self.filled(original) == text {
            self.revised.remove(id);
        } else {
            let typed = plain_command(id.clone(), text, original.span);
            let revised = Command {
                text: typed.text,
                kind: typed.kind,
                effect: typed.effect,
                sensitive: typed.sensitive || original.sensitive,
                parses: typed.parses,
                holes: typed.holes,
                doubt: original.doubt.filter(|doubt| *doubt != Doubt::PlaceholderOrLiteral),
                ..original.clone()
            };
            self.revised.insert(id.clone(), revised);
        }
        self.touch(id);
    }

    /// Notes of what was run where it stands among all of that.
    fn index_run(&mut self, command: &CommandId, text: &str, at: usize) {
        self.ran_at.entry(command.clone()).or_default().push(at);
        if services::stops(text) || services::starts(text) || services::asks_address(text) {
            self.ran_on_services.push(at);
        }
    }

    /// Notes of what has changed something with success, so that what is shown later may be because of it.
    fn index_end(&mut self, at: usize) {
        let Some(ran) = self.ran.get(at).filter(|ran| ran.exit.is_some_and(Exit::is_success)) else { return };
        if self.find(&ran.command).is_some_and(|c| c.effect != Effect::Reads) {
            self.causes.add(at, &ran.command, services::starts(&ran.text));
        }
    }

    fn index_all_runs(&mut self) {
        self.ran_at.clear();
        self.ran_on_services.clear();
        self.causes = Causes::default();
        let ran = std::mem::take(&mut self.ran);
        ran.iter().enumerate().for_each(|(at, r)| self.index_run(&r.command, &r.text, at));
        self.ran = ran;
        (0..self.ran.len()).for_each(|at| self.index_end(at));
    }

    fn count_wait(&mut self, command: &CommandId, holds: bool, elapsed_ms: u64) {
        if let Some(waiting) = self.waiting.as_mut().filter(|w| &w.command == command) {
            *waiting = waiting.after(holds, elapsed_ms);
        }
    }
}

#[cfg(test)]
mod tests;
