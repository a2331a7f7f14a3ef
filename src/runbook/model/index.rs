//! Where each piece of a plan stands, by its id: commands, steps and check items are looked up for every line that is
//! drawn and every event that is applied.

use std::collections::HashMap;

use super::command::{Block, Command};
use super::ids::{CommandId, ItemId, StepId};
use super::parameter::{Parameter, Use};
use super::plan::Plan;
use super::step::Step;
use crate::shell::Kind;

/// The places of a plan's pieces. It is right for the plan that it was made of and for no other.
#[derive(Clone, Debug, Default)]
pub(in crate::runbook) struct Index {
    commands: HashMap<CommandId, CommandPlace>,
    /// The list of each check item, and the item in that.
    items: HashMap<ItemId, (usize, usize)>,
    /// The way to each step of the deployment: through the steps around it.
    steps: HashMap<StepId, Vec<usize>>,
    /// The place, in the order of the steps' commands, behind the last one of each step.
    behind: HashMap<StepId, usize>,
    /// The place of each of the steps' commands in their order.
    order: HashMap<CommandId, usize>,
    /// The steps' commands in that order.
    in_order: Vec<CommandPlace>,
    /// Which of them lead into another place, or out of one.
    to_places: Vec<usize>,
    /// The commands that are ways of doing one thing, by what that is.
    ways: HashMap<String, Vec<CommandPlace>>,
    /// The commands that are answered for with another one.
    asked_with: HashMap<CommandId, Vec<CommandPlace>>,
    /// The parameters that stand in a command, each with which of its uses that is.
    uses: HashMap<CommandId, Vec<(usize, usize)>>,
}

#[derive(Clone, Debug)]
enum CommandPlace {
    /// Which block of which blocks, and which command of it.
    Block(Home, usize, usize),
    /// The command of a check item: the list and the item in it.
    Item(usize, usize),
}

/// What holds blocks.
#[derive(Clone, Debug)]
enum Home {
    Step(Vec<usize>),
    RollbackStep(Vec<usize>),
    Verification,
    Monitoring(usize),
    Check(usize),
    Solution(usize),
    Success(usize),
    Unplaced,
}

impl Home {
    fn blocks<'p>(&self, plan: &'p Plan) -> Option<&'p [Block]> {
        Some(match self {
            Home::Step(way) => &step_at(&plan.steps, way)?.blocks,
            Home::RollbackStep(way) => &step_at(&plan.rollback.steps, way)?.blocks,
            Home::Verification => &plan.rollback.verification,
            Home::Monitoring(at) => &plan.monitoring.get(*at)?.blocks,
            Home::Check(at) => &plan.troubleshooting.get(*at)?.check,
            Home::Solution(at) => &plan.troubleshooting.get(*at)?.solution,
            Home::Success(at) => &plan.success.get(*at)?.blocks,
            Home::Unplaced => &plan.unplaced,
        })
    }
}

impl CommandPlace {
    fn command<'p>(&self, plan: &'p Plan) -> Option<&'p Command> {
        match self {
            CommandPlace::Block(home, block, at) => home.blocks(plan)?.get(*block)?.commands.get(*at),
            CommandPlace::Item(list, item) => plan.checklists.get(*list)?.items.get(*item)?.runs.as_deref(),
        }
    }
}

/// The step at the end of a way.
fn step_at<'p>(steps: &'p [Step], way: &[usize]) -> Option<&'p Step> {
    around(steps, way).last()
}

/// The steps along a way, the outermost first.
fn around<'p>(steps: &'p [Step], way: &[usize]) -> impl Iterator<Item = &'p Step> {
    let mut within = steps;
    way.iter().map_while(move |at| {
        let step = within.get(*at)?;
        within = &step.substeps;
        Some(step)
    })
}

