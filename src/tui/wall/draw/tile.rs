//! A figure of the document as a tile: large for the room, its strip and its bounds for who walks up.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::letters::{self, Dots};
use crate::run::board::Row;
use crate::run::health::RowLevel;
use crate::tui::wall::picture::Picture;
use crate::tui::widgets::rows::{axis, lasts};
use crate::tui::widgets::strip::strip;
use crate::tui::widgets::text::{clip, put};

/// Columns of a dot of the figure.
const DOTS: Dots = Dots::Rows(2);

/// Draws it.
pub(super) fn draw(picture: &Picture<'_>, row: &Row, frame: &mut Frame<'_>, area: Rect) {
    if area.width < 10 || area.height < 11 {
        return;
    }
    edges(picture, row, frame, area);
    let inner = Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 };
    figure(picture, row, frame, inner);
    let width = usize::from(inner.width);
    let theme = picture.theme;
    put(frame, inner, 5, Line::from(Span::raw(clip(&about(row), width))));
    let moment = picture.moment.and_then(|at| row.strip.cell(at));
    put(frame, inner, 6, Line::from(strip(theme, row, width, moment)));
    put(frame, inner, 7, Line::from(Span::styled(axis(&[row], width), theme.dim())));
    put(frame, inner, 8, Line::from(Span::styled(clip(&bounds(row), width), theme.dim())));
}

/// Its frame, with its name and how it stands.
fn edges(picture: &Picture<'_>, row: &Row, frame: &mut Frame<'_>, area: Rect) {
    let theme = picture.theme;
    let here = picture.at == Some(&row.id);
    let style = if here { theme.strong() } else { theme.dim() };
    let [dash, bar] = [theme.sign("─", "-"), theme.sign("│", "|")];
    let corners = if theme.unicode { ["┌", "┐", "└", "┘"] } else { ["+"; 4] };
    let width = usize::from(area.width);
    let word =
        if row.level == RowLevel::Ok { String::new() } else { format!(" {}", theme.level_word(row.level)) };
    let level = format!("{}{word}", theme.level_sign(row.level));
    let pointer = if here { theme.sign("▸", ">") } else { dash };
    let title = clip(&row.title, width.saturating_sub(level.width() + 9));
    let gap = width.saturating_sub(title.width() + level.width() + 8);
    let top = vec![
        Span::styled(corners[0], style),
        Span::styled(pointer, if here { theme.wants() } else { style }),
        Span::raw(" "),
        Span::styled(title, theme.strong()),
        Span::styled(format!(" {} ", dash.repeat(gap)), style),
        Span::styled(level, theme.level(row.level)),
        Span::styled(format!(" {dash}{}", corners[1]), style),
    ];
    put(frame, area, 0, Line::from(top));
    let bottom = format!("{}{}{}", corners[2], dash.repeat(width - 2), corners[3]);
    put(frame, area, usize::from(area.height) - 1, Line::from(Span::styled(bottom, style)));
    for at in 1..usize::from(area.height) - 1 {
        put(frame, area, at, Line::from(Span::styled(bar, style)));
        let right = Rect { x: area.x + area.width - 1, width: 1, ..area };
        put(frame, right, at, Line::from(Span::styled(bar, style)));
    }
}

/// What it is now: the number large, its unit beside it; two dashes where there is none.
fn figure(picture: &Picture<'_>, row: &Row, frame: &mut Frame<'_>, area: Rect) {
    let theme = picture.theme;
    let style = level_of_letters(picture, row);
    let room = usize::from(area.width);
    let (number, unit) = parts(row);
    let full = theme.sign("█", "#");
    let number =
        if letters::has(&number) && DOTS.width(&number) + unit.width() < room { number } else { "--".into() };
    for (at, line) in letters::written(&number, DOTS, full, style).into_iter().enumerate() {
        put(frame, area, at, line);
    }
    let beside = DOTS.width(&number) + 1;
    if beside + unit.width() <= room {
        let place = Rect { x: area.x + beside as u16, width: area.width - beside as u16, ..area };
        put(frame, place, 4, Line::from(Span::styled(unit, style)));
    }
}

/// The colour of a level on the ground of the screen: what is down is not written on its ground here.
fn level_of_letters(picture: &Picture<'_>, row: &Row) -> Style {
    let style = picture.theme.level(row.level);
    match style.bg {
        Some(ground) => Style::new().fg(ground),
        None => style,
    }
}

/// The number and its unit, as people read them.
fn parts(row: &Row) -> (String, String) {
    if row.now.value.is_none() {
        return ("--".into(), String::new());
    }
    let words = row.now.words.trim();
    match words.split_once(' ') {
        Some((number, "%")) => (format!("{number}%"), String::new()),
        Some((number, unit)) => (number.to_owned(), unit.to_owned()),
        None => (words.to_owned(), String::new()),
    }
}

/// Why there is no figure, or for how long it stands so and of what it is made.
fn about(row: &Row) -> String {
    let lasted = row.for_s.map_or(String::new(), |s| format!(" for {}", lasts(s)));
    if row.now.value.is_none() {
        return format!("{}{lasted}", row.now.words);
    }
    if row.about.is_empty() { format!("{}{lasted}", row.level.word()) } else { row.about.clone() }
}

/// What the document says of it: `<100ms target  <500ms  alert >2s`.
fn bounds(row: &Row) -> String {
    let [target, acceptable, alert] = &row.written;
    let mut told = Vec::new();
    if !target.is_empty() {
        told.push(format!("{target} target"));
    }
    if !acceptable.is_empty() {
        told.push(acceptable.clone());
    }
    if !alert.is_empty() {
        told.push(format!("alert {alert}"));
    }
    told.join("  ")
}
