//! The health of a run: samples in. What it is at a time stands in `rows`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::answers::{Answers, KEPT_S, is_windowed};
use super::counting::{self, Counting, Was};
use super::history::{Glance, History};
use super::reason::Unseen;
use super::row::{Reading, Row};
use super::{Bounds, Figure, Level, Measured, Point, RowId, Sample, Seen, Series, Subject, Usual, Watch};
use crate::runbook::measures::Measure;
use crate::runbook::probes::{Probe, ProbeId, Source};

/// A subject that is not seen any more is kept for so many samples, then forgotten: a container that was removed.
const KEPT_GONE: u32 = 60;

/// Figures of several answers.
const WINDOWED: [Measure; 5] =
    [Measure::LatencyP50, Measure::LatencyP95, Measure::LatencyP99, Measure::LatencyMean, Measure::ErrorRate];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Tracked {
    pub(super) figure: Figure,
    pub(super) series: Series,
    /// How it was before, once that was taken.
    #[serde(default)]
    pub(super) before: Option<Usual>,
    pub(super) n: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Looked {
    pub(super) probe: ProbeId,
    /// When it was asked last.
    pub(super) at: DateTime<Utc>,
    /// Why it saw nothing, if it did. Older readings call it `absent`.
    #[serde(default, alias = "absent")]
    pub(super) nothing: Option<Unseen>,
    /// When it last saw something.
    pub(super) seen_at: Option<DateTime<Utc>>,
    pub(super) subjects: Vec<Subject>,
    /// Subjects it saw before and does not any more, and for how many samples.
    pub(super) gone: Vec<(Subject, u32)>,
    pub(super) samples: u64,
}

/// A row after a sample, with the level that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The row.
    pub row: RowId,
    /// The level that counts, not the one of the last sample.
    pub level: Level,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The level of the last sample.
    pub seen: Option<Level>,
    /// What counted until this sample, where the sample changed it.
    pub from: Option<Was>,
    /// It was well at some time.
    pub was_well: bool,
    /// What is seen now, in words.
    pub words: String,
    /// The worst since it was last ok, as people read it.
    pub worst: Option<String>,
}

impl Counted {
    /// Whether what counts is bad.
    pub fn is_bad(&self) -> bool {
        self.level.is_bad()
    }

    /// Whether it may become an alert with this sample. What answers again still counts as bad for some samples, and
    /// is no news then: it was bad while nobody wanted to hear of it.
    pub fn raises(&self) -> bool {
        self.is_bad() && self.was_well && self.seen.is_some_and(Level::is_bad)
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
    /// When it was looked at first.
    #[serde(default)]
    pub(super) began: Option<DateTime<Utc>>,
    /// Since when anything is known, where a source knew it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) earlier: Option<DateTime<Utc>>,
    pub(super) looked: Vec<Looked>,
    pub(super) tracked: Vec<Tracked>,
    pub(super) counting: Vec<Counting>,
    /// The answers of each address, one by one.
    #[serde(default)]
    pub(super) answers: Vec<(ProbeId, Answers)>,
    /// When the time before was taken as that; until then it goes on.
    pub baseline_at: Option<DateTime<Utc>>,
}

impl Health {
    /// Nothing seen yet.
    pub fn new(watch: Watch) -> Self {
        Self { watch, ..Self::default() }
    }

    /// Takes a sample in; the rows that its probe has to do with, each with the level that counts now.
    pub fn take(&mut self, sample: &Sample) -> Vec<Counted> {
        let Some(probe) = self.watch.probe(&sample.probe).cloned() else { return vec![] };
        if let Seen::Earlier(measure, points) = &sample.seen {
            self.take_earlier(&sample.probe, *measure, points);
            return vec![];
        }
        self.began.get_or_insert(sample.at);
        self.look(sample);
        let address = matches!(probe.source, Source::Http(_));
        let answered = address && self.answered(sample);
        if let Seen::Subjects(subjects) = &sample.seen {
            for subject in subjects {
                let own = subject.measured.iter().filter(|m| !(address && self.has_answers(&probe.id, **m)));
                let own: Vec<Measured> = own.copied().collect();
                for measured in own {
                    self.track(sample, &subject.name, measured);
                }
            }
        }
        if answered {
            self.track_windows(sample, &probe);
        }
        self.note_beyond(sample);
        let mut rows = self.rows(sample.at);
        rows.retain(|r| self.watch.probe_of(&r.id).is_some_and(|p| p.id == sample.probe));
        rows.into_iter().filter_map(|row| self.count_in(row, sample.at)).collect()
    }

