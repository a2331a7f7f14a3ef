//! Steps: the tree, the commands of the step looked at, its output, and what is to be decided.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::collections::{BTreeMap, BTreeSet};

use crate::protocol::Screen as TerminalFrame;
use crate::run::gates::{self, GateId};
use crate::run::state::Standing;
use crate::run::{Next, RunState, flow, rollback, trouble};
use crate::runbook::{CommandId, Step, StepId};
use crate::tui::screens::output::Reading;

/// What is looked at, and what was read for it.
#[derive(Debug, Default)]
pub struct StepsState {
    /// The command looked at; `None` follows the next thing to do.
    pub selected: Option<CommandId>,
    /// Terminals of what runs.
    pub live: BTreeMap<CommandId, TerminalFrame>,
    /// The end of the output of the command looked at.
    pub tail: Reading,
}

impl StepsState {
    /// Looks at a command; the next thing to do is followed, not selected.
    pub fn select(&mut self, command: CommandId, next: Option<&CommandId>) {
        self.selected = Some(command).filter(|c| Some(c) != next);
    }
}

/// The command that the next thing is about.
pub fn following(run: &RunState, next: &Next) -> Option<CommandId> {
    let path = run.path();
    match next {
        Next::Gate(gate) => {
            let mut gates = gates::with_commands(run.runbook()).into_iter();
            gates.find(|(known, _)| known == gate).map(|(_, command)| command.id.clone())
        }
        Next::Check(_) => {
            // What was done before it, or comes behind it.
            let open = flow::position(run).and_then(|at| path.get(at));
            open.or(path.last()).map(|command| command.id.clone())
        }
        Next::Finish | Next::Over => path.last().map(|command| command.id.clone()),
        _ => next.command().cloned(),
    }
}

/// The steps' commands, and those that were added by hand after them.
pub fn listed(run: &RunState) -> Vec<CommandId> {
    let mut ids: Vec<CommandId> = run.path().iter().map(|c| c.id.clone()).collect();
    if run.going_back().is_some() {
        // What was done before stays to be looked at.
        ids.extend(run.step_commands().iter().map(|c| c.id.clone()));
    }
    ids.extend(run.added().iter().cloned());
    let mut known = BTreeSet::new();
    ids.retain(|id| known.insert(id.clone()));
    ids
}

/// The steps as a tree, each with how far it is.
#[derive(Debug, Default)]
pub struct Tree {
    /// The steps of the rollback, once it has begun.
    pub back: Option<Vec<Branch>>,
    /// The steps of the deployment, each with the gates before it.
    pub steps: Vec<(Vec<GateMark>, Branch)>,
    /// The point of no return.
    pub turn: Option<CommandId>,
}

/// A gate between the steps.
#[derive(Debug)]
pub struct GateMark {
    /// Which.
    pub gate: GateId,
    /// How it was decided, once it was.
    pub go: Option<bool>,
    /// How many items are open before it.
    pub open: usize,
}

/// A step of the tree.
#[derive(Debug)]
pub struct Branch {
    /// Its number and title.
    pub label: String,
    /// As its worst command.
    pub standing: Standing,
    /// How many of its commands are settled, of all.
    pub progress: (usize, usize),
    /// How long its commands took.
    pub spent_ms: u64,
    /// How long the document says it takes.
    pub estimate_s: Option<u64>,
    /// A command of it failed.
    pub failed: bool,
    /// Its own commands, without those of its substeps.
    pub own: BTreeSet<CommandId>,
    /// All its commands.
    pub holds: BTreeSet<CommandId>,
    /// Its substeps.
    pub branches: Vec<Branch>,
}

impl Tree {
    /// The tree of a run.
    pub fn of(run: &RunState) -> Self {
        let all = gates::with_commands(run.runbook());
        let steps = run.runbook().steps.iter().map(|step| {
            let first = step.commands().first().map(|c| &c.id);
            let before = all.iter().filter(|(_, c)| Some(&c.id) == first);
            let marks = before.map(|(gate, _)| GateMark {
                gate: *gate,
                go: run.gate_of(*gate).map(|decided| decided.go),
                open: gates::open_items(run, *gate).len(),
            });
            (marks.collect(), Branch::of(run, step))
        });
        let back = run.going_back().map(|_| back_steps(run).iter().map(|s| Branch::of(run, s)).collect());
        let turn = gates::point_of_no_return(run.runbook()).map(|c| c.id.clone());
        Self { back, steps: steps.collect(), turn }
    }
}

