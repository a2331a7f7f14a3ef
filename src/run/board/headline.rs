//! The worst of it in a sentence: what, how much, against which bound, since when, and what goes with it.

use chrono::{DateTime, Utc};

use super::counts::Counts;
use super::row::Row;
use crate::figures::running;
use crate::run::health::{RowId, RowLevel};

/// So many groups of what is as bad are named.
const NAMED: usize = 2;

/// The worst of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// How it stands; nothing where nothing is judged.
    pub level: Option<RowLevel>,
    /// What is so, in words: `/health, /search refuse connections`; empty where all is well.
    pub words: String,
    /// Which rows the words are about.
    pub rows: Vec<RowId>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// Seconds of that.
    pub for_s: Option<u64>,
    /// When what a step stopped should be back, or should have been, with that step.
    pub due: Option<(String, DateTime<Utc>)>,
    /// How many others call somebody, the worst first.
    pub more: Vec<(RowLevel, usize)>,
    /// Somebody is called, and nobody has said that they know: it stands across the screen.
    pub banner: bool,
}

impl Headline {
    /// Of rows in their order, the worst first.
    pub(super) fn of(rows: &[Row], counts: &Counts, now: DateTime<Utc>) -> Self {
        // What nobody knows of yet goes before what somebody knows, whatever is worse.
        let unknown = rows.iter().find(|row| row.is_unknown() || row.level == RowLevel::NotSeen);
        let worst = unknown.map(|row| row.level).or_else(|| {
            let stopped = counts.at(RowLevel::Stopped) > 0;
            counts
                .worst()
                .filter(|level| *level != RowLevel::Ok || !stopped)
                .or_else(|| stopped.then_some(RowLevel::Stopped))
        });
        let Some(level) = worst else {
            return Self {
                level: None,
                words: "nothing is judged".into(),
                rows: vec![],
                since: None,
                for_s: None,
                due: None,
                more: vec![],
                banner: false,
            };
        };
        let meant =
            |row: &&Row| row.level == level && (unknown.is_none() || !level.calls() || row.is_unknown());
        let about: Vec<&Row> = rows.iter().filter(meant).collect();
        let since = about.iter().filter_map(|row| row.since).min();
        let due = about.iter().find_map(|row| row.stopped_by.as_ref());
        let ok = level == RowLevel::Ok;
        Self {
            level: Some(level),
            words: if ok { String::new() } else { words(&about) },
            rows: if ok { vec![] } else { about.iter().map(|row| row.id.clone()).collect() },
            since,
            for_s: since.map(|since| now.signed_duration_since(since).num_seconds().max(0) as u64),
            due: due.filter(|_| !ok).map(|stopped| (stopped.command.to_string(), stopped.due)),
            more: more(rows, level),
            banner: unknown.is_some(),
        }
    }

    /// As a line; times as a clock of the caller's has them: `DOWN 0:54: /health, /search refuse connections since
    /// 23:49:06`.
    pub fn line(&self, clock: impl Fn(DateTime<Utc>) -> String) -> String {
        let Some(level) = self.level else { return self.words.clone() };
        if level == RowLevel::Ok {
            let lasted = self.for_s.map_or(String::new(), |s| format!(" for {}", running(s)));
            return format!("all ok{lasted}");
        }
        let lasted = self.for_s.map_or(String::new(), |s| format!(" {}", running(s)));
        let since = self.since.map_or(String::new(), |at| format!(" since {}", clock(at)));
        let due = self.due.as_ref();
        let due =
            due.map_or(String::new(), |(by, due)| format!("; stopped by {by}, due back {}", clock(*due)));
        format!("{}{lasted}: {}{since}{due}", level.word(), self.words)
    }
}

/// What is so of rows that stand alike: together where they have the same reason.
fn words(rows: &[&Row]) -> String {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in rows {
        let what = what(row, false);
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((what, vec![row])),
        }
    }
    let left = groups.iter().skip(NAMED).map(|(_, rows)| rows.len()).sum::<usize>();
    let mut told: Vec<String> = groups.iter().take(NAMED).map(|(_, rows)| sentence(rows)).collect();
    if left > 0 {
        told.push(format!("{left} more"));
    }
    told.join("; ")
}

fn sentence(rows: &[&Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    if first.level == RowLevel::NotSeen {
        let probes = if rows.len() == 1 {
            format!("{} can't be seen", first.title)
        } else {
            format!("{} rows can't be seen", rows.len())
        };
        return if first.about.is_empty() { probes } else { format!("{}; {probes}", first.about) };
    }
    let named: Vec<&str> = rows.iter().take(3).map(|row| row.title.as_str()).collect();
    let others = rows.len().saturating_sub(3);
    let others = if others > 0 { format!(" and {others} more") } else { String::new() };
    format!("{}{others} {}", named.join(", "), what(first, rows.len() > 1))
}

/// What is so of a row, after its name.
fn what(row: &Row, several: bool) -> String {
    match (row.level, row.reason, &row.limit) {
        (RowLevel::NotSeen, ..) => row.about.clone(),
        (RowLevel::Stopped, ..) => {
            row.stopped_by.as_ref().map_or("stopped".into(), |by| format!("stopped by {}", by.command))
        }
        (RowLevel::Down, Some(reason), _) => reason.does(several).to_owned(),
        (_, _, Some(limit)) => {
            let side = if row.high_is_bad { "above" } else { "below" };
            let value = row.now.amount(limit.bound.value);
            let against = match limit.which {
                super::row::Which::Alert => format!("alert {side} {value}"),
                which => format!("{} {}", which.word(), limit.written),
            };
            format!("{}, {against}", row.now.words)
        }
        _ => row.now.words.clone(),
    }
}

/// What else calls somebody.
fn more(rows: &[Row], told: RowLevel) -> Vec<(RowLevel, usize)> {
    let levels = [RowLevel::Down, RowLevel::Alert].into_iter().filter(|level| *level != told);
    let count = |level: RowLevel| rows.iter().filter(|row| row.level == level && row.is_unknown()).count();
    levels.map(|level| (level, count(level))).filter(|(_, count)| *count > 0).collect()
}
