//! What is known of the row at the cursor, under the list: in words, and with room for it as a chart.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::chart;
use super::columns::Columns;
use super::words::{is_figure, since};
use crate::figures::running;
use crate::run::board::{Board, Row};
use crate::run::health::RowLevel;
use crate::run::places::container;
use crate::tui::app::App;
use crate::tui::widgets::text::{clip, put, time, wrap_words};

/// Rows of the pane in words: its title and four lines.
const WORDS: usize = 5;
/// Rows with a chart.
const CHART: usize = 13;
/// So many columns stand beside a chart.
const BESIDE: u16 = 40;

/// How many rows are wanted for it on a screen of so many.
pub(super) fn wanted(columns: Columns, height: usize) -> usize {
    match height {
        0..12 => 0,
        30.. if columns.is_wide() => CHART,
        _ => WORDS,
    }
}

/// Draws it.
pub(super) fn draw(
    app: &App,
    (board, row): (&Board, &Row),
    columns: Columns,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    put(frame, area, 0, title(app, row, usize::from(area.width)));
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let drawn = columns.is_wide() && usize::from(area.height) + 1 >= CHART && chart::can_be_drawn(row);
    if drawn {
        // A chart as high as the screen tells no more than one of a score of rows.
        let height = area.height.min(24);
        let left = Rect { width: area.width - BESIDE, height, ..area };
        chart::draw(app, (board, row), frame, left);
        let right = Rect { x: area.x + left.width, width: BESIDE, ..area };
        facts_on(app, (board, row), frame, right);
    } else {
        facts_on(app, (board, row), frame, area);
    }
}

fn facts_on(app: &App, known: (&Board, &Row), frame: &mut Frame<'_>, area: Rect) {
    for (at, line) in facts(app, known, usize::from(area.width)).into_iter().enumerate() {
        put(frame, area, at, line);
    }
}

/// Its name, and what looks at it.
fn title(app: &App, row: &Row, width: usize) -> Line<'static> {
    let dash = app.theme.sign("─", "-");
    let mut parts = vec![row.title.clone()];
    if row.line > 0 {
        parts.push(format!("line {}", row.line));
    }
    if let Some(probe) = &row.probe {
        parts.push(format!("{} every {} s", probe.title, probe.every_s));
        parts.push(match (probe.late_s, probe.age_s) {
            (Some(late), _) => format!("{late} s late"),
            (None, Some(age)) => format!("asked {age} s ago"),
            (None, None) => "not asked yet".into(),
        });
    }
    let text = clip(&parts.join(", "), width.saturating_sub(4));
    let rest = dash.repeat(width.saturating_sub(text.width() + 3));
    Line::from(vec![
        Span::styled(format!("{dash} "), app.theme.dim()),
        Span::styled(text, app.theme.strong()),
        Span::styled(format!(" {rest}"), app.theme.dim()),
    ])
}

/// What is known of a row, the most important first.
pub(super) fn facts(app: &App, (board, row): (&Board, &Row), width: usize) -> Vec<Line<'static>> {
    let theme = app.theme;
    let mut lines: Vec<Line<'static>> = vec![];
    let mut add = |text: String, style: Style| {
        let rows = wrap_words(&text, width.saturating_sub(2));
        lines.extend(rows.into_iter().map(|row| Line::from(Span::styled(format!(" {row}"), style))));
    };
    if !row.about.is_empty() {
        let style = if row.level.calls() { theme.strong() } else { Style::new() };
        add(row.about.clone(), style);
    }
    if let Some(alert) = &row.alert {
        let times = if alert.times > 1 { format!(", {} times", alert.times) } else { String::new() };
        let known = match &alert.known {
            Some((by, note)) if note.is_empty() => format!("known to {by}"),
            Some((by, note)) => format!("{by}: {note}"),
            None => "nobody has acknowledged it".into(),
        };
        add(
            format!("{} since {}{times}; {known}", alert.level.word(), since(alert.since, board.at)),
            Style::new(),
        );
    }
    if let Some(stopped) = &row.stopped_by {
        let due = stopped.due.signed_duration_since(board.at).num_seconds();
        let due = if due >= 0 {
            format!("due back in {}", running(due.unsigned_abs()))
        } else {
            format!("due back {} ago", running(due.unsigned_abs()))
        };
        add(format!("stopped by {} at {}, {due}", stopped.command, time(stopped.since)), Style::new());
    }
    if let Some(change) = &row.after_change {
        add(
            format!("last change before it: {} {}, {}", change.command, change.text, time(change.at)),
            Style::new(),
        );
    }
    if let Some(answering) = row.answering.as_ref().filter(|a| a.looks > 0) {
        let longest = answering.longest_s(board.at);
        let on = if answering.longest.is_some_and(|s| s.until.is_none()) { ", now" } else { "" };
        let longest = if longest == 0 {
            String::new()
        } else {
            format!("; longest without an answer: {}{on}", running(longest))
        };
        add(format!("answered {} of {} looks{longest}", answering.answered, answering.looks), Style::new());
    }
    if let Some(before) = row.before.as_ref().filter(|_| is_figure(row)) {
        let amount = |value| row.now.amount(value);
        let words = row.changed.words();
        let after =
            row.after.map_or(String::new(), |after| format!("; since the release {}", amount(after.median)));
        let words = if words.is_empty() { words } else { format!(": {words}") };
        add(format!("before {} (n = {}){after}{words}", amount(before.median), before.n), Style::new());
    }
    if row.written.iter().any(|w| !w.is_empty()) {
        let [target, acceptable, alert] = &row.written;
        let said = [("target", target), ("acceptable", acceptable), ("alert", alert)];
        let said: Vec<String> =
            said.iter().filter(|(_, w)| !w.is_empty()).map(|(name, w)| format!("{name} {w}")).collect();
        add(said.join("   "), theme.dim());
    }
    if row.seen != row.level && row.seen.is_judged() && row.level != RowLevel::Stopped {
        add(format!("{} at the last look; that does not count yet", row.seen.word()), theme.dim());
    }
    let inside = app.run.as_ref().and_then(container).map(|name| format!(", not from inside {name}"));
    if board.from.is_some() || inside.is_some() {
        let from = board.from.as_deref().unwrap_or("this machine");
        add(format!("measured from {from}{}", inside.unwrap_or_default()), theme.dim());
    }
    lines
}
