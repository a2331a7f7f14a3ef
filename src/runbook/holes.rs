//! Holes in a script: text that somebody has to replace before it can run.
//!
//! They are found before any grammar sees the text, which takes `-a <password> ping` for two redirections.

use std::collections::BTreeSet;
use std::ops::Range;

/// A hole in a script: text that somebody has to replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes.
    pub at: Range<usize>,
    /// What it asks for.
    pub name: String,
}

/// Bare capitals that are placeholders; any other word in capitals means itself.
const CAPITALS: &[&str] = &[
    "PROJECT",
    "NAME",
    "DATASET",
    "HOSTNAME_HERE",
    "VERSION_HERE",
    "CHANGEME",
    "CHANGE_ME",
    "REPLACE_ME",
    "PASSWORD_HERE",
];

/// The most characters between brackets that are a name.
const LONGEST: usize = 80;

/// The name of a hole that stands for "something left out", which no single answer fills.
pub const ELLIPSIS: &str = "...";

/// Finds the holes of a script, before any grammar sees it: bash takes `-a <password> ping` for two
/// redirections.
pub fn holes(script: &str) -> Vec<Hole> {
    let mut found = angle_holes(script);
    found.extend(word_holes(script));
    found.extend(bracket_holes(script));
    found.extend(ellipses(script));
    found.extend(date_holes(script));
    found.extend(shaped(script));
    let comments = trailing_comments(script);
    found.retain(|h| !comments.iter().any(|c| c.contains(&h.at.start)));
    let mut found = super::data::without_data(script, found);
    found.sort_by_key(|h| h.at.start);
    let mut last = 0;
    found.retain(|h| {
        let fresh = h.at.start >= last;
        if fresh {
            last = h.at.end;
        }
        fresh
    });
    found
}

/// `<name>`, but no here-document, process substitution, tag pair or redirection with blanks.
fn angle_holes(script: &str) -> Vec<Hole> {
    let mut found = Vec::new();
    let ends = script.match_indices("</").filter_map(|(at, _)| script[at + 2..].split('>').next());
    let end_tags: BTreeSet<&str> = ends.filter(|tag| tag.len() < 80).collect();
    for (at, _) in script.match_indices('<') {
        let before = script[..at].chars().next_back();
        let rest = &script[at + 1..];
        let Some(length) = rest.find(['>', '<', '\n', ';', '&', '"', '\'', '(', '$', '`']) else {
            continue;
        };
        let inner = &rest[..length];
        let closes = rest[length..].starts_with('>');
        let is_redirect =
            before.is_some_and(|c| c == '<' || c.is_ascii_digit()) || rest[length..].starts_with(">>");
        let has_end_tag = end_tags.contains(inner.split(' ').next().unwrap_or(inner));
        if !closes || is_redirect || has_end_tag {
            continue;
        }
        if ["...", "…"].contains(&inner) {
            found.push(Hole { at: at..at + length + 2, name: ELLIPSIS.to_owned() });
        } else if is_asked(inner) {
            found.push(Hole { at: at..at + length + 2, name: inner.to_owned() });
        }
    }
    found
}

/// What stands between `<` and `>` is a name, a choice ("staging|production") or a range ("0-15"), not files.
fn is_asked(inner: &str) -> bool {
    let plain = inner.chars().all(|c| c.is_alphanumeric() || " _-./:@,+|".contains(c));
    let ended = inner.ends_with(|c: char| c.is_alphanumeric());
    let begins = inner.chars().next();
    let named = begins.is_some_and(char::is_alphabetic)
        || begins.is_some_and(|c| c.is_ascii_digit()) && inner.contains('-');
    let is_piped = inner.contains('|');
    plain && ended && named && !(is_piped && inner.contains([' ', '.', '/']))
}

/// What stands behind a command on its line: nobody has to fill it.
fn trailing_comments(script: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let (mut single, mut double) = (false, false);
        let begins = line.trim_start().starts_with('#');
        let mut before = ' ';
        for (place, c) in line.char_indices() {
            match c {
                '\'' if !double => single = !single,
                '"' if !single => double = !double,
                '#' if !begins && !single && !double && before.is_whitespace() => {
                    found.push(at + place..at + line.len());
                    break;
                }
                _ => {}
            }
            before = c;
        }
        at += line.len();
    }
    found
}

