//! What looks like a placeholder and is data: an address in quotes, a pattern of `grep`, a tag, a sentence of `echo`.

use super::holes::{ELLIPSIS, Hole};
use super::quoting::{In, quoted_around, quoting};

/// Programs whose quoted words are patterns or little programs.
const PATTERNS: &[&str] = &[
    "sed",
    "gsed",
    "grep",
    "egrep",
    "fgrep",
    "zgrep",
    "pgrep",
    "pkill",
    "rg",
    "ag",
    "ack",
    "awk",
    "gawk",
    "mawk",
    "perl",
    "jq",
    "yq",
    "tr",
    "xmllint",
    "xmlstarlet",
    "xpath",
];

/// Programs that only say what they are given.
const SAYS: &[&str] = &[
    "echo", "printf", "logger", "log", "info", "warn", "warning", "error", "err", "die", "fail", "abort",
    "say", "msg", "message", "notice", "note", "print", "step", "banner", "wall", "read", "figlet",
    "success", "ok", "debug",
];

/// What a program shows where there is nothing, between such brackets.
const NOTHING: &[&str] =
    &["none", "pending", "unknown", "nil", "null", "unset", "empty", "missing", "invalid", "no value"];

#[rustfmt::skip] // words, many to a line
const TAGS: &[&str] = &[
    "html", "head", "body", "title", "div", "span", "p", "a", "b", "i", "u", "em", "strong", "ul", "ol", "li", "table",
    "tr", "td", "th", "thead", "tbody", "script", "style", "meta", "link", "br", "hr", "h1", "h2", "h3", "h4", "h5",
    "h6", "form", "input", "button", "img", "code", "pre", "nav", "main", "header", "footer", "section", "article",
    "svg", "xml", "iframe", "label", "option", "textarea", "center", "small", "font", "channel", "item", "rss",
];

/// The holes of a script without those that only look like one.
pub(super) fn without_data(script: &str, found: Vec<Hole>) -> Vec<Hole> {
    if found.is_empty() {
        return found;
    }
    let quoting = quoting(script);
    let only_comments =
        quoting.iter().zip(script.bytes()).all(|(w, b)| *w == In::Comment || b.is_ascii_whitespace());
    let keeps = |hole: &Hole| only_comments || !is_data(script, &quoting, hole);
    found.into_iter().filter(keeps).collect()
}

fn is_data(script: &str, quoting: &[In], hole: &Hole) -> bool {
    let within = quoting[hole.at.start];
    let before = &script[..hole.at.start];
    let text = &script[hole.at.clone()];
    if within == In::Comment {
        return true;
    }
    if hole.name == ELLIPSIS {
        return within.is_quoted() && is_said(script, quoting, hole);
    }
    match text.as_bytes().first() {
        Some(b'<') => angle(script, quoting, hole),
        // A class of characters, or fields of a filter.
        Some(b'{' | b'[') => {
            within.is_quoted() && runs_pattern(script, quoting, hole) && !asks_for_own(&hole.name)
        }
        _ if text.bytes().all(|b| b == b'X') || text.ends_with("XXXX") => is_temporary(script, quoting, hole),
        _ => within == In::Plain && names_a_variable(before, &script[hole.at.end..]),
    }
}

/// `your-host`: whoever wrote that speaks to the reader, wherever it stands.
fn asks_for_own(name: &str) -> bool {
    name.to_lowercase().starts_with("your")
}

fn angle(script: &str, quoting: &[In], hole: &Hole) -> bool {
    let (before, after) = (&script[..hole.at.start], &script[hole.at.end..]);
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let name = hole.name.as_str();
    let within = quoting[hole.at.start];
    if within == In::Plain || asks_for_own(name) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    let tag = lower.trim_end_matches(['/', ' ']);
    let lower_tag = name == lower && TAGS.contains(&tag);
    if line.trim_end().ends_with("#include") || NOTHING.contains(&lower.as_str()) || lower_tag {
        return true;
    }
    if !within.is_quoted() {
        return is_address(name, line);
    }
    let around = quoted_around(quoting, hole.at.start);
    let start = around.start.min(hole.at.start);
    let quoted = &script[start..hole.at.start];
    let joined =
        before.ends_with(|c: char| c.is_alphanumeric()) || after.starts_with(|c: char| c.is_alphanumeric());
    is_address(name, quoted)
        || quoted.to_lowercase().contains("usage")
        || (name.contains(" and ") || name.contains(" or ")) && (joined || after.starts_with(' '))
        || runs_pattern(script, quoting, hole) && is_in_pattern(script, quoting, hole)
}

