//! What a command stops, what it needs to be up, and which files it puts back: so that a way back that removes what
//! a later command of it needs is noticed before it is gone.

use super::classify::{compose_words, inside, unwrapped};
use super::parse::{Simple, parse};

/// Programs that talk to a database or a service of their own, with words that its service is named by.
const CLIENTS: &[(&str, &[&str])] = &[
    ("psql", &["postgres", "pg", "db", "database"]),
    ("pg_restore", &["postgres", "pg", "db", "database"]),
    ("pg_isready", &["postgres", "pg", "db", "database"]),
    ("mysql", &["mysql", "maria", "db", "database"]),
    ("mariadb", &["maria", "mysql", "db", "database"]),
    ("mongorestore", &["mongo", "db", "database"]),
    ("mongosh", &["mongo", "db", "database"]),
    ("mongo", &["mongo", "db", "database"]),
    ("redis-cli", &["redis", "valkey", "cache"]),
];

/// What a command stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Everything of a compose project.
    Everything,
    /// These services or containers.
    Named(Vec<String>),
}

impl Stopped {
    /// In words.
    pub fn says(&self) -> String {
        match self {
            Self::Everything => "everything".into(),
            Self::Named(names) => names.join(", "),
        }
    }
}

/// Something that a command needs to be up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The program that needs it.
    pub program: String,
    /// The host or container it names; absent where it takes what is there.
    pub host: Option<String>,
    /// It speaks of a container of the project itself (`compose exec`).
    pub container: bool,
}

impl Need {
    /// Which of a project's services it is, as far as names tell: the one that it names, else, on this machine, the
    /// first whose name tells of such a service.
    pub fn service<'s>(&self, services: &'s [String]) -> Option<&'s str> {
        let named = self.host.as_ref().and_then(|h| services.iter().find(|s| *s == h));
        if let Some(named) = named {
            return Some(named);
        }
        let here =
            self.host.as_deref().is_none_or(|h| matches!(h, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0"));
        let (_, words) = CLIENTS.iter().find(|(program, _)| *program == self.program)?;
        let is = |s: &&String| words.iter().any(|w| s.to_lowercase().contains(w));
        services.iter().filter(|_| here).find(is).map(String::as_str)
    }

    /// In words: what is needed.
    pub fn says(&self) -> String {
        self.host.clone().unwrap_or_else(|| format!("what {} talks to", self.program))
    }
}

/// A command of a list that stops what a later one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The index of the command that stops.
    pub stop: usize,
    /// What it stops.
    pub stopped: Stopped,
    /// The index of the command that needs it.
    pub needing: usize,
    /// What it needs.
    pub need: Need,
}

/// The first command of a list that stops what a later one needs before anything starts it again.
pub fn conflict(texts: &[&str]) -> Option<Conflict> {
    for (stop, text) in texts.iter().enumerate() {
        let Some(stopped) = simples(text).iter().find_map(stops) else { continue };
        let mut up = false;
        for (later, text) in texts.iter().enumerate().skip(stop + 1) {
            let simples = simples(text);
            up |= simples.iter().any(starts);
            let need = simples.iter().find_map(|s| need(s, &stopped));
            if let Some(need) = need.filter(|_| !up) {
                return Some(Conflict { stop, stopped, needing: later, need });
            }
        }
    }
    None
}

fn simples(text: &str) -> Vec<Simple> {
    parse(text).map(|p| p.simples.iter().map(unwrapped).collect()).unwrap_or_default()
}

fn stops(simple: &Simple) -> Option<Stopped> {
    let plain = |words: &[String]| words.iter().filter(|w| !w.starts_with('-')).cloned().collect::<Vec<_>>();
    if let Some(words) = compose_words(simple) {
        let names = plain(words.get(1..).unwrap_or_default());
        return match words.first().map(String::as_str) {
            Some("down" | "stop" | "kill" | "rm") if names.is_empty() => Some(Stopped::Everything),
            Some("down" | "stop" | "kill" | "rm") => Some(Stopped::Named(names)),
            _ => None,
        };
    }
    let args = plain(simple.args());
    match (simple.program(), args.first().map(String::as_str)) {
        ("docker" | "podman", Some("stop" | "kill" | "rm")) | ("systemctl", Some("stop")) => {
            Some(Stopped::Named(args[1..].to_vec()))
        }
        _ => None,
    }
}