    /// Takes in how a figure was before it was looked at. It is drawn and compared with, and is no news: nothing counts for
    /// it, and nobody is told.
    fn take_earlier(&mut self, probe: &ProbeId, measure: Measure, points: &[Point]) {
        let figure = Figure { probe: probe.clone(), subject: String::new(), measure };
        let Some(first) = points.first().filter(|_| self.tracked(&figure).is_none()) else { return };
        let dated = |point: &Point| DateTime::from_timestamp(point.at, 0).map(|at| (at, point.value));
        let dated: Vec<(DateTime<Utc>, f64)> = points.iter().filter_map(dated).collect();
        let mut series = Series::default();
        for (at, value) in &dated {
            series.add(*at, *value);
        }
        self.tracked.push(Tracked { figure: figure.clone(), series, before: None, n: None });
        let judged = self.watch.targets.iter().filter(|t| t.on && t.source.as_ref() == Ok(&figure));
        let mut rows: Vec<(RowId, Option<Bounds>)> =
            judged.map(|t| (RowId::Target(t.metric.clone()), Some(t.bounds))).collect();
        rows.push((RowId::Subject(probe.clone(), String::new()), None));
        for (row, bounds) in rows {
            let counting = entry(&mut self.counting, |c| c.row == row, || Counting::new(row.clone()));
            for (at, value) in &dated {
                let level = bounds.as_ref().and_then(|bounds| bounds.level(*value));
                counting.history.add(*at, level.map_or(Glance::Plain, Glance::from), level);
            }
        }
        let earlier = DateTime::from_timestamp(first.at, 0);
        self.earlier = [self.earlier, earlier].into_iter().flatten().min();
    }

    /// Notes since when a figure has been beyond what alerts only once it has lasted. A look that has no figure says
    /// nothing of it.
    fn note_beyond(&mut self, sample: &Sample) {
        let lasting = self.watch.targets.iter().filter(|t| t.on && t.for_s.is_some());
        let mine =
            lasting.filter_map(|t| Some((t, t.source.as_ref().ok().filter(|f| f.probe == sample.probe)?)));
        let levels = mine.filter_map(|(target, figure)| {
            let reading = self.reading(figure, sample.at).ok()?;
            Some((RowId::Target(target.metric.clone()), reading.level(figure.measure, &target.bounds)))
        });
        let levels: Vec<(RowId, Option<Level>)> = levels.collect();
        for (row, level) in levels {
            let counting = entry(&mut self.counting, |c| c.row == row, || Counting::new(row.clone()));
            let beyond = (level == Some(Level::Alert)).then(|| counting.beyond.unwrap_or(sample.at));
            counting.beyond = beyond;
        }
    }

    /// A figure of several answers is made here, of the answers.
    fn has_answers(&self, probe: &ProbeId, measured: Measured) -> bool {
        is_windowed(measured.measure) && self.answers_of(probe).is_some()
    }

