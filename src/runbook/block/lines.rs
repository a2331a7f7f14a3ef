//! What a line is by its own shape where it is no command: a row, a line of a log, of crontab, of SQL, of a list.

use super::super::words::lower_words;
use super::begins::begins_program;
use crate::shell::classify::is_known_program;

/// `0 3 * * * /path`, `@daily /path`, `0 2 * * 1-5 root /path`: crontab(5).
pub(super) fn is_cron(line: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const NICKNAMES: &[&str] = &[
        "@reboot", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ];
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "sun", "mon", "tue", "wed", "thu", "fri", "sat", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
        "sep", "oct", "nov", "dec",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.first().is_some_and(|first| NICKNAMES.contains(first)) {
        return words.len() > 1;
    }
    let part = |part: &str| {
        NAMES.contains(&part.to_lowercase().as_str())
            || !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '*')
    };
    let field = |word: &&str| word.split(['/', ',', '-']).all(part);
    let (Some(times), Some(runs)) = (words.get(..5), words.get(5)) else { return false };
    let starred = times.iter().any(|word| word.contains('*'));
    times.iter().all(field) && (starred || runs.starts_with('/') || begins_program(runs))
}

/// A variable as crontab(5) has it before its lines.
pub(super) fn is_cron_setting(line: &str) -> bool {
    ["MAILTO=", "SHELL=", "PATH=", "CRON_TZ=", "HOME="].iter().any(|name| line.starts_with(name))
}

pub(super) fn begins_sql(line: &str) -> bool {
    // `./create-user.sh`, `drop-index`: a program whose name begins so.
    let first = line.split_whitespace().next().unwrap_or("");
    if first.contains(['/', '-', '.']) {
        return false;
    }
    let words = lower_words(line);
    let has = |w: &str| words.iter().any(|x| x == w);
    match words.first().map(String::as_str) {
        Some("select") => has("from") || line.ends_with(';') || words.len() <= 2,
        Some("insert") => has("into"),
        Some("update") => has("set") && !line.starts_with("update-"),
        Some("delete") => has("from"),
        Some("alter" | "drop" | "truncate" | "create") => {
            ["table", "database", "user", "role", "index", "schema", "view", "extension", "column"]
                .iter()
                .any(|w| has(w))
                && !line.contains("--")
        }
        Some("grant" | "revoke") => has("on") || has("to") || has("from"),
        Some("vacuum" | "analyze" | "explain") => line.ends_with(';'),
        Some("begin" | "commit") => line.ends_with(';') && words.len() == 1,
        _ => false,
    }
}

/// `NAME=value`, as environment files have it.
pub(super) fn is_env_line(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, value)| {
        let name = name.trim_start_matches("export ").trim();
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && !value.contains("$(")
            && !line.starts_with("export ")
            && !value.trim_start().contains("; ")
            && (value.starts_with(['"', '\'']) || !value.contains(' '))
    })
}

/// A line of a listing, of an error, of a log, of an answer, of a tree.
pub(super) fn is_output(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = words.first().copied().unwrap_or("");
    let told = first.ends_with(':')
        && !first.contains(['=', '"', '\''])
        && first.len() > 2
        && first.starts_with(|c: char| c.is_ascii_uppercase())
        && !first.contains('/');
    let tree = line.contains("├──") || line.contains("└──");
    let address = words.len() == 1 && (first.starts_with("http://") || first.starts_with("https://"));
    told || is_watched(line)
        || is_table_head(line)
        || tree
        || address
        || first.starts_with(is_symbol)
        || is_stamped(first)
        || is_of_an_answer(line)
        || is_of_a_listing(line, &words)
        || is_told(&words)
        || is_resource(&words)
        || is_key_pressed(line)
        || words.len() == 1 && is_id(first)
}

/// `^C`: what a terminal shows of a key, with what a program printed behind it.
fn is_key_pressed(line: &str) -> bool {
    let mut chars = line.trim().chars();
    chars.next() == Some('^') && chars.next().is_some_and(|c| c.is_ascii_uppercase())
}