impl Branch {
    fn of(run: &RunState, step: &Step) -> Self {
        let commands = step.commands();
        let own = step.blocks.iter().flat_map(|b| &b.commands).map(|c| c.id.clone());
        Self {
            label: format!("{} {}", step.id, step.title).trim_start().to_owned(),
            standing: run.standing_of(&commands),
            progress: flow::progress(run, &commands),
            spent_ms: commands.iter().flat_map(|c| run.runs_of(&c.id)).map(|r| r.elapsed_ms).sum(),
            estimate_s: step.estimate_s,
            failed: commands.iter().any(|c| run.standing(&c.id) == Standing::Failed),
            own: own.collect(),
            holds: commands.iter().map(|c| c.id.clone()).collect(),
            branches: step.substeps.iter().map(|step| Self::of(run, step)).collect(),
        }
    }
}

/// The steps of going back: the document's procedures, its verification, what is gone through again.
fn back_steps(run: &RunState) -> Vec<Step> {
    let Some(back) = run.going_back() else { return vec![] };
    let book = run.runbook();
    let procedures = rollback::procedures(book).filter(|s| back.decided.procedures.contains(&s.id));
    let mut steps: Vec<Step> = procedures.cloned().map(|s| Step { id: StepId::default(), ..s }).collect();
    if let Some(first) = book.rollback.verification.first() {
        steps.push(Step {
            title: "Verify".into(),
            line: first.span.line,
            blocks: book.rollback.verification.clone(),
            ..Step::default()
        });
    }
    steps.extend(book.all_steps().into_iter().filter(|s| back.along.contains(&s.id)).cloned());
    steps
}

/// Commands that are listed together, under a title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The title.
    pub title: String,
    /// The step that they are of, if they are of one.
    pub step: Option<StepId>,
    /// The commands.
    pub commands: Vec<CommandId>,
}

/// Which commands are listed with each command of a run.
#[derive(Debug, Default)]
pub struct Lists {
    lists: Vec<List>,
    of: BTreeMap<CommandId, usize>,
}

impl Lists {
    /// Those of a run.
    pub fn of(run: &RunState) -> Self {
        let mut all = Self::default();
        for step in &run.runbook().steps {
            all.step(step);
        }
        all.way_back(run);
        for problem in &run.runbook().troubleshooting {
            let own: Vec<CommandId> = trouble::commands(problem).map(|c| c.id.clone()).collect();
            let title = format!("{} (line {})", problem.problem, problem.line);
            all.add(&own, List { title, step: None, commands: own.clone() });
        }
        let added = run.added().to_vec();
        let title = "added by hand, not in the document".to_owned();
        all.add(&added, List { title, step: None, commands: added.clone() });
        all
    }

    /// What is listed with a command: itself, where it stands in no list.
    pub fn with(&self, id: &CommandId) -> List {
        let alone =
            || List { title: format!("{id}, outside the steps"), step: None, commands: vec![id.clone()] };
        self.of.get(id).and_then(|at| self.lists.get(*at)).cloned().unwrap_or_else(alone)
    }

    /// Of these commands, those that stand in no list yet stand in this one.
    fn add(&mut self, ids: &[CommandId], list: List) {
        let at = self.lists.len();
        for id in ids {
            self.of.entry(id.clone()).or_insert(at);
        }
        self.lists.push(list);
    }

    fn step(&mut self, step: &Step) {
        let own = own_commands(step);
        let optional = if step.optional { ", optional" } else { "" };
        let title = format!("{} {} (line {}{optional})", step.id, step.title, step.line);
        self.add(&own, List { title, step: Some(step.id.clone()), commands: own.clone() });
        for step in &step.substeps {
            self.step(step);
        }
    }

    /// The commands of a rollback; what was put before one of them stands with it.
    fn way_back(&mut self, run: &RunState) {
        let back = back_steps(run);
        if back.is_empty() {
            return;
        }
        let path: Vec<CommandId> = run.path().iter().map(|c| c.id.clone()).collect();
        let place = |id: Option<&CommandId>| id.and_then(|id| path.iter().position(|p| p == id));
        for (at, id) in
            path.iter().enumerate().filter(|(_, id)| !self.of.contains_key(id)).collect::<Vec<_>>()
        {
            let Some(step) = path.iter().skip(at).find_map(|p| step_of(&back, p)) else { continue };
            let own = own_commands(step);
            let first = place(own.first()).unwrap_or(0).min(at);
            let last = place(own.last()).unwrap_or(path.len() - 1).max(at);
            let commands = path.iter().take(last + 1).skip(first).cloned().collect();
            let title = format!("rollback: {} (line {})", step.title, step.line);
            self.add(std::slice::from_ref(id), List { title, step: None, commands });
        }
    }
}

fn own_commands(step: &Step) -> Vec<CommandId> {
    step.blocks.iter().flat_map(|b| &b.commands).map(|c| c.id.clone()).collect()
}

/// The innermost step that holds a command.
fn step_of<'r>(steps: &'r [Step], id: &CommandId) -> Option<&'r Step> {
    steps.iter().find_map(|s| {
        if s.blocks.iter().flat_map(|b| &b.commands).any(|c| &c.id == id) {
            Some(s)
        } else {
            step_of(&s.substeps, id)
        }
    })
}