fn starts(simple: &Simple) -> bool {
    compose_words(simple)
        .is_some_and(|w| w.first().is_some_and(|a| matches!(a.as_str(), "up" | "start" | "restart" | "run")))
        || (matches!(simple.program(), "systemctl" | "docker" | "podman")
            && simple.args().iter().any(|a| matches!(a.as_str(), "start" | "restart" | "run")))
}

fn need(simple: &Simple, stopped: &Stopped) -> Option<Need> {
    let container = compose_words(simple).is_some_and(|w| w.first().is_some_and(|a| a == "exec"))
        || (matches!(simple.program(), "docker" | "podman") && simple.has("exec"));
    let is_client = |s: &Simple| CLIENTS.iter().any(|(program, _)| *program == s.program());
    let within = inside(simple);
    let client = std::iter::once(simple).chain(&within).find(|s| is_client(s));
    let names = |names: &[String]| {
        names.iter().any(|n| simple.args().iter().any(|a| a == n || a.contains(&format!("@{n}:"))))
    };
    let hit = match stopped {
        Stopped::Everything => client.is_some() || container,
        Stopped::Named(list) => {
            (client.is_some() || container)
                && (names(list) || list.iter().any(|n| n.starts_with("postgres") && client.is_some()))
        }
    };
    hit.then(|| Need {
        program: client.map_or_else(|| simple.program().to_owned(), |c| c.program().to_owned()),
        host: if container { entered(simple) } else { client.and_then(host) },
        container,
    })
}

/// The container of an `exec`: the first word behind it that is no option.
fn entered(simple: &Simple) -> Option<String> {
    let mut words = simple.args().iter().skip_while(|a| *a != "exec").skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-u" | "--user" | "-w" | "--workdir" | "-e" | "--env" => {
                words.next();
            }
            w if w.starts_with('-') => {}
            w => return Some(w.to_owned()),
        }
    }
    None
}

/// The host that a database client names.
fn host(simple: &Simple) -> Option<String> {
    let args = simple.args();
    for (at, arg) in args.iter().enumerate() {
        if arg == "-h" || arg == "--host" {
            return args.get(at + 1).cloned();
        }
        if let Some(host) = arg.strip_prefix("--host=") {
            return Some(host.to_owned());
        }
        if let Some((_, rest)) = arg.split_once("://") {
            let authority = rest.split(['/', '?']).next().unwrap_or(rest);
            let host = authority.rsplit('@').next().unwrap_or(authority);
            return Some(host.split(':').next().unwrap_or(host).to_owned());
        }
    }
    let given = simple.assigns.iter().find(|(name, _)| name == "PGHOST" || name == "MYSQL_HOST");
    given.map(|(_, value)| value.clone())
}

/// The services that a compose command stops by name.
pub fn stopped_services(text: &str) -> Vec<String> {
    simples(text)
        .iter()
        .filter(|s| compose_words(s).is_some())
        .find_map(|s| match stops(s) {
            Some(Stopped::Named(names)) => Some(names),
            _ => None,
        })
        .unwrap_or_default()
}

/// The same command stopping only these services, where it is a compose command that stops everything.
pub fn stop_only(text: &str, services: &[String]) -> Option<String> {
    if services.is_empty() {
        return None;
    }
    let (before, rest) = split_at_verb(text, &["down", "stop", "kill"])?;
    Some(format!("{before}stop {}{rest}", services.join(" ")))
}

