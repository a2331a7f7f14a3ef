//! Clients of databases: where their statements stand, and what these do.

use super::super::classified::Effect;
use super::form::Said;
use super::given::Given;
use super::{paths, sql};

/// A client of a database.
struct Client {
    /// Its names.
    names: &'static [&'static str],
    /// Options whose value is a statement.
    texts: &'static [&'static str],
    /// Options whose value is a file of statements.
    files: &'static [&'static str],
    /// Words that come before a statement that no option names; none where it takes no such statement.
    before: Option<usize>,
    /// Its options with a value that are neither, with spaces between.
    valued: &'static str,
}

const fn client(
    names: &'static [&'static str],
    texts: &'static [&'static str],
    files: &'static [&'static str],
    before: Option<usize>,
    valued: &'static str,
) -> Client {
    Client { names, texts, files, before, valued }
}

const POSTGRES: &str =
    "-h --host -p --port -U --username -d --dbname -v --set --variable -o --output -P -F -R -L";
const MYSQL: &str =
    "-h --host -P --port -u --user -D --database -S --socket --protocol --defaults-file --ssl-mode";

#[rustfmt::skip] // a table
const CLIENTS: &[Client] = &[
    client(&["psql", "pgcli", "vsql", "gsql", "ysqlsh", "edb-psql"], &["-c", "--command"], &["-f", "--file"], None, POSTGRES),
    client(&["mysql", "mariadb", "mycli", "mysqlsh"], &["-e", "--execute", "--init-command"], &["-f", "--file"], None, MYSQL),
    client(&["sqlite3", "litecli"], &["-cmd"], &["-init"], Some(1), "-separator -newline -nullvalue"),
    client(&["duckdb"], &["-c", "-s", "-cmd"], &["-init", "-f"], Some(1), "-separator"),
    client(&["mongosh", "mongo"], &["--eval"], &["-f", "--file"], None, "--host --port -u --username -p --password --authenticationDatabase"),
    client(&["clickhouse-client", "clickhouse-local"], &["-q", "--query"], &["--queries-file"], None, "-h --host -p --port --port -u --user --password -d --database"),
    client(&["cqlsh"], &["-e", "--execute"], &["-f", "--file"], None, "-u --username -p --password -k --keyspace"),
    client(&["sqlcmd", "go-sqlcmd"], &["-Q", "-q", "--query"], &["-i"], None, "-S -U -P -d"),
    client(&["isql", "tsql", "fbsql", "isql-fb"], &[], &["-i"], None, "-u -p -user -password -S -U -P"),
    client(&["cockroach", "usql", "trino", "presto", "hive", "beeline", "spark-sql", "snowsql", "impala-shell", "ksql", "sql-client.sh"],
        &["-e", "-c", "-q", "-Q", "--execute", "--command", "--query"], &["-f", "--file", "--filename"], None, "--host --url -u"),
    client(&["influx"], &["-execute", "--execute"], &["-f", "--file"], None, "-host -database --bucket -b --org -o"),
    client(&["cypher-shell"], &[], &["-f", "--file"], Some(0), "-u -p -a -d --username --password --address --database"),
    client(&["arangosh", "surreal", "tarantoolctl", "taos"], &["--javascript.execute-string", "-s"], &["--javascript.execute", "-f"], None, ""),
    client(&["sqlplus"], &[], &[], None, ""),
    client(&["db2", "hdbsql"], &[], &["-I", "-f", "-tvf"], Some(0), "-U -u -n -p -d"),
];

/// Statements and files of statements among the arguments.
#[derive(Default)]
struct Statements {
    texts: Vec<String>,
    files: Vec<String>,
}

fn find(program: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.names.contains(&program))
}

/// The value of one of these options at `at`: behind it, in its word, or behind a cluster of letters that ends in it.
fn value<'w>(args: &'w [String], at: usize, options: &[&str]) -> Option<&'w str> {
    let arg = args.get(at)?;
    let next = || args.get(at + 1).map(String::as_str);
    options.iter().find_map(|option| {
        if arg == option {
            return next();
        }
        let letter = option.strip_prefix('-').filter(|l| l.len() == 1);
        let Some(letter) = letter else { return arg.strip_prefix(option)?.strip_prefix('=') };
        if arg.starts_with("--") {
            return None;
        }
        if let Some(attached) = arg.strip_prefix(option) {
            return Some(attached);
        }
        let cluster =
            arg.len() <= 5 && arg.starts_with('-') && arg.chars().skip(1).all(|c| c.is_ascii_alphabetic());
        if cluster && arg.ends_with(letter) { next() } else { None }
    })
}

impl Client {
    fn statements(&self, given: &Given<'_>) -> Statements {
        let args = given.simple.args();
        let mut found = Statements::default();
        for at in 0..args.len() {
            found.texts.extend(value(args, at, self.texts).map(str::to_owned));
            found.files.extend(value(args, at, self.files).map(str::to_owned));
        }
        let valued = [self.texts.join(" "), self.files.join(" "), self.valued.to_owned()].join(" ");
        let said = Said::read(args, &valued);
        if let Some(before) = self.before {
            found.texts.extend(said.words().iter().skip(before).map(|w| (*w).to_owned()));
        }
        let script = |w: &&&str| w.ends_with(".js") || w.ends_with(".sql") || w.starts_with('@');
        found.files.extend(said.words().iter().filter(script).map(|w| (*w).to_owned()));
        found
    }
}

