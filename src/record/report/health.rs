//! Readings in a report: at each gate, and over time.

use chrono::{DateTime, TimeZone, Utc};

use super::{Cell, Chart, Material, Part, Tone};
use crate::figures::{counted, span};
use crate::record::times::Times;
use crate::run::Record;
use crate::run::board::{Board, Changed, Order, View, ordered};
use crate::run::health::{Answer, Health, Row, RowLevel, Usual};
use crate::run::monitoring;

/// How a level is told.
fn told(level: RowLevel) -> Cell {
    let tone = match level {
        RowLevel::Ok => Tone::Good,
        RowLevel::Watch | RowLevel::NotSeen => Tone::Watch,
        RowLevel::Alert | RowLevel::Down => Tone::Bad,
        RowLevel::Stopped | RowLevel::NotMeasured => Tone::Plain,
    };
    let word = if level == RowLevel::NotMeasured { "" } else { level.word() };
    Cell { text: word.to_owned(), tone }
}

fn table(board: &Board) -> Vec<Part> {
    let mut rows = board.rows.clone();
    ordered(&mut rows, Order::Document);
    let cells = rows.iter().map(|row| {
        let about =
            if row.line > 0 { format!("{} (line {})", row.about, row.line) } else { row.about.clone() };
        vec![
            row.title.as_str().into(),
            row.now.words.as_str().into(),
            told(row.level),
            row.limit.as_ref().map_or("", |l| l.written.as_str()).into(),
            about.trim().into(),
        ]
    });
    let table = Part::Table(vec!["what", "reading", "level", "limit", "about"], cells.collect());
    vec![Part::Text(format!("{}.", board.counts.words())), table]
}

/// The readings at a gate.
pub(super) fn at_gate(material: &Material<'_>, gate: &Record) -> Vec<Part> {
    let at_gate = material.at_gates.iter().find(|(seq, _)| *seq == gate.seq.0);
    let Some((_, health)) = at_gate else { return vec![] };
    let board = Board::of(health, None, View::default(), gate.at);
    if board.rows.is_empty() { vec![] } else { table(&board) }
}

/// Before and after the release, where both are known.
fn compared(board: &Board, times: Times) -> Vec<Part> {
    let Some(compared) = &board.compared else { return vec![] };
    let Some(after) = compared.after else { return vec![] };
    let mut rows = board.rows.clone();
    ordered(&mut rows, Order::Document);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .filter(|row| row.before.is_some() || row.after.is_some())
        .map(|row| {
            let amount = |usual: Option<Usual>| usual.map_or(String::new(), |u| row.now.amount(u.median));
            let change = row.before.zip(row.after).map(|(before, after)| after.median - before.median);
            let change = change.map_or(String::new(), |by| {
                format!("{}{}", if by > 0.0 { "+" } else { "" }, row.now.amount(by))
            });
            let tone = match row.changed {
                changed if changed.is_worse() => Tone::Bad,
                Changed::AsBefore | Changed::Better => Tone::Good,
                _ => Tone::Plain,
            };
            vec![
                row.title.as_str().into(),
                amount(row.before).into(),
                amount(row.after).into(),
                change.into(),
                Cell { text: row.changed.words(), tone },
            ]
        })
        .collect();
    if cells.is_empty() {
        return vec![];
    }
    let (from, until) = compared.before;
    let answered = compared.looks - compared.unanswered.min(compared.looks);
    vec![
        Part::Heading(3, "Before and after".into()),
        Part::Text(format!(
            "Before: {} to {}. After: since {}. In between {answered} of {} looks at addresses were answered, and {} open.",
            times.stamp(from),
            times.time(until),
            times.time(after),
            compared.looks,
            alerts_open(compared.alerts),
        )),
        Part::Table(vec!["what", "before", "after", "change", "as a whole"], cells),
    ]
}

fn alerts_open((all, open): (usize, usize)) -> String {
    format!("there were {}, {open}", counted(all, "alert"))
}

