//! The way that a run is on, and how far along it all is settled: looked up for every event, however long the way is.

use std::collections::HashMap;

use super::rollback;
use super::state::{Ran, RunState};
use crate::runbook::{Command, CommandId, Step};

/// The commands of going back in their order: those of its procedures, of steps that are taken along, and what was put
/// before one of them.
#[derive(Clone, Debug, Default)]
pub(super) struct BackWay {
    ids: Vec<CommandId>,
    at: HashMap<CommandId, usize>,
}

impl BackWay {
    fn of(state: &RunState) -> Self {
        let Some(back) = &state.going_back else { return Self::default() };
        let along = state.runbook.all_steps().into_iter().filter(|s| back.along.contains(&s.id));
        let all = rollback::commands(&state.runbook, &back.decided.procedures).into_iter();
        let mut way = Self::default();
        for command in all.chain(along.flat_map(Step::commands)) {
            let before = state.inserted.iter().filter(|(_, at)| **at == command.id);
            let before = before.map(|(id, _)| id).filter(|id| state.revised.contains_key(*id));
            before.for_each(|id| way.add(id));
            way.add(&command.id);
        }
        way
    }

    fn add(&mut self, id: &CommandId) {
        self.at.entry(id.clone()).or_insert(self.ids.len());
        self.ids.push(id.clone());
    }
}

impl RunState {
    fn back_way(&self) -> &BackWay {
        self.back_way.get_or_init(|| BackWay::of(self))
    }

    /// The commands of the way that the run is on, in order, as they would run now: the steps', or those of going back.
    pub fn path(&self) -> Vec<&Command> {
        if self.going_back.is_none() {
            return self.step_commands();
        }
        self.back_way().ids.iter().filter_map(|id| self.find(id)).collect()
    }

    /// The command at a place on the way that the run is on, as it would run now.
    pub(super) fn at(&self, place: usize) -> Option<&Command> {
        if self.going_back.is_some() {
            return self.find(self.back_way().ids.get(place)?);
        }
        self.runbook.step_command(place).map(|c| self.revised.get(&c.id).unwrap_or(c))
    }

    /// The place of a command on the way that the run is on.
    pub fn position(&self, id: &CommandId) -> Option<usize> {
        if self.going_back.is_some() {
            return self.back_way().at.get(id).copied();
        }
        self.runbook.position(id)
    }

    /// How many commands of that way, from its beginning on, want nothing.
    pub(super) fn settled(&self) -> usize {
        self.settled
    }

    /// The first command of that way that wants something.
    pub(super) fn first_open(&self) -> Option<&Command> {
        self.at(self.settled)
    }

    /// What was run that stops a service or asks how one is, in order.
    pub(super) fn ran_on_services(&self) -> impl Iterator<Item = &Ran> {
        self.ran_on_services.iter().filter_map(|at| self.ran.get(*at))
    }

    /// What was run last of a command.
    pub fn last_run(&self, id: &CommandId) -> Option<&Ran> {
        self.ran.get(*self.last_ran.get(id)?)
    }
}
