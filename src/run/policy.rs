//! What asks for confirmation, and what changes data.

use serde::{Deserialize, Serialize};

use crate::runbook::{Command, words};
use crate::shell::Effect;

/// What the operator has to give before a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// The key that runs it.
    None,
    /// Two different keys, the evaluated target in view.
    TwoKeys,
    /// The environment's name, typed.
    TypeName,
}

/// What a command asks for. What only removes test data asks for two keys even in production: typing the
/// name has to stay rare, or it becomes a reflex.
pub fn confirmation(command: &Command, production: bool) -> Confirmation {
    match command.effect {
        Effect::Reads | Effect::Changes => Confirmation::None,
        Effect::Destructive if production && !only_test_data(&command.text) => Confirmation::TypeName,
        Effect::Destructive => Confirmation::TwoKeys,
    }
}

fn only_test_data(text: &str) -> bool {
    let lower = text.to_lowercase();
    let removes_rows =
        lower.contains("delete from") || lower.contains("-x delete") || lower.contains("--request delete");
    let drops = ["drop ", "truncate", "rm -", "down"].iter().any(|w| lower.contains(w));
    removes_rows && !drops && ["smoke", "test"].iter().any(|w| lower.contains(w))
}

/// Whether a command changes data by its words: a migration that runs, or statements read from a file. What lists
/// migrations, or moves their files, changes none.
pub fn changes_data(text: &str) -> bool {
    let words = words::lower_words(text);
    let has = |name: &str| words.iter().any(|w| w == name);
    // The option of what runs the client, as in `docker compose -f x.yml exec db mysql`, is none of its own.
    let clients = ["psql ", "mysql ", "mariadb ", "sqlite3 ", "mongosh "];
    let behind = clients.iter().filter_map(|client| text.rfind(client)).min().and_then(|at| text.get(at..));
    let reads_file = |said: &str| said.contains(" -f ") || said.contains('<') || said.contains("--file");
    let from_file = behind.is_some_and(reads_file);
    let dumps = DUMPS.iter().any(|dump| text.contains(dump));
    from_file && !dumps || has("pg_restore") || migrates(text)
}

/// Programs that write data out, under any name of a file.
const DUMPS: &[&str] =
    &["pg_dump", "pg_dumpall", "pg_basebackup", "mysqldump", "mariadb-dump", "mongodump", "curl", "wget"];

/// Programs that look at files or move them, whatever these hold.
#[rustfmt::skip] // words, many to a line
const OF_FILES: &[&str] = &[
    "cat", "less", "more", "ls", "cp", "mv", "rm", "git", "scp", "rsync", "tar", "vi", "vim", "nano", "diff", "find",
    "grep", "rg", "head", "tail", "wc", "chmod", "chown", "mkdir", "touch", "echo", "printf", "test", "[", "stat",
    "sha256sum", "md5sum", "cd", "tree", "sed", "awk", "unzip", "zip", "aws", "gsutil",
];

/// What is asked of migrations, or made for later ones, instead of running them.
#[rustfmt::skip] // words, many to a line
const NOT_RUN: &[&str] = &[
    "status", "list", "ls", "show", "check", "current", "history", "heads", "info", "validate", "pending", "diff",
    "version", "verify", "log", "logs", "plan", "sql", "describe", "get", "new", "create", "make", "generate", "add",
    "help", "dryrun",
];

/// Whether one of the commands of a text runs a migration.
fn migrates(text: &str) -> bool {
    text.split([';', '|', '&', '\n', '(']).any(|part| {
        let words: Vec<&str> =
            part.split(|c: char| c.is_whitespace() || "\"'`".contains(c)).filter(|w| !w.is_empty()).collect();
        let program = words.iter().find(|w| **w != "sudo" && !w.contains('='));
        let program = program.and_then(|w| w.rsplit('/').next()).unwrap_or("");
        let Some(at) = (0..words.len()).find(|at| names_migration(words[*at]) && !is_written_to(&words, *at))
        else {
            return false;
        };
        let lower = |word: &str| word.trim_start_matches('-').to_lowercase();
        // `migrate:status`, and behind it `status`, `--list`, `--dry-run`.
        let said = words.get(at).map_or("", |w| w.rsplit(':').next().unwrap_or(w));
        let asked = NOT_RUN.contains(&lower(said).as_str())
            || words.iter().take(at).any(|w| matches!(*w, "logs" | "get" | "describe" | "wait" | "delete"))
            || words.iter().skip(at + 1).any(|w| {
                let plain = lower(w).replace('-', "");
                NOT_RUN.contains(&plain.as_str()) && (!w.starts_with('-') || plain != "version")
            })
            || words.get(at).is_some_and(|w| lower(w).starts_with("make:"));
        !OF_FILES.contains(&program) && !DUMPS.contains(&program) && !asked
    })
}

/// Whether a word names what a command writes, and not what it does: `> migration.log`, `-o migrate.sql`.
fn is_written_to(words: &[&str], at: usize) -> bool {
    let redirects = |word: &str| word.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('>');
    let word = words.get(at).copied().unwrap_or_default();
    let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
    redirects(word)
        || word.starts_with("--output=")
        || matches!(before, "-o" | "--output" | "tee")
        || redirects(before) && before.ends_with('>')
}

/// Whether a word of a command names a migration: `db:migrate`, `run-migrations.sh`, `migrate`.
fn names_migration(word: &str) -> bool {
    words::lower_words(word).iter().any(|w| w.starts_with("migrat"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_asks_about_migrations_changes_no_data() {
        for text in [
            "npx prisma migrate deploy",
            "docker exec api sh -c 'npx prisma migrate deploy'",
            "php artisan migrate --force",
            "rake db:migrate",
            "./scripts/run-migrations.sh",
            "kubectl apply -f k8s/migrate-job.yaml",
            "cd app && bin/migrate up",
            "psql -f 002.sql",
            "./migrate.sh > migrate.log 2>&1",
            "php artisan migrate --force | tee -a migrate.log",
        ] {
            assert!(changes_data(text), "{text}");
        }
        for text in [
            "npx prisma migrate status",
            "docker exec api sh -c 'npx prisma migrate status'",
            "bin/rails db:migrate:status",
            "python manage.py migrate --list",
            "python manage.py migrate --plan",
            "php artisan make:migration add_users",
            "cat migrations/002.sql",
            "git add migrations && git commit -m x",
            "scp migrations/002.sql db:/tmp",
            "kubectl logs job/migrate",
            "kubectl get job migrate",
            "sqlx migrate info",
            "pg_dump --format=custom --file=before-migration.dump shop",
            "mysqldump shop > before_migration.sql",
            "curl -fsSO https://example.com/migrate.sh",
            "docker compose exec -T db env >migration.env",
            "kubectl apply -f cache.yaml 2>&1 | tee migration.log",
        ] {
            assert!(!changes_data(text), "{text}");
        }
    }
}
