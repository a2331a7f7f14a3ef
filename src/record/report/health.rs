//! Readings in a report: at each gate, and over time.

use chrono::{DateTime, TimeZone, Utc};

use super::{Cell, Chart, Material, Part, Tone};
use crate::record::times::Times;
use crate::run::Record;
use crate::run::health::{Health, Level, Row};
use crate::run::monitoring;

/// How a level is told.
fn told(level: Option<Level>) -> Cell {
    let tone = match level {
        Some(Level::Ok) => Tone::Good,
        Some(Level::Watch | Level::NotSeen) => Tone::Watch,
        Some(Level::Alert | Level::Down) => Tone::Bad,
        None => Tone::Plain,
    };
    Cell { text: level.map_or("", Level::word).to_owned(), tone }
}

fn table(rows: &[Row]) -> Part {
    let cells = rows.iter().map(|row| {
        let about =
            if row.line > 0 { format!("{} (line {})", row.about, row.line) } else { row.about.clone() };
        vec![row.title.as_str().into(), row.now.as_str().into(), told(row.level), about.trim().into()]
    });
    Part::Table(vec!["what", "reading", "level", "about"], cells.collect())
}

/// The readings at a gate.
pub(super) fn at_gate(material: &Material<'_>, gate: &Record) -> Option<Part> {
    let (_, health) = material.at_gates.iter().find(|(seq, _)| *seq == gate.seq.0)?;
    let rows = health.rows(gate.at);
    (!rows.is_empty()).then(|| table(&rows))
}

/// What was watched: the last readings, figures over time, alerts, rounds.
pub(super) fn parts(material: &Material<'_>, times: Times) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(health) = &material.health {
        let last = last_look(material).unwrap_or_default();
        let rows = health.rows(last);
        if !rows.is_empty() {
            parts.push(Part::Heading(2, "Health".into()));
            parts.push(Part::Text(format!("Last seen {}.", times.stamp(last))));
            parts.push(table(&rows));
            parts.extend(charts(health, &rows, times));
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
            vec![
                times.time(alert.since).into(),
                until.into(),
                Cell { text: alert.words.clone(), tone: Tone::Bad },
                known.into(),
            ]
        })
        .collect();
    if !alerts.is_empty() {
        parts.push(Part::Heading(3, "Alerts".into()));
        parts.push(Part::Table(vec!["since", "until", "what", "known"], alerts));
    }
    parts.extend(rounds(material, times));
    parts
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
