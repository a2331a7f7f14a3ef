//! Where the blocks of a runbook stand, and what that makes of their commands.

use super::super::model::{Block, Fate, Plan, Step};

/// A part of the plan that holds a block.
#[derive(Clone)]
pub(super) struct Place {
    /// What its commands are.
    pub(super) fate: Fate,
    /// What its commands are called in front of their ids.
    pub(super) name: &'static str,
    /// How they stand in the document.
    pub(super) shape: String,
}

impl Place {
    fn of(fate: Fate, name: &'static str, block: &Block) -> Self {
        let shape = match block.language.as_str() {
            "prose" => "told in words".to_owned(),
            "table" => "a row of a table".to_owned(),
            "" => "a fence without a tag".to_owned(),
            language => format!("a fence with {language}"),
        };
        Self { fate, name, shape }
    }
}

/// Every block with its place.
pub(super) fn places(plan: &Plan) -> Vec<(Place, &Block)> {
    let mut found = Vec::new();
    let mut add = |fate, name, blocks: &mut dyn Iterator<Item = _>| {
        found.extend(blocks.map(|block: &Block| (Place::of(fate, name, block), block)));
    };
    add(Fate::CommandOfStep, "step", &mut of_steps(&plan.steps).into_iter());
    let back = of_steps(&plan.rollback.steps);
    add(Fate::CommandOfRollback, "rollback", &mut back.into_iter().chain(&plan.rollback.verification));
    add(Fate::CommandOfMonitoring, "monitoring", &mut plan.monitoring.iter().flat_map(|m| &m.blocks));
    let problems = plan.troubleshooting.iter().flat_map(|p| p.check.iter().chain(&p.solution));
    add(Fate::CommandOfProblem, "problem", &mut { problems });
    add(Fate::CommandOfCriterion, "criterion", &mut plan.success.iter().flat_map(|c| &c.blocks));
    add(Fate::Unclaimed, "", &mut plan.unplaced.iter());
    found
}

fn of_steps(steps: &[Step]) -> Vec<&Block> {
    fn of<'r>(step: &'r Step, found: &mut Vec<&'r Block>) {
        found.extend(&step.blocks);
        step.substeps.iter().for_each(|s| of(s, found));
    }
    let mut found = Vec::new();
    for step in steps {
        of(step, &mut found);
    }
    found
}
