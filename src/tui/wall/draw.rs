//! The wall from top to bottom: what is watched; how it is, in large letters; figures in tiles; everything else in rows;
//! what happened; and by what it is known.

mod happened;
mod headline;
pub(in crate::tui) mod letters;
mod opened;
mod rows;
mod tile;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::board::Row;
use crate::tui::wall::picture::{Picture, Places, rows_of};
use crate::tui::widgets::chart;
use crate::tui::widgets::text::{clip, put};

/// Rows at the foot: how it is known, and the keys.
const FOOT: u16 = 2;
/// Rows of what happened: its rule and so many lines at least, where there is room.
const HAPPENED: u16 = 3;

/// The columns that the strips of rows have on a screen of so many.
pub(in crate::tui) fn strip_columns(width: u16) -> usize {
    rows::Columns::of(usize::from(width)).strip
}

/// So many changes have room before a chart does, which has so many rows at least and at most.
const TOLD: usize = 6;
const CHART: u16 = 11;
const MOST_CHART: u16 = 20;

/// Draws it. Where there are no keys to tell, somebody else has the last line.
pub(in crate::tui) fn draw(picture: &Picture<'_>, frame: &mut Frame<'_>, area: Rect) {
    if area.width < 20 || area.height < 6 {
        put(frame, area, 0, Line::from(headline::words(picture)));
        return;
    }
    let places = Places::of((area.width, area.height));
    put(frame, area, 0, title(picture, usize::from(area.width)));
    let foot_rows = if picture.keys.is_empty() { FOOT - 1 } else { FOOT };
    let below = Rect { y: area.y + 1, height: area.height - 1 - foot_rows, ..area };
    let used = headline::draw(picture, places, frame, below);
    let below = Rect { y: below.y + used, height: below.height - used, ..below };
    if picture.opened {
        opened::draw(picture, frame, below);
    } else {
        whole(picture, places, frame, below);
    }
    let foot = Rect { y: area.y + area.height - foot_rows, height: foot_rows, ..area };
    put(frame, foot, 0, known_by(picture, usize::from(area.width)));
    put(frame, foot, 1, Line::from(clip(picture.keys, usize::from(area.width))));
}

fn whole(picture: &Picture<'_>, places: Places, frame: &mut Frame<'_>, area: Rect) {
    let used = places.tiles_height(picture.tiled.len());
    for (at, row) in rows_of(picture.tiles, picture.tiled).into_iter().enumerate() {
        tile::draw(picture, row, frame, places.tile(area, at));
    }
    let below = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    let wanted = rows::wanted(picture);
    // What happened has what the rows leave, and some lines in any case where there is room for both.
    let least = if below.height >= 14 { HAPPENED } else { 0 };
    let list = Rect { height: wanted.min(below.height - least), ..below };
    let used = rows::draw(picture, frame, list);
    let mut rest = Rect { y: below.y + used, height: below.height - used, ..below };
    let told = (picture.happened.len().clamp(1, TOLD) + 2) as u16;
    if rest.height >= told + CHART
        && let Some(row) = charted(picture)
    {
        let chart = Rect { height: (rest.height - told).min(MOST_CHART), ..rest };
        opened::pane(picture, row, frame, chart);
        rest = Rect { y: rest.y + chart.height, height: rest.height - chart.height, ..rest };
    }
    if rest.height > 2 * HAPPENED {
        rest = Rect { y: rest.y + 1, height: rest.height - 1, ..rest };
    }
    happened::draw(picture, frame, rest);
}

/// The row whose figure is drawn over time: the one at the cursor, else the worst.
fn charted<'p>(picture: &Picture<'p>) -> Option<&'p Row> {
    let drawn = |row: &&Row| chart::can_be_drawn(row);
    let at = picture.at.and_then(|id| picture.rows.row(id)).filter(drawn);
    at.or_else(|| picture.rows.rows.iter().find(drawn))
}

/// What is watched, the time, and for how long.
fn title(picture: &Picture<'_>, width: usize) -> Line<'static> {
    let (theme, about) = (picture.theme, picture.about);
    let name = if about.production { about.environment.to_uppercase() } else { about.environment.clone() };
    let now = picture.live.at.with_timezone(&chrono::Local);
    let since = picture.live.since.map_or(0, |at| (picture.live.at - at).num_seconds().max(0) as u64);
    let zone = crate::figures::zone_name(chrono::Offset::fix(now.offset()));
    let watched = format!("watched for {} ", running(since));
    let times = [
        format!("{} {zone}   {watched}", now.format("%a %d %b %H:%M:%S")),
        format!("{} {zone}   {watched}", now.format("%H:%M:%S")),
        format!("{} ", now.format("%H:%M:%S")),
    ];
    let held = picture.held_s.map_or(String::new(), |s| format!(" HELD {} ", running(s)));
    let room = width.saturating_sub(name.width() + 3 + held.width());
    let right = times.iter().find(|time| time.width() + 12 <= room).map_or("", String::as_str);
    let dot = theme.sign("·", ".");
    let release = match picture.release {
        release if !release.is_empty() && room > 90 => format!(" {dot} {release}"),
        _ => String::new(),
    };
    let left =
        clip(&format!(" {} ", about.runbook), room.saturating_sub(right.width() + release.width() + 2));
    let gap = room.saturating_sub(left.width() + right.width() + release.width() + 2);
    Line::from(vec![
        Span::styled(left, theme.strong()),
        Span::styled(format!("{dot} "), theme.dim()),
        Span::styled(format!(" {name} "), theme.environment(about.production)),
        Span::raw(release),
        Span::styled(held, theme.wants().patch(theme.selected())),
        Span::raw(" ".repeat(gap + 1)),
        Span::raw(right.to_owned()),
    ])
}

/// By how many looks it is known, how fresh they are, and what a script would be told.
fn known_by(picture: &Picture<'_>, width: usize) -> Line<'static> {
    let board = picture.live;
    let looked = board.looked_s.map_or("not looked yet".to_owned(), |s| format!("last look {s} s ago"));
    let probes = crate::figures::counted(picture.about.probes, "probe");
    let from = board.from.as_ref().map_or(String::new(), |from| format!("   looked at from {from}"));
    let status = picture.status.map_or(String::new(), |status| format!("   exit status now: {status}"));
    let all = [
        format!(" {looked}   {probes}{from}{status}"),
        format!(" {looked}   {probes}{status}"),
        format!(" {looked}{status}"),
    ];
    let text = all.iter().find(|text| text.width() <= width).unwrap_or(&all[2]);
    Line::from(Span::styled(clip(text, width), picture.theme.dim()))
}
