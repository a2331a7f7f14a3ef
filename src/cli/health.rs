//! What was seen, as a table, JSON, or Prometheus text.

use std::fmt::Write;

use chrono::{DateTime, Local, Utc};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::run::health::{Health, Row, RowId};

/// For people: one line a row, the targets first.
pub(super) fn table(health: &Health, now: DateTime<Utc>) -> String {
    let rows = health.rows(now);
    let width = rows.iter().map(|r| r.title.width()).max().unwrap_or(0).min(40);
    let state = rows.iter().map(|r| r.now.width()).max().unwrap_or(0).min(24);
    let mut text = format!(
        "{}  {}\n",
        now.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S %Z"),
        health.worst(now).word()
    );
    for row in &rows {
        let level = row.level.map_or("-", |l| l.word());
        let target =
            health.watch.target(&row.id).map_or(String::new(), |t| format!("  target {}", t.written[0]));
        let title = pad(&row.title, width);
        let value = pad(&row.now, state);
        let line = format!("{level:<7} {title}  {value}  {}{target}", row.about);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// `{worst, probes[{name, kind, level, value, unit, reason}]}`.
pub(super) fn json(health: &Health, now: DateTime<Utc>) -> Value {
    let probes: Vec<Value> = health.rows(now).iter().map(|row| one(health, row, now)).collect();
    json!({ "at": now.to_rfc3339(), "worst": health.worst(now), "probes": probes })
}

fn one(health: &Health, row: &Row, now: DateTime<Utc>) -> Value {
    let value = row.figure.as_ref().and_then(|f| health.value(f, now).ok());
    let probe = health.watch.probe_of(&row.id);
    let kind = match &row.id {
        RowId::Target(_) => "target",
        RowId::Subject(..) => probe.map_or("", |p| p.source.kind()),
    };
    let reason = if row.now.is_empty() { row.about.clone() } else { format!("{} {}", row.now, row.about) };
    json!({
        "name": row.title,
        "probe": probe.map(|p| &p.id),
        "kind": kind,
        "level": row.level,
        "value": value,
        "unit": row.figure.as_ref().filter(|_| value.is_some()).map(|f| f.measure.unit()),
        "reason": reason.trim(),
        "line": row.line,
        "lines": row.lines,
    })
}

/// Prometheus' text format 0.0.4: a level for each row, and every figure.
pub(super) fn prometheus(health: &Health, now: DateTime<Utc>) -> String {
    let mut text = String::from(
        "# HELP gonogo_level How it is: 0 ok, 1 watch, 2 alert, 3 stale, 4 absent.\n# TYPE gonogo_level gauge\n",
    );
    for row in health.rows(now) {
        let Some(level) = row.level else { continue };
        let name = match &row.id {
            RowId::Target(metric) => format!("target=\"{}\"", label(metric)),
            RowId::Subject(probe, name) => {
                format!("probe=\"{}\",subject=\"{}\"", label(&probe.0), label(name))
            }
        };
        let _infallible = writeln!(text, "gonogo_level{{{name}}} {}", level as u8);
    }
    text.push_str("# HELP gonogo_value What was measured, in its own unit.\n# TYPE gonogo_value gauge\n");
    for probe in health.watch.probes.iter().filter(|p| p.on) {
        for figure in health.figures(&probe.id) {
            if let Ok(value) = health.value(figure, now) {
                let _infallible = writeln!(
                    text,
                    "gonogo_value{{probe=\"{}\",subject=\"{}\",measure=\"{}\",unit=\"{}\"}} {value}",
                    label(&probe.id.0),
                    label(&figure.subject),
                    figure.measure.name(),
                    figure.measure.unit(),
                );
            }
        }
    }
    text
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
