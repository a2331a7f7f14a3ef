//! The board as JSON, for scripts: schema 2, described in docs/health.md.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::run::board::told::Was;
use crate::run::board::{Board, Order, Row, ordered};
use crate::run::health::{Bounds, RowId, RowLevel};
use crate::runbook::measures::{Bound, Side};

/// The number of the form.
const SCHEMA: u32 = 2;

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The whole of it.
pub(in crate::cli) fn board(board: &Board) -> Value {
    let mut rows = board.rows.clone();
    ordered(&mut rows, Order::Document);
    json!({
        "schema": SCHEMA,
        "at": stamp(board.at),
        "since": board.since.map(stamp),
        "worst": board.counts.worst().map(RowLevel::name),
        "headline": board.headline.line(stamp),
        "counts": counts(board),
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "alerts": board.open_alerts().map(|(row, alert)| json!({
            "row": row.title,
            "level": alert.level.name(),
            "since": stamp(alert.since),
            "times": alert.times,
            "acknowledged": alert.known.as_ref().map(|(by, note)| json!({ "by": by, "note": note })),
            "after": row.after_change.as_ref().map(|change| &change.command),
        })).collect::<Vec<_>>(),
    })
}

fn counts(board: &Board) -> Value {
    let all = RowLevel::ALL.into_iter().map(|level| (level.name().to_owned(), board.counts.at(level).into()));
    Value::Object(all.collect::<Map<String, Value>>())
}

/// A change of a row.
pub(in crate::cli) fn change(board: &Board, changed: &Row, was: &Was) -> Value {
    let since = changed.since.unwrap_or(board.at);
    json!({
        "schema": SCHEMA,
        "event": "level",
        "at": stamp(board.at),
        "was": {
            "level": was.level.name(),
            "since": stamp(was.since),
            "for_s": (since - was.since).num_seconds().max(0),
            "worst": was.worst,
        },
        "row": row(changed),
        "counts": counts(board),
    })
}

/// A sign of life.
pub(in crate::cli) fn alive(board: &Board) -> Value {
    json!({
        "schema": SCHEMA,
        "event": "alive",
        "at": stamp(board.at),
        "since": board.since.map(stamp),
        "worst": board.counts.worst().map(RowLevel::name),
        "headline": board.headline.line(stamp),
        "counts": counts(board),
    })
}

fn row(row: &Row) -> Value {
    let judged = row.level != RowLevel::NotMeasured;
    let kind = match &row.id {
        RowId::Target(_) => "target",
        RowId::Subject(..) => row.group,
    };
    let reason =
        if row.reason.is_some() && !row.about.is_empty() { row.about.as_str() } else { &row.now.words };
    json!({
        "name": row.title,
        "kind": kind,
        "level": judged.then(|| row.level.name()),
        "reason": reason,
        "reason_kind": row.reason,
        "value": row.now.value,
        "over": row.now.over,
        "unit": row.now.value.map(|_| row.now.unit()),
        "window_s": row.now.window_s,
        "n": row.now.n,
        "slowest": row.now.slowest,
        "subject": row.subject,
        "about": row.about,
        "bounds": bounds(&row.bounds),
        "before": row.before,
        "change": row.change,
        "compared": row.changed.name(),
        "since": row.since.map(stamp),
        "strip": {
            "from": DateTime::from_timestamp(row.strip.from, 0).map(stamp),
            "bucket_s": row.strip.bucket_s,
            "levels": row.strip.letters(),
        },
        "stopped_by": row.stopped_by.as_ref().map(|by| json!({ "command": by.command, "due": stamp(by.due) })),
        "answered": row.answering.as_ref().map(|a| json!({ "looks": a.looks, "answered": a.answered })),
        "probe": row.probe.as_ref().map(|probe| &probe.id),
        "age_s": row.probe.as_ref().and_then(|probe| probe.age_s),
        "line": row.line,
        "lines": row.lines,
    })
}

fn bounds(bounds: &Bounds) -> Value {
    let all = [("target", bounds.target), ("acceptable", bounds.acceptable), ("alert", bounds.alert)];
    let said = all.into_iter().filter_map(|(name, bound)| Some((name.to_owned(), side(bound?))));
    Value::Object(said.collect::<Map<String, Value>>())
}

fn side(bound: Bound) -> Value {
    let name = match bound.side {
        Side::Below => "below",
        Side::AtMost => "at_most",
        Side::Above => "above",
        Side::AtLeast => "at_least",
    };
    json!({ name: bound.value })
}
