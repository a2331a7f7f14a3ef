//! What a runbook needs of this machine: programs, values, hosts, the container engine, room where it writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Row;
use crate::cli::document::{Document, directory};
use crate::cli::preflight;
use crate::cli::watched;
use crate::config::Settings;
use crate::exec::spawn;
use crate::figures::{counted, size};
use crate::runbook::{Command, Environment, Level, Runbook};
use crate::shell::entrance::{self, Door};
use crate::shell::quote::quote;
use crate::shell::{Kind, parse};

/// A look takes no longer than this.
const LIMIT: Duration = Duration::from_secs(5);
/// Where less than this is free, a backup may not fit.
const LITTLE_ROOM: u64 = 1024 * 1024 * 1024;

/// What is looked at.
pub(super) struct Looked<'d> {
    pub(super) document: &'d Document,
    pub(super) settings: Option<&'d Settings>,
    pub(super) environment: Option<String>,
}

/// All that a runbook needs.
pub(super) fn rows(of: &Looked<'_>, connect: bool) -> Vec<Row> {
    let runbook = match &of.environment {
        Some(name) if of.document.runbook.is_divided() => of.document.runbook.in_environment(name),
        _ => of.document.runbook.clone(),
    };
    let here = here(&runbook);
    let mut rows = vec![read(of)];
    rows.extend(programs(&here, &of.document.path));
    rows.extend(engine(&here));
    rows.extend(values(&runbook, of));
    rows.extend(probes(&runbook, of));
    rows.extend(hosts(&runbook, connect));
    rows.extend(room(&here));
    rows
}

/// The commands that run on this machine: all before the first that leads elsewhere, and those behind the way back, of the
/// steps and of the rollback.
fn here(runbook: &Runbook) -> Vec<&Command> {
    let rollback: Vec<&Command> = runbook.rollback.steps.iter().flat_map(|step| step.commands()).collect();
    let mut here = Vec::new();
    for list in [runbook.step_commands(), rollback] {
        let mut away = 0_usize;
        for command in list {
            if command.enters_place() {
                // What leads there is started here.
                if away == 0 {
                    here.push(command);
                }
                away += 1;
            } else if command.kind == Kind::Place {
                away = away.saturating_sub(1);
            } else if away == 0 && command.kind != Kind::Manual {
                here.push(command);
            }
        }
    }
    here
}

