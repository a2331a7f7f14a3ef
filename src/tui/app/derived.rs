//! The parts of the view, as drawing and keys ask for them.

use std::collections::BTreeMap;

use chrono::{DateTime, Offset, Utc};

use super::App;
use super::view::View;
use crate::run::board::{self, Board};
use crate::run::clock::{self, Outage};
use crate::run::gates::{self, GateId, Point};
use crate::run::health::{self, Asking, Row};
use crate::run::{Next, RunState, flow, monitoring, rollback};
use crate::runbook::{CommandId, ItemId, StepId};
use crate::text::{self as words, Asked, ReadAs};
use crate::tui::screen::Screen;
use crate::tui::screens::checklist::{self, Group};
use crate::tui::screens::document::{self, Doubtful};
use crate::tui::screens::log::LogRows;
use crate::tui::screens::monitor::{self, Spans};
use crate::tui::screens::problems::{self, ProblemRow};
use crate::tui::screens::rollback::{Plan, RollbackRow};
use crate::tui::screens::steps::{self, List, Lists, Tree};
use crate::tui::wall::draw::strip_columns;
use crate::tui::wall::picture::Places;

impl App {
    fn of(&self) -> &View {
        debug_assert!(
            self.view.is_of(self.run.as_ref(), &self.book.runbook),
            "the run or the document has changed, and the view was not renewed"
        );
        &self.view
    }

    /// The moment that is shown.
    pub fn moment(&self) -> DateTime<Utc> {
        self.view.now
    }

    /// What comes next in the run.
    pub fn next(&self) -> Option<&Next> {
        let view = self.of();
        view.once(&view.of_run.next, || self.run.as_ref().map(flow::next)).as_ref()
    }

    /// What the next thing asks.
    pub fn asked(&self) -> Option<&Asked> {
        let (view, next) = (self.of(), self.next());
        let asked = || self.run.as_ref().zip(next).map(|(run, next)| words::asked(run, next));
        view.once(&view.of_run.asked, asked).as_ref()
    }

    /// The command looked at while none is selected: the one that is next, or that the next thing is about.
    pub fn following(&self) -> Option<&CommandId> {
        let (view, next) = (self.of(), self.next());
        let following = || steps::following(self.run.as_ref()?, next?);
        view.once(&view.of_run.following, following).as_ref()
    }

    /// How far the run is: settled commands of all.
    pub fn progress(&self) -> (usize, usize) {
        let view = self.of();
        let progress = |run: &RunState| flow::progress(run, &run.path());
        *view.once(&view.of_run.progress, || self.run.as_ref().map_or((0, 0), progress))
    }

    /// How much is open before the first change.
    pub fn open_before_the_change(&self) -> usize {
        let view = self.of();
        let outside = || gates::Outside::at(view.now, self.health.as_ref(), self.run.as_ref());
        let open = |run: &RunState| gates::open_count(run, GateId::Change, &outside());
        *view.now_and_then(&view.of_moment.open, || self.run.as_ref().map_or(0, open))
    }

    /// When the service was down.
    pub fn outages(&self) -> &[Outage] {
        let view = self.of();
        view.once(&view.of_run.outages, || self.run.as_ref().map_or(vec![], clock::outages)).as_slice()
    }

    /// The steps as a tree.
    pub fn tree(&self) -> &Tree {
        let view = self.of();
        view.once(&view.of_run.tree, || self.run.as_ref().map_or_else(Tree::default, Tree::of))
    }

    /// The commands that are listed with a command.
    pub fn list_with(&self, id: &CommandId) -> List {
        let view = self.of();
        let lists = || self.run.as_ref().map_or_else(Lists::default, Lists::of);
        view.once(&view.of_run.lists, lists).with(id)
    }

    /// The commands that the cursor of Steps moves over.
    pub fn listed(&self) -> &[CommandId] {
        let view = self.of();
        view.once(&view.of_run.listed, || self.run.as_ref().map_or(vec![], steps::listed)).as_slice()
    }

