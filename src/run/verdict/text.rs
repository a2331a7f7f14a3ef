//! Output as text, and finding words in it.

use crate::runbook::words::lower_words_with;

/// Terminal output as the text that it shows: no escape sequences, overwritten lines as they ended.
pub fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    // At the line's start again: what follows is written over it, if anything does.
    let mut back = false;
    while let Some(c) = chars.next() {
        if back && !c.is_control() {
            let start = clean.rfind('\n').map_or(0, |at| at + 1);
            clean.truncate(start);
            back = false;
        }
        match c {
            '\x1b' => escape(&mut chars),
            '\r' => back = true,
            '\x08' => {
                if !clean.ends_with('\n') {
                    clean.pop();
                }
            }
            '\n' | '\t' => {
                back = false;
                clean.push(c);
            }
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    clean
}

fn escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            // A control sequence ends with its final byte (ECMA-48, 5.4).
            for c in chars.by_ref() {
                if ('\x40'..='\x7e').contains(&c) {
                    break;
                }
            }
        }
        Some(']' | 'P' | '_' | '^' | 'X') => {
            while let Some(c) = chars.next() {
                if c == '\x07' {
                    break;
                }
                if c == '\x1b' {
                    chars.next();
                    break;
                }
            }
        }
        Some('(' | ')' | '*' | '+' | '#' | ' ' | '%') => {
            chars.next();
        }
        _ => {}
    }
}

/// A line, cut to what fits beside a verdict.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 160;
    let line = text.trim();
    let mut lines = line.lines();
    let first = lines.next().unwrap_or("").trim_end();
    let cut: String = first.chars().take(LONGEST).collect();
    if cut.len() < first.len() || lines.next().is_some() { format!("{cut} …") } else { cut }
}

/// How a text stands in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stands {
    /// Not at all, or only inside of other words.
    Not,
    /// In other letters of case, negated, or in a line that tells of something else.
    Doubtful,
    /// As whole words.
    Plainly,
}

/// How `wanted` stands in a line. However many blanks keep words apart, they are kept apart.
pub(super) fn stands(line: &str, wanted: &str, exact_case: bool) -> Stands {
    let (line, wanted) = (&squeezed(line), &squeezed(wanted));
    let plain = occurrences(line, wanted);
    if !plain.is_empty() {
        let doubtful =
            plain.iter().any(|at| is_doubtful(line, wanted, *at)) || tells_of_something_else(line, wanted);
        return if doubtful { Stands::Doubtful } else { Stands::Plainly };
    }
    let (lower, wanted_lower) = (line.to_lowercase(), wanted.to_lowercase());
    let found = occurrences(&lower, &wanted_lower);
    match found.first() {
        None => Stands::Not,
        Some(at)
            if !exact_case
                && lower.len() == line.len()
                && !is_doubtful(&lower, &wanted_lower, *at)
                && !tells_of_something_else(line, wanted) =>
        {
            Stands::Plainly
        }
        Some(_) => Stands::Doubtful,
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an occurrence is negated, the name of a field, or a state that has a bad end.
fn is_doubtful(line: &str, wanted: &str, at: usize) -> bool {
    let (before, after) = (&line[..at], &line[at + wanted.len()..]);
    let key = wanted.contains('_')
        && wanted.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let behind = after.trim_start_matches(['"', '\'']).trim_start();
    let field =
        !key && !wanted.ends_with([':', '=']) && behind.starts_with([':', '=']) && !behind.starts_with("::");
    let unlike = ["no", "false", "failed", "not"].iter().any(|w| {
        let mut words = after.split(|c: char| !c.is_alphanumeric()).filter(|n| !n.is_empty());
        words.next().is_some_and(|n| n.eq_ignore_ascii_case(w))
    });
    // "Ready,SchedulingDisabled", a cell of CSV: what belongs together can't be told.
    let listed = after.strip_prefix(',').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
    listed
        || negated(before, wanted.starts_with(char::is_alphabetic))
        || exited_with_error(after)
        || field
        || unlike
}

/// Where `wanted` stands as whole words.
fn occurrences(line: &str, wanted: &str) -> Vec<usize> {
    if wanted.is_empty() {
        return vec![];
    }
    let found = line.match_indices(wanted).map(|(at, _)| at);
    found.filter(|at| is_whole(&line[..*at], wanted, &line[at + wanted.len()..])).collect()
}

fn is_whole(before: &str, wanted: &str, after: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let starts_in_word = wanted.starts_with(word);
    let ends_in_word = wanted.ends_with(word);
    let mut back = before.chars().rev();
    let previous = back.next();
    let open = previous.is_some_and(|c| {
        word(c)
            || (matches!(c, '-' | '.' | '/' | '@' | '+' | '%' | '$' | '#' | '~')
                && back.next().is_some_and(|b| !b.is_whitespace()))
            || matches!(c, '/' | '-' | '.' | '$' | '~')
            || (c == ',' && wanted.starts_with(|w: char| w.is_ascii_digit()))
    });
    let mut forth = after.chars();
    let next = forth.next();
    let then = forth.next();
    let goes_on = next.is_some_and(|c| {
        word(c)
            || (matches!(c, '-' | '.' | '/' | '@' | '+' | '%' | ':')
                && then.is_some_and(|t| !t.is_whitespace()))
            || matches!(c, '/' | '-' | '~' | '%')
            || (c == ','
                && then.is_some_and(|t| t.is_ascii_digit())
                && wanted.ends_with(|w: char| w.is_ascii_digit()))
    });
    !(starts_in_word && open || ends_in_word && goes_on)
}

/// "not healthy", "is no longer ready", "0 passed", "0/3 ready".
fn negated(before: &str, wanted_is_word: bool) -> bool {
    #[rustfmt::skip] // words, many to a line
    const NOT: &[&str] = &[
        "not", "no", "never", "isn't", "aren't", "wasn't", "weren't", "without", "cannot", "can't", "couldn't",
        "didn't", "doesn't", "don't", "won't", "haven't", "hadn't", "hasn't", "non", "neither", "nor",
        "longer", "isnt", "un", "none", "kein", "keine", "nicht", "pas", "não", "nao", "nunca", "sin", "sem",
        "yet", "barely", "hardly", "nearly", "almost", "less", "desired", "tobe",
    ];
    let clause = before.rsplit([';', '.', '|', '\t']).next().unwrap_or(before);
    let words: Vec<String> = clause
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '/' | '%')))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let last = words.last().map_or("", String::as_str);
    let partly = last
        .split_once('/')
        .is_some_and(|(a, b)| a.parse::<u32>().is_ok_and(|a| b.parse::<u32>().is_ok_and(|b| a < b)));
    let percent = last.strip_suffix('%').is_some_and(|n| n.parse::<f64>().is_ok_and(|n| n < 100.0));
    let of = words
        .windows(3)
        .any(|w| w[1] == "of" && w[0].parse::<u32>().is_ok_and(|a| w[2].parse::<u32>().is_ok_and(|b| a < b)));
    let to_be = words.windows(2).any(|w| w[0] == "to" && w[1] == "be");
    let nought = matches!(last, "0" | "zero");
    (wanted_is_word && (nought || partly || percent || of || to_be))
        || words.iter().any(|w| NOT.contains(&w.as_str()))
}

