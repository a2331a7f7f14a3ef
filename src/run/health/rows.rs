//! What was seen as rows at a time: the document's targets, then what each probe looks at.

use chrono::{DateTime, Utc};

use super::answers::{Called, is_windowed};
use super::fold::Looked;
use super::reason::{Reason, Unseen};
use super::row::{Reading, Row, Unwell};
use super::{Bounds, Figure, Health, Level, RowId, Subject, Target};
use crate::figures::span;
use crate::runbook::measures::Measure;
use crate::runbook::probes::{Probe, Source};

impl Health {
    /// Every row at a time: the targets first, then what each probe looks at.
    pub fn rows(&self, now: DateTime<Utc>) -> Vec<Row> {
        let targets = self.watch.targets.iter().filter(|t| t.on).map(|t| self.target_row(t, now));
        let on = self.watch.probes.iter().filter(|p| p.on);
        let rows = targets.chain(on.flat_map(|p| self.subject_rows(p, now)));
        rows.map(|row| Row { counts: self.standing(&row), ..row }).collect()
    }

    /// How a row is by what counts. What is late was not seen three times by then.
    fn standing(&self, row: &Row) -> Option<Level> {
        match self.counting(&row.id) {
            Some(counting) if row.reason != Some(Reason::Late) => counting.standing(row.level),
            _ => row.level,
        }
    }

    /// A figure at a time, or why there is none. Where nobody answered, that is the address's own row to say; what
    /// would be measured there is not.
    pub fn reading(&self, figure: &Figure, now: DateTime<Utc>) -> Result<Reading, Unseen> {
        let known = self.watch.probe(&figure.probe).zip(self.looked(&figure.probe));
        let Some((probe, looked)) = known else {
            return Err(Unseen::new(Reason::NotYet, "not asked yet"));
        };
        if let Some(words) = late(probe, looked.at, now) {
            return Err(Unseen::new(Reason::Late, words));
        }
        let cannot = looked.nothing.as_ref().filter(|unseen| unseen.level() == Some(Level::NotSeen));
        if let Some(unseen) = cannot {
            return Err(unseen.clone());
        }
        let subject = looked.subjects.iter().find(|s| s.name == figure.subject);
        // What can't be looked at now has no figure of now, whatever it answered before.
        if let Some((subject, reason)) =
            subject.filter(|_| looked.nothing.is_none()).and_then(|s| Some((s, s.reason?)))
            && reason.level() == Some(Level::NotSeen)
            && subject.measured.is_empty()
        {
            return Err(Unseen::new(reason, &subject.about));
        }
        let none = |words: &str| Unseen::new(Reason::NoAnswer, words);
        if let Some(answers) = self.answers_of(&figure.probe).filter(|_| is_windowed(figure.measure)) {
            let window_s = self.watch.window_s();
            let made = answers.figure(figure.measure, now, window_s, probe.timeout_ms as f64);
            let made = made.ok_or_else(|| none(&self.no_answer_since(probe, now)))?;
            return Ok(Reading {
                value: made.value,
                over: made.over,
                n: Some(made.n),
                errors: Some(made.errors),
                window_s: Some(window_s as u64),
                slowest: made.called == Called::Slowest,
                median: made.median,
            });
        }
        if looked.nothing.is_some() {
            return Err(none(&self.no_answer_since(probe, now)));
        }
        let measured = subject.and_then(|s| s.measured.iter().find(|m| m.measure == figure.measure));
        match (measured, subject.and_then(|s| s.reason)) {
            (Some(measured), _) => Ok(Reading::one(measured.value, measured.n)),
            (None, Some(reason)) if reason.level() == Some(Level::NotSeen) => {
                Err(Unseen::new(reason, subject.map_or("", |s| &s.about)))
            }
            (None, Some(_)) => Err(none(&self.no_answer_since(probe, now))),
            (None, None) => Err(Unseen::new(Reason::NotTold, "what was seen holds no such figure")),
        }
    }

    fn no_answer_since(&self, probe: &Probe, now: DateTime<Utc>) -> String {
        let row = RowId::Subject(probe.id.clone(), String::new());
        let counting = self.counting(&row).filter(|c| c.steady.level() == Some(Level::Down));
        let since = counting.and_then(|c| c.since).map(|at| now.signed_duration_since(at).num_seconds());
        since.map_or("no answer".into(), |s| format!("no answer for {}", span(s.max(0) as u64)))
    }

