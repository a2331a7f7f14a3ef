//! Health: what is watched, against the document's targets.
//!
//! ```text
//!   what             now       level   target   accept   alert    last 15 min    vs 21:02
//! ▸ Query p95        1.4 s     watch   <1s      <2s      >5s      ▂▂▃▂▂▅▆▇▆▅▅▆   +0.9 s
//!   error rate                 absent  <0.1%    <1%      >5%      not measured: the settings name no source
//! ─ docker ───────────────────────────────────────────────────────────────────
//!   api-server       healthy   ok      api:v1.2.0  up 4 min  restarts 0  cpu 12 %  211 MiB
//! ```

mod detail;

use chrono::{DateTime, Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::health::{Health, Row, RowId, amount};
use crate::run::places::container;
use crate::tui::app::App;
use crate::tui::widgets::figures::{level, spark};
use crate::tui::widgets::text::{clip, fit, put, scroll_to};

pub(in crate::tui) use detail::detail_length;

/// The rows that are left where the row at the cursor is shown too.
const DETAIL: usize = 12;

/// Seconds that a sparkline shows.
const SPARK_S: i64 = 900;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let (Some(run), Some(health)) = (&app.run, &app.health) else {
        put(frame, area, 0, Line::from(" This run has no health checks."));
        return;
    };
    let now = Utc::now();
    let rows = app.health_rows();
    if app.screens.health.detail {
        detail::draw(app, (run, health, rows), frame, area);
        return;
    }
    let columns = Columns::of(rows, usize::from(area.width));
    let mut lines: Vec<(Line<'static>, bool)> = Vec::new();
    let inside = container(run).map(|name| format!(", not from inside {name}"));
    if health.from.is_some() || inside.is_some() {
        let from = health.from.as_deref().unwrap_or("this machine");
        lines.push((Line::from(format!("  measured from {from}{}", inside.unwrap_or_default())), false));
    }
    if !health.watch.targets.is_empty() {
        lines.push((head(app, health, &columns), false));
    }
    let mut group = "";
    let chosen = app.screens.health.at(rows);
    for (at, row) in rows.iter().enumerate() {
        let here = at == chosen;
        let kind = match &row.id {
            RowId::Target(_) => "",
            RowId::Subject(probe, _) => health.watch.probe(probe).map_or("", |p| p.source.kind()),
        };
        if kind != group {
            group = kind;
            lines.push((separator(app, kind, usize::from(area.width)), false));
        }
        let stopped = app.stopped().get(at).and_then(Option::as_ref);
        let stopped = stopped.map(|id| format!("stopped by {id}"));
        let line = match &row.id {
            RowId::Target(_) => target(app, health, row, (&columns, stopped, now)),
            RowId::Subject(..) => subject(app, row, (&columns, stopped)),
        };
        let pointer = if here { app.theme.sign("▸", ">") } else { " " };
        let mut spans = vec![Span::styled(format!("{pointer} "), app.theme.wants())];
        spans.extend(line.spans);
        lines.push((Line::from(spans), here));
    }
    let at = lines.iter().position(|(_, here)| *here).unwrap_or(0);
    let below = usize::from(area.height).saturating_sub(lines.len() + 1);
    if below >= DETAIL {
        // With room for both, the row at the cursor is shown by itself under the list.
        let start = area.y + lines.len() as u16;
        crate::tui::widgets::text::rule(app.theme, frame, Rect { y: start, height: 1, ..area }, 0);
        detail::draw(app, (run, health, rows), frame, Rect { y: start + 1, height: below as u16, ..area });
    }
    let top = scroll_to(at, lines.len(), usize::from(area.height));
    for (row, (line, _)) in lines.into_iter().skip(top).take(usize::from(area.height)).enumerate() {
        put(frame, area, row, line);
    }
}

/// How wide each column is: those of the targets, and those of what probes look at.
struct Columns {
    title: usize,
    now: usize,
    /// Whether there is room for what is acceptable and what raises an alert.
    bounds: bool,
    spark: usize,
    subject: usize,
    state: usize,
    width: usize,
}

/// Columns of one bound.
const BOUND: usize = 7;

impl Columns {
    fn of(rows: &[Row], width: usize) -> Self {
        let longest = |target: bool, text: fn(&Row) -> &str| {
            let of = rows.iter().filter(|r| matches!(r.id, RowId::Target(_)) == target);
            of.map(|r| text(r).width()).max().unwrap_or(0)
        };
        let wide = width >= 110;
        let title = longest(true, |r| &r.title).clamp(8, if wide { 32 } else { 21 });
        Self {
            title,
            now: 8,
            bounds: width >= 76,
            spark: if wide { (width - title - 60).clamp(16, 60) } else { 11 },
            subject: longest(false, |r| &r.title).clamp(8, if wide { 34 } else { 25 }),
            state: longest(false, |r| &r.now).clamp(7, if wide { 28 } else { 14 }),
            width: width.saturating_sub(2),
        }
    }
}

fn head(app: &App, health: &Health, columns: &Columns) -> Line<'static> {
    let since = health
        .baseline_at
        .map_or(String::new(), |at| format!("vs {}", at.with_timezone(&Local).format("%H:%M")));
    let bounds = if columns.bounds { "target accept alert  " } else { "target " };
    let text = format!(
        "  {} {} level  {bounds}{} {since}",
        fit("target", columns.title),
        fit("now", columns.now),
        fit("last 15 min", columns.spark)
    );
    Line::from(Span::styled(clip(&text, columns.width + 2), app.theme.dim()))
}