/// `1b9a`, `9f86d081884c`: an id alone on its line, which no program is called by.
fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let counted = word.starts_with(|c: char| c.is_ascii_digit()) || word.len() >= 7;
    let hex = word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b) || b == b'-');
    word.len() >= 4 && hex && counted && digits >= 2 && !word.starts_with('-')
}

/// `pod "web" deleted`, `deployment.apps/web env updated`: what `kubectl` did with a resource.
pub(super) fn is_resource(words: &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    let kind = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c))
    };
    let quoted = |name: &&str| name.len() > 2 && name.starts_with('"') && name.ends_with('"');
    let named = first.split_once('/').is_some_and(|(head, name)| kind(head) && kind(name));
    let part = |word: &&str| matches!(*word, "env" | "image" | "resource" | "requirements" | "selector");
    let end = rest.iter().position(|word| DONE.contains(word));
    let last =
        end.and_then(|at| rest.get(at + 1)).is_none_or(|word| word.starts_with('(') || *word == "from");
    // `service "web" deleted`: only what was done stands right behind the name.
    let told = rest.first().is_some_and(quoted) && end == Some(1);
    let counted = end.is_some_and(|at| rest.iter().take(at).all(part));
    last && (kind(first) && told || named && counted)
}

/// `Every 2.0s: …`: the head of what `watch` shows.
pub(super) fn is_watched(line: &str) -> bool {
    let seconds = line.trim().strip_prefix("Every ").and_then(|rest| rest.split_once("s:"));
    seconds.is_some_and(|(number, _)| number.parse::<f64>().is_ok())
}

/// Whether two lines are rows of one listing: cells far apart, and names in front that differ only in their ends.
pub(super) fn are_rows(one: &str, other: &str) -> bool {
    let (first, second) = (first_cell(one), first_cell(other));
    let same = first.chars().zip(second.chars()).take_while(|(a, b)| a == b).count();
    let named = |name: &str| name.contains(['-', '_', '.', '/']) && !name.contains(['=', '$', '"', '\'']);
    let rows = |line: &str| cells(line).len() > 1 && !line.trim_end().ends_with('\\');
    rows(one)
        && rows(other)
        && first != second
        && same >= 3
        && same * 2 > first.chars().count()
        && named(first)
        && named(second)
        && !begins_program(one.trim())
        && !begins_program(other.trim())
}

/// `1 | true`: words with bars between and nothing that only a command has: no option, no other operator, no program that
/// is known behind a bar.
pub(super) fn is_piped_words(line: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const FILTERS: &[&str] = &[
        "sort", "uniq", "wc", "head", "tail", "grep", "awk", "sed", "tee", "xargs", "jq", "yq", "less", "more", "cut", "tr", "cat",
        "column", "nl", "rev", "tac", "base64", "while", "read", "pv", "gzip", "ssh", "sh", "bash", "sudo",
    ];
    let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let plain = |part: &&str| {
        !part.is_empty()
            && !part.contains(['"', '\'', '$', '`', '\\', '>', '<', '&', ';', '=', '/', '|'])
            && !part.split_whitespace().any(|word| word.starts_with('-'))
    };
    let known = |part: &&str| {
        let first = part.split_whitespace().next().unwrap_or("");
        is_known_program(first) || FILTERS.contains(&first)
    };
    let numbered = parts.first().is_some_and(|first| is_number(first));
    parts.len() > 1
        && parts.iter().all(plain)
        && (numbered || !parts.iter().skip(1).any(known))
        && (numbered || parts.len() > 2 || !parts.first().is_some_and(known))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ".,%".contains(c))
}

