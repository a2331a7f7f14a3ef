//! The table of programs: what of each only reads, what destroys, and what takes the keyboard.
//!
//! A command's effect is looked up here by its program and the words behind it (see [`form`] for how a row is written).
//! *Reads* is an allow-list. What no row knows is judged by the verbs in its name and behind it, and changes something.

use super::super::parse::Simple;
use super::classified::Effect;
use super::elsewhere::compose_words;

mod clients;
mod feed;
mod files;
mod form;
mod given;
mod launch;
mod names;
mod paths;
mod readers;
mod requests;
mod row;
mod signals;
mod sql;
mod table;

pub(super) use feed::Feed;
pub(super) use files::{finds_only_spared, redirected};
pub(super) use given::Given;
pub(super) use launch::{RUNNERS, by_image, launched};
pub(super) use readers::READERS;

use form::Said;
use table::find;

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
    let given = &Given { simple, feed: &Feed::default(), jobs: &[], judged: |_| Effect::Changes };
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