/// Whether it only tells of itself or of what there is: `psql -l`, `mysql --version`.
fn only_tells(given: &Given<'_>) -> bool {
    let lists = given.simple.program() == "psql" && (given.simple.has("-l") || given.simple.has("--list"));
    lists
        || given
            .simple
            .args()
            .iter()
            .any(|a| matches!(a.as_str(), "--version" | "-V" | "-version" | "--help" | "-?"))
}

/// What a client does, by its statements, its files and what it is given to read.
pub(super) fn effect(given: &Given<'_>) -> Effect {
    let Some(client) = find(given.simple.program()) else { return Effect::Changes };
    let said = client.statements(given);
    // One that is told a statement reads no others.
    let listens = said.texts.is_empty() || given.simple.has("-cmd") || given.simple.has("-init");
    let lost = said.texts.iter().any(|text| sql::destroys(text) || reads_backup(text))
        || said.files.iter().any(|file| paths::is_backup(file) || paths::undoes(file))
        || (listens && given.feed.overwrites_database());
    if lost {
        return Effect::Destructive;
    }
    let writes = ["-o", "--output", "-L", "--log-file", "--tee", "--outfile"];
    let names = |arg: &String| writes.contains(&arg.split('=').next().unwrap_or(arg));
    if !said.files.is_empty() || given.simple.args().iter().any(names) {
        return Effect::Changes;
    }
    let fed = !listens || given.feed.texts.iter().all(|text| sql::reads(text)) && given.feed.files.is_empty();
    let all = said.texts.iter().all(|text| sql::reads(text));
    let any = !said.texts.is_empty() || !given.feed.texts.is_empty() || only_tells(given);
    if any && fed && all { Effect::Reads } else { Effect::Changes }
}

/// `.read backup.sql`, `\i dump.sql`, `source restore.sql`, `LOAD DATA …`: a command of the client that reads a file.
fn reads_backup(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let command = words.next().unwrap_or("");
    let reads = matches!(command, ".read" | ".restore" | ".import" | "\\i" | "\\ir" | "source" | "\\.");
    reads && (command == ".restore" || words.any(|file| paths::is_backup(file) || paths::undoes(file)))
}

/// Whether a client has nothing to do but what is typed; nothing for what is no client.
pub(super) fn asks(given: &Given<'_>) -> Option<bool> {
    let client = find(given.simple.program())?;
    let said = client.statements(given);
    let words = Said::read(given.simple.args(), client.valued);
    let shell = match given.simple.program() {
        "cockroach" | "surreal" => words.may_fit("sql"),
        "influx" | "tarantoolctl" => words.may_fit("$"),
        _ => true,
    };
    Some(shell && said.texts.is_empty() && said.files.is_empty() && !only_tells(given))
}

/// What a program does that sends statements among other things: a console's own commands, a cloud's client.
pub(super) fn loose(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    let file = |arg: &str| {
        let path = arg.split_once('=').map_or(arg, |(_, value)| value);
        path.ends_with(".sql") && (paths::is_backup(path) || paths::undoes(path))
    };
    let text = |arg: &str| {
        let value = arg.split_once('=').map_or(arg, |(_, value)| value);
        sql::begins_to_destroy(value) || sql::begins_to_destroy(arg) || sql::code_destroys(arg)
    };
    let writes =
        args.iter().any(|arg| matches!(arg.as_str(), "dump" | "export" | "backup" | "pull" | "diff"));
    if args.iter().any(|arg| (!writes && file(arg)) || text(arg)) || given.feed.overwrites_database() {
        Effect::Destructive
    } else {
        Effect::Changes
    }
}

const REDIS_VALUED: &str = "-h -p -s -a -u -n -r -i --user --pass --cacert --cert --key -x -D -d";

const REDIS_LOSES: &str = "flushall, flushdb, shutdown, del, unlink, cluster reset|forget|flushslots, debug flushall|segfault, \
     function flush|delete|restore, xgroup destroy, restore, json.del, ft.dropindex";

const REDIS_READS: &str = "ping, info, get, mget, keys, dbsize, ttl, pttl, exists, llen, lrange, scan, type, hget, hgetall, hlen, \
     scard, smembers, zcard, zrange, strlen, time, role, lastsave, memory usage|stats|doctor, cluster info|nodes|slots, \
     config get, client list|info, slowlog get|len, latency latest, $ --version|-v, $ --bigkeys, $ --scan !--pipe";

/// What a client of Redis does, by its words or by the lines that it is given.
pub(super) fn redis(given: &Given<'_>) -> Effect {
    let fed = given.feed.texts.iter().flat_map(|text| text.lines());
    let lines: Vec<Vec<String>> = fed
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .filter(|line: &Vec<_>| !line.is_empty())
        .collect();
    let own = Said::read(given.simple.args(), REDIS_VALUED);
    let lost = |said: &Said<'_>| said.may_fit(REDIS_LOSES);
    if lost(&own) || lines.iter().any(|line| lost(&Said::read(line, ""))) || given.feed.overwrites_database()
    {
        return Effect::Destructive;
    }
    let unknown = given.feed.is_there() && lines.is_empty();
    let reads = |said: &Said<'_>| said.must_fit(REDIS_READS);
    let own = reads(&own) || (own.words().is_empty() && !lines.is_empty());
    if own && !unknown && lines.iter().all(|line| reads(&Said::read(line, ""))) {
        Effect::Reads
    } else {
        Effect::Changes
    }
}

/// Whether a client of Redis waits for what is typed.
pub(super) fn redis_asks(given: &Given<'_>) -> bool {
    Said::read(given.simple.args(), REDIS_VALUED)
        .may_fit("$ !--version !-v !--scan !--stat !--latency* !--bigkeys !--hotkeys !--rdb !--pipe !--eval !--help !-x")
}