impl Index {
    /// Of two pieces with one id the first is found, as a walk in the order of [`Plan::all_blocks`] would.
    pub(in crate::runbook) fn of(plan: &Plan) -> Self {
        let mut index = Self::default();
        index.add_steps(&plan.steps, &[], Home::Step);
        index.add_steps(&plan.rollback.steps, &[], Home::RollbackStep);
        index.add_blocks(&Home::Verification, &plan.rollback.verification);
        for (at, window) in plan.monitoring.iter().enumerate() {
            index.add_blocks(&Home::Monitoring(at), &window.blocks);
        }
        for (at, problem) in plan.troubleshooting.iter().enumerate() {
            index.add_blocks(&Home::Check(at), &problem.check);
            index.add_blocks(&Home::Solution(at), &problem.solution);
        }
        for (at, criterion) in plan.success.iter().enumerate() {
            index.add_blocks(&Home::Success(at), &criterion.blocks);
        }
        index.add_blocks(&Home::Unplaced, &plan.unplaced);
        for (list, item, found) in
            plan.checklists.iter().enumerate().flat_map(|(list, c)| {
                c.items.iter().enumerate().map(move |(item, found)| (list, item, found))
            })
        {
            index.items.entry(found.id.clone()).or_insert((list, item));
            if let Some(command) = &found.runs {
                index.commands.entry(command.id.clone()).or_insert(CommandPlace::Item(list, item));
            }
        }
        let commands = plan.step_commands();
        for (at, command) in commands.iter().enumerate() {
            index.order.entry(command.id.clone()).or_insert(at);
            if command.kind == Kind::Place {
                index.to_places.push(at);
            }
        }
        index.place_empty_steps(plan, &commands);
        for (parameter, found) in plan.parameters.iter().enumerate() {
            for (at, used) in found.uses.iter().enumerate() {
                if let Some(command) = &used.command {
                    index.uses.entry(command.clone()).or_default().push((parameter, at));
                }
            }
        }
        index
    }

    fn add_steps(&mut self, steps: &[Step], outer: &[usize], home: fn(Vec<usize>) -> Home) {
        for (at, step) in steps.iter().enumerate() {
            let way = [outer, &[at]].concat();
            let place = home(way.clone());
            let (deploys, before) = (matches!(place, Home::Step(_)), self.in_order.len());
            self.add_blocks(&place, &step.blocks);
            if deploys {
                self.steps.entry(step.id.clone()).or_insert_with(|| way.clone());
            }
            self.add_steps(&step.substeps, &way, home);
            if deploys && self.in_order.len() > before {
                self.behind.entry(step.id.clone()).or_insert(self.in_order.len());
            }
        }
    }

    /// A step without a command ends where the document has it.
    fn place_empty_steps(&mut self, plan: &Plan, commands: &[&Command]) {
        let lines = commands.iter().scan(0, |last, command| {
            *last = command.span.line.max(*last);
            Some(*last)
        });
        let lines: Vec<usize> = lines.collect();
        for step in plan.all_steps() {
            let behind = || lines.partition_point(|line| *line <= step.line);
            self.behind.entry(step.id.clone()).or_insert_with(behind);
        }
    }

    fn add_blocks(&mut self, home: &Home, blocks: &[Block]) {
        for (block, held) in blocks.iter().enumerate() {
            for (at, command) in held.commands.iter().enumerate() {
                let place = || CommandPlace::Block(home.clone(), block, at);
                self.commands.entry(command.id.clone()).or_insert_with(place);
                if matches!(home, Home::Step(_)) {
                    self.in_order.push(place());
                }
                if let Some(way) = &command.way {
                    self.ways.entry(way.group.clone()).or_default().push(place());
                }
                if let Some(other) = &command.asked_with {
                    self.asked_with.entry(other.clone()).or_default().push(place());
                }
            }
        }
    }

