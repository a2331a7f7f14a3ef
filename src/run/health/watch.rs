//! What is watched in a run: probes, and the rows of the targets table with where each gets its figure.

use serde::{Deserialize, Serialize};

use super::level::Bounds;
use super::sample::{Figure, RowId};
use super::settings;
use crate::config::{Settings, WatchSettings};
use crate::run::environment::is_production;
use crate::runbook::measures::{Bound, Measure};
use crate::runbook::model::{Said, Threshold};
use crate::runbook::probes::{Credential, Probe, ProbeId, Source};
use crate::runbook::{self, Environment, Runbook};

/// A row of the targets table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The metric's name in the document.
    pub metric: String,
    /// The line.
    pub line: usize,
    /// Where its figure comes from, or why it has none.
    pub source: Result<Figure, String>,
    /// What the document says of it.
    pub bounds: Bounds,
    /// The same as the document writes it: target, acceptable, alert.
    pub written: [String; 3],
    /// Seconds for which it has to be beyond its bounds before that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_s: Option<u64>,
    /// What the document says to do then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Where the document says it.
    #[serde(default, skip_serializing_if = "Said::is_table")]
    pub said: Said,
    /// It is judged: a row of a table is, what a sentence says once somebody has agreed to it.
    #[serde(default = "judged", skip_serializing_if = "is_judged")]
    pub on: bool,
}

impl Default for Target {
    /// One of nothing, judged.
    fn default() -> Self {
        Self {
            metric: String::new(),
            line: 0,
            source: Err("not measured".into()),
            bounds: Bounds::default(),
            written: Default::default(),
            for_s: None,
            action: None,
            said: Said::Table,
            on: true,
        }
    }
}

/// Targets of older runs are rows of tables.
fn judged() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_judged(on: &bool) -> bool {
    *on
}

/// What is watched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// All probes, those that are off too.
    pub probes: Vec<Probe>,
    /// The targets, in the document's order.
    pub targets: Vec<Target>,
    /// Seconds that figures of several answers are of, where the settings say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_s: Option<u64>,
}

/// Figures of several answers are of so many seconds, unless the settings say something else.
const WINDOW_S: u64 = 120;

impl Watch {
    /// What a document and the settings say can be watched in an environment of its, by that environment's name.
    pub fn in_environment(
        runbook: &Runbook,
        environment: &Environment,
        settings: &Settings,
    ) -> Result<Self, String> {
        let production = is_production(environment, settings.production(&environment.name));
        Self::of(runbook, Some(environment), production, &settings.watch_in(&environment.name))
    }

    /// What a document and the settings say can be watched in an environment.
    pub fn of(
        runbook: &Runbook,
        environment: Option<&Environment>,
        production: bool,
        settings: &WatchSettings,
    ) -> Result<Self, String> {
        let mut probes = runbook::probes::probes(runbook, environment, production);
        settings::apply(settings, &mut probes)?;
        let window_s = settings.window.map(|window| window.as_secs().max(1));
        let mut watch = Self { probes, targets: vec![], window_s };
        watch.bind(runbook, settings)?;
        Ok(watch)
    }

    /// Binds the targets to the probes that are on.
    fn bind(&mut self, runbook: &Runbook, settings: &WatchSettings) -> Result<(), String> {
        let named = bindings(settings, &self.probes)?;
        let bound = |target: &runbook::Target| {
            let given = named.iter().find(|(metric, _)| metric.eq_ignore_ascii_case(&target.metric));
            let source = match given {
                Some((_, figure)) => Ok(figure.clone()),
                None => self.queried(target).unwrap_or_else(|| self.source(&target.metric)),
            };
            let measure =
                source.as_ref().ok().map(|f| f.measure).or_else(|| Measure::of_metric(&target.metric));
            let read =
                |threshold: &Option<Threshold>| Bound::read(threshold.as_ref()?, measure?, &target.metric);
            let bounds = Bounds {
                target: read(&target.target),
                acceptable: read(&target.acceptable),
                alert: read(&target.alert),
            };
            let written = [&target.target, &target.acceptable, &target.alert].map(|t| written(t.as_ref()));
            // Who names where a figure comes from wants it judged.
            let chosen =
                self.targets.iter().find(|known| known.metric == target.metric).map(|known| known.on);
            Target {
                metric: target.metric.clone(),
                line: target.line,
                source,
                bounds,
                written,
                for_s: target.for_s,
                action: target.action.clone(),
                said: target.said,
                on: chosen.unwrap_or(target.said.is_table() || given.is_some()),
            }
        };
        self.targets = runbook.targets.iter().map(bound).collect();
        Ok(())
    }

