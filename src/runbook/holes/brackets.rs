//! Placeholders between brackets and other pairs of signs.

use std::collections::BTreeSet;

use super::beside::{after, before, ends_in_quotes, is_letter, line_before};
use super::candidate::{Candidate, ELLIPSIS, Shape};

/// The most characters between brackets that are a name.
const LONGEST: usize = 80;

pub(super) fn find(script: &str) -> Vec<Candidate> {
    let mut found = angles(script);
    found.extend(templates(script));
    found.extend(curly(script));
    found.extend(square(script));
    found.extend(test_brackets(script));
    found.extend(delimited(script));
    found.extend(signs(script));
    found.extend(substitutions(script));
    found
}

/// `<name>`, but no here-document, process substitution, tag pair or redirection with blanks.
pub(super) fn angles(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let ends = script.match_indices("</").filter_map(|(at, _)| script[at + 2..].split('>').next());
    let end_tags: BTreeSet<&str> = ends.filter(|tag| tag.len() < LONGEST).collect();
    for (at, _) in script.match_indices('<') {
        let rest = &script[at + 1..];
        let Some(length) = rest.find(['>', '<', '\n', ';', '&', '"', '\'', '(', '$', '`']) else {
            continue;
        };
        let (inner, end) = (&rest[..length], at + length + 2);
        let closes = rest[length..].starts_with('>');
        let is_redirect = before(script, at).is_some_and(|c| c == '<' || c.is_ascii_digit())
            || rest[length..].starts_with(">>");
        // `(?<year>…)` and `\k<year>` name a group of a pattern.
        let is_group = ["(?P", "(?", "\\k", "\\g"].iter().any(|begins| script[..at].ends_with(begins));
        let has_end_tag = end_tags.contains(inner.split(' ').next().unwrap_or(inner));
        if !closes || is_redirect || is_group || has_end_tag {
            continue;
        }
        if ["...", "…"].contains(&inner) {
            found.push(Candidate::new(at..end, ELLIPSIS, Shape::Angle));
        } else if let Some(escaped) = inner.strip_suffix('\\').filter(|_| script[..at].ends_with('\\')) {
            // `\<name\>`: somebody kept Markdown from taking it for a tag.
            if is_asked(escaped) {
                found.push(Candidate::new(at - 1..end, escaped, Shape::Angle));
            }
        } else if is_asked(inner) {
            found.push(Candidate::new(at..end, inner, Shape::Angle));
        }
    }
    found
}

/// What stands between `<` and `>` is a name, a choice ("staging|production") or a range ("0-15"), not files.
fn is_asked(inner: &str) -> bool {
    let inner = inner.strip_suffix("...").or_else(|| inner.strip_suffix(['…', '?'])).unwrap_or(inner);
    let plain = inner.chars().all(|c| is_letter(c) || " _-./:@,+|=#*".contains(c));
    let ended = inner.ends_with(is_letter);
    let begins = inner.chars().next();
    let named = begins.is_some_and(char::is_alphabetic)
        || begins.is_some_and(|c| c.is_ascii_digit()) && inner.contains('-');
    let is_piped = inner.contains('|');
    plain && ended && named && !(is_piped && inner.contains([' ', '.', '/']))
}

/// `{{ name }}`, `${{ name }}`, `{{{ name }}}`.
pub(super) fn templates(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = script[from..].find("{{").map(|at| from + at) {
        let opened = script[at..].bytes().take_while(|b| *b == b'{').count();
        from = at + opened;
        let rest = &script[from..];
        let Some(length) = rest.find("}}") else { break };
        let inner = &rest[..length];
        if inner.contains(['\n', '{']) || inner.chars().count() > LONGEST {
            continue;
        }
        let closed = rest[length..].bytes().take_while(|b| *b == b'}').count().min(opened);
        let name = inner.trim_matches(|c: char| c.is_whitespace() || "-~".contains(c));
        let begins = name.trim_start_matches(['.', '$', '#', '/', '^', '&', '*', '!']);
        if !begins.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            continue;
        }
        let start = if script[..at].ends_with('$') { at - 1 } else { at };
        let plain = begins.split('|').next().unwrap_or(begins).trim();
        from += length + closed;
        found.push(Candidate::new(start..from, plain, Shape::Template));
    }
    found
}

/// `{VERSION}`, `{version}`, `{new-version}`, `{Version Number}`: but no expansion of braces.
fn curly(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, inner) in between(script, ('{', '}')) {
        let end = at + inner.len() + 2;
        let behind = after(script, end);
        let joins = before(script, at).is_some_and(|c| "$%{@#\\^!?".contains(c));
        if joins || behind == Some('}') || inner.chars().count() < 2 {
            continue;
        }
        let begins = inner.starts_with(char::is_alphabetic);
        let word = |part: &str| !part.is_empty() && part.chars().all(is_letter);
        let name = inner.split(['_', '-', '.']).all(word) || inner.split(['_', '-']).all(word);
        let spoken = inner.contains(' ') && inner.split([' ', '-', '_']).all(word);
        // `exec {fd}>file` names a descriptor.
        let opens = behind.is_some_and(|c| matches!(c, '<' | '>'))
            && before(script, at).is_none_or(char::is_whitespace);
        if begins && (name || spoken) && !opens {
            found.push(Candidate::new(at..end, inner, Shape::Curly));
        }
    }
    found
}

