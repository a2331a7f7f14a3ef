//! Commands of the document that only read and whose answer something can judge. All are off until chosen.
//!
//! What the other sources see is not asked for a second time; what reads whole disks or tables, asks others, or goes on
//! by itself is not offered.

use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Table;

use super::document::Document;
use super::kind::{Derived, Kind, settings};
use crate::runbook::hash::sha256_hex;
use crate::runbook::measures::Measure;
use crate::runbook::model::Command;
use crate::runbook::words;
use crate::shell::parse::{Simple, parse};
use crate::shell::{Effect, Kind as Runs};

/// A command is run no more often than this.
const EVERY_S: u64 = 30;

/// And in production no more often than this.
const EVERY_IN_PRODUCTION_S: u64 = 60;

/// After so long there is no answer.
const TIMEOUT_MS: u64 = 10_000;

/// Programs that other sources look for, each with a connection of its own.
const COVERED: &[&str] = &[
    "curl",
    "wget",
    "docker",
    "docker-compose",
    "podman",
    "psql",
    "pg_isready",
    "pg_dump",
    "redis-cli",
    "nc",
    "ncat",
    "df",
    "free",
    "uptime",
    "top",
];

/// Programs that say nothing of a service, read whole disks, ask others, or never end by themselves.
#[rustfmt::skip] // words, many to a line
const NEVER: &[&str] = &[
    "echo", "printf", "cd", "pwd", "export", "source", "set", "sleep", "true", "false", "cat", "less", "more", "man", "history", "which", "type", "whoami", "id", "date", "du", "find", "locate", "pg_dumpall", "mysqldump", "tar", "rsync", "git", "npm", "yarn", "pnpm", "pip", "cargo", "go",
    "make", "ssh", "scp", "sftp", "aws", "gcloud", "az", "watch", "tail", "journalctl", "dig", "nslookup", "host", "ping", "traceroute", "openssl", "vi", "vim", "nano", "env", "printenv", "test", "[", "ls", "grep", "head", "wc", "diff", "sha256sum", "md5sum", "stat", "file",
];

/// Who says what its answer means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judge {
    /// The document's words, each of which a machine can check.
    Words(Vec<String>),
    /// The convention of monitoring plugins: 0 is well, 1 a warning, 2 an alert, and 3 that it can't tell.
    Plugin,
    /// What is known of this program's exit status.
    Status,
    /// Nobody: the one number that it prints is shown, and judged where a bound is named.
    Number,
}

/// A command of the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandProbe {
    /// Its text, never altered.
    pub command: String,
    /// SHA-256 of it: what is accepted is this text and no other.
    pub sha256: String,
    /// Who says what its answer means.
    pub judge: Judge,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    command: Option<String>,
    plugin: Option<bool>,
}

impl Kind for CommandProbe {
    const NAME: &'static str = "command";
    const SETTINGS: &'static [&'static str] = &["command", "plugin"];

    fn derive(document: &Document<'_>) -> Vec<Derived<Self>> {
        let every_s = if document.production { EVERY_IN_PRODUCTION_S } else { EVERY_S };
        let mut found: Vec<Derived<Self>> = Vec::new();
        for command in document.runbook.all_commands() {
            let Some(judge) = offered(command) else { continue };
            let source = Self::of(&command.text, judge);
            let same = |probe: &Derived<Self>| probe.source.sha256 == source.sha256;
            if found.iter().any(same) {
                continue;
            }
            let id = format!("cmd.{}", found.len() + 1);
            let title = source.title();
            found.push(Derived {
                on: false,
                timeout_ms: TIMEOUT_MS,
                cost: Some(format!(
                    "runs it every {}, judged by {}",
                    words::every(every_s),
                    source.judge.says()
                )),
                ..Derived::at(&id, title, source, (command.span.line, every_s))
            });
        }
        found
    }

    fn made(said: &Table) -> Option<Self> {
        said.contains_key("command").then(|| Self::of("", Judge::Number))
    }

    fn change(&mut self, said: &Table) -> Result<(), String> {
        let said: Settings = settings(said)?;
        if let Some(command) = said.command {
            let plugin = said.plugin == Some(true);
            let judge = if plugin { Some(Judge::Plugin) } else { judge_of_program(&command) };
            *self = Self::of(&command, judge);
        } else if said.plugin == Some(true) {
            self.judge = Judge::Plugin;
        }
        Ok(())
    }

    fn measures(&self) -> &'static [Measure] {
        &[]
    }
}

