//! One row on the whole screen: its chart, its looks, and what is known of it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::rows::Columns;
use crate::run::board::Row;
use crate::tui::wall::picture::Picture;
use crate::tui::widgets::chart;
use crate::tui::widgets::facts::facts;
use crate::tui::widgets::rows::{axis, lasts, level_words};
use crate::tui::widgets::strip::strip;
use crate::tui::widgets::text::{clip, put, titled};

/// Rows that are left for words below a chart.
const WORDS: u16 = 8;
/// Columns beside a chart.
const BESIDE: u16 = 44;

/// Draws the row at the cursor.
pub(super) fn draw(picture: &Picture<'_>, frame: &mut Frame<'_>, area: Rect) {
    let (theme, board) = (picture.theme, picture.rows);
    let Some(row) = picture.at.and_then(|id| board.row(id)) else { return };
    let width = usize::from(area.width);
    let lasted = row.for_s.map_or(String::new(), |s| format!(" for {}", lasts(s)));
    let head = vec![
        Span::styled(format!(" {}  ", clip(&row.title, width / 2)), theme.strong()),
        Span::styled(format!("{}{lasted}", level_words(theme, row)), theme.level(row.level)),
        Span::styled(format!("  {}", row.now.words), theme.strong()),
    ];
    put(frame, area, 0, Line::from(head));
    let mut below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if chart::can_be_drawn(row) && below.height > WORDS + 5 {
        let plot = Rect { height: below.height - WORDS, ..below };
        chart::draw((theme, picture.moment), (board, row), frame, plot);
        below = Rect { y: plot.y + plot.height, height: WORDS, ..below };
    }
    let columns = Columns::of(width).strip;
    let mut looks = vec![Span::styled(" looks ", theme.dim())];
    looks.extend(strip(theme, row, columns, None));
    let mut lines = vec![
        Line::from(looks),
        Line::from(Span::styled(format!("       {}", axis(&[row], columns)), theme.dim())),
    ];
    lines.extend(facts(theme, (board, row), picture.around(), width));
    if let Some(probe) = &row.probe {
        let line = if row.line > 0 { format!(", from line {}", row.line) } else { String::new() };
        let age = probe.age_s.map_or("not asked yet".into(), |age| format!("asked {age} s ago"));
        let text = format!(" probe {}, every {} s, {age}{line}", probe.id, probe.every_s);
        lines.push(Line::from(Span::styled(clip(&text, width), theme.dim())));
    }
    lines.extend(row.lines.iter().map(|line| {
        Line::from(Span::styled(format!("  {}", clip(line, width.saturating_sub(3))), Style::new()))
    }));
    for (at, line) in lines.into_iter().enumerate() {
        put(frame, below, at, line);
    }
}

/// The same under the rows: its chart, and what is known of it beside that.
pub(super) fn pane(picture: &Picture<'_>, row: &Row, frame: &mut Frame<'_>, area: Rect) {
    let (theme, width) = (picture.theme, usize::from(area.width));
    put(frame, area, 0, titled(theme, &row.title, theme.strong(), width));
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let beside = if area.width > 3 * BESIDE { BESIDE } else { 0 };
    let left = Rect { width: below.width - beside, ..below };
    chart::draw((theme, picture.moment), (picture.rows, row), frame, left);
    let right = Rect { x: left.x + left.width, width: beside, ..below };
    if beside > 0 {
        let lines = facts(theme, (picture.rows, row), picture.around(), usize::from(beside));
        for (at, line) in lines.into_iter().enumerate() {
            put(frame, right, at, line);
        }
    }
}