    /// Turns a probe on or off, and binds what depends on it.
    pub fn turn(&mut self, id: &ProbeId, on: bool, runbook: &Runbook, settings: &WatchSettings) {
        if let Some(probe) = self.probes.iter_mut().find(|p| &p.id == id) {
            probe.on = on;
        }
        // The settings were taken before; they have not changed.
        let _same = self.bind(runbook, settings);
    }

    /// Commands of the settings that print passwords of probes that are on.
    pub fn credential_commands(&self) -> Vec<String> {
        let on = self.probes.iter().filter(|p| p.on);
        let commands = on.filter_map(|p| match p.source.credential() {
            Some(Credential::Command(command)) => Some(command.clone()),
            _ => None,
        });
        commands.collect()
    }

    /// Seconds that figures of several answers are of.
    pub fn window_s(&self) -> i64 {
        // Answers are kept for a quarter of an hour.
        self.window_s.unwrap_or(WINDOW_S).min(super::answers::KEPT_S as u64) as i64
    }

    /// The probe of this name.
    pub fn probe(&self, id: &ProbeId) -> Option<&Probe> {
        self.probes.iter().find(|p| &p.id == id)
    }

    /// The target that a row is of.
    pub fn target(&self, row: &RowId) -> Option<&Target> {
        self.targets.iter().find(|t| matches!(row, RowId::Target(metric) if *metric == t.metric))
    }

    /// The probe whose figures a row shows; none for a target without a source.
    pub fn probe_of(&self, row: &RowId) -> Option<&Probe> {
        match row {
            RowId::Subject(probe, _) => self.probe(probe),
            RowId::Target(_) => self.probe(&self.target(row)?.source.as_ref().ok()?.probe),
        }
    }

    /// Judges what a sentence says, or does not.
    pub fn judge(&mut self, metric: &str, on: bool) {
        self.targets.iter_mut().filter(|target| target.metric == metric).for_each(|target| target.on = on);
    }

    /// The targets, by their place among all, that sentences say and that a probe could measure: they are judged once somebody
    /// agrees.
    pub fn proposed(&self) -> impl Iterator<Item = (usize, &Target)> {
        self.targets.iter().enumerate().filter(|(_, target)| {
            let off = target.source.as_ref().is_err_and(|why| why.ends_with(" is off"));
            !target.said.is_table() && (target.source.is_ok() || off) && target.bounds != Bounds::default()
        })
    }

    /// The probe that asks the expression which the document gives for a target.
    fn queried(&self, target: &runbook::Target) -> Option<Result<Figure, String>> {
        let query = target.query.as_deref()?;
        let asks = |p: &&Probe| matches!(&p.source, Source::Prometheus(asked) if asked.query == query);
        let probe = self.probes.iter().find(asks)?;
        let Source::Prometheus(asked) = &probe.source else { return None };
        if !probe.on {
            return Some(Err(format!("not measured: {} is off", probe.id)));
        }
        Some(Ok(Figure { probe: probe.id.clone(), subject: String::new(), measure: asked.measure() }))
    }

    /// Where the document itself has a metric measured, or why that can't be told.
    fn source(&self, metric: &str) -> Result<Figure, String> {
        let none = || "not measured: the settings name no source".to_owned();
        let measure = Measure::of_metric(metric).ok_or_else(none)?;
        let measured: Vec<&Probe> =
            self.probes.iter().filter(|p| p.source.measures().contains(&measure)).collect();
        let probe = measured.iter().find(|p| p.on).or(measured.first()).copied();
        let probe = probe.ok_or_else(none)?;
        if !probe.on {
            return Err(format!("not measured: {} is off", probe.id));
        }
        Ok(Figure { probe: probe.id.clone(), subject: String::new(), measure })
    }
}

fn written(threshold: Option<&Threshold>) -> String {
    threshold.map_or(String::new(), |t| format!("{}{}{}", t.op, t.value, t.unit))
}

