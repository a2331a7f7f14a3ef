//! The machine: its paths are those that the document looks at, writes to or works in.

use super::looked::{Looked, literal};
use super::probe::{Probe, ProbeId, Source, TIMEOUT_MS};

/// More paths than this are no longer an overview.
const MOST: usize = 6;

/// Directories that say nothing about room.
const NO_ROOM: &[&str] = &["/dev", "/proc", "/sys", "/tmp", "/etc", "/run", "/usr", "/bin", "/root/."];

pub(super) fn probe(seen: &Looked<'_>) -> Probe {
    let mut paths = vec!["/".to_owned()];
    let mut add = |path: &str| {
        if let Some(path) = directory(path)
            && !paths.contains(&path)
            && paths.len() < MOST
        {
            paths.push(path);
        }
    };
    for (_, simple) in &seen.simples {
        match simple.program() {
            "df" | "ls" | "du" | "cd" | "mkdir" => {
                simple.args().iter().filter(|a| a.starts_with('/')).for_each(|a| add(a));
            }
            _ => {}
        }
        simple.writes.iter().filter(|w| w.starts_with('/')).for_each(|w| add(w));
    }
    let line = seen.of(&["df", "free"]).next().map_or(0, |(command, _)| command.span.line);
    Probe {
        id: ProbeId("host".into()),
        title: "this machine".into(),
        source: Source::Host { paths },
        line,
        every_s: 5,
        timeout_ms: TIMEOUT_MS,
        on: true,
        cost: None,
    }
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