/// `{VERSION}`, `{new-version}`, `[new-version]`, `[your-app]`: but no expansion of braces, no pattern, no template.
fn bracket_holes(script: &str) -> Vec<Hole> {
    let mut found = Vec::new();
    for (at, open) in script.match_indices(['{', '[']) {
        let close = if open == "{" { '}' } else { ']' };
        let rest = &script[at + 1..];
        let near = rest.char_indices().take(LONGEST).find(|(_, c)| *c == close || *c == '\n');
        let Some((length, _)) = near.filter(|(_, c)| *c == close) else { continue };
        let inner = &rest[..length];
        let before = script[..at].chars().next_back();
        let after = rest[length + 1..].chars().next();
        if inner.len() < 3 || before.is_some_and(|c| "$%{@[#\\".contains(c)) || after == Some(close) {
            continue;
        }
        let named = inner.starts_with(|c: char| c.is_ascii_alphabetic())
            && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let parts: Vec<&str> = inner.split('-').collect();
        let spoken =
            parts.len() > 1 && parts.iter().all(|p| p.len() > 1 && p.chars().all(|c| c.is_ascii_lowercase()));
        let capital =
            inner.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c == '-' || c.is_ascii_digit());
        // In a grep, [ERROR] is a pattern: capitals count in braces only.
        let in_path = before == Some('/') && after.is_none_or(|c| c == '/' || c.is_whitespace());
        let of_path =
            open == "[" && in_path && inner.len() > 3 && inner.chars().all(|c| c.is_ascii_lowercase());
        let is_name = open == "[" && capital && inner.contains('_') && !inner.contains('-');
        let word = spoken
            || inner.to_lowercase().starts_with("your")
            || (open == "{" && capital)
            || of_path
            || is_name;
        if named && word {
            found.push(Hole { at: at..at + length + 2, name: inner.to_owned() });
        }
    }
    found
}

/// `vX.Y.Z`, `X.Y` and `{{VERSION}}`.
fn shaped(script: &str) -> Vec<Hole> {
    let mut found = Vec::new();
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '.' || c == '_');
    for shape in ["vX.Y.Z", "X.Y.Z", "vX.Y"] {
        for (at, _) in script.match_indices(shape) {
            let range = at..at + shape.len();
            if !inside(script[..at].chars().next_back()) && !inside(script[range.end..].chars().next()) {
                found.push(Hole { at: range, name: shape.to_owned() });
            }
        }
    }
    for (at, _) in script.match_indices("{{") {
        let rest = &script[at + 2..];
        let Some(length) = rest.find("}}").filter(|length| *length < 60) else { continue };
        let name = rest[..length].trim();
        let capital = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if name.len() > 2 && capital && name.starts_with(|c: char| c.is_ascii_uppercase()) {
            found.push(Hole { at: at..at + length + 4, name: name.to_owned() });
        }
    }
    found
}

/// `YYYYMMDD_HHMMSS`: a time that somebody has to know.
fn date_holes(script: &str) -> Vec<Hole> {
    let mut found: Vec<Hole> = Vec::new();
    for (at, _) in script.match_indices("YYYY") {
        if found.last().is_some_and(|h| at < h.at.end) || script[..at].ends_with(['%', '+']) {
            continue;
        }
        let rest = &script[at..];
        let length = rest.find(|c: char| !"YMDHS_-".contains(c)).unwrap_or(rest.len());
        let name = rest[..length].trim_end_matches(['_', '-']);
        found.push(Hole { at: at..at + name.len(), name: name.to_owned() });
    }
    found
}

/// `...` where a value belongs: `KEY=...`, `"..."`, alone between blanks, `[...]`.
fn ellipses(script: &str) -> Vec<Hole> {
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "\"'=[],{}:".contains(c));
    let whole = |at: &usize| {
        let before = script[..*at].chars().next_back();
        edge(before) && edge(script[*at + 3..].chars().next())
    };
    let found = script.match_indices("...").chain(script.match_indices('…')).map(|(at, _)| at).filter(whole);
    found
        .map(|at| {
            let bracketed = script[..at].ends_with('[') && script[at + 3..].starts_with(']');
            let at = if bracketed { at - 1..at + 4 } else { at..at + 3 };
            Hole { at, name: ELLIPSIS.to_owned() }
        })
        .collect()
}

