//! Monitor: the document's windows after the deployment, round by round.
//!
//! ```text
//!  First Hour                                              4 of 12, 1 missed
//!  next check in 3:12    since 21:52, until 22:52, then First 24 Hours
//!  ████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░
//!                            21:52  21:57  22:02  22:07
//! ▸ API server responding      ✓      ✓      –      ✓    http.1 200
//! ```

use chrono::{DateTime, Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::span;
use crate::run::RunState;
use crate::run::health::{Answer, Row, RowId};
use crate::run::monitoring::{self, Held, Round, Watched};
use crate::runbook::{Item, Monitoring, words as text};
use crate::tui::app::App;
use crate::tui::theme::Theme;
use crate::tui::widgets::figures::{level, spark};
use crate::tui::widgets::text::{clip, clock, fit, put, time, wrap_words};

/// Columns of one round.
const ROUND: usize = 7;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let width = usize::from(area.width);
    let lines = match run.watched() {
        _ if run.runbook().monitoring.is_empty() => {
            vec![Line::from(" The document has no monitoring windows.")]
        }
        None => planned(app, run, width),
        Some(watched) => shown(app, run, watched, width),
    };
    for (row, line) in lines.into_iter().take(usize::from(area.height)).enumerate() {
        put(frame, area, row, line);
    }
}

/// Before it has begun: what the document wants.
fn planned(app: &App, run: &RunState, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled(" Not begun", app.theme.strong())), Line::default()];
    for (at, window) in run.runbook().monitoring.iter().enumerate() {
        let rounds = monitoring::rounds_of(&run.runbook().monitoring, at as u32 + 1);
        let text = format!(" {}: {rounds} rounds, {}   line {}", window.title, often(window), window.line);
        lines.push(Line::from(clip(&text, width)));
        lines.extend(
            window
                .items
                .iter()
                .map(|i| Line::from(Span::styled(clip(&format!("     {}", i.text), width), app.theme.dim()))),
        );
    }
    lines.push(Line::default());
    lines.push(Line::from(" It begins by itself when the run ends as deployed; Enter begins it now."));
    lines
}

fn often(window: &Monitoring) -> String {
    window.every_s.map_or("once".to_owned(), |s| format!("every {}", text::every(s)))
}

fn shown(app: &App, run: &RunState, watched: &Watched, width: usize) -> Vec<Line<'static>> {
    let windows = &run.runbook().monitoring;
    let now = Utc::now();
    let at = monitoring::window_at(windows, watched.since, now);
    let Some(window) = windows.get(at) else { return vec![] };
    let mut lines = head(app, (run, watched), (at, window, now), width);
    lines.push(Line::default());
    lines.extend(table(app, watched, (at, window), width));
    lines.push(Line::default());
    lines.extend(alerts(app, run, width));
    lines.extend(trends(app, width));
    lines.extend(before(app, watched, windows, at));
    lines
}

fn head(
    app: &App,
    (run, watched): (&RunState, &Watched),
    (at, window, now): (usize, &Monitoring, DateTime<Utc>),
    width: usize,
) -> Vec<Line<'static>> {
    let windows = &run.runbook().monitoring;
    let number = at as u32 + 1;
    let all = monitoring::rounds_of(windows, number);
    let begun = watched.rounds.iter().filter(|r| r.id.window == number).count();
    let [_, _, missed] = watched.count(number);
    let missed = if missed > 0 { format!(", {missed} missed") } else { String::new() };
    let right = format!("{begun} of {all}{missed} ");
    let title = fit(&format!(" {}", window.title), width.saturating_sub(right.width()));
    let mut lines = vec![Line::from(vec![Span::styled(title, app.theme.strong()), Span::raw(right)])];
    let local = |at: DateTime<Utc>| at.with_timezone(&Local).format("%H:%M").to_string();
    let ends = monitoring::window_ends(windows, watched.since, number);
    let then = windows.get(at + 1).map_or(String::new(), |w| format!(", then {} {}", w.title, often(w)));
    let span = format!("since {}, until {}{then}", local(watched.since), local(ends));
    let next = monitoring::next_after(windows, watched.since, now);
    let head = match (&watched.ended, next) {
        (Some((at, why)), _) => Span::styled(format!(" over since {}: {why}", local(*at)), app.theme.wants()),
        (None, Some(next)) => {
            let left = next.due.signed_duration_since(now).num_seconds().max(0) as u64;
            Span::styled(format!(" next check in {}", clock(left)), app.theme.strong())
        }
        (None, None) => Span::raw(" the last round is open"),
    };
    let room = width.saturating_sub(head.content.width() + 3);
    lines.push(Line::from(vec![head, Span::styled(format!("   {}", clip(&span, room)), app.theme.dim())]));
    let begins =
        if at == 0 { watched.since } else { monitoring::window_ends(windows, watched.since, number - 1) };
    let whole = ends.signed_duration_since(begins).num_seconds().max(1) as f64;
    let done = now.signed_duration_since(begins).num_seconds() as f64 / whole;
    lines.push(bar(app.theme, done.clamp(0.0, 1.0), width.saturating_sub(2).min(80)));
    lines
}

