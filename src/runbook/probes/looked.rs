//! What the commands of a document tell of what can be watched.

use std::collections::BTreeSet;

use crate::runbook::model::{Command, Environment, Runbook};
use crate::shell::parse::{Simple, parse};

/// A port as it is in the chosen environment: where the environments' table has it in one column, the value
/// of that column there.
pub(super) fn port_in(runbook: &Runbook, environment: Option<&Environment>, port: u16) -> u16 {
    let columns: BTreeSet<&String> = runbook
        .environments
        .iter()
        .flat_map(|e| e.ports.iter().filter(|(_, p)| **p == port).map(|(name, _)| name))
        .collect();
    let mut columns = columns.into_iter();
    let (Some(column), None) = (columns.next(), columns.next()) else { return port };
    environment.and_then(|e| e.ports.get(column)).copied().unwrap_or(port)
}

/// The simple commands of a document, each with the command it stands in.
pub(super) struct Looked<'r> {
    pub(super) simples: Vec<(&'r Command, Simple)>,
}

impl<'r> Looked<'r> {
    pub(super) fn at(runbook: &'r Runbook) -> Self {
        let commands = runbook.all_commands();
        let simples = commands.into_iter().flat_map(|c| {
            let found = parse(&c.text).map(|p| p.simples).unwrap_or_default();
            found.into_iter().map(move |s| (c, s))
        });
        Self { simples: simples.collect() }
    }

    /// Those that call one of the programs, `sudo` and `time` in front of them left out.
    pub(super) fn of<'s>(&'s self, programs: &'s [&str]) -> impl Iterator<Item = (&'r Command, Simple)> + 's {
        self.simples.iter().filter_map(move |(command, simple)| {
            let at = simple.words.iter().take(3).position(|w| programs.contains(&system_program(w)))?;
            let before = &simple.words[..at];
            if !before
                .iter()
                .all(|w| ["sudo", "time", "timeout", "nice"].contains(&w.as_str()) || w.starts_with('-'))
            {
                return None;
            }
            let words = simple.words[at..].to_vec();
            Some((*command, Simple { words, ..simple.clone() }))
        })
    }
}

/// The program of the system that a word calls: one found by its name, or in a directory of programs. `./service` is the
/// project's own, whatever the system has of that name.
fn system_program(word: &str) -> &str {
    match word.rsplit_once('/') {
        None => word,
        Some((directory, name)) if directory.ends_with("/bin") || directory.ends_with("/sbin") => name,
        Some(_) => "",
    }
}

/// Whether a word stands for itself: no expansion, no placeholder, nothing left open.
pub(super) fn literal(word: &str) -> bool {
    !word.is_empty() && !word.contains(['$', '`', '<', '>', '*', '\n'])
}
