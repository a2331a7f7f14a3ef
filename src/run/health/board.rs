//! The health of a run: samples in, rows out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Bounds, Figure, Level, Measured, Point, RowId, Sample, Seen, Series, Steady, Subject, Target, Watch,
    amount,
};
use crate::figures::span;
use crate::runbook::measures::Measure;
use crate::runbook::probes::{Probe, ProbeId, Source};

/// A subject that is not seen any more is kept for so many samples, then forgotten: a container that was removed.
const KEPT_GONE: u32 = 60;

/// A row that is not well.
#[derive(Clone, Debug, PartialEq)]
pub struct Unwell {
    /// Which.
    pub row: RowId,
    /// Its level and what was seen.
    pub words: String,
    /// It is more than something to watch.
    pub bad: bool,
}

/// One row as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub id: RowId,
    /// What it is called.
    pub title: String,
    /// How it is; nothing where that is no question: nothing is said of it.
    pub level: Option<Level>,
    /// The value or state, or why there is none.
    pub now: String,
    /// What else is known.
    pub about: String,
    /// Where its figure comes from.
    pub figure: Option<Figure>,
    /// What the document says of it.
    pub bounds: Bounds,
    /// The line of the document it comes from; 0 where it comes from elsewhere.
    pub line: usize,
    /// Seconds since it was seen.
    pub age_s: Option<u64>,
    /// The difference since the baseline, where there is one.
    pub since: Option<f64>,
    /// Lines to read.
    pub lines: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tracked {
    figure: Figure,
    series: Series,
    baseline: Option<f64>,
    n: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Looked {
    probe: ProbeId,
    /// When it was asked last.
    at: DateTime<Utc>,
    /// Why it saw nothing, if it did.
    absent: Option<String>,
    /// When it last saw something.
    seen_at: Option<DateTime<Utc>>,
    subjects: Vec<Subject>,
    /// Subjects it saw before and does not any more, and for how many samples.
    gone: Vec<(Subject, u32)>,
    samples: u64,
}

/// A row's level as it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Counting {
    row: RowId,
    steady: Steady,
    /// It was well at some time: only then is what follows a change.
    well: bool,
}

/// A row after a sample, with the level that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The row.
    pub row: RowId,
    /// The level that counts, not the one of the last sample.
    pub level: Level,
    /// The level of the last sample.
    pub seen: Option<Level>,
    /// The level that counted until this sample, where the sample changed it.
    pub from: Option<Level>,
    /// It was well at some time.
    pub was_well: bool,
    /// What is seen now, in words.
    pub words: String,
}

impl Counted {
    /// Whether what counts is bad.
    pub fn is_bad(&self) -> bool {
        matches!(self.level, Level::Alert | Level::Absent)
    }

    /// Whether it may become an alert with this sample. What answers again still counts as bad for some samples, and
    /// is no news then: it was bad while nobody wanted to hear of it.
    pub fn raises(&self) -> bool {
        self.is_bad() && self.was_well && self.seen.is_some_and(|seen| seen > Level::Watch)
    }
}

/// How the service is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// What is watched.
    pub watch: Watch,
    /// The host that it is looked at from, where that is not this machine; `nowhere` while there is no way there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    looked: Vec<Looked>,
    tracked: Vec<Tracked>,
    counting: Vec<Counting>,
    /// When the baseline was taken.
    pub baseline_at: Option<DateTime<Utc>>,
}

impl Health {
    /// Nothing seen yet.
    pub fn new(watch: Watch) -> Self {
        Self { watch, ..Self::default() }
    }

    /// Takes a sample in; the rows that its probe has to do with, each with the level that counts now.
    pub fn take(&mut self, sample: &Sample) -> Vec<Counted> {
        if self.watch.probe(&sample.probe).is_none() {
            return vec![];
        }
        self.baseline_at.get_or_insert(sample.at);
        self.look(sample);
        if let Seen::Subjects(subjects) = &sample.seen {
            for subject in subjects {
                for measured in &subject.measured {
                    self.track(sample, &subject.name, *measured);
                }
            }
        }
        let mut rows = self.rows(sample.at);
        rows.retain(|r| self.watch.probe_of(&r.id).is_some_and(|p| p.id == sample.probe));
        rows.into_iter().filter_map(|row| self.count_in(row)).collect()
    }

