//! What the settings say about probes, targets, messages and hooks: as written, then as checked.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::error::ConfigError;

/// What is said about a probe of the document, or a probe of its own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ProbeSettings {
    /// It is sampled.
    pub on: Option<bool>,
    /// What it is called.
    pub title: Option<String>,
    /// Time between two samples.
    #[serde(deserialize_with = "time")]
    #[schemars(with = "Option<String>")]
    pub every: Option<Duration>,
    /// After this there is no answer.
    #[serde(deserialize_with = "time")]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Duration>,
    /// What else is said, for the kind of source that it is.
    #[serde(flatten)]
    #[schemars(skip)]
    pub own: toml::Table,
}

/// What is said about probes and targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WatchSettings {
    /// By the probe's name.
    pub probes: BTreeMap<String, ProbeSettings>,
    /// By the metric: `PROBE MEASURE`.
    pub targets: BTreeMap<String, String>,
    /// How long figures of several answers look back.
    pub window: Option<Duration>,
}

impl WatchSettings {
    /// These, with what another says over them.
    pub(super) fn merge(&mut self, over: Self) {
        self.probes.extend(over.probes);
        self.targets.extend(over.targets);
        self.window = over.window.or(self.window);
    }
}

/// What a message is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Milestone {
    /// The run began.
    Started,
    /// A step stopped the service.
    Down,
    /// A health check was answered well after it was down.
    Up,
    /// It was rolled back.
    RolledBack,
    /// The run has another outcome.
    Done,
    /// A level came to be an alert, down or not seen, or ended to be.
    Alert,
    /// A monitoring round was missed or is open.
    Round,
}

impl Milestone {
    /// As the settings name it.
    pub fn word(self) -> &'static str {
        match self {
            Milestone::Started => "started",
            Milestone::Down => "down",
            Milestone::Up => "up",
            Milestone::RolledBack => "rolled-back",
            Milestone::Done => "done",
            Milestone::Alert => "alert",
            Milestone::Round => "round",
        }
    }

    /// All of them.
    pub const ALL: [Milestone; 7] = [
        Milestone::Started,
        Milestone::Down,
        Milestone::Up,
        Milestone::RolledBack,
        Milestone::Done,
        Milestone::Alert,
        Milestone::Round,
    ];
}

/// Commands that are asked before something is done, and may refuse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HookSettings {
    /// Before a run starts.
    pub before_start: Option<String>,
    /// Before a gate is taken.
    pub before_gate: Option<String>,
    /// Before a run ends as deployed.
    pub before_finish: Option<String>,
}

impl HookSettings {
    /// The commands that are set, by the names of their settings.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("before_start", &self.before_start),
            ("before_gate", &self.before_gate),
            ("before_finish", &self.before_finish),
        ];
        all.into_iter().filter_map(|(name, command)| Some((name, command.as_deref()?)))
    }

    pub(super) fn merge(&mut self, over: Self) {
        self.before_start = over.before_start.or(self.before_start.take());
        self.before_gate = over.before_gate.or(self.before_gate.take());
        self.before_finish = over.before_finish.or(self.before_finish.take());
    }
}

/// Reads a time such as `60s` or `2m`.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong =
        |_| D::Error::custom(format!("\"{text}\" is not a time; write one such as \"60s\" or \"2m\""));
    humantime::parse_duration(&text).map(Some).map_err(wrong)
}

/// Checks what is written about probes.
pub(super) fn check(path: &Path, probes: &BTreeMap<String, ProbeSettings>) -> Result<(), ConfigError> {
    probes.iter().try_for_each(|(name, probe)| {
        let wrong = |why| ConfigError::Probe { path: path.to_owned(), name: name.clone(), why };
        probe.check().map_err(wrong)
    })
}

impl ProbeSettings {
    /// A secret stands in no file: a header that names one has the name of a variable.
    fn check(&self) -> Result<(), String> {
        let headers = self.own.get("headers").and_then(toml::Value::as_table);
        let literal = |(name, value): &(&String, &toml::Value)| {
            let lower = name.to_lowercase();
            let secret =
                ["authorization", "cookie", "token", "key", "secret"].iter().any(|w| lower.contains(w));
            secret && !value.as_str().is_some_and(|value| value.starts_with('$'))
        };
        match headers.into_iter().flatten().find(literal) {
            Some((header, _)) => Err(format!(
                "{header} contains a credential: write $NAME, and set that variable or parameter"
            )),
            None => Ok(()),
        }
    }
}
