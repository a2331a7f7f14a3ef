//! The table of programs: what of each only reads, what destroys, and what takes the keyboard.
//!
//! A command's effect is looked up here by its program and the words behind it (see [`form`] for how a row is written).
//! *Reads* is an allow-list. What no row knows is judged by the verbs in its name and behind it, and changes something.

use super::super::parse::Simple;
use super::{Effect, compose_words};

mod clients;
mod feed;
mod files;
mod form;
mod launch;
mod names;
mod paths;
mod readers;
mod requests;
mod signals;
mod sql;
mod table;

pub(super) use feed::Feed;
pub(super) use files::{finds_only_spared, redirected};
pub(super) use launch::{RUNNERS, by_image, launched};
pub(super) use readers::READERS;

use form::Said;

/// A command as the table sees it: without what only wraps it, with what it is given to read.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// The command.
    pub(super) simple: &'a Simple,
    /// What it reads.
    pub(super) feed: &'a Feed,
    /// Variables that hold the number of a job started in the same text.
    pub(super) jobs: &'a [String],
}

/// A rule of a row that no form can say.
type Rule = fn(&Given<'_>) -> Effect;

/// A row: programs, and the forms of their words.
#[derive(Clone, Copy)]
struct Program {
    /// Names, with spaces between.
    names: &'static str,
    /// Options with a value, with spaces between.
    valued: &'static str,
    /// Options with which it only says what it would do, with bars between.
    dry: &'static str,
    /// Forms that change nothing.
    reads: &'static str,
    /// Forms that lose data or stop what serves.
    destroys: &'static str,
    /// Forms that wait for what is typed.
    keyboard: &'static str,
    /// Whether it takes no notice of `--help` behind a command of it.
    deaf: bool,
    /// What decides where no form fits, and what it finds to destroy, in words.
    rule: Option<(Rule, &'static str)>,
}

/// A row for these programs, which only change something so far.
const fn program(names: &'static str) -> Program {
    Program { names, valued: "", dry: "", reads: "", destroys: "", keyboard: "", deaf: false, rule: None }
}

impl Program {
    const fn valued(self, valued: &'static str) -> Self {
        Self { valued, ..self }
    }

    const fn dry(self, dry: &'static str) -> Self {
        Self { dry, ..self }
    }

    const fn reads(self, reads: &'static str) -> Self {
        Self { reads, ..self }
    }

    const fn destroys(self, destroys: &'static str) -> Self {
        Self { destroys, ..self }
    }

    const fn keyboard(self, keyboard: &'static str) -> Self {
        Self { keyboard, ..self }
    }

    const fn deaf(self) -> Self {
        Self { deaf: true, ..self }
    }

    const fn by(self, rule: Rule, says: &'static str) -> Self {
        Self { rule: Some((rule, says)), ..self }
    }

    fn effect(&self, given: &Given<'_>) -> Effect {
        let said = Said::read(given.simple.args(), self.valued);
        let commands = !self.destroys.is_empty();
        if (said.has("--help") && commands && !self.deaf) || (!self.dry.is_empty() && said.has(self.dry)) {
            return Effect::Reads;
        }
        if said.may_fit(self.destroys) || (commands && names::none_left(given.simple.args())) {
            // Whether it knows such an option is not known.
            return if said.has("--dry-run|--dryrun") { Effect::Changes } else { Effect::Destructive };
        }
        match self.rule.map(|(rule, _)| rule(given)) {
            Some(found @ (Effect::Reads | Effect::Destructive)) => found,
            _ if said.must_fit(self.reads) => Effect::Reads,
            _ => Effect::Changes,
        }
    }
}

/// The row of a program.
fn find(name: &str) -> Option<&'static Program> {
    let rows = || table::GROUPS.iter().flat_map(|(_, rows)| rows.iter());
    let named = |name: &str| rows().find(|row| row.names.split_whitespace().any(|n| n == name));
    let stem = || name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    let script =
        || [".py", ".sh", ".php", ".exe"].iter().find_map(|end| name.strip_suffix(end)).and_then(named);
    named(name)
        .or_else(|| if stem() == name || stem().len() < 4 { None } else { named(stem()) })
        .or_else(script)
}

/// Whether a program is one for migrations or a framework's console.
fn migrates(name: &str) -> bool {
    table::MIGRATIONS.iter().any(|row| row.names.split_whitespace().any(|n| n == name))
}

/// Whether a program has a row.
fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// The command in one of a program that nobody knows, where a known one stands behind words of its own:
/// `envtool prod aws rds delete-db-instance`. What changes something there says nothing more.
pub(super) fn wrapped(simple: &Simple) -> Option<Vec<String>> {
    const CLIENTS: &[&str] = &[
        "aws",
        "gcloud",
        "az",
        "kubectl",
        "oc",
        "helm",
        "docker",
        "terraform",
        "psql",
        "mysql",
        "redis-cli",
    ];
    const BUILTINS: &[&str] = &[
        "export", "alias", "trap", "eval", "type", "hash", "unset", "declare", "local", "set", "source", ".",
        "[", "[[",
    ];
    let program = simple.program();
    let unknown = !program.is_empty()
        && find(program).is_none()
        && !is_of_project(simple)
        && !names::is_task_runner(program)
        && !readers::only_reads(program)
        && compose_words(simple).is_none()
        && !BUILTINS.contains(&program);
    let at = simple.args().iter().rposition(|arg| CLIENTS.contains(&arg.as_str()))?;
    let (before, words) = simple.args().split_at_checked(at)?;
    let named = before.len() <= 3 && !before.iter().any(|arg| arg.starts_with('-'));
    (unknown && named && words.len() > 2).then(|| words.to_vec())
}

/// `docker compose` under the name of `docker-compose`.
fn canonical(simple: &Simple) -> Option<Simple> {
    let words = compose_words(simple)?;
    let dry = "--dry-run".to_owned();
    let before = simple.args().len().saturating_sub(words.len());
    let tries = simple.args().iter().take(before).any(|arg| *arg == dry);
    let mut words = [&["docker-compose".to_owned()], words].concat();
    words.extend(tries.then_some(dry));
    Some(Simple { words, ..simple.clone() })
}

/// What loses data by whatever client of a cloud.
const CLOUD_VERBS: &str = ".. destroy|delete|drop|purge|wipe|restore|terminate|uninstall|nuke|truncate|flush";

/// What a command does by itself, whatever it runs inside of it.
pub(super) fn effect(given: &Given<'_>) -> Effect {
    let canonical = canonical(given.simple);
    let simple = canonical.as_ref().unwrap_or(given.simple);
    let given = &Given { simple, ..*given };
    let program = simple.program();
    let own = is_of_project(simple);
    if !own && readers::only_reads(program) {
        return Effect::Reads;
    }
    let script = simple.words.first().is_some_and(|word| word.starts_with('.') || word.ends_with(".sh"));
    if !script
        && matches!(simple.args(), [only] if ["--version", "-version", "version", "--help"].contains(&only.as_str()))
    {
        return Effect::Reads;
    }
    let row = find(program)
        .filter(|row| !own || table::BY_PATH.iter().any(|rows| rows.iter().any(|r| r.names == row.names)));
    if let Some(row) = row {
        let found = row.effect(given);
        let cloud = found == Effect::Changes && table::CLOUDS.iter().any(|r| r.names == row.names);
        // Their commands are too many to be listed.
        let lost = cloud && Said::read(simple.args(), row.valued).may_fit(CLOUD_VERBS);
        return if lost { Effect::Destructive } else { found };
    }
    if program.starts_with("mkfs.") {
        return Effect::Destructive;
    }
    // `/etc/init.d/web stop`, and a binary of the project under its path.
    if names::is_task_runner(program) { names::task(given) } else { names::unknown(given) }
}

/// Whether a program is called by a path in the project: `./test` is not the shell's.
fn is_of_project(simple: &Simple) -> bool {
    let word = simple.words.first().map_or("", String::as_str);
    word.contains('/')
        && !["/bin/", "/sbin/", "/usr/", "/opt/homebrew/", "/snap/"]
            .iter()
            .any(|folder| word.starts_with(folder))
}

/// Whether a command waits for what is typed: a console, a database's prompt, a question.
pub(super) fn takes_keyboard(simple: &Simple) -> bool {
    let given = &Given { simple, feed: &Feed::default(), jobs: &[] };
    if let Some(asks) = clients::asks(given) {
        return asks;
    }
    // Of MySQL's tools, `-p` with nothing glued to it asks for the password.
    let asks = [
        "mysqladmin",
        "mysqldump",
        "mariadb-admin",
        "mariadb-dump",
        "mysqlcheck",
        "mysqlimport",
        "mysqlpump",
    ];
    if asks.contains(&simple.program()) {
        return simple.args().iter().any(|arg| arg == "-p" || arg == "--password");
    }
    if readers::is_redis(simple.program()) {
        return clients::redis_asks(given);
    }
    find(simple.program()).is_some_and(|row| {
        let said = Said::read(simple.args(), row.valued);
        !said.has("--help|--version") && said.may_fit(row.keyboard)
    })
}

/// What SQL does: reads, changes, or loses data.
pub(super) fn sql_effect(text: &str) -> Effect {
    sql::effect(text)
}

#[cfg(test)]
mod tests;
