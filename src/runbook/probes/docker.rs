//! Containers: services that compose commands name, containers that docker commands name.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Derived, Kind, settings};
use super::looked::literal;
use crate::runbook::measures::Measure;
use crate::shell::classify::compose_words;

/// Containers of a compose project, and containers by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Docker {
    /// The compose project, where it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Services of it that the document names.
    pub services: Vec<String>,
    /// Containers that the document names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
    /// The engine's address; by default `DOCKER_HOST`, else the usual socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    project: Option<String>,
    services: Option<Vec<String>>,
    containers: Option<Vec<String>>,
    engine: Option<String>,
}

impl Kind for Docker {
    const NAME: &'static str = "docker";
    const SETTINGS: &'static [&'static str] = &["project", "services", "containers", "engine"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        probe(document).into_iter().collect()
    }

    fn made(said: &Table) -> Option<Self> {
        ["project", "services", "containers"].iter().any(|name| said.contains_key(*name)).then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        self.project = said.project.or(self.project.take());
        self.engine = said.engine.or(self.engine.take());
        self.services = said.services.unwrap_or(std::mem::take(&mut self.services));
        self.containers = said.containers.unwrap_or(std::mem::take(&mut self.containers));
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }
}

/// Verbs of compose after which services stand.
const WITH_SERVICES: &[&str] =
    &["up", "start", "stop", "restart", "build", "logs", "exec", "run", "rm", "kill", "pull", "ps", "port"];

/// Verbs of docker after which containers stand.
const WITH_CONTAINERS: &[&str] = &["start", "stop", "restart", "logs", "exec", "inspect", "kill", "rm"];

fn probe(document: &Document<'_>) -> Option<Derived<Docker>> {
    let mut line = None;
    let mut services: Vec<String> = Vec::new();
    let mut containers: Vec<String> = Vec::new();
    let mut project = None;
    let programs = ["docker-compose", "docker", "podman-compose", "podman"];
    for (command, simple) in document.seen.of(&programs) {
        line.get_or_insert(command.span.line);
        if let Some(words) = compose_words(&simple) {
            project = project.or_else(|| named_project(simple.args()));
            let [verb, rest @ ..] = words else { continue };
            if !WITH_SERVICES.contains(&verb.as_str()) {
                continue;
            }
            let one = matches!(verb.as_str(), "exec" | "run" | "port");
            let named = rest.iter().map(ToString::to_string).filter(|w| names(w));
            let most = if one { 1 } else { usize::MAX };
            services.extend(named.take(most));
        } else if simple.words.get(1).is_some_and(|verb| WITH_CONTAINERS.contains(&verb.as_str())) {
            containers.extend(simple.args().iter().skip(1).find(|w| names(w)).cloned());
        } else if simple.words.get(1).is_some_and(|verb| verb == "ps") {
            containers.extend(filtered(simple.args()));
        } else if simple.words.get(1).is_some_and(|verb| verb == "run")
            && let Some(at) = simple.words.iter().position(|w| w == "--name")
        {
            containers.extend(simple.words.get(at + 1).filter(|w| names(w)).cloned());
        }
    }
    let unique = |names: Vec<String>| {
        let mut kept: Vec<String> = Vec::new();
        for name in names {
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
        kept
    };
    let source = Docker { project, services: unique(services), containers: unique(containers), engine: None };
    Some(Derived::at("docker", "containers".into(), source, (line?, 10)))
}

/// Containers that `docker ps` is asked for by name: `--filter name=web`, `-f name=web`.
fn filtered(args: &[String]) -> Vec<String> {
    let filters = args.iter().enumerate().filter_map(|(at, word)| match word.as_str() {
        "--filter" | "-f" => args.get(at + 1).map(String::as_str),
        word => word.strip_prefix("--filter="),
    });
    // The engine takes a regular expression there; one that is no name is none for sure.
    let named = filters.filter_map(|filter| filter.strip_prefix("name="));
    named
        .map(|name| name.trim_start_matches(['^', '/']).trim_end_matches('$'))
        .filter(|name| names(name))
        .map(str::to_owned)
        .collect()
}

fn named_project(args: &[String]) -> Option<String> {
    let at = args.iter().position(|a| a == "-p" || a == "--project-name")?;
    args.get(at + 1).filter(|n| literal(n)).cloned()
}

/// Whether a word can be a service's or container's name.
fn names(word: &str) -> bool {
    literal(word)
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}