/// `Ada <ada@example.com>`: it is one where a name stands in front of it, or where its host has a domain.
fn is_address(name: &str, quoted: &str) -> bool {
    let Some((user, host)) = name.split_once('@') else { return false };
    let named = quoted.ends_with(' ')
        && quoted.trim_end().ends_with(|c: char| c.is_alphanumeric() || ".)\"'".contains(c));
    !user.is_empty() && !name.contains(' ') && (named || host.contains('.') && !asks_for_own(host))
}

/// Whether a hole in the words of a pattern program is in what is looked for. In what `sed` puts in its place, a name
/// is rather asked for, and so it is in double quotes where it is more than one plain word.
fn is_in_pattern(script: &str, quoting: &[In], hole: &Hole) -> bool {
    let plain = quoting[hole.at.start] == In::Single || hole.name.bytes().all(|b| b.is_ascii_lowercase());
    plain && !is_replacement(script, quoting, hole)
}

/// `s/HOST/<host>/`: behind the second of its signs.
fn is_replacement(script: &str, quoting: &[In], hole: &Hole) -> bool {
    let around = quoted_around(quoting, hole.at.start);
    let text = &script[around.start.min(hole.at.start)..hole.at.start];
    let mut parts = text.split([';', ' ']).next_back().unwrap_or(text).char_indices();
    let Some((_, sign)) = parts.find(|(_, c)| *c == 's').and_then(|_| parts.next()) else { return false };
    text.matches(sign).count() % 3 == 2
}

/// The command that a hole stands in, from its first word up to the hole.
fn command<'s>(script: &'s str, quoting: &[In], hole: &Hole) -> &'s str {
    let bytes = script.as_bytes();
    let ends = |at: &usize| {
        quoting[*at] == In::Plain && matches!(bytes[*at], b';' | b'|' | b'&' | b'\n' | b'(' | b'`')
    };
    let start = (0..hole.at.start).rev().find(ends).map_or(0, |at| at + 1);
    script[start..hole.at.start].trim_start()
}

/// The program that a hole is a word of.
fn program<'s>(script: &'s str, quoting: &[In], hole: &Hole) -> &'s str {
    let wraps = [
        "sudo", "then", "do", "else", "if", "while", "until", "!", "time", "xargs", "{", "command", "-r",
        "-0",
    ];
    let set = |w: &&str| {
        w.split_once('=').is_some_and(|(n, _)| n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    };
    let mut words =
        command(script, quoting, hole).split_whitespace().skip_while(|w| wraps.contains(w) || set(w));
    let word = words.next().unwrap_or("");
    word.rsplit('/').next().unwrap_or(word)
}

fn runs_pattern(script: &str, quoting: &[In], hole: &Hole) -> bool {
    PATTERNS.contains(&program(script, quoting, hole))
}

/// `"Waiting ..."`: words of a program that only says them, with a word in front of it. What goes into a file is none.
fn is_said(script: &str, quoting: &[In], hole: &Hole) -> bool {
    let program = program(script, quoting, hole);
    let says = SAYS.contains(&program) || program.starts_with("log_") || program.starts_with("print_");
    let around = quoted_around(quoting, hole.at.start);
    let before = &script[around.start.min(hole.at.start)..hole.at.start];
    let rest = &script[hole.at.end..];
    let plain = |at: usize| quoting[hole.at.end + at] == In::Plain;
    let ends = |at: usize, c: char| match c {
        '\n' | ';' | '|' => true,
        '&' => !rest[..at].ends_with('>') && !rest[at + 1..].starts_with('>'),
        _ => false,
    };
    let end =
        rest.char_indices().find(|(at, c)| plain(*at) && ends(*at, *c)).map_or(rest.len(), |(at, _)| at);
    let written =
        rest[..end].char_indices().any(|(at, c)| c == '>' && plain(at)) && !rest[..end].contains(">&2");
    let piped =
        rest[end..].starts_with('|') && !rest[end..].starts_with("||") && !rest[end..].contains("tee");
    let worded = before.ends_with(' ')
        && before.trim_end().ends_with(|c: char| c.is_alphanumeric() || ")'\"}$".contains(c));
    says && worded && !written && !piped
}

/// `mktemp -d /tmp/deploy.XXXXXX`.
fn is_temporary(script: &str, quoting: &[In], hole: &Hole) -> bool {
    let command = command(script, quoting, hole);
    command.split(|c: char| !c.is_alphanumeric()).any(|w| w == "mktemp" || w == "tempfile")
}

/// `coproc NAME {`, `for NAME in`, `read NAME`, `NAME+=(x)`: the name of a variable.
fn names_a_variable(before: &str, after: &str) -> bool {
    let part = &before[before.rfind(['\n', ';', '|', '&', '(']).map_or(0, |at| at + 1)..];
    let first =
        part.split_whitespace().find(|w| !matches!(*w, "do" | "then" | "else" | "while" | "until" | "if"));
    let names = [
        "coproc",
        "for",
        "select",
        "read",
        "mapfile",
        "readarray",
        "export",
        "local",
        "declare",
        "typeset",
        "readonly",
        "unset",
        "function",
        "getopts",
    ];
    let set = first.is_some_and(|w| w.contains('=')) && part.contains(" read ");
    let starts = part.trim().is_empty();
    (first.is_some_and(|w| names.contains(&w))
        || set
        || (starts && (after.starts_with("+=") || after.starts_with("()"))))
        && !part.contains('=') | set
}

