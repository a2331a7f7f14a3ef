//! What a command does to the world, from its programs, options and redirections.

use super::super::parse::{Parsed, Simple, parse};
use super::inside::inside;
use super::{Effect, compose_words, unwrapped};

/// Programs that only read, whatever their arguments.
#[rustfmt::skip] // words, many to a line
pub(super) const READERS: &[&str] = &[
    "ps", "df", "du", "free", "ls", "cat", "head", "tail", "grep", "egrep", "fgrep", "zgrep", "zcat", "wc",
    "uniq", "cut", "tr", "jq", "yq", "echo", "printf", "uptime", "whoami", "id", "groups", "pwd", "cd", "test",
    "[", "[[", "true", "false", ":", "sleep", "which", "type", "whereis", "printenv", "stat", "file", "lsof",
    "netstat", "ping", "dig", "nslookup", "host", "uname", "nproc", "lscpu", "lsblk", "vmstat", "iostat",
    "sha256sum", "sha1sum", "md5sum", "diff", "cmp", "pg_isready", "seq", "basename", "dirname", "realpath",
    "readlink", "wait", "jobs", "top", "htop", "clear", "column", "nl", "rev", "tac", "less", "more", "man",
    "w", "who", "last", "pgrep", "tree", "comm", "paste", "fold", "expand", "strings", "od", "hexdump", "xxd",
    "base64", "traceroute", "mtr", "return", "break", "continue", "shift", "getent", "locale", "lsmod", "arch",
    "tput",
];

/// SQL functions that only compute (a plain-columns rule with the everyday exceptions).
#[rustfmt::skip] // words, many to a line
const SQL_FUNCTIONS: &[&str] = &[
    "count", "sum", "avg", "min", "max", "now", "version", "coalesce", "round", "length", "lower", "upper",
    "date", "extract", "date_trunc", "current_database", "pg_size_pretty", "pg_database_size",
    "pg_total_relation_size", "pg_is_in_recovery", "age", "in", "distinct", "interval", "exists", "values",
    "any", "nullif", "cast", "to_char",
];

/// The effect of a parsed command: the worst of its parts.
pub(super) fn effect(parsed: &Parsed) -> Effect {
    if parsed.only_defines {
        // A function may stand in for a program from here on.
        return Effect::Changes;
    }
    let inner = parsed.simples.iter().flat_map(inside).filter(|s| destructive(&unwrapped(s)));
    if inner.count() > 0 {
        return Effect::Destructive;
    }
    parsed.simples.iter().map(simple_effect).max().unwrap_or(Effect::Changes).max(if parsed.background {
        Effect::Changes
    } else {
        Effect::Reads
    })
}

