//! What a command is given to read: texts, files, or what other programs write into its pipe.

use super::super::super::around::Around;
use super::super::super::parse::Simple;
use super::super::inside::nested;
use super::super::wrappers::unwrapped;
use super::{paths, sql};

/// What a command reads.
#[derive(Clone, Debug, Default)]
pub(in crate::shell::classify) struct Feed {
    /// Texts as they stand in the command: here-documents, here-strings, what `echo` writes.
    pub(super) texts: Vec<String>,
    /// Files by name, and names among the arguments of what writes into the pipe.
    pub(super) files: Vec<String>,
    /// Something that writes a whole database, or takes apart what was packed.
    dump: bool,
    /// Whether it is given anything.
    any: bool,
}

/// Programs that write a whole database.
#[rustfmt::skip] // words, many to a line
const DUMPERS: &[&str] = &[
    "pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mysqlpump", "mongodump", "pg_basebackup", "xtrabackup",
    "mydumper", "clickhouse-backup", "wal-g",
];

/// Programs that take apart what was packed; the second are those that do with these options only.
#[rustfmt::skip] // words, many to a line
const UNPACKERS: &[&str] = &[
    "gunzip", "zcat", "gzcat", "bunzip2", "bzcat", "unxz", "xzcat", "unzstd", "zstdcat", "unpigz", "lz4cat", "unlz4", "uncompress",
];
const PACKERS: &[&str] =
    &["gzip", "pigz", "bzip2", "xz", "zstd", "lz4", "gpg", "gpg2", "openssl", "age", "lzop", "brotli"];

impl Feed {
    /// What the command at `at` is given, where those before it stand in one pipeline with it. What gives it nothing
    /// itself leaves it what is around all of them.
    pub(in crate::shell::classify) fn of(simples: &[Simple], at: usize, around: &Feed) -> Self {
        let Some(simple) = simples.get(at) else { return Self::default() };
        let mut feed = Self::default();
        if let Some(text) = &simple.here_text {
            feed.any = true;
            feed.texts.push(text.clone());
        } else if let Some(file) = &simple.input {
            feed.any = true;
            feed.files.push(file.clone());
        } else if simple.piped_into && at == 0 {
            // What stands before it stands before the program that it runs in.
            return around.clone();
        } else if simple.piped_into {
            feed.any = true;
            let before = simples.get(..at).unwrap_or_default();
            let piped = before.iter().rev().take_while(|s| s.around.is(Around::PIPED)).count();
            let first = before.len().saturating_sub(piped.max(1));
            before.iter().skip(first).for_each(|writer| feed.add(writer, 0));
        } else if simple.around.is(Around::FED) {
            return around.clone();
        }
        feed
    }

    fn add(&mut self, writer: &Simple, depth: usize) {
        let simple = &unwrapped(writer);
        let program = simple.program();
        self.texts.extend(simple.here_text.clone());
        self.files.extend(simple.input.iter().filter(|_| simple.here_text.is_none()).cloned());
        if matches!(program, "echo" | "printf") {
            let words: Vec<&str> = simple
                .args()
                .iter()
                .map(String::as_str)
                .filter(|a| !matches!(*a, "-e" | "-n" | "-en" | "-ne"))
                .collect();
            self.texts.push(words.join(" ").replace("\\n", "\n"));
            return;
        }
        self.dump |= DUMPERS.contains(&program) || UNPACKERS.contains(&program);
        self.dump |= PACKERS.contains(&program)
            && (simple.has_short('d') || simple.has("--decompress") || simple.has("--decrypt"));
        self.files.extend(simple.args().iter().filter(|a| !a.starts_with('-')).cloned());
        if depth < 3 {
            nested(simple).iter().flat_map(|p| &p.simples).for_each(|inner| self.add(inner, depth + 1));
        }
    }

    /// Whether the command is given anything else than the terminal.
    pub(super) fn is_there(&self) -> bool {
        self.any
    }

    /// Whether statements in it lose data, or it is a backup: read into a database, it takes the place of what is there.
    pub(super) fn overwrites_database(&self) -> bool {
        self.dump
            || self.texts.iter().any(|text| sql::destroys(text))
            || self.files.iter().any(|file| paths::is_backup(file) || paths::undoes(file))
    }

    /// Whether it is plainly a backup of a database, or a statement that loses data, whoever reads it.
    pub(super) fn is_database_or_statement(&self) -> bool {
        let sql =
            |file: &String| file.ends_with(".sql") || file.ends_with(".dump") || file.ends_with(".sql.gz");
        self.texts.iter().any(|text| sql::begins_to_destroy(text))
            || self.files.iter().any(|file| sql(file) && paths::is_backup(file))
    }
}
