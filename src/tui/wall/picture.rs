//! What a wall shows, and where on a screen of any size.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;

use crate::figures::running;
use crate::run::board::{AlertLife, Board, Happened, Row, What};
use crate::run::health::{Cell, RowId, RowLevel, Watch};
use crate::tui::theme::Theme;
use crate::tui::wall::draw::letters::Dots;
use crate::tui::widgets::facts::Around;
use crate::tui::widgets::rows::{UNKNOWN, known};

/// What is watched, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The document's title.
    pub runbook: String,
    /// The environment.
    pub environment: String,
    /// It is production.
    pub production: bool,
    /// How many probes look.
    pub probes: usize,
    /// So many seconds lie between two looks of the one that looks most often.
    pub every_s: u64,
}

impl About {
    /// What looks at a document's environment.
    pub fn of(runbook: &str, (environment, production): (&str, bool), watch: &Watch) -> Self {
        let on = watch.probes.iter().filter(|probe| probe.on);
        Self {
            runbook: runbook.to_owned(),
            environment: environment.to_owned(),
            production,
            probes: on.clone().count(),
            every_s: on.map(|probe| probe.every_s).min().unwrap_or(0),
        }
    }

    /// Without a look for so many seconds a picture must not look calm.
    pub(in crate::tui) fn may_be_silent_for(&self) -> u64 {
        (self.every_s * 2).max(10)
    }
}

/// A row that has changed its level.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub row: RowId,
    /// Its level since then.
    pub level: RowLevel,
    /// What was seen, and against which bound.
    pub words: String,
    /// What it was before.
    pub was: RowLevel,
    /// For so many seconds.
    pub was_s: u64,
    /// The worst of it.
    pub worst: Option<String>,
    /// When it changed again; nothing while it stands so.
    pub until: Option<DateTime<Utc>>,
}

impl Change {
    /// As it stands in the list of what happened.
    pub(in crate::tui) fn entry(&self, now: DateTime<Utc>) -> Entry {
        let lasted = seconds(self.at, self.until.unwrap_or(now));
        let goes_on = if self.until.is_none() && self.level != RowLevel::Ok { ", goes on" } else { "" };
        let worst = self.worst.as_ref().map_or(String::new(), |worst| format!(", worst {worst}"));
        let was = match self.was {
            RowLevel::NotMeasured => String::new(),
            was => format!("; was {} for {}{worst}", was.word(), running(self.was_s)),
        };
        let then = format!("for {}{goes_on}{was}", running(lasted));
        Entry { at: self.at, level: Some(self.level), words: self.words.clone(), then }
    }
}

/// A line of what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Entry {
    pub(in crate::tui) at: DateTime<Utc>,
    /// The level that something came to; nothing where a command was run.
    pub(in crate::tui) level: Option<RowLevel>,
    pub(in crate::tui) words: String,
    /// What became of it.
    pub(in crate::tui) then: String,
}

impl Entry {
    /// Of what happened in a run.
    pub(in crate::tui) fn of(happened: &Happened) -> Self {
        let at = happened.at;
        match &happened.what {
            What::Alert(_, alert) => {
                Self { at, level: Some(alert.level), words: alert.words.clone(), then: became(alert) }
            }
            What::Ran { command, text, by } => {
                Self { at, level: None, words: format!("{command} {text}"), then: format!("run by {by}") }
            }
        }
    }

    /// The commands that a board knows of.
    pub(in crate::tui) fn commands(board: &Board) -> impl Iterator<Item = Self> {
        board.events.iter().filter(|happened| matches!(happened.what, What::Ran { .. })).map(Self::of)
    }
}

/// How long an alert was, and what somebody said of it.
fn became(alert: &AlertLife) -> String {
    let times = if alert.times > 1 { format!(", {} times", alert.times) } else { String::new() };
    let known = known(alert).or_else(|| alert.until.is_none().then(|| UNKNOWN.to_owned()));
    let known = known.map_or(String::new(), |known| format!("; {known}"));
    let goes_on = if alert.until.is_none() { ", goes on" } else { "" };
    format!("for {}{times}{goes_on}{known}", running(alert.lasted_s))
}

pub(in crate::tui) fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
    to.signed_duration_since(from).num_seconds().max(0) as u64
}

/// What is drawn of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Picture<'p> {
    pub(in crate::tui) theme: Theme,
    pub(in crate::tui) about: &'p About,
    /// How it is now: the headline is never held.
    pub(in crate::tui) live: &'p Board,
    /// What is shown, with strips for tiles, and for rows.
    pub(in crate::tui) tiles: &'p Board,
    pub(in crate::tui) rows: &'p Board,
    /// The rows in the order chosen.
    pub(in crate::tui) order: &'p [RowId],
    /// Those of them that have a tile.
    pub(in crate::tui) tiled: &'p [RowId],
    /// The row at the cursor, once somebody has moved it.
    pub(in crate::tui) at: Option<&'p RowId>,
    /// That row is shown by itself.
    pub(in crate::tui) opened: bool,
    /// The moment that is read off: seconds since 1970, UTC.
    pub(in crate::tui) moment: Option<i64>,
    /// The picture has stood still for so many seconds.
    pub(in crate::tui) held_s: Option<u64>,
    /// Nothing has been looked at for so many seconds, which is too long.
    pub(in crate::tui) blind_s: Option<u64>,
    /// What happened, the newest first.
    pub(in crate::tui) happened: &'p [Entry],
    /// The exit status that the worst level leads to, where a program ends by it.
    pub(in crate::tui) status: Option<u8>,
    /// The release that goes on, and how far it is; empty where there is none.
    pub(in crate::tui) release: &'p str,
    /// The last line: the keys, or what is asked.
    pub(in crate::tui) keys: &'p str,
}