    fn target_row(&self, target: &Target, now: DateTime<Utc>) -> Row {
        let row = Row {
            figure: target.source.clone().ok(),
            bounds: target.bounds,
            ..Row::new(RowId::Target(target.metric.clone()), target.metric.clone(), target.line)
        };
        let figure = match &target.source {
            Ok(figure) => figure,
            Err(why) => {
                let reason = if why.ends_with(" is off") { Reason::Off } else { Reason::NoSource };
                return row.unseen(&Unseen::new(reason, why.clone()));
            }
        };
        match self.reading(figure, now) {
            Err(unseen) => row.unseen(&unseen),
            Ok(reading) => {
                let level = reading.level(figure.measure, &target.bounds);
                let (level, lasts) = self.lasting(target, &row.id, level, now);
                let about = [Some(self.sampled(figure, &reading)), lasts].into_iter().flatten();
                Row {
                    subject: self.worst_of(figure),
                    level,
                    now: reading.words(figure.measure),
                    value: Some(reading.value),
                    about: about.collect::<Vec<_>>().join(", "),
                    age_s: self.age_s(&figure.probe, now),
                    since: self.usual(figure, now).map(|usual| reading.value - usual.median),
                    reading: Some(reading),
                    ..row
                }
            }
        }
    }

    /// The level of a target's value. An alert that has to last is something to watch until it has; how long it has lasted
    /// is told meanwhile.
    fn lasting(
        &self,
        target: &Target,
        row: &RowId,
        level: Option<Level>,
        now: DateTime<Utc>,
    ) -> (Option<Level>, Option<String>) {
        let Some(for_s) = target.for_s.filter(|_| level == Some(Level::Alert)) else { return (level, None) };
        let since = self.counting(row).and_then(|counting| counting.beyond).unwrap_or(now);
        let lasts = now.signed_duration_since(since).num_seconds().max(0) as u64;
        let words = format!("beyond it for {} of {}", span(lasts), span(for_s));
        if lasts < for_s { (Some(Level::Watch), Some(words)) } else { (level, Some(words)) }
    }

    /// Of several disks the one with the least room, which is what a target of room speaks of.
    fn worst_of(&self, figure: &Figure) -> String {
        if figure.measure != Measure::DiskFree || !figure.subject.is_empty() {
            return String::new();
        }
        let Some(looked) = self.looked(&figure.probe) else { return String::new() };
        let free = |s: &Subject| s.measured.iter().find(|m| m.measure == Measure::DiskFree).map(|m| m.value);
        let disks = looked.subjects.iter().filter(|s| !s.name.is_empty());
        let disks: Vec<(f64, &str)> = disks.filter_map(|s| Some((free(s)?, s.name.as_str()))).collect();
        let least = disks.iter().min_by(|one, other| one.0.total_cmp(&other.0));
        least.map_or(String::new(), |(_, name)| name.strip_prefix("disk ").unwrap_or(name).to_owned())
    }

    /// What was sampled, and how often.
    fn sampled(&self, figure: &Figure, reading: &Reading) -> String {
        let title = self.watch.probe(&figure.probe).map_or(figure.probe.0.clone(), |p| self.title(p));
        let subject = if figure.subject.is_empty() { String::new() } else { format!(" {}", figure.subject) };
        let of = match (reading.n, reading.window_s) {
            (Some(n), _) if reading.slowest => format!(", slowest of {n}"),
            (Some(n), Some(window)) => format!(", n = {n} in {}", span(window)),
            (Some(n), None) => format!(", n = {n}"),
            (None, _) => String::new(),
        };
        format!("{title}{subject}{of}")
    }

    fn age_s(&self, probe: &crate::runbook::probes::ProbeId, now: DateTime<Utc>) -> Option<u64> {
        let looked = self.looked(probe)?;
        Some(now.signed_duration_since(looked.seen_at?).num_seconds().max(0) as u64)
    }