    /// Takes a row's level in; nothing where it never had one.
    fn count_in(&mut self, row: Row) -> Option<Counted> {
        let counts = |c: &Counting| c.row == row.id;
        let from = row.level.and_then(|level| {
            let fresh = || Counting { row: row.id.clone(), steady: Steady::default(), well: false };
            let counting = entry(&mut self.counting, counts, fresh);
            counting.well |= level <= Level::Watch;
            counting.steady.take(level)
        });
        let counting = self.counting.iter().find(|c| counts(c))?;
        let (level, was_well) = (counting.steady.level()?, counting.well);
        // Told in the log and in messages, away from the screen that says where it is looked from.
        let seen_from = self.from.as_ref().map_or(String::new(), |host| format!(" (seen from {host})"));
        let words = row.words() + &seen_from;
        Some(Counted { level, seen: row.level, from, was_well, words, row: row.id })
    }

    /// What a probe is called: the host that is looked at is this machine only where nothing else is looked from.
    fn title(&self, probe: &Probe) -> String {
        match (&probe.source, &self.from) {
            (Source::Host(_), Some(host)) => format!("host {host}"),
            _ => probe.title.clone(),
        }
    }

    fn look(&mut self, sample: &Sample) {
        let fresh = || Looked {
            probe: sample.probe.clone(),
            at: sample.at,
            absent: None,
            seen_at: None,
            subjects: vec![],
            gone: vec![],
            samples: 0,
        };
        let looked = entry(&mut self.looked, |l| l.probe == sample.probe, fresh);
        looked.at = sample.at;
        looked.samples += 1;
        match &sample.seen {
            Seen::Absent(why) => looked.absent = Some(why.clone()),
            Seen::Subjects(subjects) => {
                looked.absent = None;
                looked.seen_at = Some(sample.at);
                let known = |name: &str| subjects.iter().any(|s| s.name == name);
                let before = std::mem::replace(&mut looked.subjects, subjects.clone());
                looked.gone.retain_mut(|(subject, times)| {
                    *times += 1;
                    !known(&subject.name) && *times < KEPT_GONE
                });
                looked.gone.extend(before.into_iter().filter(|s| !known(&s.name)).map(|s| (s, 0)));
            }
        }
    }

    fn track(&mut self, sample: &Sample, subject: &str, measured: Measured) {
        let figure =
            Figure { probe: sample.probe.clone(), subject: subject.to_owned(), measure: measured.measure };
        let is = |t: &Tracked| t.figure == figure;
        let fresh = || Tracked { figure: figure.clone(), series: Series::default(), baseline: None, n: None };
        let tracked = entry(&mut self.tracked, is, fresh);
        tracked.series.add(sample.at, measured.value);
        tracked.baseline.get_or_insert(measured.value);
        tracked.n = measured.n;
    }

    /// From now on differences are told since now.
    pub fn rebase(&mut self, at: DateTime<Utc>) {
        self.baseline_at = Some(at);
        for tracked in &mut self.tracked {
            tracked.baseline = tracked.series.last().map(|p| p.value);
        }
    }

    fn tracked(&self, figure: &Figure) -> Option<&Tracked> {
        self.tracked.iter().find(|t| &t.figure == figure)
    }

    fn looked(&self, probe: &ProbeId) -> Option<&Looked> {
        self.looked.iter().find(|l| &l.probe == probe)
    }

    /// A figure over time.
    pub fn series(&self, figure: &Figure) -> Option<&Series> {
        self.tracked(figure).map(|t| &t.series)
    }

