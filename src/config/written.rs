//! The settings as a file holds them, and the schema of such a file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::watch::ProbeSettings;
use super::{HookSettings, check, messages, reading, record, store, watch};

/// What a configuration file may hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    /// Who runs. Default: the login name.
    pub(super) operator: Option<String>,
    /// Where runs, journals and recordings are kept; in your own file only.
    pub(super) state_dir: Option<PathBuf>,
    /// The change that runs belong to, for the log.
    pub(super) ticket: Option<String>,
    /// Colours of the screens.
    pub(super) theme: Option<ThemeName>,
    /// How levels of Health are coloured.
    pub(super) palette: Option<Palette>,
    /// What charts are drawn with.
    pub(super) graph: Option<Graph>,
    /// Whether the mouse's wheel scrolls on the screens.
    pub(super) wheel: Option<bool>,
    /// Whether the terminal's title says that something is down, alerts or can't be seen.
    pub(super) title: Option<bool>,
    /// Other keys for what the screens do: one character, or F1 to F12.
    pub(super) keys: BTreeMap<String, String>,
    /// How long a headless run follows a command that does not end by itself, such as 60s.
    #[serde(deserialize_with = "watch::time")]
    #[schemars(with = "Option<String>")]
    pub(super) follow_for: Option<std::time::Duration>,
    /// How long ssh, sudo -i and the like may take to reach their other side, such as 60s.
    #[serde(deserialize_with = "watch::time")]
    #[schemars(with = "Option<String>")]
    pub(super) reach_within: Option<std::time::Duration>,
    /// Answers to parameters of the document. Never a secret.
    pub(super) parameters: BTreeMap<String, String>,
    /// What holds in one environment, by the name that the document gives it.
    pub(super) environments: BTreeMap<String, RawEnvironment>,
    /// What is watched: one of the document by its name, or another one.
    pub(super) probes: BTreeMap<String, ProbeSettings>,
    /// Where a row of the targets table gets its figure: a probe, a subject where it has several, a measure.
    pub(super) targets: BTreeMap<String, String>,
    /// How long figures of several answers look back, such as 2m.
    #[serde(deserialize_with = "watch::time")]
    #[schemars(with = "Option<String>")]
    pub(super) window: Option<std::time::Duration>,
    /// Others are told of these.
    pub(super) messages: messages::RawMessages,
    /// Commands that get the run as JSON on standard input; one that fails refuses.
    pub(super) hooks: HookSettings,
    /// Who puts their name to a run, and how.
    pub(super) sign: record::RawSign,
    /// Where finished logs are kept.
    pub(super) record: record::RawRecord,
    /// How pieces of the document are to be read, by heading or first words.
    pub(super) reading: BTreeMap<String, reading::RawReading>,
    /// How much findings matter here, by their codes.
    pub(super) check: check::RawCheck,
    /// Where a team keeps its runs; in your own file only.
    pub(super) store: Option<store::RawStore>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawEnvironment {
    /// Whether it counts as production, whatever its name.
    pub(super) production: Option<bool>,
    /// Runs only documents whose reading was agreed on.
    pub(super) locked: Option<bool>,
    /// Answers to parameters of the document. Never a secret.
    pub(super) parameters: BTreeMap<String, String>,
    /// What is watched: one of the document by its name, or another one.
    pub(super) probes: BTreeMap<String, ProbeSettings>,
    /// Where a row of the targets table gets its figure: a probe, a subject where it has several, a measure.
    pub(super) targets: BTreeMap<String, String>,
}

/// How the screens are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// Colours for a dark background.
    #[default]
    Dark,
    /// Colours for a light background.
    Light,
    /// Bright and bold, nothing dimmed.
    #[serde(rename = "high-contrast")]
    HighContrast,
    /// No colour; bold, dim and reverse only. `NO_COLOR` chooses it too.
    None,
}

impl ThemeName {
    /// All of them.
    pub const ALL: [ThemeName; 4] =
        [ThemeName::Dark, ThemeName::Light, ThemeName::HighContrast, ThemeName::None];

    /// As the settings name it.
    pub fn name(self) -> &'static str {
        match self {
            ThemeName::Dark => "dark",
            ThemeName::Light => "light",
            ThemeName::HighContrast => "high-contrast",
            ThemeName::None => "none",
        }
    }
}

/// How levels are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// Blue, yellow, coral, white on red: apart for everybody's eyes.
    #[default]
    Apart,
    /// Green, yellow, red: one man in twelve can't tell the first two.
    Traffic,
}

/// What charts are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Graph {
    /// Dots of braille: eight in each cell.
    #[default]
    Braille,
    /// Half blocks, for fonts without braille.
    Block,
    /// Nothing beyond ASCII.
    Ascii,
}

/// The JSON Schema of a file of settings. What a probe may say beside what all of them do is known to whoever knows the
/// kinds of probes.
pub fn schema(of_probes: impl Iterator<Item = &'static str>) -> Value {
    let mut schema = schemars::schema_for!(Raw).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!("gonogo.toml"));
    }
    let probe = schema.pointer_mut("/$defs/ProbeSettings").and_then(Value::as_object_mut);
    if let Some(probe) = probe {
        probe.insert("additionalProperties".to_owned(), json!(false));
        if let Some(known) = probe.get_mut("properties").and_then(Value::as_object_mut) {
            for name in of_probes {
                known.entry(name).or_insert(json!({}));
            }
        }
    }
    schema
}