/// A command that starts one service of the project that `text`, a compose command, stops.
pub fn start_service(text: &str, service: &str) -> Option<String> {
    let (before, _) = split_at_verb(text, &["down", "stop", "kill"])?;
    let begin = before.rfind(['\n', ';', '&', '|']).map_or(0, |at| at + 1);
    Some(format!("{}up -d {service}", before[begin..].trim_start()))
}

/// What stands before a compose command's verb, and what follows its words: `;` and the like, or nothing.
fn split_at_verb<'t>(text: &'t str, verbs: &[&str]) -> Option<(&'t str, &'t str)> {
    let is = |s: &Simple| {
        compose_words(s).and_then(|w| w.first().cloned()).filter(|v| verbs.contains(&v.as_str()))
    };
    let verb = simples(text).iter().find_map(is)?;
    let compose = text.find("compose")? + "compose".len();
    let bounded = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(char::is_whitespace);
        let after = text[at + verb.len()..].chars().next();
        before && after.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '&' | '|'))
    };
    let at = text[compose..].match_indices(&verb).map(|(at, _)| compose + at).find(|at| bounded(*at))?;
    let rest = &text[at + verb.len()..];
    let end = rest.find(['\n', ';', '&', '|', '#']).unwrap_or(rest.len());
    let gap = usize::from(end < rest.len() && rest[..end].ends_with(' '));
    Some((&text[..at], &rest[end - gap..]))
}

/// A command that removes schemas with all that is in them, from the database that `text` puts a dump back into.
pub fn drop_schemas(text: &str, schemas: &[String]) -> Option<String> {
    let psql = simples(text).into_iter().find(|s| s.program() == "psql")?;
    let mut words: Vec<String> = vec!["psql".into()];
    let mut args = psql.args().iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-f" | "--file" | "-c" | "--command" | "-o" | "-L" => {
                args.next();
            }
            _ if arg.starts_with("--file=") || arg.starts_with("--command=") => {}
            _ => words.push(if arg.contains('$') { format!("\"{arg}\"") } else { super::quote::quote(arg) }),
        }
    }
    let drops: Vec<String> = schemas.iter().map(|s| format!("DROP SCHEMA IF EXISTS {s} CASCADE;")).collect();
    Some(format!("{} -v ON_ERROR_STOP=1 -c {}", words.join(" "), super::quote::quote(&drops.join(" "))))
}

/// Files that a command puts back what was saved from, as written: `< "/backups/$FILE"`, `pg_restore FILE`,
/// `./service restore FILE`. What is copied counts where its name says that it was saved, or `saved` does.
pub fn puts_back(text: &str, saved: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for simple in &simples(text) {
        let within = inside(simple);
        for simple in std::iter::once(simple).chain(&within) {
            for file in of_simple(simple, saved) {
                if !found.contains(&file) && !file.starts_with("/dev/fd/") {
                    found.push(file);
                }
            }
        }
    }
    found
}

fn of_simple(simple: &Simple, saved: &dyn Fn(&str) -> bool) -> Vec<String> {
    let args = simple.args();
    let behind = |flags: &[&str]| {
        args.iter().position(|a| flags.contains(&a.as_str())).and_then(|at| args.get(at + 1)).cloned()
    };
    let files = |args: &[String]| args.iter().filter(|a| is_file(a)).cloned().collect::<Vec<_>>();
    let given = simple.input.clone().filter(|_| simple.here_text.is_none() && is_file_or_name(simple));
    let mut found: Vec<String> = given.into_iter().collect();
    found.extend(match simple.program() {
        "psql" => behind(&["-f", "--file"]).into_iter().collect(),
        "pg_restore" | "mongorestore" | "gunzip" | "zcat" | "unzip" | "bunzip2" | "xzcat" | "zstdcat" => {
            files(args)
        }
        "gzip" | "pigz" | "xz" | "zstd" | "bzip2" | "lz4" if simple.has_short('d') => files(args),
        "tar" if unpacks(simple) => {
            let into = args.iter().position(|a| a == "-C" || a == "--directory").map(|at| at + 1);
            let named = args.iter().enumerate().filter(|(at, a)| Some(*at) != into && is_file(a));
            named.map(|(_, a)| a.clone()).take(1).collect()
        }
        // `.restore 'backup/x.db'`: one word with a file behind another.
        "sqlite3" => {
            let words = args.iter().filter_map(|a| a.strip_prefix(".restore "));
            words
                .map(|w| w.trim_matches(|c: char| c.is_whitespace() || "'\"".contains(c)).to_owned())
                .collect()
        }
        "cp" | "mv" | "rsync" | "install" | "scp" | "cat" => {
            let sources =
                if simple.program() == "cat" { args } else { args.split_last().map_or(args, |s| s.1) };
            sources.iter().filter(|f| !f.starts_with('-') && (is_saved(f) || saved(f))).cloned().collect()
        }
        _ => args.iter().position(|a| a.contains("restore")).map_or(vec![], |at| files(&args[at + 1..])),
    });
    found
}