    /// All figures of a subject that have been seen.
    pub fn figures_of<'h>(
        &'h self,
        probe: &'h ProbeId,
        subject: &'h str,
    ) -> impl Iterator<Item = &'h Figure> {
        self.figures(probe).filter(move |f| f.subject == subject)
    }

    /// All figures of a probe that have been seen.
    pub fn figures<'h>(&'h self, probe: &'h ProbeId) -> impl Iterator<Item = &'h Figure> {
        self.tracked.iter().map(|t| &t.figure).filter(move |f| &f.probe == probe)
    }

    /// Whether every probe was asked at this time or after it.
    pub fn has_looked_since(&self, at: DateTime<Utc>) -> bool {
        let asked = |id: &ProbeId| self.looked(id).is_some_and(|l| l.at >= at);
        self.watch.probes.iter().filter(|p| p.on).all(|p| asked(&p.id))
    }

    /// How often a probe was asked.
    pub fn samples(&self, probe: &ProbeId) -> u64 {
        self.looked(probe).map_or(0, |l| l.samples)
    }

    /// Every row at a time: the targets first, then what each probe looks at.
    pub fn rows(&self, now: DateTime<Utc>) -> Vec<Row> {
        let targets = self.watch.targets.iter().filter(|t| t.on).map(|t| self.target_row(t, now));
        let on = self.watch.probes.iter().filter(|p| p.on);
        targets.chain(on.flat_map(|p| self.subject_rows(p, now))).collect()
    }

    /// A figure at a time: its value, or why there is none.
    pub fn value(&self, figure: &Figure, now: DateTime<Utc>) -> Result<f64, (Level, String)> {
        let known = self.watch.probe(&figure.probe).zip(self.looked(&figure.probe));
        let Some((probe, looked)) = known else {
            return Err((Level::Absent, "not seen yet".into()));
        };
        if let Some(why) = &looked.absent {
            return Err((Level::Absent, why.clone()));
        }
        let here = looked.subjects.iter().filter(|s| s.name == figure.subject);
        let measured = here.flat_map(|s| &s.measured).find(|m| m.measure == figure.measure);
        let Some(measured) = measured else {
            return Err((Level::Absent, "not measured".into()));
        };
        match stale(probe, looked.at, now) {
            Some(words) => Err((Level::Stale, words)),
            None => Ok(measured.value),
        }
    }

    fn target_row(&self, target: &Target, now: DateTime<Utc>) -> Row {
        let row = |level, about: String| Row {
            id: RowId::Target(target.metric.clone()),
            title: target.metric.clone(),
            level,
            now: String::new(),
            about,
            figure: target.source.clone().ok(),
            bounds: target.bounds,
            line: target.line,
            age_s: None,
            since: None,
            lines: vec![],
        };
        let figure = match &target.source {
            Ok(figure) => figure,
            Err(why) => return row(Some(Level::Absent), why.clone()),
        };
        match self.value(figure, now) {
            Err((level, why)) => row(Some(level), why),
            Ok(value) => {
                let (level, lasts) = self.lasting(target, figure, value, now);
                let about = [Some(self.sampled(figure)), lasts].into_iter().flatten().collect::<Vec<_>>();
                Row {
                    now: amount(figure.measure, value),
                    age_s: self.age_s(&figure.probe, now),
                    since: self.tracked(figure).and_then(|t| t.baseline).map(|b| value - b),
                    ..row(level, about.join(", "))
                }
            }
        }
    }

    /// The level of a target's value. One that has to last counts as something to watch until it has; how long it has lasted
    /// is told meanwhile.
    fn lasting(
        &self,
        target: &Target,
        figure: &Figure,
        value: f64,
        now: DateTime<Utc>,
    ) -> (Option<Level>, Option<String>) {
        let level = target.bounds.level(value);
        let Some(for_s) = target.for_s.filter(|_| level == Some(Level::Alert)) else { return (level, None) };
        let beyond = |point: &&Point| target.bounds.level(point.value) == Some(Level::Alert);
        let points = self.series(figure).into_iter().flat_map(|series| series.fine().rev());
        let since = points.take_while(beyond).last().map_or(now.timestamp(), |point| point.at);
        let lasts = now.timestamp().saturating_sub(since).max(0) as u64;
        let words = format!("beyond it for {} of {}", span(lasts), span(for_s));
        if lasts < for_s { (Some(Level::Watch), Some(words)) } else { (level, Some(words)) }
    }

    /// What was sampled, and how often.
    fn sampled(&self, figure: &Figure) -> String {
        let title = self.watch.probe(&figure.probe).map_or(figure.probe.0.clone(), |p| self.title(p));
        let subject = if figure.subject.is_empty() { String::new() } else { format!(" {}", figure.subject) };
        let n = self.tracked(figure).and_then(|t| t.n).map_or(String::new(), |n| format!(", n = {n}"));
        format!("{title}{subject}{n}")
    }

    fn age_s(&self, probe: &ProbeId, now: DateTime<Utc>) -> Option<u64> {
        let looked = self.looked(probe)?;
        Some(now.signed_duration_since(looked.seen_at?).num_seconds().max(0) as u64)
    }

    fn subject_rows(&self, probe: &Probe, now: DateTime<Utc>) -> Vec<Row> {
        let row = |name: &str, level: Option<Level>, now: String| Row {
            id: RowId::Subject(probe.id.clone(), name.to_owned()),
            title: if name.is_empty() { self.title(probe) } else { name.to_owned() },
            level,
            now,
            about: String::new(),
            figure: None,
            bounds: Bounds::default(),
            line: probe.line,
            age_s: None,
            since: None,
            lines: vec![],
        };
        let absent =
            |why: &str| Row { about: why.to_owned(), ..row("", Some(Level::Absent), "absent".into()) };
        let Some(looked) = self.looked(&probe.id) else {
            return vec![absent("not seen yet")];
        };
        let age_s = self.age_s(&probe.id, now);
        let late = stale(probe, looked.at, now);
        let mut rows = Vec::new();
        if let Some(why) = &looked.absent {
            rows.push(absent(why));
        }
        for subject in &looked.subjects {
            let figure = main_measure(subject).map(|measure| Figure {
                probe: probe.id.clone(),
                subject: subject.name.clone(),
                measure,
            });
            let (level, about) = match (&looked.absent, &late) {
                // The probe's own row says why; a name without a state would say nothing more.
                (Some(_), _) if subject.name.is_empty() => continue,
                (Some(_), _) => (Some(Level::Absent), "not seen now".to_owned()),
                (None, Some(words)) => (subject.level.map(|_| Level::Stale), words.clone()),
                (None, None) => (subject.level, subject.about.clone()),
            };
            rows.push(Row {
                about,
                figure,
                age_s,
                lines: subject.lines.clone(),
                ..row(&subject.name, level, subject.state.clone())
            });
        }
        if looked.absent.is_none() {
            for (subject, _) in &looked.gone {
                let words = "it was there before";
                rows.push(Row {
                    about: words.into(),
                    ..row(&subject.name, Some(Level::Absent), "gone".into())
                });
            }
        }
        rows
    }

    /// The worst level of what is watched. A target without a source does not count, and neither does what nothing
    /// is said of.
    pub fn worst(&self, now: DateTime<Utc>) -> Level {
        let rows = self.rows(now).into_iter().filter(|r| !r.has_no_source());
        rows.filter_map(|r| r.level).max().unwrap_or(Level::Ok)
    }

    /// What is not well.
    pub fn unwell(&self, now: DateTime<Utc>) -> Vec<Unwell> {
        let rows = self.rows(now).into_iter().filter(|r| !r.has_no_source());
        rows.filter_map(|row| {
            let level = row.level.filter(|l| *l != Level::Ok)?;
            // What has only just been asked is no reason to stop, and no reason to go either: it is told.
            let asked = self.watch.probe_of(&row.id).is_some_and(|p| self.looked(&p.id).is_some());
            let bad = level != Level::Watch && asked;
            Some(Unwell { words: format!("{}: {}", level.word(), row.words()), bad, row: row.id })
        })
        .collect()
    }
}

