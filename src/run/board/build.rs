//! Makes the board: what was seen, the run, and a clock in; rows out.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Board;
use super::alerts::{self, changes, first_line, happened};
use super::change;
use super::compare;
use super::counts::Counts;
use super::headline::Headline;
use super::now::Now;
use super::order::{Order, ordered};
use super::row::{Answering, Expected, LastChange, Limit, Probed, Row, Which};
use super::strip::{Buckets, Parts, Strip, View};
use crate::run::event::Exit;
use crate::run::health::{
    self, Bounds, Glance, Health, History, Level, Reason, RowId, RowLevel, StoppedBy, Usual, concerns,
    row_level, stopped_by,
};
use crate::run::state::{Ran, RunState};
use crate::runbook::probes::{Probe, Source};
use crate::shell::services;

/// What all rows have in common.
struct Making<'b> {
    health: &'b Health,
    run: Option<&'b RunState>,
    parts: Parts,
    now: DateTime<Utc>,
    after: Option<DateTime<Utc>>,
    /// Addresses by what they are called for short.
    short: BTreeMap<RowId, String>,
    stopped: Vec<StoppedTime>,
}

impl Board {
    /// What was seen, with the run where there is one, at a time; over time as far as a view goes.
    pub fn of(health: &Health, run: Option<&RunState>, view: View, now: DateTime<Utc>) -> Self {
        let seen = health.rows(now);
        let making = Making {
            health,
            run,
            parts: view.parts(health.known_since(), now),
            now,
            after: compare::after(health, run),
            short: short_names(health, &seen),
            stopped: run.map_or(vec![], stopped_times),
        };
        let mut rows: Vec<Row> = seen.iter().enumerate().map(|(place, row)| making.row(row, place)).collect();
        ordered(&mut rows, Order::Worst);
        let known = |row: &Row| row.alert.as_ref().is_some_and(|alert| alert.known.is_some());
        let counts = Counts::of(rows.iter().map(|row| (row.level, known(row))));
        Self {
            at: now,
            since: health.began(),
            from: health.from.clone(),
            headline: Headline::of(&rows, &counts, now),
            counts,
            events: run.map_or(vec![], |run| happened(run, now)),
            compared: run.and_then(|run| compare::compared(health, run, &rows, now)),
            looked_s: health.last_look().map(|at| seconds(now - at)),
            rows,
        }
    }
}

impl Counts {
    /// The counts alone, for what shows nothing else.
    pub fn at_a_time(health: &Health, run: Option<&RunState>, now: DateTime<Utc>) -> Self {
        let rows = health.rows(now);
        Self::of(rows.iter().map(|row| {
            let stopped = run.and_then(|run| stopped_by(run, health, &row.id));
            let known = run.and_then(|run| run.alert(&row.id)).is_some_and(|a| a.acknowledged.is_some());
            (row_level(counts(run, row), stopped.as_ref(), now), known)
        }))
    }
}

/// The level of a row that counts. What answers again after a stop that was planned still counts as bad for some looks: as
/// long as nobody was told of it, that is something to watch, and no news.
fn counts(run: Option<&RunState>, row: &health::Row) -> Option<Level> {
    let told = run.is_none_or(|run| run.alert(&row.id).is_some());
    if row.answers_again() && !told { Some(Level::Watch) } else { row.counts }
}

fn seconds(length: TimeDelta) -> u64 {
    length.num_seconds().max(0) as u64
}

