//! Units of systemd: those that `systemctl`, `journalctl -u` and `service` name.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Derived, Kind, settings};
use crate::runbook::measures::Measure;
use crate::shell::parse::Simple;

/// Units of one manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Systemd {
    /// The units, with their suffix.
    pub units: Vec<String>,
    /// They are the user's own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub user: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    units: Option<Vec<String>>,
    user: Option<bool>,
}

impl Kind for Systemd {
    const NAME: &'static str = "systemd";
    const SETTINGS: &'static [&'static str] = &["units", "user"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        [(false, "systemd", "units"), (true, "systemd.user", "units of the user")]
            .into_iter()
            .filter_map(|(user, id, title)| probe(document, user, (id, title)))
            .collect()
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("units").then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if let Some(units) = said.units {
            if let Some(wrong) = units.iter().find(|unit| !is_name(unit)) {
                return Err(format!("\"{wrong}\" is not the name of a unit"));
            }
            self.units = units.iter().map(|unit| whole(unit)).collect();
        }
        self.user = said.user.unwrap_or(self.user);
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }
}

fn probe(document: &Document<'_>, user: bool, (id, title): (&str, &str)) -> Option<Derived<Systemd>> {
    let mut first = None;
    let mut units: Vec<String> = Vec::new();
    for (command, simple) in document.seen.of(&["systemctl", "journalctl", "service"]) {
        if simple.has("--user") != user {
            continue;
        }
        for unit in named(&simple) {
            first.get_or_insert(command.span.line);
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
    }
    let source = Systemd { units, user };
    Some(Derived::at(id, title.to_owned(), source, (first?, 10)))
}

/// The units that a command names for sure.
fn named(simple: &Simple) -> Vec<String> {
    const VERBS: &[&str] = &[
        "status",
        "start",
        "stop",
        "restart",
        "reload",
        "try-restart",
        "reload-or-restart",
        "is-active",
        "is-failed",
        "enable",
        "disable",
    ];
    let words: Vec<&str> = simple.args().iter().map(String::as_str).collect();
    let plain = || words.iter().copied().filter(|word| !word.starts_with('-'));
    let found: Vec<&str> = match simple.program() {
        "systemctl" => match plain().next() {
            Some(verb) if VERBS.contains(&verb) => plain().skip(1).collect(),
            _ => vec![],
        },
        "service" => plain().take(1).collect(),
        _ => words
            .iter()
            .enumerate()
            .filter_map(|(at, word)| match *word {
                "-u" | "--unit" => words.get(at + 1).copied(),
                word => {
                    word.strip_prefix("--unit=").or_else(|| word.strip_prefix("-u").filter(|u| !u.is_empty()))
                }
            })
            .collect(),
    };
    found.into_iter().filter(|unit| is_name(unit)).map(whole).collect()
}

/// Whether a word can be a unit's name (systemd.unit(5)), and stands for one alone.
fn is_name(word: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c);
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.len() < 256
        && word.chars().all(allowed)
        && !word.ends_with('@')
}

/// A name with its suffix: a service, where it has none.
fn whole(unit: &str) -> String {
    const SUFFIXES: &[&str] =
        &[".service", ".socket", ".timer", ".target", ".mount", ".path", ".slice", ".scope"];
    let named = SUFFIXES.iter().any(|suffix| unit.ends_with(suffix));
    if named { unit.to_owned() } else { format!("{unit}.service") }
}
