//! A runbook: a plan, and where its pieces are found by their ids.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::checklist::{Due, Item};
use super::command::{Block, Command};
use super::ids::{CommandId, ItemId, StepId};
use super::index::Index;
use super::parameter::{Parameter, Use};
use super::plan::{OutlineEntry, Plan};
use super::step::Step;
use crate::runbook::finding::Finding;
use crate::runbook::passage::Passage;
use crate::runbook::stages;

/// A plan as it was read. It reads like the [`Plan`] that it is made of and can't be changed piece by piece, so that
/// what finds a piece by its id is never about another plan.
#[derive(Clone, Default)]
pub struct Runbook {
    plan: Plan,
    index: Arc<Index>,
}

impl From<Plan> for Runbook {
    fn from(plan: Plan) -> Self {
        let index = Arc::new(Index::of(&plan));
        Self { plan, index }
    }
}

impl Deref for Runbook {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.plan
    }
}

impl Runbook {
    /// The command named `id`, a check item's too.
    pub fn command(&self, id: &CommandId) -> Option<&Command> {
        self.index.command(&self.plan, id)
    }

    /// The block that holds the command named `id`.
    pub fn block_of(&self, id: &CommandId) -> Option<&Block> {
        self.index.block_of(&self.plan, id)
    }

    /// The check item named `id`, of the checklists.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        let (list, item) = self.place_of_item(id)?;
        self.checklists.get(list)?.items.get(item)
    }

    /// The number of the checklist that the item named `id` stands in, and its number in that.
    pub fn place_of_item(&self, id: &ItemId) -> Option<(usize, usize)> {
        self.index.item(id)
    }

    /// How many commands the steps have.
    pub fn count_step_commands(&self) -> usize {
        self.index.step_commands()
    }

    /// The command at a place among those of the steps, in the order of [`Plan::step_commands`].
    pub fn step_command(&self, at: usize) -> Option<&Command> {
        self.index.step_command(&self.plan, at)
    }

    /// The place of a command among those of the steps.
    pub fn position(&self, id: &CommandId) -> Option<usize> {
        self.index.position(id)
    }

    /// Which of the steps' commands lead into another place or out of one, by their places among all of them.
    pub fn to_places(&self) -> &[usize] {
        self.index.to_places()
    }

    /// Whether a command belongs to the way back or to what verifies it.
    pub fn goes_back(&self, id: &CommandId) -> bool {
        self.index.goes_back(id)
    }

    /// The commands of all the ways that are ways of the same thing, in the document's order.
    pub fn ways(&self, group: &str) -> impl Iterator<Item = &Command> {
        self.index.ways(&self.plan, group)
    }

    /// The commands whose question is answered with that of another one.
    pub fn asked_with(&self, id: &CommandId) -> impl Iterator<Item = &Command> {
        self.index.asked_with(&self.plan, id)
    }

    /// The parameters that stand in a command, with where.
    pub fn uses_in(&self, id: &CommandId) -> impl Iterator<Item = (&Parameter, &Use)> {
        self.index.uses(&self.plan, id)
    }

    /// The step named `id`, of the deployment.
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.index.step(&self.plan, id)
    }

    /// The titles of the steps around a command, the outermost first; those of the way back too.
    pub fn titles_above(&self, id: &CommandId) -> Vec<&str> {
        self.index.steps_above(&self.plan, id).into_iter().map(|step| step.title.as_str()).collect()
    }

    /// The plan for the environment called `name`: where the document tells of several side by side, what belongs to
    /// another one is no part of it.
    #[must_use]
    pub fn in_environment(&self, name: &str) -> Self {
        let keeps = |of: &Option<String>| of.as_ref().is_none_or(|own| stages::is_same(own, name));
        let mut own = self.plan.clone();
        own.steps.retain(|step| keeps(&step.environment));
        own.rollback.steps.retain(|step| keeps(&step.environment));
        own.checklists.retain(|list| keeps(&list.environment));
        own.into()
    }

    /// Whether it reads its document as another does, whoever said how.
    pub fn reads_as(&self, other: &Self) -> bool {
        let plan = |book: &Plan| Plan {
            corrections: vec![],
            outline: book.outline.iter().map(|o| OutlineEntry { by: String::new(), ..o.clone() }).collect(),
            reading: book.reading.iter().map(|p| Passage { by: String::new(), ..p.clone() }).collect(),
            ..book.clone()
        };
        plan(self) == plan(other)
    }

    /// Adds what was found out about its commands by something else than reading, in the order of lines.
    pub fn add_findings(&mut self, found: Vec<Finding>) {
        self.plan.findings.extend(found);
        self.plan.findings.sort_by_key(|finding| finding.line);
    }
}

impl Due {
    /// The index among the steps' commands before which the items are due; their number where that is the end.
    pub fn index(&self, runbook: &Runbook) -> usize {
        self.index_in(&runbook.index)
    }

    /// The same of a plan that is still being read, with its index.
    pub(in crate::runbook) fn index_in(&self, index: &Index) -> usize {
        let behind = match self {
            Due::Start => Some(0),
            Due::Before { command } => Some(index.position(command).unwrap_or(0)),
            Due::After { step } => index.behind(step),
            Due::End => None,
        };
        behind.unwrap_or_else(|| index.step_commands())
    }
}

// Whether two runbooks are the same, how one is shown and what is stored of it, is the plan's matter alone.

impl PartialEq for Runbook {
    fn eq(&self, other: &Self) -> bool {
        self.plan == other.plan
    }
}

impl fmt::Debug for Runbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.fmt(f)
    }
}

impl Serialize for Runbook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Runbook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Plan::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for Runbook {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Plan::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Plan::json_schema(generator)
    }
}
