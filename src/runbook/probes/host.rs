//! The machine: its paths are those that the document looks at, writes to or works in.

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Derived, Kind, settings};
use super::looked::literal;
use crate::runbook::measures::Measure;

/// The machine, and the absolute paths whose disks are looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Absolute paths.
    pub paths: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    paths: Option<Vec<String>>,
}

impl Kind for Host {
    const NAME: &'static str = "host";
    const SETTINGS: &'static [&'static str] = &["paths"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        vec![probe(document)]
    }

    fn made(said: &Table) -> Option<Self> {
        (said.contains_key("paths") && !said.contains_key("url")).then(Self::default)
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        self.paths = said.paths.unwrap_or(std::mem::take(&mut self.paths));
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[Measure::Cpu, Measure::Memory, Measure::Swap, Measure::Load, Measure::DiskFree]
    }
}

/// More paths than this are no longer an overview.
const MOST: usize = 6;

/// Directories that say nothing about room.
const NO_ROOM: &[&str] = &["/dev", "/proc", "/sys", "/tmp", "/etc", "/run", "/usr", "/bin", "/root/."];

fn probe(document: &Document<'_>) -> Derived<Host> {
    let seen = &document.seen;
    let mut paths = vec!["/".to_owned()];
    let mut put = |path: String| {
        if !paths.contains(&path) && paths.len() < MOST {
            paths.push(path);
        }
    };
    // Whose room a document asks for is a disk, wherever it lies.
    for (_, simple) in seen.of(&["df"]) {
        let named = simple.args().iter().filter(|a| a.starts_with('/') && literal(a));
        named.for_each(|path| put(with_root(path.trim_end_matches('/'))));
    }
    let mut add = |path: &str| directory(path).into_iter().for_each(&mut put);
    for (_, simple) in &seen.simples {
        match simple.program() {
            "ls" | "du" | "cd" | "mkdir" => {
                simple.args().iter().filter(|a| a.starts_with('/')).for_each(|a| add(a));
            }
            _ => {}
        }
        simple.writes.iter().filter(|w| w.starts_with('/')).for_each(|w| add(w));
    }
    let line = seen.of(&["df", "free"]).next().map_or(0, |(command, _)| command.span.line);
    Derived::at("host", "this machine".into(), Host { paths }, (line, 5))
}

/// A path without its last stroke; the root is nothing but one.
fn with_root(path: &str) -> String {
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}

/// The directory that a word names for sure: up to the first part that is no plain text, files left out.
fn directory(word: &str) -> Option<String> {
    let mut kept = Vec::new();
    let parts: Vec<&str> = word.trim_end_matches('/').split('/').skip(1).collect();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        if !literal(part) || (last && !word.ends_with('/') && part.contains('.')) {
            break;
        }
        kept.push(*part);
    }
    let path = format!("/{}", kept.join("/"));
    let useless = path == "/" || NO_ROOM.iter().any(|n| path == *n || path.starts_with(&format!("{n}/")));
    (!useless).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::directory;

    #[test]
    fn what_is_a_directory_for_sure() {
        assert_eq!(directory("/backups/$BACKUP_FILE").as_deref(), Some("/backups"));
        assert_eq!(directory("/opt/app").as_deref(), Some("/opt/app"));
        assert_eq!(directory("/var/lib/app/dump.sql").as_deref(), Some("/var/lib/app"));
        assert_eq!(directory("/dev/null"), None);
        assert_eq!(directory("/$X/y"), None);
    }
}