fn separator(app: &App, kind: &str, width: usize) -> Line<'static> {
    let dash = app.theme.sign("─", "-");
    let name = if kind == "sql" { "queries" } else { kind };
    let text = format!(" {dash} {name} {}", dash.repeat(width.saturating_sub(name.width() + 5)));
    Line::from(Span::styled(text, app.theme.dim()))
}

fn target(
    app: &App,
    health: &Health,
    row: &Row,
    (columns, stopped, now): (&Columns, Option<String>, DateTime<Utc>),
) -> Line<'static> {
    let (word, style) = level(app.theme, row.level);
    let written = health.watch.target(&row.id);
    let shown = if columns.bounds { 3 } else { 1 };
    let bounds: String = written
        .map(|t| t.written.iter().take(shown).map(|w| fit(w, BOUND - 1) + " ").collect())
        .unwrap_or_default();
    let mut spans = vec![
        Span::raw(format!("{} ", fit(&row.title, columns.title))),
        Span::styled(format!("{} ", fit(&row.now, columns.now)), style),
        Span::styled(format!("{} ", fit(&word, 6)), style),
        Span::styled(bounds, app.theme.dim()),
    ];
    let used: usize = spans.iter().map(|s| s.content.width()).sum();
    let room = columns.width.saturating_sub(used);
    if let Some(stopped) = stopped {
        spans.push(Span::styled(clip(&stopped, room), app.theme.wants()));
    } else if row.now.is_empty() {
        spans.push(Span::styled(clip(&row.about, room), app.theme.dim()));
    } else if let Some(figure) = &row.figure {
        let parts = health.series(figure).map(|s| s.parts(now, SPARK_S, columns.spark)).unwrap_or_default();
        spans.push(Span::styled(spark(app.theme, &parts), app.theme.name()));
        let since = row.since.filter(|d| d.abs() >= 0.05).map_or(String::new(), |d| {
            let sign = if d > 0.0 { "+" } else { "-" };
            format!(" {sign}{}", amount(figure.measure, d.abs()))
        });
        let left = room.saturating_sub(columns.spark);
        spans.push(Span::raw(clip(&since, left)));
    }
    Line::from(spans)
}

fn subject(app: &App, row: &Row, (columns, stopped): (&Columns, Option<String>)) -> Line<'static> {
    let (word, style) = level(app.theme, row.level);
    let mut spans = vec![
        Span::raw(format!("{} ", fit(&row.title, columns.subject))),
        Span::styled(format!("{} ", fit(&row.now, columns.state)), style),
        Span::styled(format!("{} ", fit(&word, 6)), style),
    ];
    let used: usize = spans.iter().map(|s| s.content.width()).sum();
    let about = stopped.map_or_else(|| row.about.clone(), |s| format!("{s}  {}", row.about));
    spans.push(Span::raw(clip(&about, columns.width.saturating_sub(used))));
    Line::from(spans)
}
