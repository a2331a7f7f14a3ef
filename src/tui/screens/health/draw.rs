//! Health: what is watched, against the document's targets, the worst first.
//!
//! ```text
//!   level      what                 now       limit   23:40        23:50  for
//! ▸ ✗ DOWN     /health              refused   200     ▁▁▁▁▁▁▁▁╳╳▁█▁▁▁▁╳╳ 0:54
//!   △ watch    Queue Depth          42        <10     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ 9:36
//!   ✓ 9 more are ok: CPU Usage, Memory Usage, …
//! ─ /health, line 22, every 5 s, asked 2 s ago ───────────────────────────────
//!   could not reach 127.0.0.1:8077: connection refused
//! ```

pub(in crate::tui) mod columns;
mod compared;
mod open;
mod pane;
mod wall;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::board::{Board, Row, Which};
use crate::run::health::{Cell, RowLevel};
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::theme::Theme;
use crate::tui::widgets::fold::{self, Standing, edge, folded, is_seen, picked};
use crate::tui::widgets::rows::{axis, clock, is_figure, lasts, level_words};
use crate::tui::widgets::strip::{part, strip};
use crate::tui::widgets::text::{clip, fit, put};

use columns::{Columns, LASTS, LEVEL, POINTER};

pub(in crate::tui) use open::length;
pub(in crate::tui) use wall::draw as on_wall;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let (Some(_), Some(board)) = (&app.run, app.shown_board()) else {
        put(frame, area, 0, Line::from(" This run has no health checks."));
        return;
    };
    let rows = app.watched_rows();
    // A picture that stands still says so wherever it is looked at, and however little room there is.
    let area = match (&app.screens.health.held, app.board()) {
        (Some(held), Some(now)) => {
            let held = now.at.signed_duration_since(held.at).num_seconds().max(0) as u64;
            let words = format!(" HELD {}: not live; {} resumes", running(held), app.key(Action::Hold));
            put(frame, area, 0, Line::from(Span::styled(words, app.theme.wants())));
            Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
        }
        _ => area,
    };
    if app.screens.health.comparing {
        compared::draw(app, board, &rows, frame, area);
    } else if app.screens.health.detail {
        open::draw(app, board, frame, area);
    } else {
        list(app, board, &rows, frame, area);
    }
}

fn list(app: &App, board: &Board, rows: &[&Row], frame: &mut Frame<'_>, area: Rect) {
    let columns = Columns::of(usize::from(area.width));
    let height = usize::from(area.height);
    let at = app.screens.health.at(rows);
    let standing: Vec<Standing> = rows.iter().map(|row| (row.level, is_seen(row))).collect();
    let shown = fold::shown(&standing, at, height, pane::wanted(columns, height));
    let mut lines = Vec::new();
    if shown.head {
        lines.push(head(app, rows, columns));
    }
    if !shown.above.is_empty() {
        lines.push(edge(app.theme, app.theme.sign("▴", "^"), &picked(rows, &shown.above)));
    }
    for place in &shown.rows {
        let Some(row) = rows.get(*place) else { continue };
        lines.push(line(app, row, columns, *place == at));
    }
    lines.extend(folded(app.theme, &shown, rows, columns.width));
    if !shown.below.is_empty() {
        lines.push(edge(app.theme, app.theme.sign("▾", "v"), &picked(rows, &shown.below)));
    }
    let used = lines.len();
    for (row, line) in lines.into_iter().enumerate() {
        put(frame, area, row, line);
    }
    if let Some(row) = rows.get(at).filter(|_| shown.pane > 1) {
        let below = Rect { y: area.y + used as u16, height: shown.pane as u16, ..area };
        pane::draw(app, (board, row), columns, frame, below);
    }
}

