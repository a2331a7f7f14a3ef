//! Places behind a door: entering them, losing the way to them, and looking at what is there.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::afar;
use super::super::files::Look;
use super::super::inbox::{Errand, Inbox, Wants};
use super::super::recover::may_be_told;
use super::Actor;
use crate::exec::shim::{Beside, behind_mark};
use crate::exec::variables::is_name;
use crate::exec::{FromShim, ToShim};
use crate::run::claim::Derived;
use crate::run::rollback::Found;
use crate::run::verdict::{Judgement, Verdict};
use crate::run::{Attempt, CommandState, Event, Place};
use crate::runbook::CommandId;
use crate::text as words;

/// How long a connection may take to answer; where it is silent, nobody waits for it to be given up.
const ANSWERED: Duration = Duration::from_secs(20);

impl Actor {
    /// Whether files and processes are to be looked at where the shell is, and not here.
    pub(super) fn is_elsewhere(&self) -> bool {
        !self.state.entered().is_empty()
    }

    /// A place command has led to its other side: what was there before is given back.
    pub(super) fn entered(&mut self, command: CommandId, place: Place, beside: Beside) {
        let terminals = beside.terminals;
        self.remote.regain.forget();
        self.remote.beside = beside;
        let again = self.state.ran().iter().filter(|r| r.command == command).count() > 1;
        let mut restored = Vec::new();
        if again {
            let there = |id: &CommandId| {
                self.state
                    .ran()
                    .iter()
                    .rev()
                    .find(|r| &r.command == id)
                    .is_some_and(|r| r.place.login == place.login)
            };
            let kept: Vec<(String, String)> = self
                .state
                .captured_last()
                .filter(|(name, captured)| is_name(name) && there(&captured.command))
                .map(|(name, captured)| (name.to_owned(), captured.value.clone()))
                .collect();
            for (name, value) in kept {
                restored.push(name.clone());
                self.send(ToShim::Export { name, value });
            }
            if let Some(directory) = self.state.last_directory(&place.login).map(str::to_owned) {
                restored.push(format!("the directory {directory}"));
                self.send(ToShim::Directory(directory));
            }
        }
        self.facts(vec![
            Event::PlaceEntered { command, restored, terminals },
            Event::PlaceObserved { place },
        ]);
        self.look_from_the_place();
        self.look_for_survivors();
    }

    /// What comes of a place command that did not lead to its other side: a failure, whatever it ended with.
    pub(super) fn unreached(&self, command: &CommandId, last: &str) -> Derived {
        let late = self.given_up_after(command).map_or(String::new(), |s| format!(" within {s} s"));
        let last = self.masker().text(last);
        let shown = match last.as_str() {
            "" => "it printed nothing".to_owned(),
            last => format!("last output: {last}"),
        };
        let judgement = Judgement {
            verdict: Verdict::Fail,
            observed: format!("gonogo did not reach a shell there{late}; {shown}"),
            why: String::new(),
            exit_expected: false,
            matched: false,
        };
        let claim = self.state.find(command).map_or(0, |c| c.expects.len());
        Derived { claim, says: Some(words::REACHES.into()), judgement }
    }

    /// Looks what commands left behind that were lost in this place.
    fn look_for_survivors(&mut self) {
        let login = self.state.place().login.clone();
        let lost = self.state.ran().iter().filter(|r| r.place.login == login).map(|r| r.command.clone());
        let unseen =
            |id: &CommandId| matches!(self.state.command(id), CommandState::Lost { unseen: true, .. });
        let mut lost: Vec<CommandId> = lost.filter(unseen).collect();
        lost.dedup();
        let Some(door) = self.state.entered().last() else { return };
        let script = afar::survivors(&behind_mark(&self.state.id().0, door));
        for command in lost {
            self.ask_there(&script, Errand::Survivors(command));
        }
    }

    /// Asks the shell where it is, in its turn.
    pub(super) fn ask_there(&mut self, script: &str, errand: Errand) {
        if self.executor.place.is_none() {
            // Nobody would ever answer.
            self.ran_errand(errand, None);
            return;
        }
        self.remote.errands += 1;
        let name = self.remote.errands.to_string();
        self.remote.errand.insert(name.clone(), errand);
        self.send(ToShim::Ask { name, script: script.to_owned() });
    }

    /// Asks beside the terminal where there is a way, whatever runs in the shell; else the shell itself.
    fn look_there(&mut self, script: &str, errand: Errand) {
        let Some(way) = self.remote.beside.files.clone() else {
            self.ask_there(script, errand);
            return;
        };
        let (inbox, script) = (self.to_self.clone(), script.to_owned());
        tokio::task::spawn_blocking(move || {
            let output = way.asked(&script, ANSWERED);
            let _ended = inbox.send(Inbox::Errand(errand, output));
        });
    }

