//! Findings about the way back.

use std::collections::BTreeSet;

use super::super::super::finding::Finding as F;
use super::super::super::model::{Command, Step};
use super::super::super::parameters::{assigned_names, is_given, variables};
use super::Looked;
use crate::shell::classify::{compose_words, inside, unwrapped};
use crate::shell::{self, Simple};

pub(super) fn find(looked: &Looked<'_>, found: &mut Vec<F>) {
    let runbook = looked.runbook;
    if runbook.rollback.line == 0 {
        found.push(F::new(1, "no-rollback", "the document has no rollback section"));
    } else if runbook.rollback.steps.is_empty() {
        let line = runbook.rollback.line;
        found.push(F::new(line, "no-rollback", "the rollback section has nothing that can be run"));
    }
    for step in &runbook.rollback.steps {
        let commands: Vec<&Command> = step.commands().into_iter().filter(|c| !c.alternative).collect();
        stops_its_need(&commands, found);
    }
    values(looked, found);
}

/// Programs that talk to a database or a service of their own.
const CLIENTS: &[&str] = &[
    "psql",
    "pg_restore",
    "mysql",
    "mariadb",
    "mongorestore",
    "mongosh",
    "mongo",
    "redis-cli",
    "pg_isready",
];

fn stops_its_need(commands: &[&Command], found: &mut Vec<F>) {
    for (at, stop) in commands.iter().enumerate() {
        let simples = simples(stop);
        let Some(stopped) = simples.iter().find_map(stops) else { continue };
        let mut up = false;
        for later in &commands[at + 1..] {
            let simples = self::simples(later);
            up |= simples.iter().any(starts);
            let needs = simples.iter().any(|s| needs(s, &stopped));
            if needs && !up {
                let words = format!("stops {}; line {} then needs it", stopped.says(), later.span.line);
                let finding = F::new(stop.span.line, "rollback-stops-its-need", words);
                found.push(finding.at(stop.span.start, stop.span.end));
                return;
            }
        }
    }
}

/// What a command stops.
enum Stopped {
    /// Everything of a compose project.
    Everything,
    /// These services or containers.
    Named(Vec<String>),
}

impl Stopped {
    fn says(&self) -> String {
        match self {
            Self::Everything => "everything".into(),
            Self::Named(names) => names.join(", "),
        }
    }
}

fn simples(command: &Command) -> Vec<Simple> {
    shell::parse(&command.text).map(|p| p.simples.iter().map(unwrapped).collect()).unwrap_or_default()
}

fn stops(simple: &Simple) -> Option<Stopped> {
    let plain = |words: &[String]| words.iter().filter(|w| !w.starts_with('-')).cloned().collect::<Vec<_>>();
    if let Some(words) = compose_words(simple) {
        let names = plain(words.get(1..).unwrap_or_default());
        return match words.first().map(String::as_str) {
            Some("down" | "stop" | "kill" | "rm") if names.is_empty() => Some(Stopped::Everything),
            Some("down" | "stop" | "kill" | "rm") => Some(Stopped::Named(names)),
            _ => None,
        };
    }
    let args = plain(simple.args());
    match (simple.program(), args.first().map(String::as_str)) {
        ("docker" | "podman", Some("stop" | "kill" | "rm")) | ("systemctl", Some("stop")) => {
            Some(Stopped::Named(args[1..].to_vec()))
        }
        _ => None,
    }
}

fn starts(simple: &Simple) -> bool {
    compose_words(simple)
        .is_some_and(|w| w.first().is_some_and(|a| matches!(a.as_str(), "up" | "start" | "restart" | "run")))
        || (matches!(simple.program(), "systemctl" | "docker" | "podman")
            && simple.args().iter().any(|a| matches!(a.as_str(), "start" | "restart" | "run")))
}

fn needs(simple: &Simple, stopped: &Stopped) -> bool {
    let container = compose_words(simple).is_some_and(|w| w.first().is_some_and(|a| a == "exec"))
        || (matches!(simple.program(), "docker" | "podman") && simple.has("exec"));
    let client =
        CLIENTS.contains(&simple.program()) || inside(simple).iter().any(|s| CLIENTS.contains(&s.program()));
    let names = |names: &[String]| {
        names.iter().any(|n| simple.args().iter().any(|a| a == n || a.contains(&format!("@{n}:"))))
    };
    match stopped {
        Stopped::Everything => client || container,
        Stopped::Named(list) => {
            (client || container) && (names(list) || list.iter().any(|n| n.starts_with("postgres") && client))
        }
    }
}

/// Variables that the way back uses and no step sets.
fn values(looked: &Looked<'_>, found: &mut Vec<F>) {
    let runbook = looked.runbook;
    let mut set: BTreeSet<String> = BTreeSet::new();
    for command in runbook.step_commands() {
        set.extend(assigned_names(&command.text));
    }
    let sources =
        runbook.step_commands().iter().any(|c| c.text.contains("source ") || c.text.starts_with(". "));
    for command in runbook.rollback.steps.iter().flat_map(Step::commands) {
        let own = assigned_names(&command.text);
        // A password and the like comes from whoever is there.
        for (name, at) in variables(&command.text) {
            let asked =
                runbook.step_commands().iter().any(|c| variables(&c.text).iter().any(|(n, _)| *n == name));
            if !set.contains(&name) && !own.contains(&name) && !is_given(&name) && !asked && !sources {
                let line = command.span.line + command.text[..at.start].matches('\n').count();
                found.push(F::new(line, "rollback-value-missing", format!("${name} is set by no step")));
            }
        }
        set.extend(own);
    }
}