fn bar(theme: Theme, done: f64, width: usize) -> Line<'static> {
    let full = (done * width as f64).round() as usize;
    let text = theme.sign("█", "#").repeat(full);
    let rest = theme.sign("░", ".").repeat(width.saturating_sub(full));
    Line::from(vec![Span::raw(" "), Span::styled(text, theme.good()), Span::styled(rest, theme.dim())])
}

/// Items down, rounds across, the newest at the right.
fn table(
    app: &App,
    watched: &Watched,
    (at, window): (usize, &Monitoring),
    width: usize,
) -> Vec<Line<'static>> {
    let longest = window.items.iter().map(|i| i.text.width()).max().unwrap_or(10);
    let name = longest.clamp(10, if width >= 110 { 44 } else { 36 });
    let evidence = 18.min(width.saturating_sub(name + ROUND * 2 + 4));
    let most = width.saturating_sub(name + evidence + 5) / ROUND;
    let rounds: Vec<&Round> = watched.rounds.iter().filter(|r| r.id.window == at as u32 + 1).collect();
    let rounds = &rounds[rounds.len().saturating_sub(most.max(1))..];
    let mut heads = String::new();
    for round in rounds {
        heads.push_str(&fit(&round.due.with_timezone(&Local).format("%H:%M").to_string(), ROUND));
    }
    let mut lines = vec![Line::from(Span::styled(format!("   {} {heads}", fit("", name)), app.theme.dim()))];
    for (row, item) in window.items.iter().enumerate() {
        let here = row == app.screens.monitor.item.min(window.items.len() - 1);
        let pointer = if here { app.theme.sign("▸", ">") } else { " " };
        let text = fit(&item.text, name);
        let mut spans = vec![
            Span::styled(format!(" {pointer} "), app.theme.wants()),
            if here { Span::styled(text, app.theme.strong()) } else { Span::raw(text) },
            Span::raw(" "),
        ];
        for round in rounds {
            let (sign, style) = answer(app.theme, round, item);
            spans.push(Span::styled(fit(&format!("  {sign}"), ROUND), style));
        }
        let last = rounds.last().map_or(String::new(), |r| words(r, item));
        let used: usize = spans.iter().map(|s| s.content.width()).sum();
        spans.push(Span::styled(clip(&last, width.saturating_sub(used + 1)), app.theme.dim()));
        lines.push(Line::from(spans));
    }
    let mut held = String::new();
    for round in rounds {
        let word = match round.held {
            None => "open",
            Some(Held::Attended) => "seen",
            Some(Held::Unattended) => "probe",
            Some(Held::Missed) => "missed",
        };
        held.push_str(&fit(word, ROUND));
    }
    lines.push(Line::from(Span::styled(format!("   {} {held}", fit("", name)), app.theme.dim())));
    lines
}