fn is_file_or_name(simple: &Simple) -> bool {
    simple
        .input
        .as_deref()
        .is_some_and(|i| !i.starts_with("a here-") && i != "/dev/null" && !i.starts_with('&'))
}

/// Whether a word looks like a file's name.
fn is_file(word: &str) -> bool {
    const ENDS: &[&str] =
        &["sql", "dump", "gz", "tgz", "tar", "zip", "db", "bak", "rdb", "backup", "snap", "zst", "xz", "bz2"];
    let named = word.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end));
    !word.starts_with('-') && !word.contains("://") && (word.contains('/') || word.contains('$') || named)
}

/// Whether `tar` unpacks.
fn unpacks(simple: &Simple) -> bool {
    let bundle = simple.args().first().is_some_and(|a| !a.starts_with('-') && !is_file(a) && a.contains('x'));
    bundle || simple.has_short('x') || simple.has("--extract") || simple.has("--get")
}

/// Whether it looks like what was saved, and not like what is put anywhere.
pub fn is_saved(word: &str) -> bool {
    let lower = word.to_lowercase();
    let named = ["backup", "bak", "snapshot", "dump", "saved"].iter().any(|w| lower.contains(w));
    // `$BK`, `${DB_BKP}`
    let variable = lower.contains('$')
        && lower.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "bk" | "bkp" | "snap" | "bup"));
    named || variable
}