impl CommandProbe {
    fn of(text: &str, judge: impl Into<Option<Judge>>) -> Self {
        let judge = judge.into().unwrap_or(Judge::Number);
        Self { command: text.to_owned(), sha256: sha256_hex(text.as_bytes()), judge }
    }

    fn title(&self) -> String {
        let line = self.command.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > 40 { line.chars().take(39).chain(['…']).collect() } else { line }
    }
}

impl Judge {
    /// Who judges, in a few words.
    pub fn says(&self) -> String {
        match self {
            Judge::Words(words) => format!("“{}”", words.join("”, “")),
            Judge::Plugin => "its exit status, as plugins have it".into(),
            Judge::Status => "its exit status".into(),
            Judge::Number => "nobody".into(),
        }
    }
}

/// Who judges a command that can be a probe; nothing where it can't be one.
fn offered(command: &Command) -> Option<Judge> {
    let text = command.text.trim();
    let plain = command.kind == Runs::Run
        && command.effect == Effect::Reads
        && command.parses
        && command.doubt.is_none()
        && command.condition.is_none()
        && command.holes.is_empty()
        && !command.sensitive
        && !command.is_one_way();
    // What a name stands for is known in its shell only.
    if !plain || text.contains(['$', '`', '\n']) {
        return None;
    }
    let parsed = parse(text)?;
    if parsed.background || parsed.endless || parsed.simples.iter().any(|simple| !may_repeat(simple)) {
        return None;
    }
    let first = parsed.simples.first()?;
    if COVERED.contains(&bare_program(first)) || NEVER.contains(&bare_program(first)) {
        return None;
    }
    let whole = |e: &&crate::runbook::model::Expectation| e.check.is_some() && e.left.is_none() && !e.block;
    let words: Vec<String> = command.expects.iter().filter(whole).map(|e| e.text.clone()).collect();
    if !words.is_empty() && words.len() == command.expects.len() {
        return Some(Judge::Words(words));
    }
    judge_of_program(text)
}

/// The program of a command, behind what only hands it on.
fn bare_program(simple: &Simple) -> &str {
    let handed = |word: &&String| !matches!(word.as_str(), "sudo" | "-n" | "timeout" | "nice" | "time");
    let word = simple.words.iter().find(handed).map_or("", String::as_str);
    word.rsplit('/').next().unwrap_or(word)
}

/// Whether a simple command can be run again and again, from any directory: it names no file beside it, writes none, and
/// asks for no password.
fn may_repeat(simple: &Simple) -> bool {
    let beside = |word: &String| word.contains('/') && !word.starts_with('/') && !word.contains("://");
    let asks = simple.words.first().is_some_and(|word| word == "sudo") && !simple.has("-n");
    let follows =
        simple.has("-f") && simple.program() != "grep" || simple.has("--follow") || simple.has("-w");
    simple.writes.is_empty()
        && simple.assigns.is_empty()
        && !asks
        && !follows
        && !simple.words.iter().any(beside)
}

/// What is known of the exit status of a program by itself.
fn judge_of_program(text: &str) -> Option<Judge> {
    let first = text.split_whitespace().next()?;
    let path = Path::new(first);
    let name = path.file_name()?.to_str()?;
    let plugin = name.starts_with("check_")
        && path.parent().is_some_and(|parent| {
            parent.ends_with("plugins")
                || parent.ends_with("monitoring-plugins")
                || parent.ends_with("libexec")
        });
    if plugin {
        return Some(Judge::Plugin);
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "sudo" && *word != "-n").collect();
    match words.as_slice() {
        ["nginx", "-t", ..] | ["apachectl", "configtest"] | ["haproxy", "-c", ..] => Some(Judge::Status),
        ["mysqladmin", .., "ping"] | ["systemctl", "is-system-running", ..] => Some(Judge::Status),
        _ => None,
    }
}