/// How many rows have each level: ok, watch, alert, stale, absent.
pub fn count(rows: &[Row]) -> [usize; 5] {
    let mut counts = [0; 5];
    for level in rows.iter().filter(|r| !r.has_no_source()).filter_map(|r| r.level) {
        counts[level as usize] += 1;
    }
    counts
}

/// The one that is meant, made where there is none yet.
fn entry<T>(all: &mut Vec<T>, is: impl Fn(&T) -> bool, fresh: impl FnOnce() -> T) -> &mut T {
    let at = all.iter().position(is).unwrap_or(all.len());
    if at == all.len() {
        all.push(fresh());
    }
    &mut all[at]
}

impl Row {
    /// A target that nothing measures.
    pub fn has_no_source(&self) -> bool {
        matches!(self.id, RowId::Target(_)) && self.figure.is_none()
    }

    /// Name, value and what is known, for a message.
    pub fn words(&self) -> String {
        let parts = [self.now.as_str(), self.about.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        format!("{} {}", self.title, parts.join(", ")).trim_end().to_owned()
    }
}

/// The measure that a subject's history is drawn of.
fn main_measure(subject: &Subject) -> Option<Measure> {
    subject.measured.first().map(|m| m.measure)
}

/// Why what was seen then says nothing about now.
fn stale(probe: &Probe, at: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    let age = now.signed_duration_since(at).num_milliseconds();
    let late = (probe.every_s * 3000 + probe.timeout_ms) as i64;
    (age > late).then(|| format!("last seen {} ago", span((age / 1000) as u64)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::config::WatchSettings;
    use crate::runbook;

    #[test]
    fn what_answers_again_raises_nothing() {
        let book = runbook::read("# T\n## Steps\n```bash\ncurl http://h.example/health\n```\n");
        let watch = Watch::of(&book, None, false, &WatchSettings::default()).unwrap();
        let probe = watch.probes.iter().find(|p| p.source.kind() == "http").unwrap().id.clone();
        let mut health = Health { watch, ..Health::default() };
        let mut now = DateTime::UNIX_EPOCH;
        let mut take = |answers: bool| {
            now += TimeDelta::seconds(5);
            let seen = if answers {
                Seen::Subjects(vec![Subject { level: Some(Level::Ok), ..Subject::default() }])
            } else {
                Seen::Absent("connection refused".into())
            };
            let counted = health.take(&Sample { probe: probe.clone(), at: now, seen });
            (counted[0].is_bad(), counted[0].raises())
        };
        assert_eq!([take(true), take(false)], [(false, false); 2]);
        assert_eq!(take(false), (true, true), "twice in a row counts");
        assert_eq!([take(true), take(true)], [(true, false); 2], "not well yet, and no news");
        assert_eq!(take(true), (false, false));
    }
}