    /// The shell has answered, or has gone.
    pub(super) fn answered(&mut self, name: &str, output: Option<String>) {
        if let Some(errand) = self.remote.errand.remove(name) {
            self.ran_errand(errand, output);
        }
    }

    /// What was asked is known, or can't be.
    pub(super) fn ran_errand(&mut self, errand: Errand, output: Option<String>) {
        let output = output.as_deref();
        match errand {
            Errand::Back(wants, look, set) => {
                let (paths, services) = look.paths_and_services(output);
                self.looked_back(wants, Found { files: paths, services, set });
            }
            Errand::Made(made) => {
                let looked = afar::looked(output, made.len());
                let each = made.into_iter().zip(looked).map(|((command, attempt, path), looked)| {
                    Event::FileMade { command, attempt, path, looked }
                });
                self.seen_made(each.collect());
            }
            Errand::Survivors(command) => {
                if let Some(output) = output {
                    let survivors = afar::survived(output, &|word| may_be_told(&self.state, word));
                    self.fact(Event::SurvivorsSeen { command, survivors });
                }
            }
            Errand::Services(command) => {
                if let Some(services) = afar::services(output) {
                    self.remote.services.insert(command, services);
                }
            }
        }
    }

    /// Looks there at what going back needs.
    pub(super) fn look_back_there(&mut self, wants: Wants, look: Look, set: Option<BTreeMap<String, bool>>) {
        let script = look.script();
        self.look_there(&script, Errand::Back(wants, Box::new(look), set));
    }

    /// Looks there at files that were made.
    pub(super) fn look_at_made_there(&mut self, made: Vec<(CommandId, Attempt, String)>) {
        let paths: Vec<String> = made.iter().map(|(.., path)| path.clone()).collect();
        self.look_there(&afar::look(&paths), Errand::Made(made));
    }

    /// The compose file of a listing is read before the listing: a verdict compares both.
    pub(super) fn read_services(&mut self, id: &CommandId, text: &str) {
        if !self.is_elsewhere() || !self.compares_services(id, text) {
            return;
        }
        self.remote.services.remove(id);
        if let Some(script) = afar::compose_files(text, &self.state.place().directory) {
            self.ask_there(&script, Errand::Services(id.clone()));
        }
    }

    /// The other side of a place command was left.
    fn left_place(&mut self, command: CommandId, place: Place, lost: Option<String>, beside: Beside) {
        self.remote.beside = beside;
        self.left_for(command, place, lost);
        self.look_from_the_place();
    }

    fn left_for(&mut self, command: CommandId, place: Place, lost: Option<String>) {
        if self.state.entered().contains(&command) {
            self.facts(vec![Event::PlaceLeft { command, lost }, Event::PlaceObserved { place }]);
        }
    }

    /// What ran behind a door went with the way to it.
    pub(super) fn lost(&mut self, command: CommandId, why: String) {
        self.screens.remove(&command);
        if let Some(attempt) = self.state.running_attempt(&command) {
            self.fact(Event::CommandLost { command, attempt, why, survivors: vec![], unseen: true });
        }
    }

    /// Reports of places behind doors.
    pub(super) fn behind(&mut self, report: FromShim) {
        match report {
            FromShim::Entered { command, place, beside } => self.entered(command, place, *beside),
            FromShim::Left { command, place, lost, beside } => self.left_place(command, place, lost, *beside),
            FromShim::Lost { command, why, .. } => self.lost(command, why),
            FromShim::Answered { name, output } => self.answered(&name, output),
            FromShim::Leaving => {
                self.remote.beside = Beside::default();
                self.look_away("gonogo is disconnecting");
            }
            FromShim::At(place) => self.fact(Event::PlaceObserved { place }),
            _ => {}
        }
    }

    /// The process of the place has gone, and with it all ways to other ones.
    pub(super) fn places_gone(&mut self) {
        self.remote.beside = Beside::default();
        for errand in std::mem::take(&mut self.remote.errand).into_values() {
            self.ran_errand(errand, None);
        }
        let here = self.state.here().directory.clone();
        for command in self.state.entered().iter().rev().cloned().collect::<Vec<_>>() {
            let place = Place { login: String::new(), directory: here.clone() };
            let lost = Some("the process that connected there has ended".to_owned());
            self.left_for(command, place, lost);
        }
        self.look_from_the_place();
    }
}