/// Whether a command saves something to be put back later.
pub fn makes_backup(simple: &Simple) -> bool {
    #[rustfmt::skip] // words, many to a line
    const PROGRAMS: &[&str] = &[
        "pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mongodump", "pg_basebackup", "mariabackup", "xtrabackup", "zip", "rsnapshot",
    ];
    let lower: Vec<String> = simple.args().iter().map(|a| a.to_lowercase()).collect();
    let has = |words: &[&str]| lower.iter().any(|a| words.contains(&a.as_str()));
    let first = lower.iter().find(|a| !a.starts_with('-')).map_or("", String::as_str);
    match simple.program() {
        program if PROGRAMS.contains(&program) => true,
        "tar" => !unpacks(simple) && !has(&["-t", "-tf", "-tzf", "tf", "tzf"]),
        "sqlite3" => lower.iter().any(|a| {
            [".backup", ".dump", ".clone", ".save"].iter().any(|w| a.starts_with(w))
                || a.contains("vacuum into")
        }),
        "redis-cli" | "valkey-cli" => has(&["save", "bgsave", "--rdb"]),
        "restic" | "borg" | "kopia" | "velero" | "etcdctl" | "influx" | "influxd" | "rclone" | "barman"
        | "wal-g" | "pgbackrest" => {
            !has(&["restore"]) && lower.iter().any(|a| a.contains("backup") || a == "create" || a == "save")
        }
        program => {
            let says = |w: &str| {
                ["backup", "snapshot", "dump"].iter().any(|s| w.contains(s)) && !w.contains("restore")
            };
            let makes = |w: &str| says(w) && !["delete", "remove", "prune"].iter().any(|s| w.contains(s));
            let own = simple.words.first().is_some_and(|w| w.contains('/') || w.ends_with(".sh"));
            let cloud = ["aws", "gcloud", "az", "doctl"].contains(&program);
            // `./backup.sh`, `./service backup`, `make backup`, `aws rds create-db-snapshot …`.
            (own && makes(&program.to_lowercase()))
                || makes(first) && !cloud && !first.contains(['/', '.', '$'])
                || cloud && lower.iter().any(|a| makes(a)) && lower.iter().any(|a| a.starts_with("create"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stopped_and_needed_later() {
        let found = conflict(&["docker-compose down", "export A=b", "psql -h postgres -d d < f.sql"]);
        let found = found.unwrap();
        assert_eq!((found.stop, found.needing, found.stopped), (0, 2, Stopped::Everything));
        assert_eq!(found.need.host.as_deref(), Some("postgres"));
        let services: Vec<String> = ["api", "postgres"].map(String::from).to_vec();
        assert_eq!(found.need.service(&services), Some("postgres"));
        for well in [
            ["docker-compose stop api", "psql -h postgres -c 'select 1'"].as_slice(),
            &["docker-compose down", "docker-compose up -d postgres", "psql -h postgres -c 'select 1'"],
            &["docker-compose down", "git checkout v1", "docker-compose up -d"],
        ] {
            assert_eq!(conflict(well), None, "{well:?}");
        }
    }

    #[test]
    fn a_service_is_told_by_its_name() {
        let services: Vec<String> = ["web", "main-db"].map(String::from).to_vec();
        let need = |host: Option<&str>| Need {
            program: "psql".into(),
            host: host.map(str::to_owned),
            container: false,
        };
        assert_eq!(need(Some("localhost")).service(&services), Some("main-db"));
        assert_eq!(need(None).service(&services), Some("main-db"));
        assert_eq!(need(Some("db.example.com")).service(&services), None, "it is elsewhere");
    }

    #[test]
    fn ways_out_keep_the_rest_of_the_command() {
        let api = ["api".to_owned()];
        assert_eq!(stop_only("docker-compose down", &api).unwrap(), "docker-compose stop api");
        let text = "cd /opt/app && docker compose -f prod.yml down --remove-orphans && echo down";
        assert_eq!(
            stop_only(text, &api).unwrap(),
            "cd /opt/app && docker compose -f prod.yml stop api && echo down"
        );
        assert_eq!(start_service(text, "db").unwrap(), "docker compose -f prod.yml up -d db");
        assert_eq!(stop_only("systemctl stop api", &api), None);
    }

    #[test]
    fn files_that_are_put_back() {
        for (text, files) in [
            ("psql -h db -d d < \"/backups/$BACKUP_FILE\"", vec!["/backups/$BACKUP_FILE"]),
            ("./service restore \"../backups/$F\"", vec!["../backups/$F"]),
            ("gunzip -c backups/a.sql.gz | psql d", vec!["backups/a.sql.gz"]),
            ("pg_restore -d d --clean /b/a.dump", vec!["/b/a.dump"]),
            ("docker exec -i db psql -U u < b.sql", vec!["b.sql"]),
            ("cp /srv/backup/app.db data/app.db", vec!["/srv/backup/app.db"]),
            ("tar xzf site.tgz -C /", vec!["site.tgz"]),
            ("tar -C /srv -xzf site.tgz", vec!["site.tgz"]),
            ("cp $BK data/x.db", vec!["$BK"]),
            ("cat \"$BK\" | psql d", vec!["$BK"]),
            ("sqlite3 data/x.db \".restore 'old/x.db'\"", vec!["old/x.db"]),
            ("cp backup.txt data", vec!["backup.txt"]),
            ("cp a.conf /etc/", vec![]),
            ("cat <<X | psql d\nselect 1;\nX", vec![]),
            ("npm ci", vec![]),
        ] {
            assert_eq!(puts_back(text, &|_| false), files, "{text}");
        }
    }
}
