//! One row of Health by itself: where it comes from, its history with the commands that ran, its figures, its lines.

use chrono::{DateTime, Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::run::RunState;
use crate::run::health::{Figure, Health, Row, RowId, Series, amount};
use crate::shell::Effect;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::widgets::figures::{Range, level, spark};
use crate::tui::widgets::text::{clip, fit, put, time};

/// Rows of the chart.
const CHART: usize = 6;

/// Draws the row at the cursor.
pub(super) fn draw(app: &App, watched: (&RunState, &Health, &[Row]), frame: &mut Frame<'_>, area: Rect) {
    let lines = lines(app, watched, usize::from(area.width));
    let most = lines.len().saturating_sub(usize::from(area.height));
    let top = app.screens.health.scrolled.min(most);
    for (row, line) in lines.into_iter().skip(top).take(usize::from(area.height)).enumerate() {
        put(frame, area, row, line);
    }
}

/// How many rows it has.
pub(in crate::tui) fn detail_length(app: &App) -> usize {
    let (Some(run), Some(health)) = (&app.run, &app.health) else { return 0 };
    lines(app, (run, health, app.health_rows()), usize::from(app.size.0)).len()
}

fn lines(app: &App, (run, health, rows): (&RunState, &Health, &[Row]), width: usize) -> Vec<Line<'static>> {
    let now = Utc::now();
    if let Some(log) = &app.screens.health.log {
        return log_lines(app, log, width);
    }
    let Some(row) = rows.get(app.screens.health.at(rows)) else { return vec![] };
    let mut lines = about(app, run, health, row, width);
    if let Some(figure) = &row.figure
        && let Some(series) = health.series(figure)
    {
        lines.push(Line::default());
        lines.extend(chart(app, run, (row, figure, series), now, width));
    }
    lines.extend(figures(app, health, (row, now), width));
    if !row.lines.is_empty() {
        let title = if row.figure.is_some() { " Lines that report errors, last 10 min" } else { " Rows" };
        lines.push(Line::default());
        lines.push(Line::from(Span::styled(title, app.theme.dim())));
        lines.extend(row.lines.iter().map(|l| Line::from(format!("  {}", clip(l, width.saturating_sub(3))))));
    }
    lines
}

fn about(app: &App, run: &RunState, health: &Health, row: &Row, width: usize) -> Vec<Line<'static>> {
    let (word, style) = level(app.theme, row.level);
    let mut head = vec![
        Span::styled(format!(" {} ", row.title), app.theme.strong()),
        Span::styled(format!(" {} ", row.now), style),
        Span::styled(word, style),
    ];
    if let Some(age) = row.age_s {
        head.push(Span::styled(format!("   {age} s ago"), app.theme.dim()));
    }
    let mut lines = vec![Line::from(head)];
    let mut add = |text: String, style: Style| {
        for part in crate::tui::widgets::text::wrap_words(&text, width.saturating_sub(2)) {
            lines.push(Line::from(Span::styled(format!(" {part}"), style)));
        }
    };
    if !row.about.is_empty() {
        add(row.about.clone(), Style::new());
    }
    if let Some(target) = health.watch.target(&row.id) {
        let [aim, acceptable, alert] = &target.written;
        add(
            format!("target {aim}   acceptable {acceptable}   alert {alert}   line {}", target.line),
            app.theme.dim(),
        );
    }
    if let Some(probe) = health.watch.probe_of(&row.id) {
        let from =
            if probe.line > 0 { format!("line {}", probe.line) } else { "no line of the document".into() };
        let asked = health.samples(&probe.id);
        let asked = if asked == 1 { "once".to_owned() } else { format!("{asked} times") };
        add(
            format!("probe {}, every {} s, asked {asked}, from {from}", probe.id, probe.every_s),
            app.theme.dim(),
        );
    }
    if let Some(alert) = run.alert(&row.id) {
        let known = alert.acknowledged.as_ref();
        let known = known.map_or("nobody has acknowledged it".into(), |(by, note)| format!("{by}: {note}"));
        add(format!("alert since {}: {}; {known}", time(alert.since), alert.words), app.theme.bad());
    }
    lines
}