    /// The rows of the log.
    pub fn log(&self) -> &LogRows {
        let view = self.of();
        view.once(&view.of_run.log, || self.run.as_ref().map_or_else(LogRows::default, LogRows::of))
    }

    /// The groups of the checklist, with what is known of each item.
    pub fn checklist(&self) -> &[Group] {
        let view = self.of();
        view.once(&view.of_run.checklist, || self.run.as_ref().map_or(vec![], checklist::groups)).as_slice()
    }

    /// Commands that could be read in another way too, and that nobody has answered for.
    pub fn doubtful(&self) -> &[Doubtful] {
        let view = self.of();
        view.once(&view.of_run.doubtful, || document::doubtful(&self.book.runbook, self.run.as_ref()))
            .as_slice()
    }

    /// The lines of the document where something is open.
    pub fn open_lines(&self) -> &[usize] {
        let view = self.of();
        view.once(&view.of_run.open_lines, || words::open_lines(&self.book.runbook, self.run.as_ref()))
            .as_slice()
    }

    /// How the document was read.
    pub fn read_as(&self) -> &ReadAs {
        let view = self.of();
        view.once(&view.of_run.read_as, || words::read_as(&self.book.runbook))
    }

    /// The command that failed and that problems are looked for.
    pub fn troubled(&self) -> Option<&CommandId> {
        match self.next() {
            Some(Next::Failed(id) | Next::Lost(id)) => Some(id),
            _ => None,
        }
    }

    /// The rows of Problems: those that fit the failure first, each with its remarks and commands.
    pub fn problem_rows(&self) -> &[ProblemRow] {
        let (view, troubled) = (self.of(), self.troubled());
        let fitting = || self.run.as_ref().zip(troubled).map_or(&[][..], |(run, id)| run.recognised(id));
        let rows = || problems::rows(&self.book.runbook, &self.screens.problems.typed, fitting());
        view.once(&view.of_choice.problems, rows).as_slice()
    }

    /// Whether the run goes back now.
    pub fn going_back(&self) -> bool {
        self.run.as_ref().is_some_and(RunState::goes_back)
    }

    /// The procedures that would be gone through.
    pub fn procedures_chosen(&self) -> Vec<StepId> {
        match self.run.as_ref().and_then(RunState::going_back) {
            Some(back) if self.going_back() => back.decided.procedures.clone(),
            _ if self.screens.rollback.chosen.is_empty() => rollback::usual(&self.book.runbook),
            _ => self.screens.rollback.chosen.clone(),
        }
    }

    /// All there is to know of the rollback, and what can be chosen.
    pub fn plan(&self) -> &Plan {
        let view = self.of();
        let outside = (self.health.as_ref(), view.now);
        let found = self.screens.rollback.found.as_ref();
        let plan = |run| Plan::of(run, self.procedures_chosen(), found, outside);
        view.now_and_then(&view.of_moment.plan, || self.run.as_ref().map_or_else(Plan::default, plan))
    }

    /// The row of Rollback at the cursor.
    pub fn rollback_row(&self) -> Option<&RollbackRow> {
        self.plan().rows.get(self.screens.rollback.row)
    }

    /// What is open before a gate, and what else to know there.
    pub fn gate_board(&self, gate: GateId) -> &[Point] {
        let view = self.of();
        let part = match gate {
            GateId::Change => &view.of_moment.gates[0],
            GateId::Verified => &view.of_moment.gates[1],
            GateId::SignOff => &view.of_moment.gates[2],
        };
        let outside = || gates::Outside::at(view.now, self.health.as_ref(), self.run.as_ref());
        view.now_and_then(part, || {
            self.run.as_ref().map_or(vec![], |run| gates::board(run, gate, &outside()))
        })
        .as_slice()
    }

