//! What a runbook holds. Serialised, this is `gonogo plan --json` (DESIGN 13).

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::correct::Correction;
use super::doubt::Doubt;
use super::due::Due;
use super::expect::{self, Check, Left};
use super::finding::Finding;
pub use super::passage::{Fate, Passage};
use crate::shell::{Effect, Kind};

/// The version of the published shape.
pub const PLAN_SCHEMA: u32 = 1;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as a file name: `/` becomes `_` (DESIGN 13).
            pub fn file_name(&self) -> String {
                self.0.replace('/', "_")
            }
        }
    };
}

text_id!(
    /// Names a command: `1.2/3`, `rollback.quick/2`.
    CommandId
);
text_id!(
    /// Names a check item: `check.infrastructure/3`.
    ItemId
);
text_id!(
    /// Names a step or what holds commands like one: `1`, `1.2`, `rollback.quick`.
    StepId
);

/// Where a piece stands in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Its first line, counted from 1.
    pub line: usize,
    /// Its last line.
    pub end_line: usize,
    /// The byte it starts at.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// One runbook as read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Runbook {
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

/// What a section is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of DESIGN 1, each its own explanation")]
pub enum Role {
    #[default]
    Other,
    Overview,
    Environments,
    Checklist,
    Steps,
    Monitoring,
    Rollback,
    Troubleshooting,
    Recovery,
    Teardown,
    Success,
    Targets,
    Contacts,
    References,
    LogTemplate,
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

/// One row of the environments table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its address, where the table has one.
    pub url: Option<String>,
    /// Ports by column title.
    pub ports: BTreeMap<String, u16>,
    /// The row's line; 0 where the document has no environments.
    pub line: usize,
}

/// A value the run needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// What it is called, and what `--set` takes.
    pub name: String,
    /// How it stands in the document.
    pub kind: ParameterKind,
    /// The value used when nothing else is said.
    pub default: Option<String>,
    /// The line, outside of what is run, that sets it: where the default comes from, or why there is none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<usize>,
    /// The default holds other variables, `$NAME`, whose values are put in when the run starts.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub expands: bool,
    /// Never shown or recorded, by its name.
    pub secret: bool,
    /// Every place it stands at.
    pub uses: Vec<Use>,
}

/// How a parameter stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// A version that recurs as a literal; it has a default and is never a hole.
    Literal,
    /// A placeholder: the command has a hole until it is answered.
    Placeholder,
    /// A shell variable that nothing in the document sets.
    Variable,
}

/// One place a parameter stands at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Use {
    /// The line.
    pub line: usize,
    /// The command it stands in, if in one.
    pub command: Option<CommandId>,
    /// Where in the command's text it starts and ends, in bytes.
    pub at: Option<(usize, usize)>,
}

/// A group of check items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checklist {
    /// `check.infrastructure`.
    pub id: StepId,
    /// The group's heading.
    pub title: String,
    /// The one of several environments that it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub environment: Option<String>,
    /// When its items have to be so.
    pub due: Due,
    /// Its items.
    pub items: Vec<Item>,
}

/// One `- [ ]` line, or one row of a table of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// `check.infrastructure/3`.
    pub id: ItemId,
    /// Its words, without the box.
    pub text: String,
    /// A command in backticks, which can be run from the item.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<String>,
    /// That command as one that can be run, under the item's id.
    #[serde(skip)]
    pub runs: Option<Box<Command>>,
    /// The words say that it may be left out.
    pub optional: bool,
    /// Its line.
    pub line: usize,
}

/// A step or substep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// `3`, `3.2`, `6.2.1`, `rollback.quick`.
    pub id: StepId,
    /// The heading without its number and estimate.
    pub title: String,
    /// How long the document says it takes, in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate_s: Option<u64>,
    /// The title says "optional" or "if …".
    pub optional: bool,
    /// The one of several environments that it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub environment: Option<String>,
    /// Where the heading stands.
    pub line: usize,
    /// The prose under it.
    pub prose: String,
    /// Other sections that its words refer to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refers: Vec<Referred>,
    /// Steps inside it.
    pub substeps: Vec<Step>,
    /// Blocks directly under it.
    pub blocks: Vec<Block>,
}

/// A section that words of a step link to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Referred {
    /// The section's heading.
    pub title: String,
    /// Its line.
    pub line: usize,
}

/// One fenced code block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// `3.2#1`: the step and the block's number in it.
    pub id: String,
    /// Where the fence stands.
    #[serde(flatten)]
    pub span: Span,
    /// The fence's tag, or empty.
    pub language: String,
    /// Its commands in order, alternatives included.
    pub commands: Vec<Command>,
    /// Lines that are no commands.
    pub other: Vec<OtherLines>,
    /// Comments that say something to the reader and belong to no command.
    pub notes: Vec<Line>,
}

