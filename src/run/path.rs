//! The way that a run is on: the steps, or what going back takes.

use super::rollback::procedures::commands;
use super::state::RunState;
use crate::runbook::{Command, Step};

impl RunState {
    /// The commands of the way that the run is on, in order, as they would run now: the steps', or those of going back.
    pub fn path(&self) -> Vec<&Command> {
        let Some(back) = &self.going_back else { return self.step_commands() };
        let along = self.runbook.all_steps().into_iter().filter(|s| back.along.contains(&s.id));
        let all = commands(&self.runbook, &back.decided.procedures).into_iter();
        let mut path = Vec::new();
        for command in all.chain(along.flat_map(Step::commands)) {
            let before = self.inserted.iter().filter(|(_, at)| **at == command.id);
            path.extend(before.filter_map(|(id, _)| self.revised.get(id)));
            path.push(self.revised.get(&command.id).unwrap_or(command));
        }
        path
    }

    /// The steps' commands in order, as they would run now.
    pub fn step_commands(&self) -> Vec<&Command> {
        let all = self.runbook.step_commands().into_iter();
        all.map(|c| self.revised.get(&c.id).unwrap_or(c)).collect()
    }
}
