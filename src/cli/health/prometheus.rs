//! Prometheus' text format 0.0.4: levels, values and bounds in base units ("Metric and label naming": seconds, bytes,
//! ratios). Every line says of which runbook and environment it is, so that two monitors meet in one collector.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use crate::run::board::{Board, Row};
use crate::run::health::{Health, Reason, RowLevel};
use crate::runbook::measures::Measure;

/// A family: its name, what it says, and its samples.
struct Family {
    name: &'static str,
    help: &'static str,
    samples: Vec<String>,
}

impl Family {
    fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: vec![] }
    }

    fn add(&mut self, labels: &str, value: f64) {
        self.samples.push(format!("{}{{{labels}}} {value}", self.name));
    }
}

/// Units of values and bounds, each a family of its own.
const UNITS: [(&str, &str, &str); 5] = [
    ("s", "gonogo_value_seconds", "gonogo_bound_seconds"),
    ("B", "gonogo_value_bytes", "gonogo_bound_bytes"),
    ("B/s", "gonogo_value_bytes_per_second", "gonogo_bound_bytes_per_second"),
    ("ratio", "gonogo_value_ratio", "gonogo_bound_ratio"),
    ("", "gonogo_value", "gonogo_bound"),
];

/// The board as a scraper takes it; the figures of every probe, of `health`.
pub(in crate::cli) fn prometheus(board: &Board, health: &Health, of: (&str, &str)) -> String {
    let common = format!("runbook=\"{}\",environment=\"{}\"", label(of.0), label(of.1));
    let mut families = vec![levels(board, &common), up(board, &common)];
    families.extend(values(board, health, &common));
    families.extend(bounds(board, &common));
    families.push(ages(board, health, &common));
    let mut open = Family::new("gonogo_alert_open", "Whether somebody is called: it is down or an alert.");
    for row in board.rows.iter().filter(|row| row.level.is_judged()) {
        open.add(&format!("{common},{}", named(row)), f64::from(u8::from(row.level.calls())));
    }
    families.push(open);
    let mut none = Family::new("gonogo_not_measured", "How many rows nobody judges, or nothing measures.");
    none.add(&common, board.counts.at(RowLevel::NotMeasured) as f64);
    families.push(none);
    let mut looked = Family::new("gonogo_last_look_timestamp_seconds", "When these figures were read.");
    looked.add(&common, board.at.timestamp() as f64);
    families.push(looked);
    text(&families)
}

fn text(families: &[Family]) -> String {
    let mut text = String::new();
    for family in families.iter().filter(|f| !f.samples.is_empty()) {
        let Family { name, help, samples } = family;
        let _infallible = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for sample in samples {
            let _infallible = writeln!(text, "{sample}");
        }
    }
    text
}

fn named(row: &Row) -> String {
    format!("row=\"{}\",kind=\"{}\"", label(&row.title), label(row.group))
}

fn levels(board: &Board, common: &str) -> Family {
    let mut family = Family::new("gonogo_level", "How it is: 0 ok, 1 watch, 2 alert, 3 down, 4 not seen.");
    for row in &board.rows {
        let value = match row.level {
            RowLevel::Ok => 0.0,
            RowLevel::Watch => 1.0,
            RowLevel::Alert => 2.0,
            RowLevel::Down => 3.0,
            RowLevel::NotSeen => 4.0,
            RowLevel::Stopped | RowLevel::NotMeasured => continue,
        };
        family.add(&format!("{common},{}", named(row)), value);
    }
    family
}

/// Whether what can answer does: nothing is said of what can't be looked at.
fn up(board: &Board, common: &str) -> Family {
    let mut family = Family::new("gonogo_up", "Whether it answered or ran at the last look.");
    let asked = board.rows.iter().filter(|row| matches!(row.group, "http" | "docker" | "postgres"));
    for row in asked.filter(|row| row.level.is_judged() && row.seen != RowLevel::NotSeen) {
        family.add(&format!("{common},{}", named(row)), f64::from(u8::from(row.seen != RowLevel::Down)));
    }
    family
}

/// The last value of each row, and every figure of every probe that no row shows.
fn values(board: &Board, health: &Health, common: &str) -> Vec<Family> {
    let mut families = UNITS.map(|(_, name, _)| Family::new(name, "What was measured."));
    let mut add = |row: String, measure: Measure, value: f64| {
        let (unit, value) = in_base(measure, value);
        if let Some(at) = UNITS.iter().position(|(name, ..)| *name == unit) {
            families[at]
                .add(&format!("{common},row=\"{}\",measure=\"{}\"", label(&row), measure.name()), value);
        }
    };
    for row in board.rows.iter().filter(|row| row.group == "target") {
        if let Some((measure, value)) = row.now.measure.zip(row.now.value) {
            add(row.title.clone(), measure, value);
        }
    }
    let late = |row: &&Row| row.reason == Some(Reason::Late);
    let rows = board.rows.iter().filter(|row| row.group != "target" && !late(row));
    for row in rows {
        let crate::run::health::RowId::Subject(probe, subject) = &row.id else { continue };
        for figure in health.figures_of(probe, subject) {
            if let Ok(value) = health.value(figure, board.at) {
                add(row.title.clone(), figure.measure, value);
            }
        }
    }
    families.into_iter().collect()
}

fn bounds(board: &Board, common: &str) -> Vec<Family> {
    let mut families = UNITS
        .map(|(_, _, name)| Family::new(name, "What the document says of it: target, acceptable, alert."));
    for row in board.rows.iter().filter(|row| row.group == "target") {
        let Some(measure) = row.now.measure else { continue };
        let all = [
            ("target", row.bounds.target),
            ("acceptable", row.bounds.acceptable),
            ("alert", row.bounds.alert),
        ];
        for (which, bound) in all {
            let Some(bound) = bound else { continue };
            let (unit, value) = in_base(measure, bound.value);
            if let Some(at) = UNITS.iter().position(|(name, ..)| *name == unit) {
                let labels = format!("{common},row=\"{}\",which=\"{which}\"", label(&row.title));
                families[at].add(&labels, value);
            }
        }
    }
    families.into_iter().collect()
}

fn ages(board: &Board, health: &Health, common: &str) -> Family {
    let mut family = Family::new("gonogo_age_seconds", "How long ago a probe looked.");
    for probe in health.watch.probes.iter().filter(|p| p.on) {
        if let Some(at) = health.last_look_of(&probe.id) {
            let age = since(at, board.at);
            family.add(&format!("{common},probe=\"{}\"", label(&probe.id.0)), age);
        }
    }
    family
}

fn since(at: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    (now - at).num_milliseconds().max(0) as f64 / 1000.0
}

/// A value in its base unit.
fn in_base(measure: Measure, value: f64) -> (&'static str, f64) {
    match measure.unit() {
        "%" => ("ratio", value / 100.0),
        "ms" => ("s", value / 1000.0),
        "h" => ("s", value * 3600.0),
        "d" => ("s", value * 86_400.0),
        "B" => ("B", value),
        "B/h" => ("B/s", value / 3600.0),
        _ => ("", value),
    }
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