fn read(of: &Looked<'_>) -> Row {
    let path = of.document.path.display();
    let count = |level| of.document.runbook.findings.iter().filter(|f| f.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    let seen = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    match (errors, warnings) {
        (0, 0) => Row::ok("runbook", format!("{path}: no errors, no warnings")),
        (0, _) => Row::look("runbook", seen, format!("gonogo check {path}")),
        _ => Row::broken("runbook", seen, format!("gonogo check {path}")),
    }
}

/// Programs that commands begin with and a login shell here does not find.
fn programs(here: &[&Command], document: &Path) -> Vec<Row> {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    let mut defined = BTreeSet::new();
    for command in here {
        let Some(parsed) = parse::parse(&command.text) else { continue };
        if parsed.only_defines {
            defined.insert(
                command
                    .text
                    .split(['(', ' '])
                    .find(|w| !w.is_empty() && *w != "function")
                    .unwrap_or("")
                    .to_owned(),
            );
        }
        for simple in &parsed.simples {
            let word = simple.words.first().map_or("", String::as_str);
            let plain = !word.is_empty() && !word.contains(['$', '`', '<', '{', '*']);
            if plain {
                named.entry(word.to_owned()).or_insert(command.span.line);
            }
        }
    }
    named.retain(|name, _| !defined.contains(name));
    let quoted: Vec<String> = named.keys().map(|name| quote(name)).collect();
    let script = format!(
        "for p in {}; do command -v -- \"$p\" >/dev/null 2>&1 || printf '%s\\n' \"$p\"; done",
        quoted.join(" ")
    );
    let asked = spawn::ask("exec bash -lc \"$(cat)\"", directory(document), &script, LIMIT);
    let Ok(asked) = asked else { return vec![] };
    let missing: Vec<&str> = asked.output.lines().filter(|name| named.contains_key(*name)).collect();
    if missing.is_empty() {
        return vec![Row::ok("programs", format!("{} found", counted(named.len(), "program")))];
    }
    let row = |name: &str| {
        let line = named.get(name).copied().unwrap_or_default();
        let seen = format!("{name} is not found here (line {line})");
        // A path may be made by the document itself.
        if name.contains('/') {
            Row::look("programs", seen, "start gonogo in the directory that the document means")
        } else {
            Row::broken("programs", seen, "install it, or put its directory into PATH of a login shell")
        }
    };
    missing.into_iter().map(row).collect()
}

/// Whether the container engine and the compose that the document speaks of answer.
fn engine(here: &[&Command]) -> Vec<Row> {
    let text = |wanted: &str| here.iter().find(|c| c.text.contains(wanted));
    let mut rows = Vec::new();
    let ask = |command: &str| spawn::ask(command, Path::new("/"), "", LIMIT);
    let docker = text("docker ");
    if docker.is_some() && spawn::exists("docker") {
        rows.push(match ask("docker version --format '{{.Server.Version}}'") {
            Ok(asked) if asked.status == Some(0) => {
                Row::ok("engine", format!("docker {}", asked.output.trim()))
            }
            Ok(asked) => Row::broken(
                "engine",
                asked.output.trim().lines().last().unwrap_or("docker did not answer").to_owned(),
                "start the engine, or add yourself to the group docker and log in again",
            ),
            Err(error) => Row::broken("engine", error.to_string(), "start the engine"),
        });
    }
    if let Some(command) = text("docker compose ").filter(|_| spawn::exists("docker")) {
        let asked = ask("docker compose version");
        if !asked.is_ok_and(|asked| asked.status == Some(0)) {
            let seen = format!("docker compose (version 2) is not installed (line {})", command.span.line);
            rows.push(Row::broken("compose", seen, "install the compose plugin"));
        }
    }
    rows
}

/// Values that a run would ask for.
fn values(runbook: &Runbook, of: &Looked<'_>) -> Vec<Row> {
    let environment = of.environment.clone().unwrap_or_default();
    let nothing = BTreeMap::new();
    let answered = |name: &str| of.settings.is_some_and(|s| s.answer(&environment, name, &nothing).is_some());
    let open: Vec<&str> =
        runbook.parameters.iter().map(|p| p.name.as_str()).filter(|name| !answered(name)).collect();
    if open.is_empty() {
        return vec![];
    }
    let seen = format!("a run asks for {}", open.join(", "));
    vec![Row::look(
        "values",
        seen,
        "[parameters] in gonogo.toml, GONOGO_SET_NAME or --set answer them before",
    )]
}

/// Probes that the settings describe wrongly, in the environment or in all.
fn probes(runbook: &Runbook, of: &Looked<'_>) -> Vec<Row> {
    let Some(settings) = of.settings else { return vec![] };
    let mut settings = settings.clone();
    settings.accept();
    let one = of.environment.as_deref().and_then(|name| preflight::environment(runbook, Some(name)).ok());
    let all: Vec<Environment> = one.map_or_else(|| runbook.environments.clone(), |one| vec![one]);
    let wrong = all.iter().find_map(|environment| {
        watched::watch(runbook, &settings, environment, &watched::Said::default()).err()
    });
    wrong
        .map(|error| Row::broken("probes", error.message(), "mend [probes] and [targets] in gonogo.toml"))
        .into_iter()
        .collect()
}

/// The hosts that the document connects to, by what ssh makes of their names.
fn hosts(runbook: &Runbook, connect: bool) -> Vec<Row> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for command in runbook.all_commands().into_iter().filter(|c| c.enters_place()) {
        let Some(entrance) = entrance::entrance(&command.text) else { continue };
        if let (Door::Ssh, Some(host)) = (entrance.door, entrance.host) {
            let login = match entrance.user {
                Some(user) if !host.contains('@') => format!("{user}@{host}"),
                _ => host,
            };
            names.entry(login).or_insert(command.span.line);
        }
    }
    if names.is_empty() || !spawn::exists("ssh") {
        return vec![];
    }
    names.into_iter().map(|(login, line)| host(&login, line, connect)).collect()
}

