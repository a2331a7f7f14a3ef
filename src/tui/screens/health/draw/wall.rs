//! Health as a wall: what `gonogo monitor` shows, with what the run knows.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::run::board::Row;
use crate::run::health::RowId;
use crate::tui::app::App;
use crate::tui::wall::draw::draw as draw_wall;
use crate::tui::wall::picture::{About, Entry, Picture, Places, tiled};
use crate::tui::wall::release::words;

/// Draws it.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let (Some(run), Some(health), Some(live), Some((tiles, rows))) =
        (&app.run, &app.health, app.board(), app.wall_boards())
    else {
        return;
    };
    let place = (run.environment(), run.production());
    let about = About::of(&run.runbook().title, place, &health.watch);
    let order: Vec<RowId> = app.watched_rows().into_iter().map(|row| row.id.clone()).collect();
    let all: Vec<&Row> = rows.rows.iter().collect();
    let with_tile = tiled(&all, Places::of((area.width, area.height)).most_tiles());
    let happened: Vec<Entry> = live.events.iter().map(Entry::of).collect();
    let silent = live.looked_s.filter(|s| *s > about.may_be_silent_for());
    let picture = Picture {
        theme: app.theme,
        about: &about,
        live,
        tiles,
        rows,
        order: &order,
        tiled: &with_tile,
        at: app.screens.health.row.as_ref(),
        opened: app.screens.health.detail,
        moment: app.screens.health.moment,
        held_s: None,
        blind_s: silent.filter(|_| run.outcome().is_none() || run.is_watched()),
        happened: &happened,
        status: None,
        release: &words(run),
        keys: "",
    };
    draw_wall(&picture, frame, area);
}