/// `Exited` followed by a status that is not 0.
fn exited_with_error(after: &str) -> bool {
    let after = after.trim_start();
    let Some(number) = after.strip_prefix('(').and_then(|r| r.split(')').next()) else { return false };
    number.parse::<i32>().is_ok_and(|n| n != 0)
}

/// A line that is an echo, tells of an error, of waiting or of what once was: words in it prove little.
fn tells_of_something_else(line: &str, wanted: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const ELSE: &[&str] = &[
        "error", "errors", "failed", "fail", "failure", "failures", "cannot", "couldn't", "unable", "denied",
        "refused", "fatal", "exception", "panic", "missing", "warning", "warn", "unknown", "invalid", "usage",
        "waiting", "wait", "until", "would", "will", "should", "expected", "expect", "expecting", "trying",
        "retry", "retrying", "was", "were", "skipped", "skipping", "skip", "previously", "previous", "last",
        "if", "unless", "starting", "stopping", "pending", "timeout", "could", "might", "may", "but", "except",
        "only", "available", "aborted", "cancelled", "canceled", "rolled", "dry", "dry-run", "tried", "want",
        "wanted", "instead", "lost", "candidate", "unavailable", "temporarily", "revert", "reverted",
        "reverts", "disconnected", "degraded", "unhealthy",
    ];
    let line = line.trim_start();
    if line.starts_with("+ ")
        || line.starts_with("++ ")
        || line.starts_with("$ ")
        || line.starts_with("> ")
        || line.starts_with("# ")
        || line.starts_with("echo ")
    {
        return true;
    }
    let inside = ['\'', '-', '_'];
    let (own, words) = (lower_words_with(wanted, &inside), lower_words_with(line, &inside));
    let phrase = |a: &str, b: &str| words.windows(2).any(|p| p[0] == a && p[1] == b);
    words.iter().any(|w| ELSE.contains(&w.as_str()) && !own.contains(w))
        || (phrase("not", "found") || phrase("no", "such"))
            && !own.iter().any(|w| w == "found" || w == "such")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_with_as_many_returns_as_terminals_it_came_through() {
        assert_eq!(clean(b"OK\r\r\nup\r\n"), "OK\nup\n");
        assert_eq!(clean(b"10 %\r\r100 %\r\n"), "100 %\n");
    }
}