fn simple_effect(written: &Simple) -> Effect {
    let simple = &unwrapped(written);
    let program = simple.program();
    if destructive(simple) {
        return Effect::Destructive;
    }
    let redefines = |name: &str| {
        ["PATH", "IFS", "BASH_ENV", "ENV", "PROMPT_COMMAND"].contains(&name) || name.starts_with("LD_")
    };
    if !simple.writes.is_empty()
        || written.assigns.iter().any(|(name, value)| varies(value) || redefines(name))
    {
        return Effect::Changes;
    }
    let reads = match program {
        "" => true,
        "export" | "unset" | "set" | "local" | "declare" | "readonly" | "shopt" => true,
        "alias" => simple.args().iter().all(|a| !a.contains('=')),
        "date" => !simple.has_short('s') && !simple.args().iter().any(|a| a.starts_with("--set")),
        "hostname" => simple.args().iter().all(|a| a.starts_with('-') && a != "-F" && a != "-b"),
        "dmesg" => !simple.has_short('c') && !simple.has_short('C') && !simple.has("--clear"),
        "ss" => !simple.has_short('K') && !simple.has("--kill"),
        "ulimit" => simple.args().iter().all(|a| a.starts_with('-')),
        "time" | "env" | "command" | "builtin" => {
            simple.words.len() == 1 || simple.has("-v") || simple.has("-V")
        }
        "watch" => watched(simple).is_some_and(|inner| inner == Effect::Reads),
        "ssh" => inner_script(simple).is_some_and(|inner| inner == Effect::Reads),
        "git" => git_reads(simple),
        "docker" | "podman" | "docker-compose" | "podman-compose" => docker_reads(simple),
        "kubectl" | "oc" => kubectl_verb(simple).is_some_and(|verb| {
            ["get", "describe", "logs", "top", "version", "explain", "api-resources", "cluster-info", "auth"]
                .contains(&verb)
                || (verb == "rollout" && (simple.has("status") || simple.has("history")))
                || (verb == "config"
                    && (simple.has("view") || simple.has("current-context") || simple.has("get-contexts")))
        }),
        "helm" => kubectl_verb(simple).is_some_and(|verb| {
            ["list", "ls", "status", "history", "get", "version", "show"].contains(&verb)
        }),
        "terraform" => first_plain(simple)
            .is_some_and(|verb| ["plan", "show", "output", "validate", "version"].contains(&verb)),
        "systemctl" => first_plain(simple).is_some_and(|verb| {
            verb.starts_with("is-") || verb.starts_with("list-") || ["status", "show", "cat"].contains(&verb)
        }),
        "service" | "supervisorctl" | "pm2" => {
            simple.args().iter().any(|a| ["status", "list", "ls", "logs"].contains(&a.as_str()))
        }
        "journalctl" => !simple.args().iter().any(|a| a.starts_with("--vacuum") || a.starts_with("--rotate")),
        "curl" => curl_reads(simple),
        "wget" => {
            simple.has("--spider")
                || simple.args().windows(2).any(|w| w[0].ends_with('O') && w[1] == "-")
                || simple.has("-qO-")
        }
        "psql" | "mysql" | "mariadb" | "sqlite3" => {
            sql_texts(simple).is_some_and(|texts| texts.iter().all(|t| sql_reads(t)))
        }
        "redis-cli" => simple.args().iter().any(|a| {
            ["ping", "info", "get", "keys", "dbsize", "ttl", "exists", "llen", "scan"]
                .contains(&a.to_ascii_lowercase().as_str())
        }),
        "npm" | "yarn" | "pnpm" => {
            first_plain(simple)
                .is_some_and(|verb| ["ls", "list", "outdated", "view", "audit"].contains(&verb))
                && !simple.has("fix")
                || simple.has("--version")
                || simple.has("-v")
        }
        "sed" => simple
            .args()
            .iter()
            .all(|a| !a.starts_with("-i") && !a.starts_with("--in-place") && !sed_writes(a)),
        "awk" | "gawk" => {
            !simple.args().iter().any(|a| a.contains("system(") || a.contains('>') || a.contains("| \""))
        }
        "sort" => !simple.args().iter().any(|a| a.starts_with("-o") || a.starts_with("--output")),
        "find" => !simple
            .args()
            .iter()
            .any(|a| ["-delete", "-exec", "-ok", "-fprint", "-fls"].iter().any(|w| a.starts_with(w))),
        "nc" | "netcat" => simple.has_short('z'),
        "openssl" => {
            first_plain(simple).is_some_and(|verb| ["s_client", "x509", "version"].contains(&verb))
                && !simple.has("-out")
        }
        "crontab" => simple.has("-l"),
        "aws" | "az" | "gcloud" => {
            let words: Vec<&String> = simple.args().iter().filter(|a| !a.starts_with('-')).collect();
            words.iter().any(|a| a.starts_with("describe") || a.starts_with("list") || *a == "ls")
        }
        "fly" | "flyctl" | "heroku" | "vercel" | "railway" => simple
            .args()
            .first()
            .is_some_and(|a| ["status", "logs", "list", "ps", "info", "releases"].contains(&a.as_str())),
        _ => READERS.contains(&program) || asks_only_for_version(simple),
    };
    if reads { Effect::Reads } else { Effect::Changes }
}

fn asks_only_for_version(simple: &Simple) -> bool {
    matches!(simple.args(), [only] if ["--version", "-version", "version", "--help"].contains(&only.as_str()))
}

/// The first argument that is no option.
fn first_plain(simple: &Simple) -> Option<&str> {
    simple.args().iter().map(String::as_str).find(|a| !a.starts_with('-'))
}

/// The verb of kubectl or helm behind options that take a value.
fn kubectl_verb(simple: &Simple) -> Option<&str> {
    let mut args = simple.args().iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match arg {
            "-n" | "--namespace" | "--context" | "--kubeconfig" | "--kube-context" | "--cluster" => {
                args.next();
            }
            a if a.starts_with('-') => {}
            verb => return Some(verb),
        }
    }
    None
}

