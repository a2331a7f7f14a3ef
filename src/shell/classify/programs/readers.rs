//! Programs of which only some options write, and those that never do.

use super::super::classified::Effect;
use super::given::Given;

/// Programs that only read, whatever their arguments.
#[rustfmt::skip] // words, many to a line
pub(in crate::shell::classify) const READERS: &[&str] = &[
    "ps", "df", "du", "free", "ls", "cat", "head", "tail", "grep", "egrep", "fgrep", "zgrep", "zcat", "wc",
    "cut", "tr", "jq", "echo", "printf", "uptime", "whoami", "id", "groups", "pwd", "cd", "test",
    "[", "[[", "true", "false", ":", "sleep", "which", "type", "whereis", "printenv", "stat", "file", "lsof",
    "netstat", "ping", "dig", "nslookup", "host", "uname", "nproc", "lscpu", "lsblk", "vmstat", "iostat",
    "sha256sum", "sha1sum", "md5sum", "diff", "cmp", "pg_isready", "seq", "basename", "dirname", "realpath",
    "readlink", "wait", "jobs", "top", "htop", "clear", "column", "nl", "rev", "tac", "less", "more", "man",
    "w", "who", "last", "pgrep", "comm", "paste", "fold", "expand", "strings", "od", "hexdump",
    "base64", "traceroute", "mtr", "return", "break", "continue", "shift", "getent", "locale", "lsmod", "arch",
    "tput",
];

/// The same of programs and builtins whose names are words of sentences too, or that are called less often.
#[rustfmt::skip] // words, many to a line
const ALSO_READ: &[&str] = &[
    "rg", "bzcat", "xzcat", "zstdcat", "pidof", "sha512sum", "cksum", "blkid", "findmnt", "reset", "export", "unset", "set",
    "local", "declare", "readonly", "shopt", "pushd", "popd", "dirs",
];

/// Whether a program only reads, whatever its arguments.
pub(super) fn only_reads(program: &str) -> bool {
    program.is_empty() || READERS.contains(&program) || ALSO_READ.contains(&program)
}

/// Whether a program is a client of Redis or of what speaks its protocol.
pub(super) fn is_redis(program: &str) -> bool {
    matches!(program, "redis-cli" | "valkey-cli" | "keydb-cli")
}

/// `alias`, `time`, `command` and the like: what only shows, or stands alone.
pub(super) fn alone(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let shows = match simple.program() {
        "alias" => simple.args().iter().all(|a| !a.contains('=')),
        _ => simple.words.len() == 1 || simple.has("-v") || simple.has("-V"),
    };
    if shows { Effect::Reads } else { Effect::Changes }
}

/// `sed`: what is in place, from a script, or written by the script itself changes something.
pub(super) fn sed(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let writes = simple.has_short('i')
        || simple.has_short('f')
        || simple
            .args()
            .iter()
            .any(|a| a.starts_with("--in-place") || a.starts_with("--file") || sed_writes(a));
    if writes { Effect::Changes } else { Effect::Reads }
}

/// Whether a sed script may write a file or run a command: the commands and flags `w`, `W` and `e`.
fn sed_writes(script: &str) -> bool {
    !script.starts_with('-')
        && script
            .split(['/', '|', ',', ';', '{', '#', '\n', ' '])
            .map(|part| part.trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == '$'))
            .any(|part| matches!(part, "w" | "W" | "e" | "gw" | "pw" | "ge"))
}

/// `awk`: what its program writes to or runs changes something.
pub(super) fn awk(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let pipes = |a: &str| {
        let calls = a.split_once("print").is_some_and(|(_, behind)| behind.replace("||", "").contains('|'));
        calls || a.contains("getline")
    };
    let writes = simple.args().iter().any(|a| a.contains("system(") || a.contains('>') || pipes(a));
    let script = simple
        .args()
        .iter()
        .any(|a| matches!(a.as_str(), "-f" | "-i" | "--file" | "--include" | "--inplace"));
    if writes || script { Effect::Changes } else { Effect::Reads }
}
