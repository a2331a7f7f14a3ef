//! Containers: services that compose commands name, containers that docker commands name.

use super::looked::{Looked, literal};
use super::probe::{Probe, ProbeId, Source, TIMEOUT_MS};
use crate::shell::classify::compose_words;

/// Verbs of compose after which services stand.
const WITH_SERVICES: &[&str] =
    &["up", "start", "stop", "restart", "build", "logs", "exec", "run", "rm", "kill", "pull", "ps", "port"];

/// Verbs of docker after which containers stand.
const WITH_CONTAINERS: &[&str] = &["start", "stop", "restart", "logs", "exec", "inspect", "kill", "rm"];

pub(super) fn probe(seen: &Looked<'_>) -> Option<Probe> {
    let mut line = None;
    let mut services: Vec<String> = Vec::new();
    let mut containers: Vec<String> = Vec::new();
    let mut project = None;
    let programs = ["docker-compose", "docker", "podman-compose", "podman"];
    for (command, simple) in seen.of(&programs) {
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
    Some(Probe {
        id: ProbeId("docker".into()),
        title: "containers".into(),
        source: Source::Docker {
            project,
            services: unique(services),
            containers: unique(containers),
            engine: None,
        },
        line: line?,
        every_s: 10,
        timeout_ms: TIMEOUT_MS,
        on: true,
        cost: None,
    })
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
