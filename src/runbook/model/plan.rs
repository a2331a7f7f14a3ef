//! What was read out of a document, piece by piece. Serialised, this is `gonogo plan --json`.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::beside::{Criterion, Monitoring, Problem, Rollback};
use super::checklist::Checklist;
use super::command::{Block, Command};
use super::parameter::Parameter;
use super::role::Role;
use super::step::Step;
use super::tables::{Contact, Environment, LogTemplate, Reference, Target};
use crate::runbook::correct::Correction;
use crate::runbook::finding::Finding;
use crate::runbook::passage::Passage;
use crate::runbook::secret::is_secret_name;

/// The version of the published shape.
pub const PLAN_SCHEMA: u32 = 1;

/// One runbook as read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Runbook")]
pub struct Plan {
    /// The version of this shape, [`PLAN_SCHEMA`].
    pub schema: u32,
    /// The document's title.
    pub title: String,
    /// SHA-256 of the document's bytes, in hexadecimal.
    pub sha256: String,
    /// `**Version:**`, `**Date:**`, `**For:**` and the like at the top, or YAML front matter.
    pub front: BTreeMap<String, String>,
    /// Where it can be deployed.
    pub environments: Vec<Environment>,
    /// Values a run needs.
    pub parameters: Vec<Parameter>,
    /// Groups of check items outside of monitoring, in the order in which they are due.
    pub checklists: Vec<Checklist>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Monitoring windows.
    pub monitoring: Vec<Monitoring>,
    /// The way back.
    pub rollback: Rollback,
    /// Known problems.
    pub troubleshooting: Vec<Problem>,
    /// Criteria of success.
    pub success: Vec<Criterion>,
    /// Rows of the targets table.
    pub targets: Vec<Target>,
    /// Rows of contacts tables.
    pub contacts: Vec<Contact>,
    /// The document's own deployment log template.
    pub log_template: Option<LogTemplate>,
    /// Links of the references section.
    pub references: Vec<Reference>,
    /// Commands that stand in no section with a role: shown, and never run by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unplaced: Vec<Block>,
    /// The headings with the roles they were given.
    pub outline: Vec<OutlineEntry>,
    /// What became of every line.
    pub reading: Vec<Passage>,
    /// How it was said to be read, from outside of the document.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub corrections: Vec<Correction>,
    /// The document's own text.
    #[serde(skip)]
    #[schemars(skip)]
    pub source: Arc<str>,
    /// What was noticed while reading.
    pub findings: Vec<Finding>,
}

/// A heading and the role its section was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutlineEntry {
    /// The heading's text.
    pub title: String,
    /// 1 to 6.
    pub level: u8,
    /// What the section is for.
    pub role: Role,
    /// What gave it that role, in a few words; empty for none.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub by: String,
    /// The heading's line.
    pub line: usize,
}

impl Plan {
    /// The commands of the steps, in the order they are run.
    pub fn step_commands(&self) -> Vec<&Command> {
        let mut found = Vec::new();
        self.steps.iter().for_each(|s| s.collect(&mut found));
        found
    }

    /// The steps and what stands inside of them, each before its own.
    pub fn all_steps(&self) -> Vec<&Step> {
        fn of<'a>(step: &'a Step, found: &mut Vec<&'a Step>) {
            found.push(step);
            step.substeps.iter().for_each(|s| of(s, found));
        }
        let mut found = Vec::new();
        self.steps.iter().for_each(|s| of(s, &mut found));
        found
    }

    /// Every command of the document, wherever it stands.
    pub fn all_commands(&self) -> Vec<&Command> {
        self.all_blocks().into_iter().flat_map(|b| &b.commands).collect()
    }

    /// Every block of the document, wherever it stands.
    pub fn all_blocks(&self) -> Vec<&Block> {
        fn of<'a>(step: &'a Step, found: &mut Vec<&'a Block>) {
            found.extend(&step.blocks);
            step.substeps.iter().for_each(|s| of(s, found));
        }
        let mut found = Vec::new();
        self.steps.iter().chain(&self.rollback.steps).for_each(|s| of(s, &mut found));
        found.extend(&self.rollback.verification);
        found.extend(self.monitoring.iter().flat_map(|m| &m.blocks));
        found.extend(self.troubleshooting.iter().flat_map(|p| p.check.iter().chain(&p.solution)));
        found.extend(self.success.iter().flat_map(|c| &c.blocks));
        found.extend(&self.unplaced);
        found
    }

    /// Whether a value is one that nobody may see: as the document has it, or by its name.
    pub fn is_secret(&self, name: &str) -> bool {
        self.parameters.iter().any(|p| p.name == name && p.secret) || is_secret_name(name)
    }

    /// Whether parts of it belong to one environment and not to another.
    pub fn is_divided(&self) -> bool {
        self.steps.iter().any(|step| step.environment.is_some())
    }

    /// The environment called `name`, in any case.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|e| e.name.eq_ignore_ascii_case(name))
    }
}
