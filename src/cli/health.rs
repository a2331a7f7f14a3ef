//! What was seen, as a table, JSON, or Prometheus text.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Local, Utc};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::run::health::{Health, Row, RowId};
use crate::runbook::measures::Measure;

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

/// Prometheus' text format 0.0.4: a level for each row, each measure under a name with its base unit, and when it was
/// looked. Every line says of which runbook and environment it is, so that two monitors meet in one collector.
pub(super) fn prometheus(health: &Health, of: (&str, &str), now: DateTime<Utc>) -> String {
    let common = format!("runbook=\"{}\",environment=\"{}\"", label(of.0), label(of.1));
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
        let _infallible = writeln!(text, "gonogo_level{{{common},{name}}} {}", level as u8);
    }
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for probe in health.watch.probes.iter().filter(|p| p.on) {
        for figure in health.figures(&probe.id) {
            if let Ok(value) = health.value(figure, now) {
                let (name, value) = metric(figure.measure, value);
                by_name.entry(name).or_default().push(format!(
                    "{{{common},probe=\"{}\",subject=\"{}\"}} {value}",
                    label(&probe.id.0),
                    label(&figure.subject),
                ));
            }
        }
    }
    for (name, samples) in by_name {
        let _infallible = writeln!(text, "# HELP {name} What was measured.\n# TYPE {name} gauge");
        for sample in samples {
            let _infallible = writeln!(text, "{name}{sample}");
        }
    }
    let looked = now.timestamp();
    let _infallible = writeln!(
        text,
        "# HELP gonogo_last_look_timestamp_seconds When these figures were read.\n# TYPE gonogo_last_look_timestamp_seconds gauge\ngonogo_last_look_timestamp_seconds{{{common}}} {looked}",
    );
    text
}

/// The name of a measure with its base unit ("Metric and label naming": seconds, bytes, ratios), and a figure in it.
fn metric(measure: Measure, value: f64) -> (String, f64) {
    let (unit, value) = match measure.unit() {
        "%" => ("_ratio", value / 100.0),
        "ms" => ("_seconds", value / 1000.0),
        "h" => ("_seconds", value * 3600.0),
        "d" => ("_seconds", value * 86_400.0),
        "B" => ("_bytes", value),
        "B/h" => ("_bytes_per_second", value / 3600.0),
        _ => ("", value),
    };
    let name = measure.name();
    // The name of a certificate's time says days, which the base unit is not.
    let name = name.strip_suffix("_days").map_or(name.to_owned(), |name| format!("{name}_left"));
    (format!("gonogo_{name}{unit}"), value)
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