/// Whether two lines are rows with bars between their cells: with as many of them, and a number or a question in front.
pub(super) fn are_piped(one: &str, other: &str) -> bool {
    let asks = |line: &str| {
        let first = line.split(" | ").next().unwrap_or("").trim();
        first.ends_with('?') || is_number(first)
    };
    let cells = |line: &str| line.matches(" | ").count();
    let words = |line: &str| {
        is_piped_words(line) || line.split(" | ").skip(1).all(|part| !part.contains(['-', '$', '"', '/']))
    };
    cells(one) > 0 && cells(one) == cells(other) && words(one) && words(other) && (asks(one) || asks(other))
}

/// The first cell of a row, where it is one word.
fn first_cell(line: &str) -> &str {
    let line = line.trim();
    let word = line.split_whitespace().next().unwrap_or("");
    if line.get(word.len()..).is_some_and(|rest| rest.starts_with("  ") || rest.starts_with('\t')) {
        word
    } else {
        ""
    }
}

/// Whether a line is one of a log or tells what a program did: nobody enters such.
pub(super) fn is_logged(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let stamped = words.first().is_some_and(|first| is_stamped(first) && !is_number(first)) && !is_cron(line);
    words.len() > 1 && (stamped || is_resource(&words) || is_told(&words) || is_key_pressed(line))
}

/// What `kubectl` says that it did with a resource.
const DONE: &[&str] = &[
    "created",
    "configured",
    "unchanged",
    "deleted",
    "patched",
    "scaled",
    "restarted",
    "annotated",
    "labeled",
    "cordoned",
    "uncordoned",
    "drained",
    "updated",
    "exposed",
    "replaced",
    "tainted",
    "untainted",
    "evicted",
    "autoscaled",
];

/// What a program tells of its work: "added 12 packages", "… successfully rolled out".
fn is_told(words: &[&str]) -> bool {
    #[rustfmt::skip] // words, many to a line
    const BEGINS: &[&str] = &[
        "added", "removed", "created", "updated", "deleted", "deployed", "started", "stopped", "built", "pulled", "pushed",
        "found", "changed", "audited", "installed", "upgraded", "restarted", "completed", "finished", "listening", "waiting",
        "loading", "building", "compiling", "downloading", "fetching", "resolving", "unpacking", "extracting", "recreating",
        "creating", "starting", "stopping", "successfully", "downloaded", "uploaded", "copied", "connected", "applying",
    ];
    let Some(first) = words.first() else { return false };
    let plain = !first.starts_with(['.', '/', '~', '$']) && !is_known_program(first);
    let work = plain && words.len() > 1 && BEGINS.contains(&first.to_lowercase().as_str());
    let rolled = plain && words.len() > 2 && words.iter().skip(1).any(|word| *word == "successfully");
    work || rolled
}

/// A sign that no program's name begins with: `✓`, `→`, `●`, `│`, an emoji.
fn is_symbol(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace()
}

/// A word that a line of a log begins with: a date, a time, `[INFO]`, `ERROR`; or a number alone.
fn is_stamped(first: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const LEVELS: &[&str] = &[
            "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL", "PANIC", "INF", "WRN",
            "ERR", "DBG", "FTL",
        ];
    let bare = first.trim_end_matches([':', ',', ']', 'Z']).trim_start_matches('[');
    let counts = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || ".,:/%-T+Z".contains(c))
    };
    let bracketed = first.starts_with('[') && first.ends_with(']') && first.len() > 2 && first != "[[]";
    LEVELS.contains(&bare) || counts(bare) || bracketed && !first.starts_with("[[")
}

/// A line of JSON or of an answer over HTTP.
fn is_of_an_answer(line: &str) -> bool {
    let line = line.trim();
    let key = || {
        let rest = line.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        rest.is_some_and(|(name, rest)| !name.contains('$') && rest.trim_start().starts_with(':'))
    };
    let status = line.strip_prefix("< ").unwrap_or(line);
    opens_json(line)
        || key()
        || matches!(line, "}," | "]," | "{}" | "[]" | "]" | "}]" | "]}" | "}}" | "},{")
        || status.starts_with("HTTP/") && status.split(' ').nth(1).is_some_and(|s| s.len() == 3)
        || line.starts_with("< ") && line.contains(": ")
}

