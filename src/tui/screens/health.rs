//! Health: what is watched, against the document's targets.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::run::board::{Board, Order, Row, Strip, View};
use crate::run::health::{RowId, RowLevel};
use crate::runbook::probes::ProbeId;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::screen::Screen;

/// Lengths of time that can be looked at, in seconds: 5 min, 15 min, 1 h, 6 h, 24 h.
const ZOOMS: [i64; 5] = [300, 900, 3600, 21_600, 86_400];
/// The one that lies nearest to what fits by itself.
const FITS: usize = 1;

/// Where Health is looked at.
#[derive(Debug, Default)]
pub struct HealthState {
    /// The row at the cursor; the first where there is none, or it has gone.
    pub row: Option<RowId>,
    /// That row is shown by itself: its chart, its figures, its lines.
    pub detail: bool,
    /// Before and after the release are shown.
    pub comparing: bool,
    /// It is shown as a wall, without the frame around it.
    pub wall: bool,
    /// Rows scrolled down in what is open.
    pub scrolled: usize,
    /// The log of a container, read on request.
    pub log: Option<ContainerLog>,
    /// In which order rows stand.
    pub order: Order,
    /// Which of the lengths of time is looked at; as much as fits where none is chosen.
    pub zoom: Option<usize>,
    /// The picture that is held still.
    pub held: Option<Box<Board>>,
    /// The moment that is read off: when its part of the strips begins, seconds since 1970, UTC.
    pub moment: Option<i64>,
    /// Where somebody came from with F5.
    pub back: Option<Box<Back>>,
}

/// Where somebody was before they looked at the worst row.
#[derive(Debug)]
pub struct Back {
    /// The screen.
    pub screen: Screen,
    /// The screen before that, where it is one to be left again.
    pub came_from: Screen,
    /// What lay over it.
    pub overlays: Vec<Overlay>,
}

impl HealthState {
    /// Where the cursor is among the rows.
    pub fn at(&self, rows: &[&Row]) -> usize {
        self.row.as_ref().and_then(|id| rows.iter().position(|r| &r.id == id)).unwrap_or(0)
    }

    /// Only the list is shown.
    pub fn is_list(&self) -> bool {
        !self.detail && !self.comparing
    }

    /// Leaves what is open.
    pub fn close(&mut self) {
        (self.detail, self.comparing, self.scrolled, self.log) = (false, false, 0, None);
    }

    /// How much time the strips show, in how many parts, on a terminal of so many columns.
    pub fn strips(&self, width: usize) -> View {
        View { seconds: self.seconds(), columns: draw::columns::Columns::of(width).strip }
    }

    /// How much time was chosen; nothing is as much as fits.
    pub fn seconds(&self) -> Option<i64> {
        self.zoom.and_then(|at| ZOOMS.get(at)).copied()
    }

    /// Less time.
    pub fn closer(&mut self) {
        self.zoom = Some(self.zoom.unwrap_or(FITS).saturating_sub(1));
        self.let_go();
    }

    /// More time.
    pub fn farther(&mut self) {
        self.zoom = Some((self.zoom.unwrap_or(FITS) + 1).min(ZOOMS.len() - 1));
        self.let_go();
    }

    /// As much time as fits.
    pub fn fit(&mut self) {
        self.zoom = None;
        self.let_go();
    }

    /// Reads off the part of a strip before or behind the one that is; beyond the last that anything is known of it lets go.
    pub fn read_off(&mut self, strip: &Strip, later: bool) {
        let last = strip.known().len() as i64 - 1;
        let at = self.moment.map(|at| strip.part(at));
        let to = match (at, later) {
            (None, true) => None,
            (None, false) => Some(last),
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => Some((at - 1).max(0)),
        };
        self.moment =
            to.filter(|to| *to <= last && last >= 0).map(|to| strip.from + to * strip.bucket_s.max(1));
    }

    /// The time goes on, and no moment is read off.
    pub fn let_go(&mut self) {
        (self.held, self.moment) = (None, None);
    }
}

/// The words that a row is found by: its name, what it is about, `level:alert` and `level:bad`, `probe:docker`.
pub fn found_by(row: &Row) -> String {
    let bad = if matches!(row.level, RowLevel::Ok | RowLevel::NotMeasured) { "" } else { " level:bad" };
    let probe = row.probe.as_ref().map_or(String::new(), |probe| format!(" probe:{}", probe.id));
    format!("{} {} level:{}{bad}{probe} {}", row.title, row.subject, row.level.name(), row.group)
}

/// The end of a container's log.
#[derive(Clone, Debug)]
pub struct ContainerLog {
    /// The probe that sees it.
    pub probe: ProbeId,
    /// The service or container.
    pub name: String,
    /// Its lines, why there are none, or nothing while they are read.
    pub lines: Option<Result<Vec<String>, String>>,
}
