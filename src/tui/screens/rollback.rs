//! Rollback: what was chosen for it before it begins, and what there is to choose.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::figures::span;
use crate::run::RunState;
use crate::run::health::Health;
use crate::run::rollback::{self, Board, Found, WayOut};
use crate::run::state::Standing;
use crate::runbook::{CommandId, StepId};
use crate::text as words;

/// What was chosen for going back, before it begins.
#[derive(Clone, Debug, Default)]
pub struct RollbackState {
    /// What is there to go back with, once that was looked at.
    pub found: Option<Found>,
    /// How often that was looked at.
    pub looked: usize,
    /// The screens open on it.
    pub opens: bool,
    /// The row at the cursor, of those that can be chosen.
    pub row: usize,
    /// Rows scrolled down from where the cursor is in view.
    pub scrolled: usize,
    /// The line of the trigger that holds.
    pub trigger: Option<usize>,
    /// The procedures that are gone through; none stands for the usual one.
    pub chosen: Vec<StepId>,
    /// What is done about what stands in the way.
    pub ways: BTreeMap<CommandId, WayOut>,
}

/// A row of Rollback that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RollbackRow {
    /// A trigger, by its line.
    Trigger(usize),
    /// A procedure, where there are several.
    Procedure(StepId),
    /// A value to be answered, by its name.
    Answer(String),
    /// A way out, by its command.
    Way(CommandId, WayOut),
    /// A step to go through again afterwards.
    Again(StepId),
}

impl RollbackState {
    /// What there is was looked at, or is to be looked at anew.
    pub fn look(&mut self, found: Option<Found>) {
        self.found = found;
        self.looked += 1;
    }
}

/// All there is to know before the run goes back, and of it while it does.
#[derive(Debug, Default)]
pub struct Plan {
    /// The rows that can be chosen, from the top.
    pub rows: Vec<RollbackRow>,
    /// The procedures that would be gone through, with their lines and how long they take.
    pub head: String,
    /// All procedures, with whether each is chosen.
    pub procedures: Vec<(StepId, String, bool)>,
    /// What is known before it begins, once that was looked at.
    pub board: Option<Board>,
    /// What of it ran, while it goes on.
    pub ran: Vec<RanBack>,
    /// What the document mentions too, while it goes on.
    pub offered: Vec<String>,
}

/// A command of a rollback that goes on.
#[derive(Debug)]
pub struct RanBack {
    /// Which, and how it begins.
    pub command: String,
    /// What it came to.
    pub standing: Standing,
    /// That in words.
    pub came: String,
}

impl Plan {
    /// Derives it; `found` is what is there to go back with, once that was looked at.
    pub fn of(
        run: &RunState,
        chosen: Vec<StepId>,
        found: Option<&Found>,
        outside: (Option<&Health>, DateTime<Utc>),
    ) -> Self {
        if run.goes_back() {
            return Self::under_way(run);
        }
        let book = run.runbook();
        let all = || rollback::procedures(book);
        let procedures: Vec<_> =
            all().map(|step| (step.id.clone(), step.title.clone(), chosen.contains(&step.id))).collect();
        let titles: Vec<String> = all()
            .filter(|step| chosen.contains(&step.id))
            .map(|step| format!("{}, line {}", step.title, step.line))
            .collect();
        let takes = rollback::estimate_s(book, &chosen).map_or(String::new(), |s| format!(", ~{}", span(s)));
        let board = found.map(|found| rollback::board(run, &chosen, found, outside));
        let mut rows: Vec<RollbackRow> =
            book.rollback.triggers.iter().map(|t| RollbackRow::Trigger(t.line)).collect();
        if procedures.len() > 1 {
            rows.extend(procedures.iter().map(|(id, ..)| RollbackRow::Procedure(id.clone())));
        }
        for obstacle in board.iter().flat_map(|board| &board.obstacles) {
            rows.extend(obstacle.wants.clone().map(RollbackRow::Answer));
            let ways = obstacle.ways.iter();
            rows.extend(ways.map(|way| RollbackRow::Way(obstacle.command.clone(), way.clone())));
        }
        let head = format!("{}{takes}", titles.join(" and "));
        Self { rows, head, procedures, board, ..Self::default() }
    }

    fn under_way(run: &RunState) -> Self {
        let ran = run.path().into_iter().map(|command| {
            let text = run.text_of(command);
            RanBack {
                command: format!("{} {}", command.id, text.lines().next().unwrap_or_default()),
                standing: run.standing(&command.id),
                came: words::ran_before(run, &command.id).unwrap_or_else(|| "not run".into()),
            }
        });
        let ran = ran.collect();
        let offered = rollback::offered(run);
        let rows = offered.iter().map(|step| RollbackRow::Again(step.id.clone())).collect();
        let offered = offered.iter().map(|s| format!("{} {} (line {})", s.id, s.title, s.line)).collect();
        Self { rows, ran, offered, ..Self::default() }
    }
}