/// `YOUR_X`, `your-x` and the listed capitals as words of their own, `_` counting as a break.
fn word_holes(script: &str) -> Vec<Hole> {
    let mut found = Vec::new();
    for range in word_ranges(script) {
        let word = &script[range.clone()];
        let dollar = script[..range.start].ends_with(['$', '{']);
        let assigned = script[range.end..].starts_with('=');
        let upper = word.to_ascii_uppercase();
        if dollar || assigned {
            continue;
        }
        if stands_for_other(script, &range) {
            found.push(Hole { at: range.clone(), name: word.to_owned() });
        } else if (word.starts_with("YOUR_") || word.starts_with("your-") || word.starts_with("your_"))
            && word.len() > 5
            || (word.starts_with("your") && word.len() > 5 && !["yourself", "yours"].contains(&word))
        {
            found.push(Hole { at: range, name: upper.replace('-', "_") });
        } else if CAPITALS.contains(&word) && !is_heading(script, &range) {
            found.push(Hole { at: range, name: word.to_owned() });
        } else {
            let mut start = range.start;
            for part in word.split('_') {
                if part != word
                    && ["PROJECT", "NAME", "DATASET"].contains(&part)
                    && word.bytes().any(|b| b.is_ascii_lowercase())
                {
                    found.push(Hole { at: start..start + part.len(), name: part.to_owned() });
                }
                start += part.len() + 1;
            }
        }
    }
    found
}

/// `'NAME STATUS'` and `NAME:.metadata.name`: a word in capitals that names a column.
fn is_heading(script: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&script[..range.start], &script[range.end..]);
    let line = last_line(before);
    let heading = |word: Option<&str>| {
        word.is_some_and(|w| w.len() > 1 && w.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    };
    let part = |c: char| !c.is_alphanumeric() && c != '_';
    let next = after.trim_start_matches([' ', '\t', ',', '|']).split(part).next();
    let last = before.trim_end_matches([' ', '\t', ',', '|']).rsplit(part).next();
    // Only where it is shown and nothing takes it: DROP DATABASE NAME for psql asks for a name.
    let whole = &script[range.start - line.len()..range.end + after.find('\n').unwrap_or(after.len())];
    let shows = ["echo ", "printf ", "grep "].iter().any(|w| whole.trim_start().starts_with(w))
        && !whole.contains(['|', '>', ';', '&']);
    after.starts_with(":.") || shows && ends_in_quotes(line) && (heading(next) || heading(last))
}

fn last_line(text: &str) -> &str {
    &text[text.rfind('\n').map_or(0, |at| at + 1)..]
}

/// Whether what follows this part of a line stands in quotes.
fn ends_in_quotes(line: &str) -> bool {
    line.matches('"').count() % 2 == 1 || line.matches('\'').count() % 2 == 1
}

/// `xxxxx`, `user:PASSWORD@`, words of another script outside of quotes.
fn stands_for_other(script: &str, range: &Range<usize>) -> bool {
    let word = &script[range.clone()];
    let (before, after) = (&script[..range.start], &script[range.end..]);
    let crossed = word.len() >= 4 && word.chars().all(|c| c == 'x')
        || word.split(['-', '_']).any(|p| p.len() >= 4 && p.chars().all(|c| c == 'x' || c == 'X'));
    let password = word == "PASSWORD" && (after.starts_with('@') || before.ends_with(':'));
    let written = |c: char| ('\u{3040}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7af}').contains(&c);
    let line = last_line(before);
    let foreign = word.chars().any(written)
        && !ends_in_quotes(line)
        && !line.trim_start().starts_with('#')
        && !line.trim_start().starts_with("echo");
    crossed || password || foreign
}