    fn subject_rows(&self, probe: &Probe, now: DateTime<Utc>) -> Vec<Row> {
        let row = |name: &str| {
            let title = if name.is_empty() { self.title(probe) } else { name.to_owned() };
            Row::new(RowId::Subject(probe.id.clone(), name.to_owned()), title, probe.line)
        };
        let Some(looked) = self.looked(&probe.id) else {
            return vec![row("").unseen(&Unseen::new(Reason::NotYet, "not asked yet"))];
        };
        let mut rows = Vec::new();
        let late = late(probe, looked.at, now);
        if let Some(unseen) = &looked.nothing {
            rows.push(row("").unseen(unseen));
        }
        for subject in &looked.subjects {
            let seen = match (&looked.nothing, &late) {
                // The probe's own row says why; a name without a state would say nothing more.
                (Some(_), _) if subject.name.is_empty() => continue,
                // What the probe knew of each is not known now, whatever the reason.
                (Some(unseen), _) => row(&subject.name).unseen(&Unseen {
                    reason: match unseen.level() {
                        Some(Level::NotSeen) | None => unseen.reason,
                        Some(_) => Reason::NoWay,
                    },
                    words: "not seen now".into(),
                }),
                (None, Some(words)) if subject.level.is_some() => {
                    row(&subject.name).unseen(&Unseen::new(Reason::Late, words.clone()))
                }
                (None, late) => Row {
                    level: self.own_level(probe, subject),
                    reason: subject.reason,
                    now: subject.state.clone(),
                    about: late.clone().unwrap_or_else(|| subject.about.clone()),
                    ..row(&subject.name)
                },
            };
            rows.push(self.with_figure(seen, probe, (looked, subject), now));
        }
        if looked.nothing.is_none() {
            let gone = Unseen::new(Reason::Gone, "it was there before");
            rows.extend(looked.gone.iter().map(|(subject, _)| row(&subject.name).unseen(&gone)));
        }
        rows
    }

    fn with_figure(
        &self,
        row: Row,
        probe: &Probe,
        (looked, subject): (&Looked, &Subject),
        now: DateTime<Utc>,
    ) -> Row {
        let main = subject.measured.first().copied();
        let value = main.filter(|_| looked.nothing.is_none() && row.reason != Some(Reason::Late));
        Row {
            figure: main.map(|m| Figure {
                probe: probe.id.clone(),
                subject: subject.name.clone(),
                measure: m.measure,
            }),
            value: value.map(|m| m.value),
            bounds: self.disk_bounds(probe, subject).copied().unwrap_or_default(),
            age_s: self.age_s(&probe.id, now),
            lines: subject.lines.clone(),
            ..row
        }
    }

    /// How a subject is by itself; a disk by what the document says of room on disks.
    fn own_level(&self, probe: &Probe, subject: &Subject) -> Option<Level> {
        let free = subject.measured.iter().find(|m| m.measure == Measure::DiskFree);
        let of_target = self.disk_bounds(probe, subject).zip(free).and_then(|(b, free)| b.level(free.value));
        subject.level.max(of_target)
    }

    fn disk_bounds(&self, probe: &Probe, subject: &Subject) -> Option<&Bounds> {
        if !matches!(probe.source, Source::Host(_)) || subject.name.is_empty() {
            return None;
        }
        let all = Figure { probe: probe.id.clone(), subject: String::new(), measure: Measure::DiskFree };
        self.bounds_of(&all)
    }

    /// The worst level of what is watched. What has no level does not count.
    pub fn worst(&self, now: DateTime<Utc>) -> Level {
        self.rows(now).iter().filter_map(|r| r.counts).max().unwrap_or(Level::Ok)
    }

    /// What is not well, by what counts; and what nobody has asked yet.
    pub fn unwell(&self, now: DateTime<Utc>) -> Vec<Unwell> {
        let rows = self.rows(now).into_iter();
        rows.filter_map(|row| match (row.counts, row.reason) {
            (Some(level), _) if level != Level::Ok => {
                let answers_again = row.answers_again();
                let word = if answers_again { "well again" } else { level.word() };
                let words = format!("{word}: {}", row.words());
                Some(Unwell { words, bad: level.is_bad(), answers_again, row: row.id })
            }
            // What has only just been asked is no reason to stop, and no reason to go either: it is told.
            (None, Some(Reason::NotYet)) if matches!(row.id, RowId::Subject(..)) => {
                Some(Unwell { words: row.words(), bad: false, answers_again: false, row: row.id })
            }
            _ => None,
        })
        .collect()
    }
}

/// Why what was seen then says nothing about now: it is late after three intervals, or as long as a look may take whose
/// predecessor was waited for to its limit.
fn late(probe: &Probe, at: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    let age = now.signed_duration_since(at).num_milliseconds();
    let every_ms = probe.every_s * 1000;
    let late = ((every_ms * 3).max(every_ms * 2 + probe.timeout_ms) + probe.timeout_ms) as i64;
    (age > late).then(|| format!("last seen {} ago", span((age / 1000) as u64)))
}