/// Whether a line begins an object or a list of JSON: bash's `{` and `[` have a blank behind them.
pub(super) fn opens_json(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('{') else {
        return ["[\"", "[{", "[ {", "[]"].iter().any(|start| line.starts_with(start));
    };
    let quoted = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
    quoted.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
}

/// A rule, a row between bars, a file's mode, `total 12`, `(3 rows)`, cells far apart.
fn is_of_a_listing(line: &str, words: &[&str]) -> bool {
    let first = words.first().copied().unwrap_or("");
    let mode = first.len() >= 10
        && first.starts_with(['-', 'd', 'l', 'b', 'c', 'p', 's'])
        && first.get(1..10).is_some_and(|bits| bits.chars().all(|c| "rwxsStT-".contains(c)));
    let total = words.len() == 2 && first == "total" && words[1].bytes().all(|b| b.is_ascii_digit());
    mode || total || is_rule(line) || is_boxed(line) || is_count_of_rows(line) || is_row(line)
}

/// `-----`, `----+----`, `=====`.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2
        && (line.contains("--") || line.contains("=="))
        && line.chars().all(|c| "-=+| ".contains(c))
}

/// `| a | b |`.
pub(super) fn is_boxed(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2 && line.starts_with(['|', '+']) && line.ends_with(['|', '+'])
}

/// `(3 rows)`.
pub(super) fn is_count_of_rows(line: &str) -> bool {
    let inner = line.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.and_then(|inner| inner.split_once(' ')).is_some_and(|(count, word)| {
        count.bytes().all(|b| b.is_ascii_digit()) && matches!(word, "row" | "rows")
    })
}

/// Cells that are kept apart by two blanks or a tab.
pub(super) fn cells(line: &str) -> Vec<&str> {
    line.split("  ").flat_map(|cell| cell.split('\t')).map(str::trim).filter(|c| !c.is_empty()).collect()
}

/// Three cells or more that no program that is known begins, with a number, a ratio or a state among them.
pub(super) fn is_row(line: &str) -> bool {
    let found = cells(line);
    let plain = |cell: &&str| !cell.starts_with('-') && !cell.contains(['"', '\'', '$', '`', '\\', '#', '|']);
    let tells = |cell: &&str| {
        cell.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase())
            || ["active", "running", "ready", "healthy", "loaded", "enabled"].contains(cell)
    };
    found.len() >= 3
        && found.iter().all(plain)
        && found.iter().skip(1).any(tells)
        && !begins_program(line.trim())
}