impl Picture<'_> {
    /// The run that it is looked at beside.
    pub(in crate::tui) fn around(&self) -> Around<'static> {
        Around { run: !self.release.is_empty(), inside: None }
    }
}

/// Rows of a board by their names, in this order.
pub(in crate::tui) fn rows_of<'b>(board: &'b Board, ids: &[RowId]) -> Vec<&'b Row> {
    ids.iter().filter_map(|id| board.row(id)).collect()
}

/// The rows that have a tile: the document's targets, else what has a figure; in the document's order, the worst first
/// where not all have room.
pub(in crate::tui) fn tiled(rows: &[&Row], most: usize) -> Vec<RowId> {
    let judged =
        |cell: &Cell| matches!(cell, Cell::Failed) || matches!(cell, Cell::Level(l) if l.is_judged());
    let seen = |row: &&&Row| row.now.value.is_some() || row.strip.cells.iter().any(judged);
    let targets: Vec<&Row> =
        rows.iter().filter(seen).filter(|row| matches!(row.id, RowId::Target(_))).copied().collect();
    let mut chosen = if targets.is_empty() {
        rows.iter().filter(|row| row.series.is_some()).copied().collect()
    } else {
        targets
    };
    chosen.sort_by_key(|row| (row.level, row.place));
    chosen.truncate(most);
    chosen.sort_by_key(|row| row.place);
    chosen.into_iter().map(|row| row.id.clone()).collect()
}

/// From so many columns and rows on figures have tiles.
const TILED: (u16, u16) = (120, 36);
/// From so many on letters have two columns a dot; from so many on three.
const LARGE: (u16, u16) = (120, 36);
const LARGEST: (u16, u16) = (180, 50);
/// A tile's columns, at least, and its rows.
const TILE: (u16, u16) = (44, 11);
/// Most rows of tiles.
const MOST_TILES: usize = 2;

/// Where what stands on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Places {
    size: (u16, u16),
    /// How many tiles stand side by side; none where there is no room.
    pub(in crate::tui) across: usize,
}

impl Places {
    pub(in crate::tui) fn of(size: (u16, u16)) -> Self {
        let fits = size.0 >= TILED.0 && size.1 >= TILED.1;
        let across = if fits { usize::from((size.0 + 1) / (TILE.0 + 1)) } else { 0 };
        Self { size, across }
    }

    /// How many tiles have room at most.
    pub(in crate::tui) fn most_tiles(self) -> usize {
        let rows = if self.size.1 >= LARGEST.1 { MOST_TILES } else { 1 };
        self.across * rows
    }

    /// The columns of a tile's strip.
    pub(in crate::tui) fn tile_strip(self) -> usize {
        usize::from(self.tile_width()).saturating_sub(4)
    }

    fn tile_width(self) -> u16 {
        let across = (self.across as u16).max(1);
        (self.size.0 + 1) / across - 1
    }

    /// Where the `n`th tile stands in an area.
    pub(in crate::tui) fn tile(self, area: Rect, at: usize) -> Rect {
        let (column, row) = ((at % self.across.max(1)) as u16, (at / self.across.max(1)) as u16);
        let width = self.tile_width();
        Rect { x: area.x + column * (width + 1), y: area.y + row * TILE.1, width, height: TILE.1 }
            .intersection(area)
    }

    /// The rows that so many tiles take.
    pub(in crate::tui) fn tiles_height(self, count: usize) -> u16 {
        if self.across == 0 { 0 } else { count.div_ceil(self.across) as u16 * TILE.1 }
    }

    /// How large the letters of the headline are.
    pub(in crate::tui) fn dots(self, unicode: bool) -> Dots {
        let (width, height) = self.size;
        if width >= LARGEST.0 && height >= LARGEST.1 {
            Dots::Rows(3)
        } else if width >= LARGE.0 && height >= LARGE.1 {
            Dots::Rows(2)
        } else if unicode {
            Dots::Half
        } else {
            Dots::Rows(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_lie_side_by_side_and_within_the_screen() {
        for size in [(120, 36), (140, 40), (200, 55), (400, 90)] {
            let places = Places::of(size);
            let area = Rect { x: 0, y: 7, width: size.0, height: size.1 - 7 };
            let tiles: Vec<Rect> = (0..places.most_tiles()).map(|at| places.tile(area, at)).collect();
            for (at, tile) in tiles.iter().enumerate() {
                assert!(tile.width >= TILE.0 && tile.right() <= size.0, "{size:?} {tile:?}");
                assert!(tiles.iter().skip(at + 1).all(|other| !other.intersects(*tile)), "{size:?}");
            }
        }
        assert_eq!(Places::of((80, 24)).most_tiles(), 0);
        assert_eq!((Places::of((140, 40)).most_tiles(), Places::of((200, 55)).most_tiles()), (3, 8));
    }
}