#[cfg(test)]
mod tests {
    use super::super::holes::holes;

    fn names(script: &str) -> Vec<String> {
        holes(script).into_iter().map(|h| h.name).collect()
    }

    #[test]
    fn data_is_not_asked_for() {
        for none in [
            "git commit --author=\"Ada <ada@example.com>\" -m x",
            "mail -s x \"Ops Team <ops@example.com>\" < f",
            "git config user.x 'Ada Lovelace <ada@localhost>'",
            "swaks --to '<ops@example.com>'",
            "psql -c 'select 1 where a<b and c>d'",
            "sed -u 's/^/[deploy] /' f",
            "sendmail <<EOF\nFrom: Ops <ops@example.com>\n\nx\nEOF",
            "make 2>&1 | sed 's/^/[build-log] /'",
            "grep '<title>' f",
            "grep -q \"<title>\" f",
            "sed 's/<name>/x/' f",
            "sudo sed -i 's/<name>/x/' f",
            "sed -e 's|<b>|<i>|g' f",
            "awk '/<entry>/{print}' f",
            "docker images | grep '<none>'",
            "docker images | grep \"<none>\" | awk '{print $3}'",
            "cat > a.c <<'EOF'\n#include <stdio.h>\nint main() {}\nEOF",
            "cat > a.html <<EOF\n<!DOCTYPE html>\n<html>\n<br>\n</html>\nEOF",
            "echo '<h1>Down</h1>' > f",
            "echo \"<br>\" >> f",
            "curl -d '<a><b>x</b></a>' h",
            "mktemp -d /tmp/deploy.XXXXXX",
            "D=$(mktemp -d /tmp/deploy.XXXXXXXX)",
            "T=$(mktemp --suffix .sql dump-XXXXXX)",
            "echo \"Waiting ...\"",
            "echo 'Waiting for the service ... please be patient'",
            "printf 'Checking %s ... ' x",
            "log \"draining $h ...\" >&2",
            "for i in 1 2; do\n  # wait ... for it\n  sleep 1\ndone",
            "f() {\n  # put <name> here ... later\n  ls\n}",
            "coproc NAME { cat; }",
            "for NAME in a b; do echo $NAME; done",
            "read -r NAME",
            "echo \"usage: deploy <env> <version>\"",
            "[[ -f x ]] && ls [a-z]* {1..3} ${X}",
            "docker ps --format '{{.Names}}'",
            "jq '.items[] | {NAME, STATUS}' f",
            "jq '.[release]' f",
        ] {
            assert_eq!(names(none), [""; 0], "{none}");
        }
    }

    #[test]
    fn names_in_quotes_are_asked_for() {
        for (text, found) in [
            ("curl \"https://<host>/x\"", vec!["host"]),
            ("mysql -p '<password>'", vec!["password"]),
            ("psql \"postgres://<user>:<password>@host\"", vec!["user", "password"]),
            ("git commit -m \"Release <VERSION>\"", vec!["VERSION"]),
            ("ssh \"<user@host>\"", vec!["user@host"]),
            ("echo \"DB_PASSWORD=<password>\" >> .env", vec!["password"]),
            ("cat > .env <<'EOF'\nTOKEN=<token>\nEOF", vec!["token"]),
            ("cat > .env <<EOF\nTOKEN=<api-token>\nEOF", vec!["api-token"]),
            ("sed -i 's/HOST/<your-host>/' f", vec!["your-host"]),
            ("sed -i \"s/DOMAIN/<domain>/\" f", vec!["domain"]),
            ("sed -i 's/DOMAIN/<DOMAIN>/' f", vec!["DOMAIN"]),
            ("sed -i 's/x/<new-value>/' f", vec!["new-value"]),
            ("grep \"<pod-name>\" log", vec!["pod-name"]),
            ("echo \"KEY=...\" >> f", vec!["..."]),
            ("psql -c \"SELECT ...\"", vec!["..."]),
            ("aws ec2 start subnet-XXXXXX", vec!["subnet-XXXXXX"]),
            ("kubectl set image d/x \"x=<image>:<tag>\"", vec!["image", "tag"]),
            ("# kubectl apply -f <file>", vec!["file"]),
            ("rm -rf /srv/releases/[release]", vec!["release"]),
        ] {
            assert_eq!(names(text), found, "{text}");
        }
    }
}
