//! Folds what is about going back and about problems.

use chrono::{DateTime, Utc};

use crate::run::event::Event;
use crate::run::rollback::{self, GoingBack, MadeFile};
use crate::run::state::RunState;
use crate::runbook::{CommandId, Step};

impl RunState {
    pub(super) fn fold_back(&mut self, event: &Event, at: DateTime<Utc>, actor: &str) {
        match event {
            Event::FileMade { command, attempt, path, looked } => self.made_files.push(MadeFile {
                command: command.clone(),
                attempt: *attempt,
                path: path.clone(),
                looked: looked.clone(),
                at,
            }),
            Event::RollbackBegun(decided) => {
                let all = rollback::commands(&self.runbook, &decided.procedures);
                let ids: Vec<CommandId> = all.into_iter().map(|c| c.id.clone()).collect();
                self.begin_anew(&ids);
                self.going_back = Some(GoingBack {
                    decided: (**decided).clone(),
                    by: actor.to_owned(),
                    at,
                    ran_before: self.ran.len(),
                    along: vec![],
                    // A run that was over is not any more.
                    was: self.outcome.take(),
                });
                self.ended_before = self.ended_by.take();
                // What stood before commands the last time was chosen for then.
                self.inserted.clear();
                self.on_another_way();
            }
            Event::RollbackCalledOff { .. } => {
                self.outcome = self.going_back.take().and_then(|back| back.was);
                self.ended_by = self.ended_before.take();
                self.on_another_way();
            }
            Event::StepTakenAlong { step } => {
                let steps = self.runbook.all_steps().into_iter().filter(|s| &s.id == step);
                let ids: Vec<CommandId> = steps.flat_map(Step::commands).map(|c| c.id.clone()).collect();
                self.begin_anew(&ids);
                if let Some(back) = &mut self.going_back {
                    back.along.push(step.clone());
                }
                self.on_another_way();
            }
            Event::ProblemsRecognised { command, problems, .. } => {
                self.recognised.insert(command.clone(), problems.clone());
            }
            _ => {}
        }
    }

    /// These commands were not run yet, as far as what comes next is concerned; what ran stays in the list of it.
    fn begin_anew(&mut self, ids: &[CommandId]) {
        for id in ids {
            if self.running.as_ref() != Some(id) && !self.background.contains(id) {
                self.commands.remove(id);
                self.conditions.remove(id);
                self.touch(id);
            }
        }
    }
}
