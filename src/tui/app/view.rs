//! What follows from the run, the document, the health and what was chosen. Each part is derived once, when it is first
//! asked for after one of these has changed. Drawing and keys go by the same parts: what Enter acts on is what was drawn.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use crate::run::board::{self, Board};
use crate::run::clock::Outage;
use crate::run::gates::Point;
use crate::run::health::Row;
use crate::run::{Next, RunId, RunState, Seq};
use crate::runbook::{CommandId, ItemId, Runbook, StepId};
use crate::text::{Asked, ReadAs};
use crate::tui::screens::checklist::Group;
use crate::tui::screens::document::Doubtful;
use crate::tui::screens::log::LogRows;
use crate::tui::screens::monitor::Spans;
use crate::tui::screens::problems::ProblemRow;
use crate::tui::screens::rollback::Plan;
use crate::tui::screens::steps::{Lists, Tree};

/// Parts that are derived when they are first asked for.
#[derive(Debug)]
pub struct View {
    basis: Basis,
    chosen: Chosen,
    /// What follows from the run and the document.
    pub(super) of_run: OfRun,
    /// What follows from what was chosen on a screen, too.
    pub(super) of_choice: OfChoice,
    /// What follows from the time and the health, too.
    pub(super) of_moment: OfMoment,
    /// The moment that this is about.
    pub(super) now: DateTime<Utc>,
    /// The moment stands still.
    stands: bool,
    /// How many parts were derived so far.
    derived: AtomicUsize,
    /// How many of the moment were.
    of_moments: AtomicUsize,
}

/// The run and the document that a view was derived from.
#[derive(Debug)]
pub(super) struct Basis {
    run: Option<(RunId, Seq)>,
    document: Arc<Runbook>,
}

impl Basis {
    pub(super) fn of(run: Option<&RunState>, document: &Arc<Runbook>) -> Self {
        Self { run: run.map(|run| (run.id().clone(), run.seq())), document: Arc::clone(document) }
    }

    /// Whether it still is what the screens are about.
    fn is(&self, run: Option<&RunState>, document: &Arc<Runbook>) -> bool {
        let same = match (&self.run, run) {
            (Some((id, seq)), Some(run)) => *seq == run.seq() && id == run.id(),
            (known, run) => known.is_none() && run.is_none(),
        };
        same && Arc::ptr_eq(&self.document, document)
    }
}

/// What was chosen on the screens that others follow from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Chosen {
    /// What the problems are searched for.
    pub(super) typed: String,
    /// The procedures of the rollback.
    pub(super) procedures: Vec<StepId>,
    /// How often it was looked what the rollback needs.
    pub(super) looked: usize,
    /// How much time the strips show, in how many parts.
    pub(super) strips: board::View,
}

#[derive(Debug, Default)]
pub(super) struct OfRun {
    pub(super) next: OnceLock<Option<Next>>,
    pub(super) asked: OnceLock<Option<Asked>>,
    pub(super) following: OnceLock<Option<CommandId>>,
    pub(super) progress: OnceLock<(usize, usize)>,
    pub(super) outages: OnceLock<Vec<Outage>>,
    pub(super) tree: OnceLock<Tree>,
    pub(super) lists: OnceLock<Lists>,
    pub(super) listed: OnceLock<Vec<CommandId>>,
    pub(super) log: OnceLock<LogRows>,
    pub(super) checklist: OnceLock<Vec<Group>>,
    pub(super) doubtful: OnceLock<Vec<Doubtful>>,
    pub(super) open_lines: OnceLock<Vec<usize>>,
    pub(super) read_as: OnceLock<ReadAs>,
}

#[derive(Debug, Default)]
pub(super) struct OfChoice {
    pub(super) problems: OnceLock<Vec<ProblemRow>>,
}

#[derive(Debug, Default)]
pub(super) struct OfMoment {
    pub(super) plan: OnceLock<Plan>,
    pub(super) open: OnceLock<usize>,
    pub(super) gates: [OnceLock<Vec<Point>>; 3],
    pub(super) health: OnceLock<Vec<Row>>,
    pub(super) stopped: OnceLock<Vec<Option<CommandId>>>,
    pub(super) board: OnceLock<Option<Board>>,
    pub(super) wall: OnceLock<Option<(Board, Board)>>,
    pub(super) rounds: OnceLock<Spans>,
    pub(super) probed: OnceLock<BTreeMap<ItemId, String>>,
}

impl View {
    pub(super) fn new(document: &Arc<Runbook>) -> Self {
        Self {
            basis: Basis::of(None, document),
            chosen: Chosen::default(),
            of_run: OfRun::default(),
            of_choice: OfChoice::default(),
            of_moment: OfMoment::default(),
            now: Utc::now(),
            stands: false,
            derived: AtomicUsize::new(0),
            of_moments: AtomicUsize::new(0),
        }
    }

    /// Whether this was derived from the run and the document that are shown.
    pub(super) fn is_of(&self, run: Option<&RunState>, document: &Arc<Runbook>) -> bool {
        self.basis.is(run, document)
    }

    /// Forgets everything.
    pub(super) fn begin(&mut self, basis: Basis) {
        (self.basis, self.of_run, self.of_choice) = (basis, OfRun::default(), OfChoice::default());
        self.moment_over();
    }

    /// Something was chosen: forgets what follows from it, if it is something else.
    pub(super) fn choose(&mut self, chosen: &Chosen) {
        if self.chosen != *chosen {
            (self.chosen, self.of_choice) = (chosen.clone(), OfChoice::default());
            self.moment_over();
        }
    }

    /// Forgets what follows from the health and the time, which are others now.
    pub(super) fn moment_over(&mut self) {
        self.of_moment = OfMoment::default();
        if !self.stands {
            self.now = Utc::now();
        }
    }

    /// Goes on to another second, if it is one: figures and times are by the second.
    pub(super) fn tick(&mut self, now: DateTime<Utc>) {
        if now.timestamp() != self.now.timestamp() && !self.stands {
            self.moment_over();
        }
    }

    /// Stands still at a moment: pictures are of one.
    pub fn stand_at(&mut self, moment: DateTime<Utc>) {
        (self.now, self.stands) = (moment, true);
        self.moment_over();
    }

    /// A part, which is derived at most once.
    pub(super) fn once<'v, T>(&'v self, part: &'v OnceLock<T>, derive: impl FnOnce() -> T) -> &'v T {
        part.get_or_init(|| {
            self.derived.fetch_add(1, Ordering::Relaxed);
            derive()
        })
    }

    /// A part of the moment, which is derived at most once a second.
    pub(super) fn now_and_then<'v, T>(&'v self, part: &'v OnceLock<T>, derive: impl FnOnce() -> T) -> &'v T {
        part.get_or_init(|| {
            self.of_moments.fetch_add(1, Ordering::Relaxed);
            derive()
        })
    }

    /// How many parts were derived so far: of the run and of what was chosen, and of moments.
    pub fn derived(&self) -> (usize, usize) {
        (self.derived.load(Ordering::Relaxed), self.of_moments.load(Ordering::Relaxed))
    }
}
