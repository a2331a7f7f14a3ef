//! What has no tile, a row each, the worst first. Before a row that is not ok goes off the screen, ok rows fold.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::board::Row;
use crate::run::health::RowId;
use crate::tui::wall::picture::{Picture, rows_of};
use crate::tui::widgets::fold::{self, Standing, edge, folded, is_seen, picked};
use crate::tui::widgets::rows::{axis, lasts, level_words};
use crate::tui::widgets::strip::strip;
use crate::tui::widgets::text::{fit, put};

/// The pointer, and a level's sign and word.
const POINTER: usize = 3;
const LEVEL: usize = 10;
const LASTS: usize = 6;
const ANSWERED: usize = 9;
const LONGEST: usize = 13;
/// From so many columns on there is room for the bound, and for how much was answered.
const WIDE: usize = 110;

/// How wide each column is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    what: usize,
    now: usize,
    limit: usize,
    pub(super) strip: usize,
    answered: bool,
}

impl Columns {
    pub(super) fn of(width: usize) -> Self {
        let (what, now, limit) = match width {
            0..72 => (14, 9, 0),
            72..WIDE => (22, 10, 0),
            WIDE..170 => (24, 12, 9),
            _ => (32, 16, 11),
        };
        let answered = width >= WIDE;
        let behind = LASTS + if answered { ANSWERED + LONGEST } else { 0 };
        let fixed = POINTER + LEVEL + what + now + limit + 2 + behind + 1;
        Self { what, now, limit, strip: width.saturating_sub(fixed).max(6), answered }
    }
}

/// The rows without a tile.
fn listed<'p>(picture: &Picture<'p>) -> Vec<&'p Row> {
    let ids: Vec<RowId> = picture.order.iter().filter(|id| !picture.tiled.contains(id)).cloned().collect();
    rows_of(picture.rows, &ids)
}

/// How many lines all of them take.
pub(super) fn wanted(picture: &Picture<'_>) -> u16 {
    let rows = listed(picture);
    let seen = rows.iter().filter(|row| is_seen(row)).count();
    (1 + seen + usize::from(seen < rows.len())).min(usize::from(u16::MAX)) as u16
}

/// Draws them; the lines that they took.
pub(super) fn draw(picture: &Picture<'_>, frame: &mut Frame<'_>, area: Rect) -> u16 {
    let (theme, rows) = (picture.theme, listed(picture));
    if area.height == 0 || rows.is_empty() {
        return 0;
    }
    let width = usize::from(area.width);
    let columns = Columns::of(width);
    let at = picture.at.and_then(|id| rows.iter().position(|row| &row.id == id));
    let standing: Vec<Standing> = rows.iter().map(|row| (row.level, is_seen(row))).collect();
    let shown = fold::shown(&standing, at.unwrap_or(0), usize::from(area.height), 0);
    let mut lines = Vec::new();
    if shown.head {
        lines.push(head(picture, &rows, columns));
    }
    if !shown.above.is_empty() {
        lines.push(edge(theme, theme.sign("▴", "^"), &picked(&rows, &shown.above)));
    }
    for place in &shown.rows {
        let Some(row) = rows.get(*place) else { continue };
        lines.push(line(picture, row, columns, at == Some(*place)));
    }
    lines.extend(folded(theme, &shown, &rows, width));
    if !shown.below.is_empty() {
        lines.push(edge(theme, theme.sign("▾", "v"), &picked(&rows, &shown.below)));
    }
    let used = lines.len().min(usize::from(area.height));
    for (at, line) in lines.into_iter().enumerate() {
        put(frame, area, at, line);
    }
    used as u16
}

fn head(picture: &Picture<'_>, rows: &[&Row], columns: Columns) -> Line<'static> {
    let limit = if columns.limit > 0 { fit("limit", columns.limit) } else { String::new() };
    let answered = if columns.answered {
        format!("{:>ANSWERED$}{:>LONGEST$}", "answered", "longest out")
    } else {
        String::new()
    };
    let text = format!(
        "{}{}{} {} {limit}{}{:>LASTS$}{answered}",
        " ".repeat(POINTER),
        fit("level", LEVEL),
        fit("what", columns.what),
        fit("now", columns.now),
        axis(rows, columns.strip),
        "for",
    );
    Line::from(Span::styled(text, picture.theme.dim()))
}

fn line(picture: &Picture<'_>, row: &Row, columns: Columns, here: bool) -> Line<'static> {
    let theme = picture.theme;
    let pointer = if here { theme.sign(" ▸ ", " > ") } else { "   " };
    let word = fit(&level_words(theme, row), LEVEL);
    let word = word.trim_end().to_owned();
    let strong = if row.level.calls() { theme.strong() } else { Style::new() };
    let moment = picture.moment.and_then(|at| row.strip.cell(at));
    let mut spans = vec![
        Span::styled(pointer, theme.wants()),
        Span::styled(word.clone(), theme.level(row.level)),
        Span::raw(" ".repeat(LEVEL.saturating_sub(word.width()))),
        Span::styled(fit(&row.title, columns.what), if here { theme.strong() } else { Style::new() }),
        Span::raw(" "),
        Span::styled(fit(&row.now.words, columns.now), strong),
        Span::raw(" "),
    ];
    if columns.limit > 0 {
        let expected = row.expected.map_or("", |expected| expected.word());
        let written = row.limit.as_ref().map_or(expected, |limit| &limit.written);
        spans.push(Span::styled(fit(written, columns.limit), theme.dim()));
    }
    spans.extend(strip(theme, row, columns.strip, moment));
    spans.push(Span::raw(format!("{:>LASTS$}", row.for_s.map_or(String::new(), lasts))));
    if columns.answered {
        let of = row.answering.as_ref().filter(|of| of.looks > 0);
        let share = of.map_or(String::new(), |of| format!("{} %", of.answered * 100 / of.looks));
        let longest = of.map_or(0, |of| of.longest_s(picture.rows.at));
        let longest = if longest == 0 { String::new() } else { running(longest) };
        spans.push(Span::raw(format!("{share:>ANSWERED$}{longest:>LONGEST$}")));
    }
    Line::from(spans)
}