/// Lines of a shell fence that are no commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherLines {
    /// The first line.
    pub line: usize,
    /// The last line.
    pub end_line: usize,
    /// The text as it stands.
    pub text: String,
    /// What it is: `output`, `env file`, `form`.
    #[serde(rename = "as")]
    pub what: String,
}

/// One line of the document with its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The number, from 1.
    pub line: usize,
    /// The text.
    pub text: String,
}

/// One top-level command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// `1.2/3`.
    pub id: CommandId,
    /// The source text without a final newline.
    pub text: String,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// What the comments above it say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// How it is run.
    pub kind: Kind,
    /// What it does.
    pub effect: Effect,
    /// Its output will hold credentials.
    pub sensitive: bool,
    /// The document says it may be left out.
    pub optional: bool,
    /// The document says it is run only if this holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub condition: Option<String>,
    /// It could be read in another way too: that is asked before it runs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub doubt: Option<Doubt>,
    /// The command whose answer settles this doubt too: a section that may be no step is asked about once.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked_with: Option<CommandId>,
    /// Stands commented out or after "Or …": one of several ways.
    pub alternative: bool,
    /// Stands commented out: nobody has to choose it.
    #[serde(skip)]
    #[schemars(skip)]
    pub commented: bool,
    /// It belongs to one of several ways, of which one is gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub way: Option<Way>,
    /// How long the document says to wait before it, in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wait_s: Option<u64>,
    /// After how many seconds it is ended, where that was said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timeout_s: Option<u64>,
    /// The shell grammar takes it.
    pub parses: bool,
    /// Names of the parameters that are holes in it.
    pub holes: Vec<String>,
    /// What the document says is to be seen.
    pub expects: Vec<Expectation>,
}

impl Command {
    /// Whether it leads to another place: what follows belongs there.
    pub fn enters_place(&self) -> bool {
        self.kind == Kind::Place && !self.leaves_place()
    }

    /// Whether it leaves the shell that it is typed into, by its first word.
    pub fn leaves_place(&self) -> bool {
        let first = self.text.split(|c: char| c.is_whitespace() || c == ';').next();
        matches!(first, Some("exit" | "logout"))
    }

    /// Whether it is one of several ways of which another may be taken.
    pub fn is_one_way(&self) -> bool {
        self.alternative || self.way.is_some()
    }

    /// Whether somebody has to say that it runs: the document sets a condition, or reading can't tell.
    pub fn is_asked(&self) -> bool {
        self.condition.is_some() || self.doubt.is_some()
    }
}

/// One of several ways to do something: "Option A: with Docker".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// What the ways are ways of: the step around them.
    pub group: String,
    /// Its name.
    pub name: String,
}

/// A statement of the document about what a command shows or takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Expectation {
    /// Its first line.
    pub line: usize,
    /// Its words.
    pub text: String,
    /// What the words can be checked by; null where they can't.
    pub check: Option<Check>,
    /// Words that the check does not cover: with them, what matches still needs eyes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left: Option<Left>,
    /// It is about all commands of its block, of which this one is the last.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub block: bool,
}

impl Expectation {
    /// A sentence at a line, with what it means.
    pub fn read(line: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        let expect::Meaning { check, left } = expect::read(&text);
        Self { line, text, check, left, block: false }
    }

    /// One that stands under "Expected:", in a list or a column.
    pub fn under(line: usize, text: &str) -> Self {
        let said = super::comments::opens_expectation(text);
        let sentence = if said { text.to_owned() } else { format!("Expected: {text}") };
        Self { text: text.to_owned(), ..Self::read(line, sentence) }
    }
}

/// A monitoring window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Monitoring {
    /// `monitor.1`.
    pub id: StepId,
    /// Its heading.
    pub title: String,
    /// Seconds between rounds.
    pub every_s: Option<u64>,
    /// How long it lasts, in seconds.
    pub for_s: Option<u64>,
    /// What is looked at in each round.
    pub items: Vec<Item>,
    /// Commands and queries for it.
    pub blocks: Vec<Block>,
    /// Its line.
    pub line: usize,
}

/// The rollback section.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rollback {
    /// When to roll back.
    pub triggers: Vec<Line>,
    /// The procedure.
    pub steps: Vec<Step>,
    /// How to see that it worked.
    pub verification: Vec<Block>,
    /// The section's line; 0 where there is none.
    pub line: usize,
}

