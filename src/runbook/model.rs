//! What a runbook holds: data alone, every piece with the line that it stands on.

mod beside;
mod checklist;
mod command;
mod ids;
mod index;
mod parameter;
mod plan;
mod role;
mod runbook;
mod span;
mod step;
mod tables;

pub use super::passage::{Fate, Passage};
pub use beside::{Criterion, Monitoring, Problem, Rollback};
pub use checklist::{Checklist, Due, Item};
pub use command::{Block, Command, Expectation, OtherLines, Way};
pub use ids::{CommandId, ItemId, StepId};
pub(super) use index::Index;
pub use parameter::{Parameter, ParameterKind, Use};
pub use plan::{OutlineEntry, PLAN_SCHEMA, Plan};
pub use role::Role;
pub use runbook::Runbook;
pub use span::{Line, Span};
pub use step::{Referred, Step};
pub use tables::{Contact, Environment, LogTemplate, Reference, Said, Target, Threshold};