/// What was watched: the last readings, figures over time, alerts, rounds.
pub(super) fn parts(material: &Material<'_>, times: Times) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(health) = &material.health {
        let last = last_look(material).unwrap_or_default();
        let board = Board::of(health, Some(material.state), View::default(), last);
        if !board.rows.is_empty() {
            parts.push(Part::Heading(2, "Health".into()));
            parts.push(Part::Text(format!("Last seen {}.", times.stamp(last))));
            parts.extend(table(&board));
            parts.extend(compared(&board, times));
            parts.extend(charts(health, &health.rows(last), times));
        }
    }
    let alerts: Vec<Vec<Cell>> = material
        .state
        .alerts()
        .iter()
        .map(|alert| {
            let until = alert.until.map_or("still".to_owned(), |u| times.time(u));
            let known =
                alert.acknowledged.as_ref().map_or(String::new(), |(by, note)| format!("{by}: {note}"));
            let lasted = span(alert.lasted_s(material.state.last_at().unwrap_or_default()));
            let often = if alert.times > 1 { format!(", {} times", alert.times) } else { String::new() };
            let worst = alert.worst.as_ref().map_or(String::new(), |worst| format!(", worst {worst}"));
            vec![
                times.time(alert.since).into(),
                until.into(),
                format!("{lasted}{often}").into(),
                Cell { text: format!("{}: {}{worst}", alert.level.word(), alert.words), tone: Tone::Bad },
                known.into(),
            ]
        })
        .collect();
    if !alerts.is_empty() {
        parts.push(Part::Heading(3, "Alerts".into()));
        parts.push(Part::Table(vec!["since", "until", "for", "what", "known"], alerts));
    }
    parts.extend(rounds(material, times));
    parts.extend(not_so(material, times));
    parts
}

/// Rounds in which something was not as it should be, with what all looks within it said.
fn not_so(material: &Material<'_>, times: Times) -> Vec<Part> {
    let Some(watched) = material.state.watched() else { return vec![] };
    let windows = &material.state.runbook().monitoring;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for round in &watched.rounds {
        let window = windows.get((round.id.window as usize).wrapping_sub(1));
        for (item, evidence) in round.evidence.iter().filter(|(_, e)| e.answer == Answer::No) {
            let text = window.and_then(|w| w.items.iter().find(|i| &i.id == item));
            let said = round.said_of(item).map_or(String::new(), |said| {
                let met = if said.met { "as it should be" } else { "not so" };
                format!("{} at {}: {met}", said.by, times.time(said.at))
            });
            rows.push(vec![
                times.time(round.due).into(),
                text.map_or(item.0.as_str(), |i| i.text.as_str()).into(),
                Cell { text: evidence.words.clone(), tone: Tone::Bad },
                said.into(),
            ]);
        }
    }
    if rows.is_empty() {
        return vec![];
    }
    vec![Part::Table(vec!["round", "item", "what was seen", "what was said"], rows)]
}

/// When the probes looked last: their samples are no events. Where there is none, it was at the last event.
fn last_look(material: &Material<'_>) -> Option<DateTime<Utc>> {
    let last = material.state.last_at()?;
    let health = material.health.as_ref()?;
    let seen = health.watch.probes.iter().flat_map(|p| health.figures(&p.id));
    let latest = seen.filter_map(|f| health.series(f)?.last()).map(|p| p.at).max();
    let latest = latest.and_then(|at| Utc.timestamp_opt(at, 0).single());
    Some(latest.unwrap_or(last))
}

fn charts(health: &Health, rows: &[Row], times: Times) -> Vec<Part> {
    let mut drawn = Vec::new();
    let time = |at: i64| Utc.timestamp_opt(at, 0).single().map_or(String::new(), |at| times.time(at));
    let charts = rows.iter().filter_map(|row| {
        let figure = row.figure.as_ref().filter(|f| !drawn.contains(*f))?;
        drawn.push(figure.clone());
        let alert = row.bounds.alert.map(|bound| bound.value);
        Chart::of(health.series(figure)?, (&row.title, figure.measure), alert, time).map(Part::Chart)
    });
    charts.collect()
}

fn rounds(material: &Material<'_>, times: Times) -> Vec<Part> {
    let Some(watched) = material.state.watched() else { return vec![] };
    let windows = &material.state.runbook().monitoring;
    let rows: Vec<Vec<Cell>> = windows
        .iter()
        .enumerate()
        .map(|(at, window)| {
            let number = at as u32 + 1;
            let begun = watched.rounds.iter().filter(|r| r.id.window == number).count();
            let [seen, alone, missed] = watched.count(number);
            let of = format!("{begun} of {}", monitoring::rounds_of(windows, number));
            let missed =
                Cell { text: missed.to_string(), tone: if missed > 0 { Tone::Watch } else { Tone::Plain } };
            vec![
                window.title.as_str().into(),
                of.into(),
                seen.to_string().into(),
                alone.to_string().into(),
                missed,
            ]
        })
        .collect();
    let since = format!("Since {}.", times.stamp(watched.since));
    vec![
        Part::Heading(3, "Monitoring".into()),
        Part::Text(since),
        Part::Table(vec!["window", "rounds", "attended", "measured unattended", "missed"], rows),
    ]
}