fn host(login: &str, line: usize, connect: bool) -> Row {
    let placeholder = login.contains(['<', '$', '{']);
    if placeholder {
        return Row::look("host", format!("{login} (line {line}) is a placeholder"), "a run asks for it");
    }
    let quoted = quote(login);
    let ask = |command: String| spawn::ask(&command, Path::new("/"), "", 2 * LIMIT);
    if !connect {
        return match ask(format!("ssh -G -- {quoted}")) {
            Ok(asked) if asked.status == Some(0) => {
                let said = |key: &str| {
                    let line = asked.output.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix(' '));
                    line.unwrap_or_default().to_owned()
                };
                let seen =
                    format!("{login} is {} port {} as {}", said("hostname"), said("port"), said("user"));
                Row::look("host", seen, "not tried: --connect tries it")
            }
            Ok(asked) => Row::broken("host", asked.output.trim().to_owned(), "mend ~/.ssh/config"),
            Err(error) => Row::broken("host", error.to_string(), "install OpenSSH"),
        };
    }
    match ask(format!("ssh -o BatchMode=yes -o ConnectTimeout=5 -- {quoted} true </dev/null")) {
        Ok(asked) if asked.status == Some(0) => Row::ok("host", format!("{login} lets you in")),
        Ok(asked) => {
            let why = asked.output.trim().lines().last().unwrap_or("no answer").to_owned();
            Row::broken("host", format!("{login} (line {line}): {why}"), format!("try it: ssh {login}"))
        }
        Err(error) => Row::broken("host", error.to_string(), "install OpenSSH"),
    }
}

/// Directories that commands write files into: there, writable, with room.
fn room(here: &[&Command]) -> Vec<Row> {
    let mut directories: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut made: Vec<String> = Vec::new();
    for command in here {
        let Some(parsed) = parse::parse(&command.text) else { continue };
        for simple in &parsed.simples {
            if simple.program() == "mkdir" {
                made.extend(simple.args().iter().cloned());
            }
            for file in simple.writes.iter().filter(|file| file.starts_with('/')) {
                let directory = Path::new(file).parent().unwrap_or(Path::new("/"));
                let known = !directory.to_string_lossy().contains(['$', '`', '*', '<']);
                if known && !directory.starts_with("/dev") && !directory.starts_with("/proc") {
                    directories.entry(directory.to_owned()).or_insert(command.span.line);
                }
            }
        }
    }
    let row = |(directory, line): (PathBuf, usize)| {
        let shown = directory.display().to_string();
        if !directory.exists() {
            let by_document = made.iter().any(|m| directory.starts_with(m));
            return (!by_document).then(|| {
                Row::broken(
                    "room",
                    format!("{shown} is not there (line {line})"),
                    format!("mkdir -p {shown}"),
                )
            });
        }
        let writable = rustix::fs::access(&directory, rustix::fs::Access::WRITE_OK).is_ok();
        let free = rustix::fs::statvfs(&directory).map(|disk| disk.f_bavail * disk.f_frsize).ok();
        Some(match (writable, free) {
            (false, _) => Row::broken(
                "room",
                format!("you can't write into {shown} (line {line})"),
                "as another user, or with sudo, the command may",
            ),
            (true, Some(free)) if free < LITTLE_ROOM => Row::look(
                "room",
                format!("{shown} has room for {}", size(free)),
                "make room before the window",
            ),
            (true, free) => {
                Row::ok("room", format!("{shown} has room for {}", size(free.unwrap_or_default())))
            }
        })
    };
    directories.into_iter().filter_map(row).collect()
}
