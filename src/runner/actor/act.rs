//! Does what an event announces, after it is durable.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::Actor;
use crate::exec::variables::is_name;
use crate::exec::{Mode, Signal, ToShim};
use crate::protocol::Part;
use crate::run::Event;
use crate::run::event::PlaceChoice;
use crate::runbook::lock::Lock;
use crate::runbook::{CommandId, parameters};
use crate::shell::{Kind, quote::quote};
use crate::store::held::Hold;

impl Actor {
    /// What an event announces, after it is durable.
    pub(super) fn act(&mut self, event: &Event) {
        self.watch_event(event);
        self.look_at_made(event);
        match event {
            Event::CommandStarted { command, attempt, text, .. } => {
                let (mode, watch) = (self.mode(command), self.watches(command));
                self.limit(command);
                self.read_services(command, text);
                self.send(ToShim::Run {
                    command: command.clone(),
                    attempt: *attempt,
                    text: self.with_secrets(&self.as_leaving(command, text)),
                    mode,
                    watch,
                    hidden: self.hidden(command, mode),
                });
            }
            Event::CancelRequested { command, signal } => {
                if let Some(signal) = Signal::from_name(signal) {
                    self.send(ToShim::Signal { command: command.clone(), signal });
                }
            }
            Event::KeptInBackground { command } => self.send(ToShim::Background(command.clone())),
            Event::ParameterSet { name, value: Some(value) } if is_name(name) => {
                self.send(ToShim::Export { name: name.clone(), value: value.clone() });
            }
            Event::CommandExited { command, .. } => {
                self.unlimit(command);
                let waits = self.state.waiting().filter(|w| &w.command == command);
                self.timers.again_at = waits.map(|w| Instant::now() + Duration::from_secs(w.every_s));
            }
            Event::WaitEnded { .. } => self.timers.again_at = None,
            // Where there is no room for it, what differs can't be told the next time; that it does, can.
            Event::PlanAccepted { .. } => {
                self.files.keep_plan(&Lock::of(self.state.runbook())).ok();
            }
            Event::HandedOver { .. } => {
                self.clients.release();
                self.clients.introduce();
            }
            Event::Signed(sign_off) => self.keep_sign_off(sign_off),
            Event::RunFinished { .. } | Event::RollbackCalledOff { .. } => self.let_go_if_over(),
            _ => {}
        }
    }

    /// A run that is over holds nothing.
    pub(super) fn let_go_if_over(&mut self) {
        if self.state.outcome().is_some() {
            self.owned.environment.take().into_iter().for_each(Hold::release);
            self.files.release();
        }
    }

    /// Whether nobody is there who could answer.
    pub(super) fn mode_is_unattended(&self) -> bool {
        self.clients.holder().is_none_or(|h| h.part == Part::Unattended)
    }

    fn mode(&self, command: &CommandId) -> Mode {
        let kind = self.state.find(command).map(|c| c.kind);
        let answered = self.state.place_choice(command);
        let entered = answered == Some(PlaceChoice::InteractiveThenStop);
        let unattended = self.mode_is_unattended();
        if answered == Some(PlaceChoice::Through) {
            if unattended { Mode::ThroughUnattended } else { Mode::Through }
        } else if unattended {
            Mode::NoInput
        } else if kind == Some(Kind::Interactive) || entered {
            Mode::Interactive
        } else if kind == Some(Kind::Follow) {
            Mode::Follow
        } else {
            Mode::Run
        }
    }

    /// Why what a command shows is not recorded, where it is not: it is drawn all the same.
    fn hidden(&self, command: &CommandId, mode: Mode) -> Option<String> {
        let sensitive = self.state.find(command).is_some_and(|c| c.sensitive);
        let why = match (sensitive, mode, self.state.production()) {
            (false, ..) => return None,
            (true, _, true) => "it shows credentials, and this is production",
            (true, Mode::Interactive, false) => "it shows credentials, and takes the keyboard",
            (true, ..) => return None,
        };
        Some(why.to_owned())
    }

    /// `logout` leaves a login shell, which ours is not by its name: `exit` does the same in every shell.
    fn as_leaving<'t>(&self, command: &CommandId, text: &'t str) -> Cow<'t, str> {
        let leaves = self.state.find(command).is_some_and(|c| c.kind == Kind::Place && c.leaves_place());
        match text.trim_start().strip_prefix("logout").filter(|_| leaves) {
            Some(rest) => Cow::Owned(format!("exit{rest}")),
            None => Cow::Borrowed(text),
        }
    }

    /// Fills the holes that secrets answer. The result goes to the shell and nowhere else.
    fn with_secrets(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for hole in parameters::holes(text).into_iter().rev() {
            if let Some(value) = self.secrets.get(&hole.name) {
                filled.replace_range(hole.at, &quote(value));
            }
        }
        filled
    }

    /// Takes a secret: to the shell, to the masks, to nothing else.
    pub(in crate::runner) fn secret(&mut self, name: String, value: String) {
        self.send(ToShim::Secret { name: name.clone(), value: value.clone() });
        self.key(&name, &value);
        self.secrets.insert(name, value);
    }
}