impl Making<'_> {
    fn row(&self, seen: &health::Row, place: usize) -> Row {
        let probe = self.health.watch.probe_of(&seen.id);
        let stopped = self.run.and_then(|run| stopped_by(run, self.health, &seen.id));
        let level = row_level(counts(self.run, seen), stopped.as_ref(), self.now);
        let since = self.since(seen, level, stopped.as_ref());
        let measure = seen.figure.as_ref().map(|f| f.measure);
        let every_s = probe.map_or(1, |p| p.every_s);
        let history = self.health.history(&seen.id);
        let (before, after) = self.usual(seen);
        let judged = matches!(level, RowLevel::NotMeasured | RowLevel::Ok).then_some(());
        Row {
            title: self.title(seen),
            group: match &seen.id {
                RowId::Target(_) => "target",
                RowId::Subject(..) => probe.map_or("", |p| p.source.kind()),
            },
            subject: subject(seen, probe),
            level,
            seen: row_level(seen.level, stopped.as_ref(), self.now),
            for_s: since.map(|since| seconds(self.now - since)),
            now: Now {
                words: seen.now.clone(),
                value: seen.value,
                measure,
                over: seen.reading.is_some_and(|r| r.over),
                n: seen.reading.and_then(|r| r.n),
                window_s: seen.reading.and_then(|r| r.window_s),
                slowest: seen.reading.is_some_and(|r| r.slowest),
            },
            reason: seen.reason,
            about: seen.about.clone(),
            bounds: seen.bounds,
            written: self.health.watch.target(&seen.id).map_or_else(Default::default, |t| t.written.clone()),
            limit: self.limit(seen, level),
            expected: expected(seen, probe),
            high_is_bad: seen.bounds.high_is_bad(),
            change: seen.value.zip(before).map(|(value, before)| value - before.median),
            changed: change::changed(
                (before, after),
                (&seen.bounds, level),
                self.health.baseline_at.is_some() && self.after.is_some(),
            ),
            before,
            after,
            strip: history.map_or_else(
                || Strip { from: self.parts.from, bucket_s: self.parts.bucket_s, cells: vec![] },
                |h| {
                    let stopped = self.stopped_of(&seen.id, stopped.as_ref());
                    Strip::of(h, self.parts, (every_s, self.now), &stopped)
                },
            ),
            series: self.series(seen, every_s),
            after_change: since.filter(|_| judged.is_none()).and_then(|since| self.last_change(since)),
            alert: self.run.and_then(|run| alerts::open(run, &seen.id, self.now)),
            answering: history.and_then(|history| self.answering(seen, history)),
            line: seen.line,
            probe: probe.map(|probe| self.probed(probe, seen)),
            lines: seen.lines.clone(),
            place,
            stopped_by: stopped.filter(|_| level != RowLevel::Ok),
            since,
            id: seen.id.clone(),
        }
    }

    /// Since when a row stands so. What is late has been so since its look was due the third time.
    fn since(
        &self,
        seen: &health::Row,
        level: RowLevel,
        stopped: Option<&StoppedBy>,
    ) -> Option<DateTime<Utc>> {
        match (level, stopped) {
            (RowLevel::Stopped, Some(stopped)) => Some(stopped.since),
            _ if seen.reason == Some(Reason::Late) => {
                let probe = self.health.watch.probe_of(&seen.id)?;
                let age = i64::try_from(seen.age_s?).ok()?;
                Some(self.now - TimeDelta::seconds(age - 3 * probe.every_s as i64))
            }
            _ => self.health.since(seen),
        }
    }

    fn title(&self, seen: &health::Row) -> String {
        self.short.get(&seen.id).cloned().unwrap_or_else(|| seen.full_title())
    }

    /// How its figure was before, and how it has been since it was changed.
    fn usual(&self, seen: &health::Row) -> (Option<Usual>, Option<Usual>) {
        let Some(figure) = &seen.figure else { return (None, None) };
        let before = self.health.usual(figure, self.now);
        let after = self.after.and_then(|after| {
            let series = self.health.series(figure)?;
            Usual::of(series.within(after.timestamp(), self.now.timestamp() + 1).map(|part| part.mean))
        });
        (before, after)
    }

    fn series(&self, seen: &health::Row, every_s: u64) -> Option<Buckets> {
        let figure = seen.figure.as_ref()?;
        let series = self.health.series(figure)?;
        let drawn = (&seen.bounds, figure.measure.unit());
        Some(Buckets::of(series, self.parts, (every_s, self.now), drawn))
    }

    /// The bound that is next, or that was crossed.
    fn limit(&self, seen: &health::Row, level: RowLevel) -> Option<Limit> {
        let Bounds { target, acceptable, alert } = seen.bounds;
        let all = [(Which::Target, target), (Which::Acceptable, acceptable), (Which::Alert, alert)];
        let order = if level == RowLevel::Alert { [2, 1, 0] } else { [0, 1, 2] };
        let written = self.health.watch.target(&seen.id).map(|t| &t.written);
        order.into_iter().find_map(|at: usize| {
            let (which, bound) = all.get(at)?;
            let bound = (*bound)?;
            let said = written.and_then(|w| w.get(at)).cloned();
            let amount = seen.figure.as_ref().map(|f| health::amount(f.measure, bound.value));
            let written = said.or_else(|| amount.map(|a| format!("{}{a}", bound.side.sign())));
            Some(Limit { which: *which, bound, written: written.unwrap_or_default() })
        })
    }

    /// The last command before a time that changed something.
    fn last_change(&self, before: DateTime<Utc>) -> Option<LastChange> {
        let run = self.run?;
        let earlier = |ran: &&Ran| ran.started <= before && changes(run, &ran.command);
        let ran = run.ran().iter().rfind(earlier)?;
        Some(LastChange {
            command: ran.command.clone(),
            text: first_line(&ran.text),
            at: ran.started,
            by: ran.by.clone(),
        })
    }

    fn answering(&self, seen: &health::Row, history: &History) -> Option<Answering> {
        let RowId::Subject(..) = &seen.id else { return None };
        seen.level?;
        let tally = history.tally(i64::MIN, i64::MAX);
        let looks = tally.looks() - tally.unseen;
        let spells = history.spells(i64::MIN, i64::MAX, Glance::failed);
        let length = |s: &health::Spell| s.until.unwrap_or(self.now.timestamp()) - s.from;
        let longest = spells.into_iter().max_by_key(length);
        Some(Answering { looks, answered: looks - tally.failed, longest })
    }

    fn probed(&self, probe: &Probe, seen: &health::Row) -> Probed {
        let title = match &probe.source {
            Source::Http(request) => format!("{} {}", request.method, request.path()),
            _ => probe.title.clone(),
        };
        let last = self.health.last_look_of(&probe.id);
        let late = last.map(|at| (self.now - at).num_milliseconds() * 2 - probe.every_s as i64 * 3000);
        let late = late.filter(|late| *late > 0).and(last);
        Probed {
            id: probe.id.clone(),
            title,
            every_s: probe.every_s,
            age_s: seen.age_s,
            late_s: late.map(|at| seconds(self.now - at).saturating_sub(probe.every_s)),
            cost: probe.cost.clone(),
        }
    }

    /// The times in which a row was stopped, each from the stop to the next start. What is overdue was stopped until it
    /// was due back, and no longer.
    fn stopped_of(&self, row: &RowId, stopped: Option<&StoppedBy>) -> Vec<(i64, i64)> {
        let mine = self.stopped.iter().filter(|time| concerns(self.health, row, &time.command));
        let until = |time: &StoppedTime| match (time.until, stopped) {
            (Some(until), _) => until,
            (None, Some(stopped)) => stopped.due.min(self.now).timestamp() + 1,
            (None, None) => self.now.timestamp() + 1,
        };
        mine.map(|time| (time.from, until(time))).collect()
    }
}

