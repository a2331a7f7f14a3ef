//! One row of Health on the whole screen: its chart, its looks, what is known of it, its other figures, its lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::columns::Columns;
use super::pane;
use crate::run::board::{Board, Row};
use crate::run::health::RowId;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screens::health::ContainerLog;
use crate::tui::widgets::chart;
use crate::tui::widgets::facts::{Around, facts};
use crate::tui::widgets::rows::{axis, lasts, level_words};
use crate::tui::widgets::strip::strip;
use crate::tui::widgets::text::{clip, fit, put, wrap_code};

/// Rows that are left for words below a chart.
const WORDS: u16 = 9;
/// Columns before the strip.
const HEAD: usize = 9;

/// Draws the row at the cursor.
pub(super) fn draw(app: &App, board: &Board, frame: &mut Frame<'_>, area: Rect) {
    let Some(row) = app.watched_row() else { return };
    put(frame, area, 0, head(app, row, usize::from(area.width)));
    let mut below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if app.screens.health.log.is_none() && chart::can_be_drawn(row) && below.height > WORDS + 5 {
        let plot = Rect { height: below.height - WORDS, ..below };
        chart::draw((app.theme, app.screens.health.moment), (board, row), frame, plot);
        below = Rect { y: plot.y + plot.height, height: WORDS, ..below };
    }
    let lines = lines(app, board, row, usize::from(area.width));
    let most = lines.len().saturating_sub(usize::from(below.height));
    let top = app.screens.health.scrolled.min(most);
    for (at, line) in lines.into_iter().skip(top).take(usize::from(below.height)).enumerate() {
        put(frame, below, at, line);
    }
}

/// How many lines of words there are.
pub(in crate::tui) fn length(app: &App) -> usize {
    let width = usize::from(app.size.0);
    app.shown_board().zip(app.watched_row()).map_or(0, |(board, row)| lines(app, board, row, width).len())
}

/// Its name, how it stands, what was seen, for how long.
fn head(app: &App, row: &Row, width: usize) -> Line<'static> {
    let theme = app.theme;
    let lasted = row.for_s.map_or(String::new(), |s| format!(" for {}", lasts(s)));
    let limit = row
        .limit
        .as_ref()
        .map_or(String::new(), |limit| format!("   {} {}", limit.which.word(), limit.written));
    let spans = vec![
        Span::styled(format!(" {}  ", clip(&row.title, width / 2)), theme.strong()),
        Span::styled(format!("{}{lasted}", level_words(theme, row)), theme.level(row.level)),
        Span::styled(format!("  {}", row.now.words), theme.strong()),
        Span::styled(limit, theme.dim()),
    ];
    Line::from(spans)
}

fn lines(app: &App, board: &Board, row: &Row, width: usize) -> Vec<Line<'static>> {
    if let Some(log) = &app.screens.health.log {
        return log_lines(app, log, width);
    }
    let columns = Columns::of(width);
    let mut looks = vec![Span::styled(format!(" {}", fit("looks", HEAD - 1)), app.theme.dim())];
    looks.extend(strip(app.theme, row, columns.strip, moment(app, row)));
    let times = format!(" {}{}", " ".repeat(HEAD - 1), axis(&[row], columns.strip));
    let mut lines = vec![Line::from(looks), Line::from(Span::styled(times, app.theme.dim()))];
    lines.extend(facts(
        app.theme,
        (board, row),
        Around { run: true, inside: pane::inside(app).as_deref() },
        width,
    ));
    if let Some(probe) = &row.probe {
        let line = if row.line > 0 { format!("line {}", row.line) } else { "no line of the document".into() };
        let age = probe.age_s.map_or("not asked yet".into(), |age| format!("asked {age} s ago"));
        let text = format!(" probe {}, every {} s, {age}, from {line}", probe.id, probe.every_s);
        lines.push(Line::from(Span::styled(clip(&text, width), app.theme.dim())));
    }
    lines.extend(figures(app, row));
    if !row.lines.is_empty() {
        let title = if row.series.is_some() { " Lines that report errors, last 10 min" } else { " Rows" };
        lines.push(Line::default());
        lines.push(Line::from(Span::styled(title, app.theme.dim())));
        lines.extend(row.lines.iter().map(|l| Line::from(format!("  {}", clip(l, width.saturating_sub(3))))));
    }
    lines
}

fn moment(app: &App, row: &Row) -> Option<usize> {
    row.strip.cell(app.screens.health.moment?)
}

/// Every figure of the same thing.
fn figures(app: &App, row: &Row) -> Vec<Line<'static>> {
    let (RowId::Subject(probe, subject), Some(health)) = (&row.id, &app.health) else { return vec![] };
    let now = app.board().map(|board| board.at).unwrap_or_default();
    let figures: Vec<String> = health
        .figures_of(probe, subject)
        .filter_map(|figure| {
            let reading = health.reading(figure, now).ok()?;
            let name = figure.measure.name().replace('_', " ");
            let words = reading.words(figure.measure);
            // Too few answers are not called by the name of what was asked for.
            let few = match reading.n {
                Some(n) if reading.slowest => format!(", slowest of {n}"),
                _ => String::new(),
            };
            Some(format!("  {} {words}{few}", fit(&name, 20)))
        })
        .collect();
    if figures.is_empty() {
        return vec![];
    }
    std::iter::once(Line::default()).chain(figures.into_iter().map(Line::from)).collect()
}

fn log_lines(app: &App, log: &ContainerLog, width: usize) -> Vec<Line<'static>> {
    let head = format!(" log of {}, as it was when {} was pressed", log.name, app.key(Action::ContainerLog));
    let mut lines = vec![Line::from(Span::styled(head, app.theme.dim()))];
    match &log.lines {
        None => lines.push(Line::from(" reading …")),
        Some(Err(why)) => lines.push(Line::from(Span::styled(format!(" {why}"), app.theme.bad()))),
        Some(Ok(found)) if found.is_empty() => lines.push(Line::from(" it logged nothing")),
        Some(Ok(found)) => {
            let rows = found.iter().flat_map(|l| wrap_code(l, width.saturating_sub(2)));
            lines.extend(rows.map(|r| Line::from(format!(" {r}"))));
        }
    }
    lines
}
