//! What probes can say about a check item: "Disk space > 20% free", "API server responding".
//!
//! It is evidence; the tick stays the operator's.

use chrono::{DateTime, Utc};

use super::{Answer, Evidence, Figure, Health, Level, Row, RowId, Series, amount};
use crate::runbook::measures::{self, Measure};
use crate::runbook::probes::Source;
use crate::runbook::words::lower_words;

/// What the probes say about an item; nothing where it is not about what they see.
///
/// 1. An item with a bound is compared with the figure that it names.
/// 2. Otherwise the rows it is about by its words decide: all ok is a yes, an alert is a no, anything else, and
///    what could not be seen, is for somebody to say.
pub fn answer(item: &str, health: &Health, now: DateTime<Utc>) -> Option<Evidence> {
    if let Some((measure, bound)) = measures::claim(item) {
        let figure = figure_of(health, measure)?;
        return Some(match health.value(&figure, now) {
            Ok(value) => Evidence {
                answer: if bound.holds(value) { Answer::Yes } else { Answer::No },
                words: format!("{} {}", figure.probe, amount(measure, value)),
            },
            Err(unseen) => Evidence { answer: Answer::Open, words: unseen.words },
        });
    }
    let rows = about(item, health, now)?;
    let worst = rows.iter().max_by_key(|r| r.level)?;
    let answer = match worst.level? {
        Level::Ok => Answer::Yes,
        Level::Alert | Level::Down => Answer::No,
        Level::Watch | Level::NotSeen => Answer::Open,
    };
    let words = if answer == Answer::Yes {
        rows.iter().map(short).collect::<Vec<_>>().join(", ")
    } else {
        format!("{}: {}", worst.level?.word(), short(worst))
    };
    Some(Evidence { answer, words })
}

fn short(row: &Row) -> String {
    let now = if row.now.is_empty() { &row.about } else { &row.now };
    format!("{} {now}", row.title)
}

/// Where a measure is to be had: from a target that is bound to it, else from the only probe that measures it.
fn figure_of(health: &Health, measure: Measure) -> Option<Figure> {
    let bound = health.watch.targets.iter().filter_map(|t| t.source.as_ref().ok());
    let mut bound = bound.filter(|f| f.measure == measure);
    bound.next().cloned().or_else(|| {
        let host = matches!(measure, Measure::DiskFree | Measure::Memory | Measure::Cpu | Measure::Swap);
        let probe =
            health.watch.probes.iter().find(|p| p.on && host && matches!(p.source, Source::Host(_)))?;
        Some(Figure { probe: probe.id.clone(), subject: String::new(), measure })
    })
}

/// Words of an item about a service that answers.
#[rustfmt::skip] // words, many to a line
const ANSWERS: &[&str] = &[
    "responding", "responds", "reachable", "answering", "answers", "up", "alive", "live", "accessible",
    "available",
];

/// What an item without a bound is about, as far as its words are understood.
#[derive(Clone, Copy)]
enum About {
    Probes(&'static str),
    Targets(&'static [Measure]),
    Errors,
}

impl About {
    fn of(item: &str) -> Option<Self> {
        let words = lower_words(item);
        let has = |wanted: &[&str]| words.iter().any(|w| wanted.contains(&w.as_str()));
        // Over time is more than now: that needs a person's answer, with the trend in view.
        if has(&["stable", "growing", "growth", "leak", "leaks", "trend", "unexpectedly", "unusual"]) {
            None
        } else if has(ANSWERS) {
            Some(Self::Probes("http"))
        } else if has(&["error", "errors"]) && has(&["log", "logs"]) {
            Some(Self::Errors)
        } else if has(&["containers", "services", "healthy", "running"]) {
            Some(Self::Probes("docker"))
        } else if has(&["resource", "resources"]) {
            Some(Self::Targets(&[Measure::Cpu, Measure::Memory, Measure::DiskFree, Measure::Swap]))
        } else if has(&["latency", "performance"]) {
            Some(Self::Targets(&[
                Measure::Latency,
                Measure::LatencyP50,
                Measure::LatencyP95,
                Measure::LatencyP99,
            ]))
        } else {
            None
        }
    }
}

/// The rows that an item without a bound is about.
fn about(item: &str, health: &Health, now: DateTime<Utc>) -> Option<Vec<Row>> {
    let about = About::of(item)?;
    let mut rows = health.rows(now);
    let kind = |row: &Row, kind: &str| match &row.id {
        RowId::Subject(id, _) => health.watch.probe(id).is_some_and(|p| p.source.kind() == kind),
        RowId::Target(_) => false,
    };
    rows.retain(|row| match about {
        About::Probes(name) => kind(row, name) && row.level.is_some(),
        About::Errors => kind(row, "docker"),
        About::Targets(measures) => {
            matches!(row.id, RowId::Target(_))
                && row.figure.as_ref().is_some_and(|f| measures.contains(&f.measure))
                && row.level.is_some()
        }
    });
    if matches!(about, About::Errors) {
        return errors(health, rows);
    }
    (!rows.is_empty()).then_some(rows)
}

/// Containers, each with how many lines of its last minutes speak of errors: none is a yes, some are for somebody to
/// read.
fn errors(health: &Health, rows: Vec<Row>) -> Option<Vec<Row>> {
    let mut found = Vec::new();
    for row in rows {
        let RowId::Subject(probe, name) = &row.id else { continue };
        let figure = Figure { probe: probe.clone(), subject: name.clone(), measure: Measure::Errors };
        let Some(last) = health.series(&figure).and_then(Series::last) else { continue };
        let level = match row.level {
            Some(Level::NotSeen | Level::Down) => row.level,
            _ if last.value == 0.0 => Some(Level::Ok),
            _ => Some(Level::Watch),
        };
        let now = format!("{:.0} lines with errors", last.value);
        found.push(Row { level, now, ..row });
    }
    (!found.is_empty()).then_some(found)
}