/// What a row is about in full.
fn subject(seen: &health::Row, probe: Option<&Probe>) -> String {
    match (&seen.id, probe) {
        (RowId::Subject(_, name), Some(probe)) if name.is_empty() => probe.title.clone(),
        (RowId::Subject(_, name), _) => name.clone(),
        (RowId::Target(_), Some(probe)) => {
            let figure = seen.figure.as_ref().map_or("", |f| &f.subject);
            let of = if seen.subject.is_empty() { figure } else { &seen.subject };
            if of.is_empty() { probe.title.clone() } else { of.to_owned() }
        }
        (RowId::Target(_), None) => String::new(),
    }
}

fn expected(seen: &health::Row, probe: Option<&Probe>) -> Option<Expected> {
    if !matches!(seen.id, RowId::Subject(..)) || !seen.bounds.is_empty() {
        return None;
    }
    match probe.map(|p| &p.source) {
        Some(Source::Http(_)) => Some(Expected::Success),
        Some(Source::Docker(_)) => Some(Expected::Running),
        Some(Source::Postgres(_)) => Some(Expected::Answers),
        _ => None,
    }
}

/// Addresses by their paths, where no two have the same.
fn short_names(health: &Health, rows: &[health::Row]) -> BTreeMap<RowId, String> {
    let path = |row: &health::Row| match health.watch.probe_of(&row.id).map(|p| &p.source) {
        Some(Source::Http(request)) if alerts::is_address(health, &row.id) => {
            Some((row.id.clone(), request.path().to_owned()))
        }
        _ => None,
    };
    let all: Vec<(RowId, String)> = rows.iter().filter_map(path).collect();
    let only = |path: &str| path != "/" && all.iter().filter(|(_, other)| other == path).count() == 1;
    all.iter().filter(|(_, path)| only(path)).cloned().collect()
}

/// A time in which something was stopped by a step.
struct StoppedTime {
    /// Seconds since 1970, UTC.
    from: i64,
    /// When something was started again; nothing while nothing was.
    until: Option<i64>,
    /// The text of what stopped it.
    command: String,
}

/// From each stop of a service to the start after it.
fn stopped_times(run: &RunState) -> Vec<StoppedTime> {
    let mut times: Vec<StoppedTime> = Vec::new();
    for ran in run.ran().iter().filter(|ran| ran.exit.is_none_or(Exit::is_success)) {
        let ended = ran.started + TimeDelta::milliseconds(ran.elapsed_ms as i64);
        let open = times.last_mut().filter(|time| time.until.is_none());
        match open {
            Some(time) if services::starts(&ran.text) => time.until = Some(ended.timestamp()),
            None if services::stops(&ran.text) => {
                let from = ran.started.timestamp();
                times.push(StoppedTime { from, until: None, command: ran.text.clone() });
            }
            _ => {}
        }
    }
    times
}