/// The sign of an item in a round: what somebody said counts before what a probe saw.
fn answer(theme: Theme, round: &Round, item: &Item) -> (&'static str, Style) {
    let good = (theme.sign("✓", "v"), theme.good());
    let bad = (theme.sign("✗", "X"), theme.bad());
    match (round.said_of(&item.id), round.evidence_of(&item.id).map(|e| e.answer)) {
        (Some(said), _) => {
            if said.met {
                good
            } else {
                bad
            }
        }
        (None, Some(Answer::Yes)) => good,
        (None, Some(Answer::No)) => bad,
        (None, Some(Answer::Open)) => ("?", theme.wants()),
        (None, None) if round.held == Some(Held::Missed) => (theme.sign("–", "-"), theme.dim()),
        (None, None) if round.held.is_none() => ("?", theme.wants()),
        (None, None) => (theme.sign("·", "."), theme.dim()),
    }
}

/// What an item's answer in a round rests on.
fn words(round: &Round, item: &Item) -> String {
    match (round.said_of(&item.id), round.evidence_of(&item.id)) {
        (Some(said), _) if said.note.is_empty() => said.by.clone(),
        (Some(said), _) => format!("{}: {}", said.by, said.note),
        (None, Some(evidence)) if evidence.answer == Answer::Open => {
            format!("{}, your call", evidence.words)
        }
        (None, Some(evidence)) => evidence.words.clone(),
        (None, None) if round.held.is_none() => "your call".into(),
        (None, None) => String::new(),
    }
}

fn alerts(app: &App, run: &RunState, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for alert in run.alerts().iter().rev().take(5) {
        let lasted = alert.until.map(|u| u.signed_duration_since(alert.since).num_seconds().max(0) as u64);
        let state = match (lasted, &alert.acknowledged) {
            (Some(seconds), _) => format!("over after {}", span(seconds)),
            (None, Some((by, note))) => format!("{by}: {note}"),
            (None, None) => "nobody has acknowledged it".to_owned(),
        };
        let style = if alert.until.is_some() { app.theme.dim() } else { app.theme.bad() };
        let head = if lines.is_empty() { "alerts  " } else { "        " };
        let text = format!("{head}{}  {}: {}   {state}", time(alert.since), alert.level.word(), alert.words);
        for (at, part) in wrap_words(&text, width.saturating_sub(11)).into_iter().enumerate() {
            let indent = if at == 0 { " " } else { "           " };
            lines.push(Line::from(Span::styled(format!("{indent}{part}"), style)));
        }
    }
    lines
}

/// Each target that is measured, over as long as is known: up to a day.
fn trends(app: &App, width: usize) -> Vec<Line<'static>> {
    let Some(health) = &app.health else { return vec![] };
    let now = Utc::now();
    let rows: Vec<&Row> = app.health_rows().iter().filter(|r| matches!(r.id, RowId::Target(_))).collect();
    let title = rows.iter().map(|r| r.title.width()).max().unwrap_or(0).min(24);
    let columns = width.saturating_sub(title + 34).clamp(8, 72);
    let mut lines = Vec::new();
    for row in rows {
        let Some(series) = row.figure.as_ref().and_then(|f| health.series(f)) else { continue };
        let seconds = series.known_for(now);
        let (word, style) = level(app.theme, row.level);
        let head = if lines.is_empty() { " trends  " } else { "         " };
        lines.push(Line::from(vec![
            Span::raw(format!("{head}{} ", fit(&row.title, title))),
            Span::styled(spark(app.theme, &series.parts(now, seconds, columns)), app.theme.name()),
            Span::styled(format!(" {} {word}", fit(&row.now, 8)), style),
            Span::styled(format!("  {}", span(seconds as u64)), app.theme.dim()),
        ]));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

/// Windows that are over.
fn before(app: &App, watched: &Watched, windows: &[Monitoring], at: usize) -> Vec<Line<'static>> {
    let over = windows.iter().take(at).enumerate();
    over.map(|(window, one)| {
        let [seen, alone, missed] = watched.count(window as u32 + 1);
        let text = format!(" {}: {seen} attended, {alone} measured unattended, {missed} missed", one.title);
        Line::from(Span::styled(text, app.theme.dim()))
    })
    .collect()
}
