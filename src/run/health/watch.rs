//! What is watched in a run: probes, and the rows of the targets table with where each gets its figure.

use serde::{Deserialize, Serialize};

use super::level::Bounds;
use super::sample::{Figure, RowId};
use super::settings;
use crate::config::{Settings, WatchSettings};
use crate::run::environment::is_production;
use crate::runbook::measures::{Bound, Measure};
use crate::runbook::model::Threshold;
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
                None => self.source(&target.metric),
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
            Target { metric: target.metric.clone(), line: target.line, source, bounds, written }
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
        let commands = on.filter_map(|p| match &p.source {
            Source::Postgres(database) | Source::Sql { database, .. } => match &database.credential {
                Some(Credential::Command(command)) => Some(command.clone()),
                _ => None,
            },
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

    /// Where the document itself has a metric measured, or why that can't be told.
    fn source(&self, metric: &str) -> Result<Figure, String> {
        let none = || "not measured: the settings name no source".to_owned();
        let measure = Measure::of_metric(metric).ok_or_else(none)?;
        let of = |is: &dyn Fn(&Probe) -> bool| self.probes.iter().find(|p| is(p));
        let probe = match measure {
            Measure::Latency
            | Measure::LatencyP50
            | Measure::LatencyP95
            | Measure::LatencyP99
            | Measure::LatencyMean => of(&|p| matches!(&p.source, Source::Http(r) if r.measures)),
            Measure::Cpu | Measure::Memory | Measure::Swap | Measure::Load | Measure::DiskFree => {
                of(&|p| matches!(p.source, Source::Host { .. }))
            }
            Measure::Connections
            | Measure::LongestTransaction
            | Measure::LocksWaiting
            | Measure::ReplicationLag => of(&|p| matches!(p.source, Source::Postgres(_))),
            _ => None,
        };
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