    /// The command of an id, in a block or of a check item.
    pub(super) fn command<'p>(&self, plan: &'p Plan, id: &CommandId) -> Option<&'p Command> {
        self.commands.get(id)?.command(plan)
    }

    /// The block that holds the command of an id.
    pub(super) fn block_of<'p>(&self, plan: &'p Plan, id: &CommandId) -> Option<&'p Block> {
        match self.commands.get(id)? {
            CommandPlace::Block(home, block, _) => home.blocks(plan)?.get(*block),
            CommandPlace::Item(..) => None,
        }
    }

    /// The steps around the command of an id, the outermost first; those of the way back too.
    pub(super) fn steps_above<'p>(&self, plan: &'p Plan, id: &CommandId) -> Vec<&'p Step> {
        match self.commands.get(id) {
            Some(CommandPlace::Block(Home::Step(way), ..)) => around(&plan.steps, way).collect(),
            Some(CommandPlace::Block(Home::RollbackStep(way), ..)) => {
                around(&plan.rollback.steps, way).collect()
            }
            _ => vec![],
        }
    }

    /// The list and the place in it of the check item of an id.
    pub(super) fn item(&self, id: &ItemId) -> Option<(usize, usize)> {
        self.items.get(id).copied()
    }

    /// The step of an id.
    pub(super) fn step<'p>(&self, plan: &'p Plan, id: &StepId) -> Option<&'p Step> {
        step_at(&plan.steps, self.steps.get(id)?)
    }

    /// The place, among the steps' commands, behind the last one of a step.
    pub(super) fn behind(&self, id: &StepId) -> Option<usize> {
        self.behind.get(id).copied()
    }

    /// The place of a command among those of the steps.
    pub(super) fn position(&self, id: &CommandId) -> Option<usize> {
        self.order.get(id).copied()
    }

    /// How many commands the steps have.
    pub(super) fn step_commands(&self) -> usize {
        self.in_order.len()
    }

    /// The steps' command at a place in their order.
    pub(super) fn step_command<'p>(&self, plan: &'p Plan, at: usize) -> Option<&'p Command> {
        self.in_order.get(at)?.command(plan)
    }

    /// The places in that order of commands that lead into another place, or out of one.
    pub(super) fn to_places(&self) -> &[usize] {
        &self.to_places
    }

    /// Whether a command belongs to the way back or to what verifies it.
    pub(super) fn goes_back(&self, id: &CommandId) -> bool {
        matches!(
            self.commands.get(id),
            Some(CommandPlace::Block(Home::RollbackStep(_) | Home::Verification, ..))
        )
    }

    /// The commands that are ways of doing the same thing, in the order of [`Plan::all_blocks`].
    pub(super) fn ways<'p>(&self, plan: &'p Plan, group: &str) -> impl Iterator<Item = &'p Command> {
        self.ways.get(group).into_iter().flatten().filter_map(|place| place.command(plan))
    }

    /// The commands that are answered for with the one of an id.
    pub(super) fn asked_with<'p>(&self, plan: &'p Plan, id: &CommandId) -> impl Iterator<Item = &'p Command> {
        self.asked_with.get(id).into_iter().flatten().filter_map(|place| place.command(plan))
    }

    /// The parameters that stand in a command, with where.
    pub(super) fn uses<'p>(
        &self,
        plan: &'p Plan,
        id: &CommandId,
    ) -> impl Iterator<Item = (&'p Parameter, &'p Use)> {
        self.uses.get(id).into_iter().flatten().filter_map(|(parameter, at)| {
            let parameter = plan.parameters.get(*parameter)?;
            Some((parameter, parameter.uses.get(*at)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::runbook::model::{CommandId, ItemId};
    use crate::runbook::read;

    const EVERYWHERE: &str = "# Shop\n\n## Pre-deployment checklist\n\n- [ ] `docker ps` shows three\n- [ ] Told the team\n\n\
        ## Deployment steps\n\n### Step 1: Stop\n\n```bash\nmake stop\nmake backup\n```\n\n#### 1.1 Look\n\n```bash\nls\n```\n\n\
        ### Step 2: Start\n\n```bash\nmake start\n```\n\n## Monitoring\n\nFor 30 minutes, every 5 minutes:\n\n```bash\nmake look\n```\n\n\
        ## Rollback\n\n### Quick\n\n```bash\nmake undo\n```\n\n### Verification\n\n```bash\nmake check\n```\n\n\
        ## Troubleshooting\n\n### It hangs\n\n```bash\nmake kick\n```\n\n## Success criteria\n\n```bash\nmake sure\n```\n\n\
        ## Notes\n\n```bash\nmake tea\n```\n";

    #[test]
    fn what_is_found_by_its_id_is_what_a_walk_comes_to() {
        let book = read(EVERYWHERE);
        let walked = book.all_commands();
        assert!(walked.len() >= 9, "{walked:?}");
        for command in walked {
            let (found, block) = (book.command(&command.id).unwrap(), book.block_of(&command.id).unwrap());
            assert!(std::ptr::eq(found, command) && block.commands.iter().any(|c| std::ptr::eq(c, command)));
        }
        for item in book.checklists.iter().flat_map(|list| &list.items) {
            assert!(std::ptr::eq(book.item(&item.id).unwrap(), item));
            if let Some(command) = item.runs.as_deref() {
                assert!(std::ptr::eq(book.command(&command.id).unwrap(), command));
                assert!(book.block_of(&command.id).is_none());
            }
        }
        let ordered: Vec<_> = (0..).map_while(|at| book.step_command(at)).collect();
        let walked = book.step_commands();
        assert!(
            ordered.len() == walked.len() && ordered.iter().zip(&walked).all(|(a, b)| std::ptr::eq(*a, *b))
        );
        assert_eq!(book.count_step_commands(), walked.len());
        for command in book.all_commands() {
            let back = book.rollback.steps.iter().flat_map(|s| s.commands());
            let mut back = back.chain(book.rollback.verification.iter().flat_map(|b| &b.commands));
            assert_eq!(book.goes_back(&command.id), back.any(|c| c.id == command.id));
        }
        let inner = book.all_steps().into_iter().find(|step| step.title == "Look").unwrap();
        let id = &inner.commands().first().unwrap().id;
        assert_eq!(book.titles_above(id), ["Stop", "Look"]);
        assert!(book.command(&CommandId::from("9/9")).is_none() && book.item(&ItemId::from("x")).is_none());
    }
}