/// Whether a sed script may write a file or run a command: the commands and flags `w`, `W` and `e`.
fn sed_writes(script: &str) -> bool {
    !script.starts_with('-')
        && script
            .split(['/', '|', ',', ';', '{', '#', '\n', ' '])
            .any(|part| matches!(part.trim(), "w" | "W" | "e" | "gw" | "pw" | "ge"))
}

/// Whether a value differs each time it is made.
fn varies(value: &str) -> bool {
    ["$(", "`", "$RANDOM", "${RANDOM", "$SRANDOM", "$EPOCH", "$SECONDS"].iter().any(|w| value.contains(w))
}

fn watched(simple: &Simple) -> Option<Effect> {
    let mut at = 1;
    while at < simple.words.len() && simple.words[at].starts_with('-') {
        at += if ["-n", "--interval"].contains(&simple.words[at].as_str()) { 2 } else { 1 };
    }
    parse(&simple.words.get(at..)?.join(" ")).map(|inner| effect(&inner))
}

/// The effect of the command that `ssh host "…"` runs there.
fn inner_script(simple: &Simple) -> Option<Effect> {
    let host = simple.args().iter().position(|a| !a.starts_with('-'))?;
    let script = simple.args().get(host + 1..)?.join(" ");
    if script.trim().is_empty() { None } else { parse(&script).map(|inner| effect(&inner)) }
}

fn git_reads(simple: &Simple) -> bool {
    let Some(verb) = first_plain(simple) else { return simple.has("--version") };
    let rest = simple.args().iter().filter(|a| !a.starts_with('-')).count();
    match verb {
        "log" | "status" | "diff" | "show" | "describe" | "rev-parse" | "ls-files" | "ls-remote"
        | "blame" | "shortlog" | "rev-list" | "cat-file" | "grep" | "reflog" => true,
        "branch" => rest == 1 && !simple.has_short('d') && !simple.has_short('D'),
        "tag" => rest == 1 || simple.has("-l") || simple.has("--list"),
        "remote" => rest == 1 || simple.has("show") || simple.has("get-url"),
        "config" => simple.has("--get") || simple.has("-l") || simple.has("--list"),
        "stash" => simple.has("list") || simple.has("show"),
        _ => false,
    }
}

fn docker_reads(simple: &Simple) -> bool {
    if let Some(words) = compose_words(simple) {
        let verb = words.first().map_or("", String::as_str);
        return match verb {
            "ps" | "logs" | "config" | "images" | "top" | "version" | "ls" | "port" | "events" => true,
            "exec" => inner_reads(&words[1..]),
            _ => false,
        };
    }
    match first_plain(simple).unwrap_or("") {
        "ps" | "images" | "logs" | "inspect" | "stats" | "version" | "info" | "top" | "port" | "history"
        | "diff" | "events" => true,
        "container" | "image" | "volume" | "network" | "system" => {
            simple.args().iter().any(|a| ["ls", "list", "inspect", "df"].contains(&a.as_str()))
                && !simple.has("prune")
        }
        "exec" => simple
            .args()
            .iter()
            .position(|a| a == "exec")
            .is_some_and(|at| inner_reads(&simple.args()[at + 1..])),
        _ => false,
    }
}

/// Whether the command run in a container (`exec [options] NAME words…`) only reads.
fn inner_reads(words: &[String]) -> bool {
    let Some(name) = words.iter().position(|w| !w.starts_with('-')) else { return false };
    let inner = Simple { words: words[name + 1..].to_vec(), ..Simple::default() };
    !inner.words.is_empty() && simple_effect(&inner) == Effect::Reads
}

fn curl_method(simple: &Simple) -> Option<String> {
    let args = simple.args();
    for (at, arg) in args.iter().enumerate() {
        if arg == "-X" || arg == "--request" {
            return args.get(at + 1).map(|m| m.to_ascii_uppercase());
        }
        if let Some(method) = arg.strip_prefix("-X").or_else(|| arg.strip_prefix("--request=")) {
            return Some(method.to_ascii_uppercase());
        }
    }
    None
}