    /// Notes the answer, or that there was none, and whether it did: what could not be looked at says nothing of the
    /// address.
    fn answered(&mut self, sample: &Sample) -> bool {
        let (took, error) = match &sample.seen {
            Seen::Nothing(unseen) if unseen.level() == Some(Level::NotSeen) => return false,
            Seen::Earlier(..) => return false,
            Seen::Nothing(_) => (None, true),
            Seen::Subjects(subjects) => {
                let Some(subject) = subjects.first() else { return false };
                let of = |measure| subject.measured.iter().find(|m| m.measure == measure).map(|m| m.value);
                let took = of(Measure::Latency);
                let bad = subject.level.is_some_and(|l| l > Level::NotSeen);
                if took.is_none() && !bad {
                    return false;
                }
                (took, took.is_none() || of(Measure::ErrorRate).map_or(bad, |rate| rate > 0.0))
            }
        };
        let is = |(probe, _): &(ProbeId, Answers)| *probe == sample.probe;
        let fresh = || (sample.probe.clone(), Answers::default());
        entry(&mut self.answers, is, fresh).1.add(sample.at, took, error);
        true
    }

    /// The figures of the window after a sample, as far as there are any.
    fn track_windows(&mut self, sample: &Sample, probe: &Probe) {
        let (seconds, limit) = (self.watch.window_s(), probe.timeout_ms as f64);
        let Some(answers) = self.answers_of(&probe.id) else { return };
        let figure = |measure| {
            let figure = answers.figure(measure, sample.at, seconds, limit)?;
            Some(Measured { measure, value: figure.value, n: Some(figure.n) })
        };
        let measured: Vec<Measured> = WINDOWED.into_iter().filter_map(figure).collect();
        for measured in measured {
            self.track(sample, "", measured);
        }
    }

    /// Takes a row's level in; nothing where none counts.
    fn count_in(&mut self, row: Row, at: DateTime<Utc>) -> Option<Counted> {
        let is = |c: &Counting| c.row == row.id;
        let counting = entry(&mut self.counting, is, || Counting::new(row.id.clone()));
        let seen = counting::Seen {
            at,
            level: row.level,
            reason: row.reason,
            value: row.value,
            high_is_bad: row.bounds.high_is_bad(),
        };
        let from = counting.take(seen);
        let (level, was_well, since) = (counting.steady.level()?, counting.well, counting.since);
        let worst = from.as_ref().map_or(counting.worst, |was| was.worst);
        let worst = worst.zip(row.figure.as_ref()).map(|(value, f)| super::amount(f.measure, value));
        // Told in the log and in messages, away from the screen that says where it is looked from.
        let seen_from = self.from.as_ref().map_or(String::new(), |host| format!(" (seen from {host})"));
        let words = row.words() + &seen_from;
        Some(Counted { level, since, seen: row.level, from, was_well, words, worst, row: row.id })
    }

    /// What a probe is called: the host that is looked at is this machine only where nothing else is looked from.
    pub(super) fn title(&self, probe: &Probe) -> String {
        match (&probe.source, &self.from) {
            (Source::Host(_), Some(host)) => format!("host {host}"),
            _ => probe.title.clone(),
        }
    }