fn word_ranges(script: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    for (at, c) in script.char_indices().chain(std::iter::once((script.len(), ' '))) {
        let inside = c.is_alphanumeric() || c == '_' || c == '-';
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                ranges.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    ranges
}

/// Replaces holes by letters of the same length, so that grammar and spans stay true.
pub fn mask(script: &str, holes: &[Hole]) -> String {
    let mut masked = script.to_owned();
    for hole in holes {
        masked.replace_range(hole.at.clone(), &"x".repeat(hole.at.len()));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(script: &str) -> Vec<String> {
        holes(script).into_iter().map(|h| h.name).collect()
    }

    #[test]
    fn placeholders_and_what_only_looks_like_them() {
        assert_eq!(names("redis-cli -a <password> ping"), ["password"]);
        assert_eq!(names("git checkout <VERSION>"), ["VERSION"]);
        assert_eq!(names("curl https://YOUR_DOMAIN/x"), ["YOUR_DOMAIN"]);
        assert_eq!(names("curl http://h/projects/PROJECT/x"), ["PROJECT"]);
        assert_eq!(
            names("deploy <staging|production> <user@host> <0-15>"),
            ["staging|production", "user@host", "0-15"]
        );
        assert_eq!(names("kubectl logs [POD_NAME]; rm -rf /srv/releases/[release]"), ["POD_NAME", "release"]);
        assert_eq!(names("helm upgrade app --version {{VERSION}} --tag vX.Y.Z"), ["VERSION", "vX.Y.Z"]);
        assert_eq!(names("tool <...> --key …"), [ELLIPSIS, ELLIPSIS]);
        for plain in [
            "sort < a.txt > b.txt",
            "cat <in.txt|sort>out.txt",
            "grep -E '[A-Z_]+' log",
            "ls /var/log/[a-z]*",
            "docker ps --format '{{.Names}}'",
            "[ -f x ] && echo {1..3} {a,b}",
            "diff <(a) <(b)",
        ] {
            assert_eq!(names(plain), [""; 0], "{plain}");
        }
        assert_eq!(names("createdb -O OWNER NAME"), ["NAME"]);
        assert_eq!(names("echo 'DROP DATABASE NAME' | psql"), ["NAME"]);
        assert_eq!(names("psql -c 'DROP DATABASE NAME'; echo 'is NAME gone'"), ["NAME", "NAME"]);
        assert_eq!(names("printf 'NAME STATUS'\nkubectl get -o custom-columns=NAME:.metadata.name"), [""; 0]);
        assert_eq!(names("curl http://h/project_NAME_dataset_NAME"), ["NAME", "NAME"]);
        assert_eq!(names("git tag v{VERSION}"), ["VERSION"]);
        assert_eq!(names("deploy [new-version]"), ["new-version"]);
        assert_eq!(names("export KEY=..."), [ELLIPSIS]);
        assert_eq!(names("curl -d '{\"pages\":[...]}'"), [ELLIPSIS]);
        assert_eq!(names("pg_restore backup_YYYYMMDD_HHMMSS.sql"), ["YYYYMMDD_HHMMSS"]);
        assert_eq!(names("psql postgres://app:PASSWORD@db/x"), ["PASSWORD"]);
        assert_eq!(names("aws ec2 start subnet-xxxxx"), ["subnet-xxxxx"]);
        assert_eq!(names("docker pull 镜像名"), ["镜像名"]);
        assert_eq!(names("curl https://yourdomain.com"), ["YOURDOMAIN"]);
        for none in [
            "cmd < in > out",
            "echo {a,b} ${X} {1..3}",
            "awk '{print $1}' f",
            "curl -w '%{http_code}' x",
            "docker ps --format '{{.Names}}'",
            "grep '[ERROR]' log",
            "git stash@{upstream}",
            "go test ./...",
            "git diff a...b",
            "find . -exec rm {} +",
            "ls  # CHANGEME",
            "date +%Y%m%d",
            "echo 你好",
            "grep -E \"PASSWORD|USER\" .env",
            "[ -f your ] && ls",
            "cat <<EOF\nx\nEOF",
            "diff <(a) <(b)",
            "echo '<b>x</b>'",
            "echo PONG",
            "ping6 [::]",
            "A=$NAME",
            "cat <in >out",
        ] {
            assert!(names(none).is_empty(), "{none}: {:?}", names(none));
        }
    }
}