/// What each column holds; over the strips the time that they begin and end at.
fn head(app: &App, rows: &[&Row], columns: Columns) -> Line<'static> {
    let theme = app.theme;
    let first = Span::styled(format!("{}{} ", " ".repeat(POINTER), fit("level", LEVEL)), theme.dim());
    let now = app.screens.health.moment.map_or("now".into(), clock);
    let limits = if columns.is_wide() { &["target", "accept", "alert"][..] } else { &["limit"][..] };
    let limits: String = limits.iter().map(|name| fit(name, columns.limit) + " ").collect();
    let behind =
        if columns.before > 0 { format!(" {}", fit("before", columns.before)) } else { String::new() };
    let text = format!(
        "{} {} {limits}{} {:>LASTS$}{behind}",
        fit("what", columns.what),
        fit(&now, columns.now),
        axis(rows, columns.strip),
        "for"
    );
    Line::from(vec![first, Span::styled(text, theme.dim())])
}

fn line(app: &App, row: &Row, columns: Columns, here: bool) -> Line<'static> {
    let theme = app.theme;
    let style = theme.level(row.level);
    let pointer = if here { theme.sign(" ▸ ", " > ") } else { "   " };
    let title = fit(&row.title, columns.what);
    let moment = app.screens.health.moment.and_then(|at| row.strip.cell(at));
    let (now, now_style) = match moment {
        Some(at) => then(theme, row, at),
        None => (
            row.now.words.clone(),
            if row.level.calls() { theme.strong() } else { ratatui::style::Style::new() },
        ),
    };
    let word = fit(&level_words(theme, row), LEVEL);
    let mut spans = vec![
        Span::styled(pointer, theme.wants()),
        Span::styled(word.trim_end().to_owned(), style),
        Span::raw(" ".repeat(word.width() - word.trim_end().width() + 1)),
        if here { Span::styled(title, theme.strong()) } else { Span::raw(title) },
        Span::raw(" "),
        Span::styled(fit(&now, columns.now), now_style),
        Span::raw(" "),
        Span::styled(limits(row, columns), theme.dim()),
    ];
    spans.extend(strip(theme, row, columns.strip, moment));
    spans.push(Span::raw(format!(" {:>LASTS$}", row.for_s.map_or(String::new(), lasts))));
    if columns.before > 0 {
        let before = row
            .before
            .filter(|_| is_figure(row))
            .map_or(String::new(), |before| row.now.amount(before.median));
        spans.push(Span::styled(format!(" {}", fit(&before, columns.before)), theme.dim()));
    }
    if columns.change > 0 {
        let style = if row.changed.is_worse() { theme.level(RowLevel::Watch) } else { theme.dim() };
        spans.push(Span::styled(format!(" {}", clip(&told(row), columns.change)), style));
    }
    Line::from(spans)
}

/// What the change of a figure comes to.
fn told(row: &Row) -> String {
    if is_figure(row) { row.changed.words() } else { String::new() }
}

/// What a row was in a part of its strip.
fn then(theme: Theme, row: &Row, at: usize) -> (String, ratatui::style::Style) {
    let cell = row.strip.cells.get(at).copied().unwrap_or(Cell::Blank);
    let style = part(theme, cell, None).1;
    let value = row.series.as_ref().and_then(|series| series.parts.get(at).copied().flatten());
    let words = match (cell, value) {
        (Cell::Blank, _) => String::new(),
        (Cell::Failed, _) => "no answer".into(),
        (Cell::Level(_), Some(bucket)) => row.now.amount(bucket.worst),
        (Cell::Level(level), None) => theme.level_word(level).into(),
    };
    (words, style)
}

/// The limit that is next or was crossed, or all of them; what is expected of what has none.
fn limits(row: &Row, columns: Columns) -> String {
    let expected = row.expected.map_or("", |expected| expected.word());
    if !columns.is_wide() {
        let written = row.limit.as_ref().map_or(expected, |limit| &limit.written);
        return fit(written, columns.limit) + " ";
    }
    let none = row.written.iter().all(String::is_empty);
    let written = |which: Which| match which {
        Which::Target if none => row.limit.as_ref().map_or(expected, |limit| &limit.written),
        Which::Target => &row.written[0],
        Which::Acceptable => &row.written[1],
        Which::Alert => &row.written[2],
    };
    let all = [Which::Target, Which::Acceptable, Which::Alert];
    all.into_iter().map(|which| fit(written(which), columns.limit) + " ").collect()
}