    fn look(&mut self, sample: &Sample) {
        let fresh = || Looked {
            probe: sample.probe.clone(),
            at: sample.at,
            nothing: None,
            seen_at: None,
            subjects: vec![],
            gone: vec![],
            samples: 0,
        };
        let looked = entry(&mut self.looked, |l| l.probe == sample.probe, fresh);
        looked.at = sample.at;
        looked.samples += 1;
        match &sample.seen {
            Seen::Earlier(..) => {}
            Seen::Nothing(unseen) => looked.nothing = Some(unseen.clone()),
            Seen::Subjects(subjects) => {
                looked.nothing = None;
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
        let fresh = || Tracked { figure: figure.clone(), series: Series::default(), before: None, n: None };
        let tracked = entry(&mut self.tracked, is, fresh);
        tracked.series.add(sample.at, measured.value);
        tracked.n = measured.n;
    }

    /// From now on differences are told since now: against the quarter of an hour before it.
    pub fn rebase(&mut self, at: DateTime<Utc>) {
        self.baseline_at = Some(at);
        let usual: Vec<Option<Usual>> = self.tracked.iter().map(|t| self.usual_at(&t.figure, at)).collect();
        for (tracked, usual) in self.tracked.iter_mut().zip(usual) {
            tracked.before = usual;
        }
    }

    /// The same where nobody has done so yet: the service is about to be changed.
    pub fn rebase_once(&mut self, at: DateTime<Utc>) {
        if self.baseline_at.is_none() {
            self.rebase(at);
        }
    }

    /// How a figure was before: in the quarter of an hour before the baseline was taken, or before now.
    pub fn usual(&self, figure: &Figure, now: DateTime<Utc>) -> Option<Usual> {
        match self.baseline_at {
            Some(_) => self.tracked(figure)?.before,
            None => self.usual_at(figure, now),
        }
    }

    fn usual_at(&self, figure: &Figure, at: DateTime<Utc>) -> Option<Usual> {
        let from = at.timestamp() - KEPT_S;
        let series = &self.tracked(figure)?.series;
        let usual =
            Usual::of(series.fine().filter(|p| p.at > from && p.at <= at.timestamp()).map(|p| p.value))?;
        // A percentile of the whole time says more than the median of those of its parts.
        let limit = self.watch.probe(&figure.probe).map_or(0.0, |p| p.timeout_ms as f64);
        let answers = self.answers_of(&figure.probe).filter(|_| is_windowed(figure.measure));
        let whole = answers.and_then(|a| a.figure(figure.measure, at, KEPT_S, limit));
        Some(whole.map_or(usual, |whole| Usual { median: whole.value, n: whole.n, ..usual }))
    }

    pub(super) fn answers_of(&self, probe: &ProbeId) -> Option<&Answers> {
        self.answers.iter().find(|(of, _)| of == probe).map(|(_, answers)| answers)
    }

    pub(super) fn counting(&self, row: &RowId) -> Option<&Counting> {
        self.counting.iter().find(|c| &c.row == row)
    }

    /// What level a row had at each look.
    pub fn history(&self, row: &RowId) -> Option<&History> {
        self.counting(row).map(|c| &c.history)
    }

    /// Since when a row stands as it does, or has had no level.
    pub fn since(&self, row: &Row) -> Option<DateTime<Utc>> {
        let counting = self.counting(&row.id)?;
        let turned = counting.turned.filter(|_| row.counts != counting.steady.level());
        counting.without_since.or(turned).or(counting.since)
    }

    /// When it was looked at first.
    pub fn began(&self) -> Option<DateTime<Utc>> {
        self.began
    }

    /// Since when anything is known: what a source keeps by itself reaches back before the first look.
    pub fn known_since(&self) -> Option<DateTime<Utc>> {
        [self.began, self.earlier].into_iter().flatten().min()
    }

    /// When a probe looked last.
    pub fn last_look_of(&self, probe: &ProbeId) -> Option<DateTime<Utc>> {
        self.looked(probe).map(|l| l.at)
    }

    /// When anything was looked at last.
    pub fn last_look(&self) -> Option<DateTime<Utc>> {
        self.looked.iter().map(|l| l.at).max()
    }

    pub(super) fn tracked(&self, figure: &Figure) -> Option<&Tracked> {
        self.tracked.iter().find(|t| &t.figure == figure)
    }

    pub(super) fn looked(&self, probe: &ProbeId) -> Option<&Looked> {
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

    /// The rows of a probe that were looked at.
    pub(super) fn rows_of<'h>(&'h self, probe: &'h ProbeId) -> impl Iterator<Item = &'h RowId> {
        let of = move |row: &&RowId| matches!(row, RowId::Subject(id, _) if id == probe);
        self.counting.iter().map(|c| &c.row).filter(of)
    }

    /// How often a probe was asked.
    pub fn samples(&self, probe: &ProbeId) -> u64 {
        self.looked(probe).map_or(0, |l| l.samples)
    }

    /// A figure at a time: its value, or why there is none.
    pub fn value(&self, figure: &Figure, now: DateTime<Utc>) -> Result<f64, Unseen> {
        self.reading(figure, now).map(|reading: Reading| reading.value)
    }

    /// The bounds of the target that is measured by a figure, if there is one.
    pub(super) fn bounds_of(&self, figure: &Figure) -> Option<&Bounds> {
        let of = |t: &&super::Target| t.source.as_ref().is_ok_and(|f| f == figure);
        self.watch.targets.iter().find(of).map(|t| &t.bounds)
    }
}

/// The one that is meant, made where there is none yet.
fn entry<T>(all: &mut Vec<T>, is: impl Fn(&T) -> bool, fresh: impl FnOnce() -> T) -> &mut T {
    let at = all.iter().position(is).unwrap_or(all.len());
    if at == all.len() {
        all.push(fresh());
    }
    &mut all[at]
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::config::WatchSettings;
    use crate::run::health::{Reason, Target};
    use crate::runbook;
    use crate::runbook::measures::{Bound, Side};

    #[test]
    fn readings_of_before_are_still_read() {
        let old = r#"{"watch":{"probes":[],"targets":[]},"looked":[{"probe":"docker","at":"2026-11-25T21:02:30Z",
            "absent":"socket not found: /x","seen_at":null,"subjects":[{"level":"absent"}],"gone":[],"samples":3}],
            "tracked":[{"figure":{"probe":"host","measure":"cpu"},"series":{"fine":[[1,2.0]],"coarse":[]},
            "baseline":2.0,"n":null}],"counting":[{"row":{"subject":["docker",""]},
            "steady":{"level":"stale","times":0,"worse":false},"well":true}],"baseline_at":null}"#;
        let health: Health = serde_json::from_str(old).unwrap();
        assert_eq!(health.looked[0].nothing.as_ref().map(|u| u.words.as_str()), Some("socket not found: /x"));
        assert_eq!(health.counting[0].steady.level(), Some(Level::NotSeen));
        let text = serde_json::to_string(&health).unwrap();
        assert_eq!(serde_json::from_str::<Health>(&text).unwrap(), health);
    }