fn curl_reads(simple: &Simple) -> bool {
    let sends = simple.args().iter().any(|a| {
        a.starts_with("-d")
            || a.starts_with("--data")
            || a == "--json"
            || a == "-T"
            || a == "--upload-file"
            || a == "-F"
            || a.starts_with("--form")
            || a == "-K"
            || a == "--config"
    });
    let writes = simple
        .args()
        .windows(2)
        .any(|w| (w[0] == "-o" || w[0] == "--output") && w[1] != "/dev/null" && w[1] != "-")
        || simple.has("-O")
        || simple.has("--remote-name")
        || simple.has("-c")
        || simple.has("--cookie-jar");
    !sends && !writes && curl_method(simple).is_none_or(|m| m == "GET" || m == "HEAD" || m == "OPTIONS")
}

/// The SQL texts a client is given; `None` where it reads a file or a terminal instead.
fn sql_texts(simple: &Simple) -> Option<Vec<String>> {
    if let Some(text) = &simple.here_text {
        return Some(vec![text.clone()]);
    }
    if simple.input.is_some() || simple.piped_into {
        return None;
    }
    let args = simple.args();
    let mut texts = Vec::new();
    for (at, arg) in args.iter().enumerate() {
        let flag = ["-c", "--command", "-e", "--execute"].contains(&arg.as_str())
            || (arg.starts_with('-')
                && !arg.starts_with("--")
                && arg.len() <= 5
                && (arg.ends_with('c') || arg.ends_with('e')));
        if flag {
            texts.extend(args.get(at + 1).cloned());
        } else if let Some(text) = arg.strip_prefix("--command=").or_else(|| arg.strip_prefix("--execute=")) {
            texts.push(text.to_owned());
        } else if arg == "-f" || arg.starts_with("--file") {
            return None;
        } else if arg == "-l" || arg == "--list" || arg == "--version" {
            texts.push("SELECT 1".into());
        }
    }
    if simple.program() == "sqlite3" {
        let plain: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
        texts.extend(plain.get(1).map(|t| (*t).clone()));
    }
    if texts.is_empty() { None } else { Some(texts) }
}

fn sql_statements(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|s| !s.is_empty())
}

fn sql_reads(text: &str) -> bool {
    sql_statements(text).all(|statement| {
        let lower = statement.to_ascii_lowercase();
        if lower.starts_with('\\') {
            return ["\\d", "\\l", "\\conninfo", "\\dt", "\\du", "\\x"].iter().any(|c| lower.starts_with(c));
        }
        let first = lower.split_whitespace().next().unwrap_or("");
        let opens = [
            "select", "show", "explain", "with", "table", "describe", "values", ".tables", ".schema",
            "pragma",
        ];
        opens.contains(&first)
            && !["insert ", "update ", "delete ", " into ", "analyze", "for update"]
                .iter()
                .any(|w| lower.contains(w))
            && sql_calls(&lower).all(|name| SQL_FUNCTIONS.contains(&name))
    })
}

/// The names standing directly before an opening bracket.
fn sql_calls(lower: &str) -> impl Iterator<Item = &str> {
    lower.match_indices('(').filter_map(|(at, _)| {
        let before = lower[..at].trim_end();
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |p| p + 1);
        let name = &before[start..];
        (!name.is_empty()).then_some(name)
    })
}

/// What SQL does.
pub(super) fn sql_effect(text: &str) -> Effect {
    let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
    let code = code.join("\n");
    if sql_destroys(&code) {
        Effect::Destructive
    } else if sql_reads(&code) {
        Effect::Reads
    } else {
        Effect::Changes
    }
}

fn sql_destroys(text: &str) -> bool {
    if text.contains("dropDatabase") || text.contains(".drop(") || text.contains("deleteMany") {
        return true;
    }
    sql_statements(text).any(|statement| {
        let lower = statement.to_ascii_lowercase();
        let has =
            |w: &str| lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == w);
        has("drop") || has("truncate") || has("delete")
    })
}

