//! What a command touches, by the names that it says: so that it is known which command of a way back takes what back.
//!
//! 1. Files, links and checkouts are told by their paths, services and containers by their names, databases by name
//!    and table, what is in a cluster by namespace and name; of everything else the names that its program is given.
//! 2. A backup, a value, a directory: what only prepares touches nothing, because nothing of it has to be taken back.

use std::collections::BTreeSet;

use super::classify::{inside, unwrapped};
use super::needs::{is_saved, makes_backup};
use super::parse::{Simple, parse};
use words::{is_kind, is_verb, named, operands, operands_but, option, prepares, serves, tables};

mod thing;
mod words;

pub use thing::{Tables, Thing};

/// How the words of a command are understood.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Resolve<'a> {
    /// The directory that the command begins in.
    pub directory: Option<&'a str>,
    /// What a word stands for with the values that are known.
    pub word: &'a dyn Fn(&str) -> String,
}

impl Resolve<'_> {
    /// The path that a word stands for.
    pub fn path(&self, word: &str) -> String {
        path(&(self.word)(word), self.directory)
    }
}

/// A path by its words alone, from a directory.
fn path(word: &str, directory: Option<&str>) -> String {
    let beyond = word.starts_with(['/', '~', '$']) || word.contains("://");
    let joined = match directory {
        Some(directory) if !beyond => format!("{directory}/{word}"),
        _ => word.to_owned(),
    };
    let mut parts: Vec<&str> = vec![];
    for part in joined.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() && !joined.contains("://") => {}
            ".." if parts.last().is_some_and(|p| !p.is_empty() && *p != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/").trim_end_matches("/*").to_owned()
}

/// What a text touches.
pub fn touches(text: &str, resolve: &Resolve<'_>) -> Vec<Thing> {
    let parsed = parse(text).unwrap_or_default();
    let mut look = Look { resolve, directory: resolve.directory.map(str::to_owned), found: vec![] };
    let saves = parsed.simples.iter().any(|s| makes_backup(&unwrapped(s)));
    for simple in &parsed.simples {
        let filled = Simple {
            words: simple.words.iter().map(|w| (resolve.word)(w)).collect(),
            writes: simple.writes.iter().map(|w| (resolve.word)(w)).collect(),
            ..simple.clone()
        };
        look.simple(&filled, saves);
    }
    look.found
}

struct Look<'a> {
    resolve: &'a Resolve<'a>,
    directory: Option<String>,
    found: Vec<Thing>,
}

impl Look<'_> {
    fn simple(&mut self, written: &Simple, saves: bool) {
        let simple = &unwrapped(written);
        for file in simple.writes.iter().filter(|f| !saves && !is_saved(f) && !f.starts_with("/dev/")) {
            self.file(file);
        }
        let inner = inside(simple);
        if inner.is_empty() {
            self.own(simple);
        } else {
            for within in &inner {
                self.simple(within, saves);
            }
        }
    }

    fn file(&mut self, word: &str) {
        let path = self.path(word);
        self.found.push(Thing::File(path));
    }

    fn files_of(&mut self, words: &[String]) {
        for word in words {
            self.file(word);
        }
    }

    /// A path from the directory that the command is in.
    fn path(&self, word: &str) -> String {
        path(word, self.directory.as_deref())
    }

    fn own(&mut self, simple: &Simple) {
        let program = simple.program();
        let plain = operands(simple.args());
        let first = plain.first().map_or("", String::as_str);
        match program {
            "cd" | "pushd" => self.directory = plain.first().map(|to| self.path(to)),
            _ if prepares(simple) => {}
            "ln" | "cp" | "mv" | "install" | "rsync" | "scp" | "rm" | "tee" | "touch" | "truncate"
            | "chmod" | "chown" | "sed" | "patch" | "unzip" | "tar" | "dd" | "unlink" | "shred"
            | "gunzip" => self.files(simple, &plain),
            "git" => self.git(simple),
            "kubectl" | "oc" | "helm" => self.cluster(simple),
            "psql" | "mysql" | "mariadb" | "sqlite3" | "pg_restore" | "createdb" | "dropdb" | "mongosh"
            | "mongo" | "mongorestore" | "clickhouse-client" | "redis-cli" | "valkey-cli" => {
                self.data(simple)
            }
            "apt" | "apt-get" | "yum" | "dnf" | "apk" | "npm" | "yarn" | "pnpm" | "pip" | "pip3"
            | "bundle" | "composer"
                if ["install", "remove", "ci", "i", "add", "upgrade", "update", "downgrade"]
                    .contains(&first) =>
            {
                let bare = |w: &String| w.split(['=', '@']).next().unwrap_or_default().to_owned();
                self.found.push(Thing::Named("packages".into(), plain.iter().skip(1).map(bare).collect()));
            }
            // Which database it is that their settings name is known to them alone.
            "alembic" | "flyway" | "liquibase" | "goose" | "dbmate" | "knex" | "sqlx" | "diesel"
            | "atlas" => {
                self.found.push(Thing::Data(None, Tables::Unsaid));
            }
            "curl" | "wget" | "http" | "xh" => {
                let url = simple.args().iter().find(|a| a.contains("://") || a.starts_with('$'));
                let bare =
                    url.map(|u| u.split(['?', '#']).next().unwrap_or(u).trim_end_matches('/').to_owned());
                let above = bare.as_ref().and_then(|u| u.rsplit_once('/')).map(|(above, _)| above.to_owned());
                let above = above.filter(|a| !a.ends_with('/'));
                self.found.push(Thing::Named("http".into(), bare.into_iter().chain(above).collect()));
            }
            _ => match serves(simple, &plain) {
                Some(names) if names.is_empty() => self.found.push(Thing::Service(None)),
                Some(names) => self.found.extend(names.into_iter().map(|n| Thing::Service(Some(n)))),
                None => self.found.push(named(simple)),
            },
        }
    }

    /// What a program that works on files leaves otherwise than it was.
    fn files(&mut self, simple: &Simple, plain: &[String]) {
        let behind = |flags: &[&str]| {
            let at = simple.args().iter().position(|a| flags.contains(&a.as_str()))?;
            simple.args().get(at + 1).cloned()
        };
        let here = || ".".to_owned();
        match (simple.program(), plain) {
            ("tar", _) => self.file(&behind(&["-C", "--directory"]).unwrap_or_else(here)),
            ("unzip", _) => self.file(&behind(&["-d"]).unwrap_or_else(here)),
            ("dd", _) => {
                if let Some(to) = simple.args().iter().find_map(|a| a.strip_prefix("of=")) {
                    self.file(to);
                }
            }
            ("cp" | "mv" | "install" | "rsync" | "scp" | "ln", [sources @ .., to]) => {
                // Behind the name of a directory stand the names of what is put there.
                let into = to.ends_with('/') && !sources.iter().any(|s| s.ends_with(['/', '*', '.']));
                let base = |s: &str| format!("{to}{}", s.rsplit('/').next().unwrap_or(s));
                if simple.program() == "mv" {
                    self.files_of(sources);
                } else if is_saved(to) {
                    return;
                }
                if into {
                    self.files_of(&sources.iter().map(|s| base(s)).collect::<Vec<_>>());
                } else {
                    self.file(to);
                }
            }
            ("chmod" | "chown" | "sed", [_, files @ ..]) => self.files_of(files),
            _ => self.files_of(plain),
        }
    }

    fn git(&mut self, simple: &Simple) {
        let args = simple.args();
        let elsewhere = args.iter().position(|a| a == "-C").and_then(|at| args.get(at + 1));
        let verb =
            args.iter().find(|a| !a.starts_with('-') && Some(*a) != elsewhere).map_or("", String::as_str);
        match verb {
            "push" => self.found.push(named(simple)),
            "fetch" | "tag" | "stash" | "config" | "remote" => {}
            _ => {
                let path = self.path(elsewhere.map_or(".", String::as_str));
                self.found.push(Thing::Checkout(path));
            }
        }
    }

    fn cluster(&mut self, simple: &Simple) {
        const VALUED: &[&str] = &[
            "-n",
            "--namespace",
            "-c",
            "--container",
            "-l",
            "--selector",
            "--timeout",
            "-p",
            "--patch",
            "--replicas",
            "--context",
            "--kubeconfig",
            "-f",
            "--filename",
            "-k",
            "--values",
            "--set",
            "--version",
            "--to-revision",
            "-o",
            "--type",
        ];
        let mut namespace = option(simple.args(), &["-n", "--namespace"]);
        let from_file = option(simple.args(), &["-f", "--filename", "-k"]).is_some();
        let words = operands_but(simple.args(), VALUED);
        let mut names: BTreeSet<String> = BTreeSet::new();
        if simple.program() == "helm" {
            // A chart, a revision and a file follow the release.
            names.extend(words.iter().find(|w| !is_verb(w)).cloned());
        } else {
            let objects = words.iter().filter(|w| !is_verb(w) && !w.contains('='));
            for word in objects {
                match word.split_once('/') {
                    Some((_, name)) => drop(names.insert(name.to_owned())),
                    None if is_kind(word) => {}
                    None => drop(names.insert(word.clone())),
                }
            }
            let of_namespace = words.iter().any(|w| matches!(w.as_str(), "namespace" | "ns" | "namespaces"));
            if of_namespace && namespace.is_none() {
                namespace = names.pop_first();
            }
            if from_file || of_namespace {
                names.clear();
            }
        }
        self.found.push(Thing::Cluster(namespace, names));
    }

    fn data(&mut self, simple: &Simple) {
        const VALUED: &[&str] = &[
            "-h",
            "--host",
            "-p",
            "--port",
            "-U",
            "--username",
            "-u",
            "--user",
            "-d",
            "--dbname",
            "--db",
            "-f",
            "--file",
            "-c",
            "--command",
            "-e",
            "--execute",
            "-v",
            "--set",
            "-D",
            "--database",
            "-q",
            "--query",
            "-n",
            "-a",
            "-j",
            "--jobs",
        ];
        let args = simple.args();
        let redis = matches!(simple.program(), "redis-cli" | "valkey-cli");
        let words = operands_but(args, VALUED);
        let said = option(args, &["-c", "--command", "-e", "--execute", "--query", "--eval"]);
        if redis {
            let verb = words.first().map_or(String::new(), |w| w.to_lowercase());
            let tables = match verb.as_str() {
                "flushall" | "flushdb" => Tables::All,
                "" => Tables::Unsaid,
                "config" | "client" => Tables::These(BTreeSet::from([verb])),
                _ => Tables::These(words.iter().skip(1).take(1).cloned().collect()),
            };
            let name = option(args, &["-h", "--host"]).unwrap_or_else(|| "localhost".into());
            return self.found.push(Thing::Data(Some(format!("redis {name}")), tables));
        }
        let named =
            option(args, &["-d", "--dbname", "-D", "--database", "--db"]).or_else(|| words.first().cloned());
        let named = named.or_else(|| {
            simple.assigns.iter().find(|(n, _)| n == "PGDATABASE").map(|(_, v)| (self.resolve.word)(v))
        });
        let name = named.map(|n| {
            let bare = n.split('?').next().unwrap_or(&n);
            bare.rsplit_once('/').filter(|_| n.contains("://")).map_or(bare, |(_, db)| db).to_owned()
        });
        let name = if simple.program() == "sqlite3" { name.map(|n| self.path(&n)) } else { name };
        let inline = said.or_else(|| words.get(1).cloned()).or_else(|| simple.here_text.clone());
        let tables = match inline {
            _ if matches!(simple.program(), "createdb" | "dropdb") => Tables::All,
            Some(sql) => tables(&sql),
            None => Tables::Unsaid,
        };
        self.found.push(Thing::Data(name, tables));
    }
}

#[cfg(test)]
mod tests;