/// Names of columns: in capitals and kept apart by blanks, or words that begin with one and stand far apart.
pub(super) fn is_table_head(line: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const COLUMNS: &[&str] = &[
        "NAME", "STATUS", "READY", "AGE", "PID", "IMAGE", "STATE", "PORTS", "NAMESPACE", "REVISION", "USER",
        "CHART", "VERSION", "RESTARTS", "COMMAND", "ID", "CREATED", "TYPE", "ROLE", "PHASE", "TAG", "DESIRED",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    let capital = |w: &&str| w.len() > 1 && w.chars().all(|c| c.is_ascii_uppercase() || "()/%-_".contains(c));
    let far = line.trim().contains("  ");
    if words.len() >= 2 && words.iter().all(capital) {
        return far || words.len() >= 3 && words.iter().filter(|w| COLUMNS.contains(w)).count() >= 2;
    }
    let titled = |cell: &&str| {
        cell.starts_with(|c: char| c.is_ascii_uppercase())
            && cell.chars().all(|c| c.is_ascii_alphabetic() || "()/%-_ ".contains(c))
    };
    let found = cells(line);
    found.len() >= 3 && found.iter().all(titled)
}

/// A line that is words for the reader by its first word: an item of a list, a mention, a word of a language that
/// no program is called in.
pub(super) fn is_for_readers(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let numbered = first.strip_suffix(['.', ')']).is_some_and(|number| {
        !number.is_empty() && number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit())
    });
    let mention = first.strip_prefix('@').is_some_and(|name| name.starts_with(char::is_alphanumeric));
    let foreign = first.starts_with(|c: char| c.is_alphabetic())
        && first.chars().any(|c| !c.is_ascii() && c.is_alphabetic())
        && !first.contains(['/', '=', '$', '*']);
    let item = matches!(first, "-" | "*" | "+" | "•") && line.trim().len() > 1;
    // "And so on."
    let more = matches!(line.trim(), "..." | "…");
    numbered || mention || foreign || item || more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_crontab() {
        for line in [
            "0 3 * * * /usr/local/bin/backup.sh",
            "@daily /opt/shop/rotate",
            "@reboot root /opt/shop/start",
            "15 2 * * mon-fri shop /opt/shop/report >> /var/log/report.log",
            "*/5 * * * * curl -fsS http://localhost/ping",
            "0 0 1 1 0 /opt/yearly",
        ] {
            assert!(is_cron(line), "{line}");
        }
        for line in ["1 2 3 4 5 total", "@channel we begin", "sleep 5", "0 3 * * *", "10 20 30 40 50 60"] {
            assert!(!is_cron(line), "{line}");
        }
    }

    #[test]
    fn rows_logs_and_answers_are_no_commands() {
        for line in [
            "shop-abc12  1/1     Running   0",
            "Filesystem      Size  Used Avail Use% Mounted on",
            "NAME READY STATUS RESTARTS AGE",
            "2026-01-02 03:04:05 INFO started",
            "12:00:01 worker ready",
            "[INFO] building",
            "[1/4] Resolving packages...",
            "ERROR: no such column",
            "{\"status\":\"ok\"}",
            "{ \"a\": 1 }",
            "\"version\": \"2\",",
            "[{\"id\":1}]",
            "HTTP/2 200",
            "< Content-Type: text/html",
            "-rw-r--r-- 1 root root 12 Jan  1 00:00 a.txt",
            "total 12",
            "(3 rows)",
            "----+-----",
            "| a | b |",
            "● shop.service - Shop",
            "200",
            "99.9%",
            "added 1024 packages in 12s",
            "deployment.apps/shop configured",
            "deployment \"shop\" successfully rolled out",
            "Creating network shop_default",
            "deployment.apps/shop env updated",
            "pod \"shop-4f6jc\" deleted",
            "service \"shop\" deleted from shop namespace",
            "configmap/shop created (dry run)",
            "1b9a",
            "9f86d081884c",
            "^C21.19 N | pkg/os: stopped, going down",
        ] {
            assert!(is_output(line), "{line}");
        }
        for line in [
            "[ -f x ] && echo there",
            "[[ -f x ]] || exit 1",
            "{ echo a; echo b; }",
            "{ \"$CMD\" --x; }",
            "7z x a.7z",
            "acmectl   drain   web1",
            "docker  ps  -a",
            "acmectl  copy  a.txt  b.txt",
            "A=1",
            "./run  2  Running  x",
            "(cd a && make)",
            "exit 0",
            "acmectl added web1",
            "./created x",
            "echo successfully done",
            "shop/tool web created",
            "service web restart",
            "7zip",
            "dcadd",
        ] {
            assert!(!is_output(line), "{line}");
        }
    }

    #[test]
    fn words_for_readers() {
        for line in [
            "@channel we roll back now",
            "- tell the team",
            "1. Stop the queue",
            "2) Start it",
            "перезапустите сервис",
            "redémarrez le service",
            "已完成",
            "...",
        ] {
            assert!(is_for_readers(line), "{line}");
        }
        for line in ["./déploiement", "é=1", "docker ps", "7z x", "--help", "echo é"] {
            assert!(!is_for_readers(line), "{line}");
        }
    }
}
