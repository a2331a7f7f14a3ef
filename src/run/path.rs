//! The way that a run is on, the steps or what going back takes, and how far along it all is settled: looked up for every
//! event, however long the way is.

use super::back_way::BackWay;
use super::rollback::procedures::commands;
use super::state::{Ran, RunState};
use crate::runbook::{Command, CommandId, Step};

impl RunState {
    fn back_way(&self) -> &BackWay {
        self.back_way.get_or_init(|| self.way_back())
    }

    fn way_back(&self) -> BackWay {
        let mut way = BackWay::default();
        let Some(back) = &self.going_back else { return way };
        let along = self.runbook.all_steps().into_iter().filter(|s| back.along.contains(&s.id));
        let all = commands(&self.runbook, &back.decided.procedures).into_iter();
        for command in all.chain(along.flat_map(Step::commands)) {
            let before = self.inserted.iter().filter(|(_, at)| **at == command.id).map(|(id, _)| id);
            before.filter(|id| self.revised.contains_key(*id)).for_each(|id| way.add(id));
            way.add(&command.id);
        }
        way
    }

    /// The commands of the way that the run is on, in order, as they would run now: the steps', or those of going back.
    pub fn path(&self) -> Vec<&Command> {
        if self.going_back.is_none() {
            return self.step_commands();
        }
        self.back_way().ids.iter().filter_map(|id| self.find(id)).collect()
    }

    /// The steps' commands in order, as they would run now.
    pub fn step_commands(&self) -> Vec<&Command> {
        let all = self.runbook.step_commands().into_iter();
        all.map(|c| self.revised.get(&c.id).unwrap_or(c)).collect()
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
    pub fn first_open(&self) -> Option<&Command> {
        self.at(self.settled)
    }

    /// What was run that stops a service or asks how one is, in order.
    pub(super) fn ran_on_services(&self) -> impl Iterator<Item = &Ran> {
        self.ran_on_services.iter().filter_map(|at| self.ran.get(*at))
    }

    /// What should have caused what a command shows.
    pub fn cause_of(&self, command: &CommandId) -> Option<&Ran> {
        let other = |at: usize| self.ran.get(at).is_some_and(|ran| ran.command != *command);
        self.ran.get(self.causes.last(command, other)?)
    }

    /// Which of all that ran was the last of a command.
    pub(super) fn place_of_last_run(&self, id: &CommandId) -> Option<usize> {
        self.ran_at.get(id)?.last().copied()
    }

    /// What was run last of a command.
    pub fn last_run(&self, id: &CommandId) -> Option<&Ran> {
        self.ran.get(self.place_of_last_run(id)?)
    }

    /// All that was run of a command, in order.
    pub fn runs_of(&self, id: &CommandId) -> impl DoubleEndedIterator<Item = &Ran> {
        self.ran_at.get(id).into_iter().flatten().filter_map(|at| self.ran.get(*at))
    }
}