/// `[new-version]`, `[your-app]`, `[POD_NAME]`, `/releases/[release]`, `[version]` as a word: but no pattern.
fn square(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, inner) in between(script, ('[', ']')) {
        let end = at + inner.len() + 2;
        let (ahead, behind) = (before(script, at), after(script, end));
        let user = script.get(..at).and_then(|text| text.strip_suffix('@'));
        let host = user.is_some_and(|name| name.ends_with(|c: char| c.is_alphanumeric() || c == ']'));
        if inner.len() < 3 || !host && ahead.is_some_and(|c| "$%{@[#\\".contains(c)) || behind == Some(']') {
            continue;
        }
        let named = inner.starts_with(|c: char| c.is_ascii_alphabetic())
            && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let lower = |part: &str| part.chars().all(|c| c.is_ascii_lowercase());
        let parts: Vec<&str> = inner.split('-').collect();
        let words: Vec<&str> = inner.split(['-', '_']).collect();
        let spoken = words.len() > 1 && words.iter().all(|p| p.len() > 1 && lower(p));
        let capital =
            inner.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c == '-' || c.is_ascii_digit());
        let in_path = ahead == Some('/') && behind.is_none_or(|c| c == '/' || c.is_whitespace());
        let of_path = in_path && inner.len() > 3 && lower(inner);
        let is_name = capital && inner.contains('_') && !inner.contains('-');
        // A class of characters is written in their order.
        let sorted = inner.as_bytes().is_sorted();
        let alone = ahead == Some(' ') && behind.is_none_or(char::is_whitespace);
        let of_word = alone && !sorted && (lower(inner) || capital) && parts.len() == 1;
        let own = inner.to_lowercase().starts_with("your");
        // `-p[PASSWORD]`, `--password=[PASSWORD]`, `backup-[DATE].sql`.
        let value = ahead == Some('=')
            || script.get(..at).is_some_and(|text| text.ends_with(" -p") || text.ends_with(" -u"));
        let within_name =
            ahead == Some('-') && behind.is_none_or(|c| matches!(c, '.' | '/') || c.is_whitespace());
        let of_word = of_word || capital && !sorted && parts.len() == 1 && (value || within_name);
        // `[user]@[host]`, `shop:[tag]`, `restore.sh [backup file]`; a message in quotes is none.
        let plain = !ends_in_quotes(line_before(script, at));
        let account = ahead == Some('@') || behind == Some('@');
        let joined = plain && lower(inner) && (account || ahead == Some(':') && !sorted);
        if named && (spoken || own || of_path || is_name || of_word || joined) || plain && is_phrase(inner) {
            found.push(Candidate::new(at..end, inner, Shape::Square));
        }
    }
    found
}

/// Some words of a sentence: `backup file`, `all DCs`.
fn is_phrase(inner: &str) -> bool {
    let words: Vec<&str> = inner.split(' ').collect();
    let word = |w: &&str| w.len() > 1 && w.chars().all(|c| c.is_ascii_alphabetic() || c == '-' || c == '\'');
    (2..=5).contains(&words.len())
        && inner.starts_with(|c: char| c.is_ascii_alphabetic())
        && words.iter().all(word)
}

/// What stands between two brackets, with the byte of the first.
fn between(script: &str, (open, close): (char, char)) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, _) in script.match_indices(open) {
        let rest = &script[at + 1..];
        let near = rest.char_indices().take(LONGEST).find(|(_, c)| [open, close, '\n'].contains(c));
        if let Some((length, c)) = near
            && c == close
        {
            found.push((at, &rest[..length]));
        }
    }
    found
}

/// `[[ name ]]` as an argument; where a command begins it is bash's test.
fn test_brackets(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, _) in script.match_indices("[[") {
        let rest = &script[at + 2..];
        let Some(length) = rest.find("]]").filter(|length| *length < LONGEST) else { continue };
        let inner = rest[..length].trim();
        let word = |c: char| is_letter(c) || "_-. ".contains(c);
        let named = inner.starts_with(char::is_alphabetic) && inner.chars().all(word);
        if named && !begins_command(&script[..at]) {
            found.push(Candidate::new(at..at + length + 4, inner, Shape::Square));
        }
    }
    found
}

/// Whether a command begins behind a text.
fn begins_command(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '\t']);
    let last = text.rsplit(|c: char| c.is_whitespace() || c == ';').next().unwrap_or("");
    text.is_empty()
        || text.ends_with(['\n', ';', '&', '|', '(', '{', '`', '!'])
        || ["if", "then", "else", "elif", "while", "until", "do", "!", "time"].contains(&last)
}

