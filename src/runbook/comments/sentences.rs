//! The sentences of a comment or a paragraph, and what they begin with.

use super::super::words::numbered;

/// The sentences of a text on one line.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        quoted ^= c == '`';
        let end = at + c.len_utf8();
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => {
                let word = text.get(start..at).unwrap_or("").rsplit(' ').next().unwrap_or("");
                let rest = text.get(end..).unwrap_or("").trim_start_matches(['*', ')', ' ', '_']);
                let short = word.chars().count() < 3
                    || word.contains('.') && !word.ends_with(|c: char| c.is_ascii_digit());
                next.is_none_or(|n| matches!(n, ' ' | '*' | ')'))
                    && !short
                    && !rest.starts_with(char::is_lowercase)
            }
            _ => false,
        };
        if ends && !quoted {
            found.extend(text.get(start..end).map(str::trim).filter(|s| !s.is_empty()));
            start = end;
        }
    }
    found.extend(text.get(start..).map(str::trim).filter(|s| s.chars().any(char::is_alphanumeric)));
    found
}

/// A text without the number in front of it: "2. If …", "Step 3: If …".
pub(super) fn unnumbered(text: &str) -> &str {
    let bare =
        text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '（' | '[' | '`'));
    let plain =
        bare.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ' | ':' | '-'));
    let counted = numbered(bare).and_then(|(_, rest)| bare.find(rest.as_str()).and_then(|at| bare.get(at..)));
    let shorter = counted.filter(|rest| !rest.is_empty() && rest.len() < plain.len());
    shorter.unwrap_or(if plain.is_empty() { bare } else { plain })
}