/// One known problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `trouble.2`.
    pub id: StepId,
    /// What is seen.
    pub problem: String,
    /// Blocks that look.
    pub check: Vec<Block>,
    /// Blocks that mend.
    pub solution: Vec<Block>,
    /// Its line.
    pub line: usize,
}

/// One criterion of success.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Criterion {
    /// `success.1`.
    pub id: StepId,
    /// Its words.
    pub text: String,
    /// Blocks under it.
    pub blocks: Vec<Block>,
    /// Its line.
    pub line: usize,
}

/// A row of the targets table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// What is measured.
    pub metric: String,
    /// What is aimed at.
    pub target: Option<Threshold>,
    /// What is still acceptable.
    pub acceptable: Option<Threshold>,
    /// What raises an alert.
    pub alert: Option<Threshold>,
    /// Its line.
    pub line: usize,
}

/// A bound: `< 500ms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Threshold {
    /// `<`, `<=`, `>`, `>=` or `=`.
    pub op: String,
    /// The number as written.
    pub value: f64,
    /// The unit as written, or empty.
    pub unit: String,
}

/// A row of a contacts table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// What they answer for.
    pub role: String,
    /// Who.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// The row's line.
    pub line: usize,
}

/// The deployment log's template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogTemplate {
    /// The line of its fence or heading.
    pub line: usize,
    /// The first line of its text.
    pub text_line: usize,
    /// The template as it stands, line by line.
    pub text: String,
    /// Lines with a blank, a placeholder or a field of the run.
    pub items: Vec<Line>,
}

/// A link of the references section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// The link's text.
    pub title: String,
    /// Where it leads.
    pub target: String,
    /// Its line.
    pub line: usize,
}

impl Runbook {
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

    /// The command named `id`.
    pub fn command(&self, id: &CommandId) -> Option<&Command> {
        let items = self.checklists.iter().flat_map(|c| &c.items).filter_map(|i| i.runs.as_deref());
        self.all_commands().into_iter().chain(items).find(|c| &c.id == id)
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

    /// The block that holds the command named `id`.
    pub fn block_of(&self, id: &CommandId) -> Option<&Block> {
        self.all_blocks().into_iter().find(|b| b.commands.iter().any(|c| &c.id == id))
    }

    /// The check item named `id`, of the checklists.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.checklists.iter().flat_map(|c| &c.items).find(|i| &i.id == id)
    }

    /// Whether a value is one that nobody may see: as the document has it, or by its name.
    pub fn is_secret(&self, name: &str) -> bool {
        self.parameters.iter().any(|p| p.name == name && p.secret) || super::parameters::is_secret_name(name)
    }

    /// The titles of the steps around a command, the outermost first; those of the way back too.
    pub fn titles_above(&self, id: &CommandId) -> Vec<&str> {
        let holds = |s: &&Step| s.commands().iter().any(|c| &c.id == id);
        let mut titles = Vec::new();
        let mut within = self.steps.iter().chain(&self.rollback.steps).find(holds);
        while let Some(step) = within {
            titles.push(step.title.as_str());
            within = step.substeps.iter().find(holds);
        }
        titles
    }

    /// The plan for the environment called `name`: where the document tells of several side by side, what belongs to
    /// another one is no part of it.
    #[must_use]
    pub fn in_environment(&self, name: &str) -> Runbook {
        super::stages::only(self, name)
    }

    /// Whether it reads its document as another does, whoever said how.
    pub fn reads_as(&self, other: &Runbook) -> bool {
        let plan = |book: &Runbook| Runbook {
            corrections: vec![],
            outline: book.outline.iter().map(|o| OutlineEntry { by: String::new(), ..o.clone() }).collect(),
            reading: book.reading.iter().map(|p| Passage { by: String::new(), ..p.clone() }).collect(),
            ..book.clone()
        };
        plan(self) == plan(other)
    }

    /// Whether parts of it belong to one environment and not to another.
    pub fn is_divided(&self) -> bool {
        super::stages::divided(&self.steps)
    }

    /// The environment called `name`, in any case.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|e| e.name.eq_ignore_ascii_case(name))
    }
}

impl Step {
    /// Adds this step's commands to `found`, its own blocks before its substeps.
    fn collect<'a>(&'a self, found: &mut Vec<&'a Command>) {
        found.extend(self.blocks.iter().flat_map(|b| &b.commands));
        self.substeps.iter().for_each(|s| s.collect(found));
    }

    /// The step's commands, those of its substeps included.
    pub fn commands(&self) -> Vec<&Command> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }
}