/// Targets that the settings bind: the metric's name and its figure, written `PROBE MEASURE` or
/// `PROBE SUBJECT MEASURE`.
fn bindings(settings: &WatchSettings, probes: &[Probe]) -> Result<Vec<(String, Figure)>, String> {
    settings
        .targets
        .iter()
        .map(|(metric, text)| {
            let wrong = |why: String| format!("targets: \"{metric}\" = \"{text}\": {why}");
            let words: Vec<&str> = text.split_whitespace().collect();
            let (probe, subject, measure) = match words.as_slice() {
                [probe, measure] => (*probe, "", *measure),
                [probe, subject, measure] => (*probe, *subject, *measure),
                _ => return Err(wrong("write a probe and a measure, such as \"http.1 error_rate\"".into())),
            };
            let measure = Measure::named(measure).ok_or_else(|| {
                let known: Vec<&str> = Measure::ALL.iter().map(|m| m.name()).collect();
                wrong(format!("there is no measure {measure}; there are {}", known.join(", ")))
            })?;
            if !probes.iter().any(|p| p.id.0 == probe) {
                let known: Vec<&str> = probes.iter().map(|p| p.id.0.as_str()).collect();
                return Err(wrong(format!("there is no probe {probe}; there are {}", known.join(", "))));
            }
            let figure = Figure { probe: ProbeId(probe.to_owned()), subject: subject.to_owned(), measure };
            Ok((metric.clone(), figure))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::run::health::{Health, Level, Measured, Sample, Seen, Subject};
    use crate::runbook::read;

    const DOCUMENT: &str = "# T\n\n## Steps\n\n```bash\n./deploy\n```\n\n## Targets\n\n| Metric | Alert | Action |\n|---|---|---|\n\
        | Memory usage | > 90% for 2 minutes | Restart |\n\n## Success Criteria\n\n- CPU usage < 50%\n- Queue depth < 10\n";

    fn watched() -> Watch {
        Watch::of(&read(DOCUMENT), None, false, &WatchSettings::default()).unwrap()
    }

    #[test]
    fn what_a_sentence_says_is_judged_once_somebody_agrees() {
        let mut watch = watched();
        let proposed: Vec<&str> = watch.proposed().map(|(_, target)| target.metric.as_str()).collect();
        assert_eq!(proposed, ["CPU usage"], "nothing measures a queue");
        let rows = |watch: &Watch| {
            let rows = Health::new(watch.clone()).rows(DateTime::UNIX_EPOCH);
            rows.iter().filter(|row| matches!(row.id, RowId::Target(_))).count()
        };
        assert_eq!(rows(&watch), 1, "the table's");
        watch.judge("CPU usage", true);
        assert_eq!(rows(&watch), 2);
        watch.turn(&ProbeId("host".into()), true, &read(DOCUMENT), &WatchSettings::default());
        assert_eq!(rows(&watch), 2, "it stays agreed to");
        assert_eq!(watch.targets[0].action.as_deref(), Some("Restart"));
        // As the journal keeps it, and as journals before had it.
        let kept = serde_json::to_value(&watch).unwrap();
        assert_eq!(serde_json::from_value::<Watch>(kept).unwrap(), watch);
        let old = r#"{"metric":"m","line":1,"source":{"Err":"none"},"bounds":{},"written":["","",""]}"#;
        assert!(serde_json::from_str::<Target>(old).unwrap().on);
    }

    #[test]
    fn what_has_to_last_is_something_to_watch_until_it_has() {
        let mut health = Health::new(watched());
        let mut now = DateTime::UNIX_EPOCH;
        let mut level = |memory: f64| {
            now += TimeDelta::seconds(30);
            let measured = vec![Measured::one(Measure::Memory, memory)];
            let subject = Subject { measured, ..Subject::default() };
            health.take(&Sample {
                probe: ProbeId("host".into()),
                at: now,
                seen: Seen::Subjects(vec![subject]),
            });
            health.rows(now)[0].clone()
        };
        assert_eq!(level(80.0).level, Some(Level::Ok));
        let first = level(95.0);
        assert_eq!(first.level, Some(Level::Watch));
        assert!(first.about.contains("beyond it for"), "{}", first.about);
        assert_eq!([level(95.0), level(95.0), level(95.0)].map(|row| row.level), [Some(Level::Watch); 3]);
        assert_eq!(level(95.0).level, Some(Level::Alert), "two minutes");
        assert_eq!(level(80.0).level, Some(Level::Ok));
        assert_eq!(level(95.0).level, Some(Level::Watch), "it begins again");
    }

    #[test]
    fn what_has_to_last_longer_than_readings_are_kept_one_by_one_counts_too() {
        let document = DOCUMENT.replace("2 minutes", "30 minutes");
        let watch = Watch::of(&read(&document), None, false, &WatchSettings::default()).unwrap();
        let (mut health, mut now) = (Health::new(watch), DateTime::UNIX_EPOCH);
        let mut alert_after = None;
        for look in 0..400 {
            let measured = vec![Measured::one(Measure::Memory, 95.0)];
            let seen = Seen::Subjects(vec![Subject { measured, ..Subject::default() }]);
            health.take(&Sample { probe: ProbeId("host".into()), at: now, seen });
            if health.rows(now)[0].level == Some(Level::Alert) {
                alert_after.get_or_insert(look * 5);
            }
            now += TimeDelta::seconds(5);
        }
        assert_eq!(alert_after, Some(1800));
    }
}