    #[test]
    fn how_it_was_before_anybody_looked_is_drawn_and_is_no_news() {
        let figure = Figure { probe: ProbeId("p".into()), subject: String::new(), measure: Measure::Value };
        let bounds = Bounds { alert: Some(Bound { side: Side::Above, value: 5.0 }), ..Bounds::default() };
        let target = Target {
            metric: "Errors".into(),
            source: Ok(figure.clone()),
            bounds,
            on: true,
            ..Target::default()
        };
        let probe = Probe {
            id: figure.probe.clone(),
            title: "p".into(),
            source: Source::Prometheus(crate::runbook::probes::Prometheus::default()),
            line: 0,
            every_s: 15,
            timeout_ms: 2000,
            on: true,
            cost: None,
        };
        let mut health = Health::new(Watch { probes: vec![probe], targets: vec![target], window_s: None });
        let now = DateTime::from_timestamp(1_700_003_600, 0).unwrap();
        let points: Vec<Point> = (0..240)
            .map(|n| Point { at: 1_700_000_000 + n * 15, value: if n == 200 { 9.0 } else { 1.0 } })
            .collect();
        let earlier = Seen::Earlier(Measure::Value, points);
        let mut take = |at, seen| health.take(&Sample { probe: figure.probe.clone(), at, seen });
        assert_eq!(take(now, earlier.clone()), vec![]);
        let measured = vec![Measured::one(Measure::Value, 2.0)];
        let seen = Seen::Subjects(vec![Subject { measured, ..Subject::default() }]);
        let counted = take(now, seen);
        assert!(counted.iter().all(|c| c.from.is_none() && !c.raises()), "{counted:?}");
        assert_eq!(take(now, earlier), vec![], "what is known by now is not taken in once more");
        assert_eq!(health.known_since(), DateTime::from_timestamp(1_700_000_000, 0));
        assert_eq!(health.began(), Some(now), "it was watched since now");
        let history = health.history(&RowId::Target("Errors".into())).unwrap();
        assert_eq!(history.tally(0, i64::MAX).alert, 1);
        let usual = health.usual(&figure, now).unwrap();
        assert!((usual.median - 1.0).abs() < 0.01 && usual.n > 50, "{usual:?}");
    }

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
                Seen::nothing(Reason::Refused, "connection refused")
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
