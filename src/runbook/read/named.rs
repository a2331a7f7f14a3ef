//! Commands that open a shell by a name that the document gave to that before.

use super::super::model::{Command, Plan};
use super::titles::each_command;
use crate::shell::{Kind, Names};

/// Makes those commands place commands, in the order that they run in.
pub(super) fn mark(plan: &mut Plan) {
    let mut names = Names::default();
    let mut change = |command: &mut Command| {
        if matches!(command.kind, Kind::Run | Kind::Interactive) {
            if names.what_opens(&command.text).is_some() {
                command.kind = Kind::Place;
            }
            names.learn(&command.text);
        }
    };
    plan.steps.iter_mut().chain(&mut plan.rollback.steps).for_each(|step| each_command(step, &mut change));
}