    /// How all that is watched stands; nothing while nothing is.
    pub fn board(&self) -> Option<&Board> {
        let view = self.of();
        let strips = self.screens.health.strips(usize::from(self.size.0));
        let board = |health| Board::of(health, self.run.as_ref(), strips, view.now);
        view.now_and_then(&view.of_moment.board, || self.health.as_ref().map(board)).as_ref()
    }

    /// Health is shown as a wall.
    pub fn is_on_wall(&self) -> bool {
        self.screen == Screen::Health
            && self.screens.health.wall
            && self.run.is_some()
            && self.board().is_some()
    }

    /// The board with strips for the tiles of a wall, and for its rows.
    pub fn wall_boards(&self) -> Option<&(Board, Board)> {
        let view = self.of();
        let strips =
            |columns: usize| board::View { seconds: self.screens.health.seconds(), columns: columns.max(1) };
        let (tiles, rows) = (strips(Places::of(self.size).tile_strip()), strips(strip_columns(self.size.0)));
        let boards = |health| {
            let of = |strips| Board::of(health, self.run.as_ref(), strips, view.now);
            (of(tiles), of(rows))
        };
        view.now_and_then(&view.of_moment.wall, || self.health.as_ref().map(boards)).as_ref()
    }

    /// What was seen within the rounds of the window that is shown.
    pub fn rounds(&self) -> &Spans {
        let view = self.of();
        let spans = || {
            let watched = self.run.as_ref().and_then(|run| Some((run, run.watched()?)));
            let (Some((run, watched)), Some(health), Some(board)) = (watched, &self.health, self.board())
            else {
                return Spans::new();
            };
            let windows = &run.runbook().monitoring;
            let at = monitoring::window_at(windows, watched.since, view.now);
            let window = |window| monitor::spans((board, health), watched, (at as u32 + 1, window), view.now);
            windows.get(at).map(window).unwrap_or_default()
        };
        view.now_and_then(&view.of_moment.rounds, spans)
    }

    /// The board as Health shows it: held still, if somebody holds it.
    pub fn shown_board(&self) -> Option<&Board> {
        self.screens.health.held.as_deref().or_else(|| self.board())
    }

    /// The rows of that in the order chosen.
    pub fn watched_rows(&self) -> Vec<&board::Row> {
        let mut rows: Vec<&board::Row> = self.shown_board().map_or(vec![], |b| b.rows.iter().collect());
        board::ordered(&mut rows, self.screens.health.order);
        rows
    }

    /// The one at the cursor.
    pub fn watched_row(&self) -> Option<&board::Row> {
        let rows = self.watched_rows();
        rows.get(self.screens.health.at(&rows)).copied()
    }

    /// The rows of Health.
    pub fn health_rows(&self) -> &[Row] {
        let view = self.of();
        let rows = || self.health.as_ref().map_or(vec![], |health| health.rows(view.now));
        view.now_and_then(&view.of_moment.health, rows).as_slice()
    }

    /// The command that has stopped what a row of Health is about, for each row.
    pub fn stopped(&self) -> &[Option<CommandId>] {
        let (view, rows) = (self.of(), self.health_rows());
        let stopped = |row: &Row| {
            let by = health::quiet(self.run.as_ref()?, self.health.as_ref()?, &row.id, view.now)?;
            Some(by.command)
        };
        view.now_and_then(&view.of_moment.stopped, || rows.iter().map(stopped).collect()).as_slice()
    }

    /// What the probes say about an item; the tick stays the operator's.
    pub fn probed(&self, item: &ItemId) -> Option<&str> {
        let view = self.of();
        let probed = || {
            let health = self.health.as_ref();
            let asking = Asking::now(view.now, self.run.as_ref().map_or(Utc.fix(), RunState::zone));
            health.map_or_else(BTreeMap::new, |h| checklist::probed(self.book.items(), h, asking))
        };
        view.now_and_then(&view.of_moment.probed, probed).get(item).map(String::as_str)
    }
}