/// The history as bars, with the commands that changed something under it.
fn chart(
    app: &App,
    run: &RunState,
    (row, figure, series): (&Row, &Figure, &Series),
    now: DateTime<Utc>,
    width: usize,
) -> Vec<Line<'static>> {
    let bounds = [row.bounds.target, row.bounds.acceptable, row.bounds.alert];
    let seconds = series.known_for(now);
    let columns = width.saturating_sub(14).clamp(10, 120);
    let parts = series.parts(now, seconds, columns);
    if parts.iter().all(Option::is_none) {
        return vec![Line::from(" nothing was measured yet")];
    }
    let mut lines = Vec::new();
    let Range { least, most, span } = Range::of(&parts);
    // A threshold within what is drawn is a line across, with its value beside it.
    let threshold = |at: usize| {
        let inside = |value: f64| value >= least && value <= least + span;
        let row_of = |value: f64| (((value - least) / span * CHART as f64) as usize).min(CHART - 1);
        bounds.iter().flatten().map(|b| b.value).find(|value| inside(*value) && row_of(*value) == at)
    };
    for row in (0..CHART).rev() {
        let crosses = threshold(row);
        let blank = if crosses.is_some() { app.theme.sign("╌", "-") } else { " " };
        let cells: String = parts
            .iter()
            .map(|value| match value {
                None => blank.to_owned(),
                Some(value) => {
                    let height = (value - least) / span * CHART as f64;
                    let part = (height - row as f64).clamp(0.0, 1.0);
                    if row == 0 || part > 0.0 {
                        bar(app, part.max(if row == 0 { 0.1 } else { 0.0 }))
                    } else {
                        blank.into()
                    }
                }
            })
            .collect();
        let label = match row {
            _ if crosses.is_some() => crosses.map_or(String::new(), |v| amount(figure.measure, v)),
            r if r == CHART - 1 => amount(figure.measure, most),
            0 => amount(figure.measure, least),
            _ => String::new(),
        };
        lines.push(Line::from(vec![
            Span::styled(format!(" {:>10} ", clip(&label, 10)), app.theme.dim()),
            Span::styled(cells, app.theme.name()),
        ]));
    }
    let (marks, legend) = marks(run, now, seconds, columns);
    lines.push(Line::from(Span::styled(format!(" {:>10} {marks}", ""), app.theme.wants())));
    let from = (now - chrono::TimeDelta::seconds(seconds)).with_timezone(&Local).format("%H:%M");
    let to = now.with_timezone(&Local).format("%H:%M %Z");
    lines.push(Line::from(Span::styled(format!(" {:>10} {from} to {to}   {legend}", ""), app.theme.dim())));
    lines
}

fn bar(app: &App, part: f64) -> String {
    // One bar of the sparkline's, by its height in this row.
    let parts = [Some(0.0), Some(part * 8.0), Some(8.0)];
    spark(app.theme, &parts).chars().nth(1).unwrap_or(' ').to_string()
}

/// Where commands that changed something began, and which they were.
fn marks(run: &RunState, now: DateTime<Utc>, seconds: i64, columns: usize) -> (String, String) {
    let mut marks = vec![' '; columns];
    let mut legend = Vec::new();
    for ran in run.ran() {
        let reads = run.find(&ran.command).is_some_and(|c| c.effect == Effect::Reads);
        let passed = seconds - now.signed_duration_since(ran.started).num_seconds();
        if reads || passed < 0 {
            continue;
        }
        let at = (passed * columns as i64 / seconds.max(1)).clamp(0, columns as i64 - 1) as usize;
        marks[at] = '^';
        legend.push(ran.command.0.clone());
    }
    let shown = legend.iter().rev().take(6).rev().cloned().collect::<Vec<_>>().join(" ");
    (marks.into_iter().collect(), if shown.is_empty() { shown } else { format!("^ {shown}") })
}

/// Every figure of the same thing.
fn figures(
    app: &App,
    health: &Health,
    (row, now): (&Row, DateTime<Utc>),
    width: usize,
) -> Vec<Line<'static>> {
    let RowId::Subject(probe, subject) = &row.id else { return vec![] };
    let mut lines = vec![];
    for figure in health.figures_of(probe, subject) {
        let Ok(value) = health.value(figure, now) else { continue };
        let columns = if width >= 110 { 40 } else { 24 };
        let parts = health.series(figure).map(|s| s.parts(now, 900, columns)).unwrap_or_default();
        lines.push(Line::from(vec![
            Span::raw(format!("  {} ", fit(&figure.measure.name().replace('_', " "), 20))),
            Span::raw(fit(&amount(figure.measure, value), 12)),
            Span::styled(spark(app.theme, &parts), app.theme.name()),
        ]));
    }
    if !lines.is_empty() {
        lines.insert(0, Line::default());
    }
    lines
}

fn log_lines(app: &App, log: &crate::tui::screens::health::ContainerLog, width: usize) -> Vec<Line<'static>> {
    let key = app.keys.shown(Screen::Health, Action::ContainerLog);
    let head = format!(" log of {}, as it was when {key} was pressed", log.name);
    let mut lines = vec![Line::from(Span::styled(head, app.theme.dim()))];
    match &log.lines {
        None => lines.push(Line::from(" reading …")),
        Some(Err(why)) => lines.push(Line::from(Span::styled(format!(" {why}"), app.theme.bad()))),
        Some(Ok(found)) if found.is_empty() => lines.push(Line::from(" it logged nothing")),
        Some(Ok(found)) => {
            let rows =
                found.iter().flat_map(|l| crate::tui::widgets::text::wrap_code(l, width.saturating_sub(2)));
            lines.extend(rows.map(|r| Line::from(format!(" {r}"))));
        }
    }
    lines
}