fn destructive(simple: &Simple) -> bool {
    let args = simple.args();
    let has = |w: &str| simple.has(w);
    if let Some(words) = compose_words(simple) {
        let verb = words.first().map_or("", String::as_str);
        return verb == "down" || verb == "rm" || verb == "kill" || words.iter().any(|w| w == "--volumes");
    }
    match simple.program() {
        "rm" => {
            simple.has_short('r')
                || simple.has_short('R')
                || has("--recursive")
                || args.iter().any(|a| a.contains('*'))
        }
        "rmdir" => false,
        "shred" | "mkfs" | "wipefs" | "dropdb" | "dropuser" | "pg_restore" | "killall" | "truncate"
        | "shutdown" | "reboot" | "halt" | "poweroff" => true,
        "dd" => args.iter().any(|a| a.starts_with("of=") && a != "of=/dev/null"),
        "kill" | "pkill" => {
            has("-9")
                || has("-KILL")
                || has("-SIGKILL")
                || args.windows(2).any(|w| w[0] == "-s" && w[1].ends_with("KILL"))
        }
        "psql" | "mysql" | "mariadb" | "sqlite3" | "mongorestore" | "mongo" | "mongosh" => {
            match sql_texts(simple) {
                Some(texts) => texts.iter().any(|t| sql_destroys(t)),
                None => simple.input.is_some() || simple.piped_into || simple.program() == "mongorestore",
            }
        }
        "redis-cli" => args
            .iter()
            .any(|a| ["FLUSHALL", "FLUSHDB", "SHUTDOWN", "DEL"].contains(&a.to_ascii_uppercase().as_str())),
        "git" => {
            (has("push") && args.iter().any(|a| a.starts_with("--force") || a == "-f" || a == "--delete"))
                || (has("reset") && has("--hard"))
                || (has("clean") && simple.has_short('f'))
                || (has("branch") && simple.has_short('D'))
        }
        "docker" | "podman" => {
            let removes = ["rm", "rmi", "prune", "kill"].iter().any(|w| has(w));
            removes && !has("run")
        }
        "kubectl" | "oc" => {
            has("delete") || has("drain") || args.iter().any(|a| a == "--replicas=0") || none_left(args)
        }
        "crontab" => has("-r"),
        "rsync" => args.iter().any(|a| a.starts_with("--delete")),
        "lvremove" | "vgremove" | "pvremove" | "userdel" | "groupdel" => true,
        "etcdctl" => has("del"),
        "pm2" => has("delete"),
        "gh" => has("delete"),
        "alembic" | "flask" => has("downgrade"),
        program if program.starts_with("mkfs.") => true,
        "iptables" | "ip6tables" | "nft" => has("-F") || has("flush"),
        "helm" => has("uninstall") || has("delete"),
        "terraform" | "tofu" | "pulumi" => has("destroy"),
        "curl" => curl_method(simple).is_some_and(|m| m == "DELETE"),
        "aws" | "gcloud" | "az" | "doctl" => args.iter().any(|a| {
            a == "rm" || a == "rb" || a == "--delete" || a.starts_with("delete") || a.starts_with("terminate")
        }),
        "find" => has("-delete"),
        _ => destroys_by_its_words(simple),
    }
}

/// `--replicas 0`.
fn none_left(args: &[String]) -> bool {
    args.windows(2).any(|w| w[0] == "--replicas" && w[1] == "0")
}

/// Of a program that is not known by itself, the words it is called with: `fly postgres restore`, `prisma migrate
/// reset`, `./service restore`.
fn destroys_by_its_words(simple: &Simple) -> bool {
    #[rustfmt::skip] // words, many to a line
    const VERBS: &[&str] = &[
        "destroy", "delete", "drop", "purge", "wipe", "reset", "restore", "teardown", "tear-down", "flushall",
        "flushdb", "uninstall", "db:drop", "db:reset", "nuke", "terminate", "truncate",
    ];
    let known =
        super::is_known_program(simple.program()) && !simple.words.first().is_some_and(|w| w.contains('/'));
    let words: Vec<&str> =
        simple.args().iter().map(String::as_str).filter(|a| !a.starts_with('-')).take(3).collect();
    let task = matches!(simple.program(), "npm" | "yarn" | "pnpm" | "npx" | "make" | "just" | "rake");
    let verb = |w: &&str| VERBS.contains(w) || (task && w.split([':', '-']).any(|p| VERBS.contains(&p)));
    let down = words.windows(2).any(|w| {
        (w[0].starts_with("migrat") && w[1] == "down") || (matches!(w[0], "count" | "scale") && w[1] == "0")
    }) || words.windows(3).any(|w| w[0] == "scale" && w[1] == "count" && w[2] == "0");
    (!known || task) && (words.iter().any(verb) || down) || simple.args().iter().any(|a| a == "--force-reset")
}