/// Pairs of signs around a name that mean nothing to a shell where they stand.
const PAIRS: &[(&str, &str)] = &[
    ("<%", "%>"),
    ("{%", "%}"),
    ("\\<", "\\>"),
    ("&lt;", "&gt;"),
    ("«", "»"),
    ("‹", "›"),
    ("＜", "＞"),
    ("〈", "〉"),
    ("⟨", "⟩"),
    ("《", "》"),
    ("【", "】"),
    ("〔", "〕"),
    ("「", "」"),
    ("『", "』"),
    ("｛", "｝"),
    ("［", "］"),
];

/// `«name»`, `<% name %>`, `&lt;name&gt;`.
pub(super) fn delimited(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (open, close) in PAIRS {
        for (at, _) in script.match_indices(open) {
            let rest = &script[at + open.len()..];
            let Some(length) = rest.find(close) else { continue };
            let inner = &rest[..length];
            let name = inner.trim_matches(|c: char| c.is_whitespace() || "=-".contains(c));
            let near = !inner.contains('\n') && inner.chars().count() <= LONGEST;
            if near && name.chars().any(char::is_alphabetic) {
                let end = at + open.len() + length + close.len();
                found.push(Candidate::new(at..end, name, Shape::Delimited));
            }
        }
    }
    found
}

/// `%NAME%`, `@@NAME@@`, `@NAME@`, `__NAME__`, `##NAME##`.
fn signs(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (sign, shape) in [
        ("@@", Shape::Delimited),
        ("##", Shape::Delimited),
        ("__", Shape::Dunder),
        ("%", Shape::Percent),
        ("@", Shape::Delimited),
    ] {
        let mut from = 0;
        while let Some(at) = script[from..].find(sign).map(|at| from + at) {
            let start = at + sign.len();
            let rest = &script[start..];
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_.-".contains(c));
            let mut length = length.unwrap_or(rest.len());
            if sign == "__" {
                length = rest[..length].find("__").unwrap_or(0);
            }
            from = start;
            if !rest[length..].starts_with(sign) || !is_between_signs(&rest[..length], sign) {
                continue;
            }
            let end = start + length + sign.len();
            let begins = before(script, at);
            let doubled = sign.chars().next();
            let is_more = begins == doubled || after(script, end) == doubled;
            let joined = sign == "@" && begins.is_some_and(|c| c.is_alphanumeric() || "._-}:".contains(c));
            let used =
                sign == "__" && (begins.is_some_and(|c| "${".contains(c)) || script[end..].starts_with('='));
            if !is_more && !joined && !used {
                found.push(Candidate::new(at..end, &rest[..length], shape));
                from = end;
            }
        }
    }
    found
}

/// Names of compilers and languages between two pairs of underscores.
const DUNDERS: &[&str] = &[
    "FILE",
    "LINE",
    "FUNCTION",
    "DATE",
    "TIME",
    "COUNTER",
    "BASE_FILE",
    "DIR",
    "CLASS",
    "METHOD",
    "NAMESPACE",
    "MODULE",
    "ENV",
    "END",
    "DATA",
    "EOF",
    "VA_ARGS",
    "STDC",
    "GNUC",
    "CALLER",
    "STACKTRACE",
    "TRAIT",
    "HEREDOC",
];

/// Whether a text is a name where it stands between two such signs.
fn is_between_signs(name: &str, sign: &str) -> bool {
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '-');
    let lower = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let mixed = name.starts_with(|c: char| c.is_ascii_alphabetic());
    match sign {
        "@@" => mixed && name.len() > 1,
        "__" => capital && !DUNDERS.contains(&name),
        "%" => name.len() > 2 && (capital && !name.contains('-') || lower),
        _ => capital && name.len() > 2,
    }
}

/// `$(Build.BuildId)`, `$(VERSION)`, `$(params.image)`, `#{Octopus.Release}`: the variables of other systems.
fn substitutions(script: &str) -> Vec<Candidate> {
    const ROOTS: &[&str] = &[
        "params",
        "parameters",
        "inputs",
        "tasks",
        "workspaces",
        "context",
        "steps",
        "env",
        "vars",
        "secrets",
        "variables",
        "matrix",
        "needs",
    ];
    let mut found = Vec::new();
    for (open, close) in [("$(", ')'), ("#{", '}')] {
        for (at, _) in script.match_indices(open) {
            let rest = &script[at + open.len()..];
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_.-".contains(c));
            let Some(length) = length.filter(|length| rest[*length..].starts_with(close)) else { continue };
            let name = &rest[..length];
            let (root, dotted) = name.split_once('.').map_or((name, false), |(root, _)| (root, true));
            let begins = name.starts_with(|c: char| c.is_ascii_uppercase());
            let capital = name.len() > 2
                && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            let other = dotted && (begins || ROOTS.contains(&root)) || begins && capital;
            if other && !script[..at].ends_with(['$', '\\']) {
                let end = at + open.len() + length + 1;
                found.push(Candidate::new(at..end, name, Shape::Delimited));
            }
        }
    }
    found
}
