//! Lines in order, an output as a whole, keys with values.

use super::super::evidence::{Evidence, Found, Freshness};
use super::super::signs::failed_before;
use super::super::source;
use super::super::table;
use super::super::text::{Stands, excerpt, stands};
use super::output::{eyes, fail, listing, out, squeezed};
use super::shows::ends_after;
use super::value::json;

pub(super) fn lines_in_order(wanted: &[String], evidence: &Evidence<'_>) -> Found {
    let lines: Vec<&str> = out(evidence).lines().collect();
    let mut from = 0;
    for text in wanted.iter().filter(|t| !is_gap(t)) {
        let at = lines[from..].iter().position(|l| {
            line_shows(l, text) == Stands::Plainly
                && (!source::reads_log(evidence) || source::is_fresh(l, evidence.fresh))
        });
        if let Some(at) = at {
            from += at + 1;
            continue;
        }
        let somewhere = lines.iter().map(|l| line_shows(l, text)).max().unwrap_or(Stands::Not);
        return match somewhere {
            Stands::Plainly if source::reads_log(evidence) && evidence.fresh != Freshness::Any => {
                eyes(evidence, format!("\"{text}\" may be older than what should have caused it"))
            }
            Stands::Plainly => fail(evidence, format!("\"{text}\" is there, but not in this order")),
            Stands::Doubtful => eyes(evidence, format!("\"{text}\" is there, but not clearly")),
            Stands::Not if !evidence.whole => eyes(evidence, "its output is longer than what is kept"),
            Stands::Not => fail(evidence, format!("\"{text}\" is not there")),
        };
    }
    if let Some(last) = lines[..from].last()
        && ends_after(last, evidence)
    {
        return eyes(evidence, "the lines after them report an end or an error");
    }
    Found::Pass(format!("{} lines, in this order", wanted.len()))
}

pub(super) fn is_gap(line: &str) -> bool {
    matches!(line.trim(), "..." | "…" | "[...]")
}

/// A line that is wanted, at the end of one that may begin with a time or a name.
pub(super) fn line_shows(line: &str, wanted: &str) -> Stands {
    if wanted.contains("...") || wanted.contains('…') {
        // What is left out may be anything: what matches around it is shown, and for eyes.
        let wanted = wanted.replace('…', "...");
        let mut parts = wanted.split("...").map(str::trim).filter(|p| !p.is_empty());
        return if parts.all(|p| line.contains(p)) { Stands::Doubtful } else { Stands::Not };
    }
    if squeezed(line) == squeezed(wanted) {
        return Stands::Plainly;
    }
    if tail_is(line, wanted) {
        let before = &line.trim_end()[..line.trim_end().len() - wanted.trim().len()];
        return if before.ends_with([' ', '\t', '|', ']', ':']) {
            stands(line, wanted, true).max(Stands::Doubtful)
        } else {
            Stands::Not
        };
    }
    match stands(line, wanted, true) {
        Stands::Plainly => Stands::Doubtful,
        found => found,
    }
}

pub(super) fn tail_is(line: &str, tail: &str) -> bool {
    line.trim_end().ends_with(tail.trim())
}

pub(super) fn output(wanted: &[String], evidence: &Evidence<'_>) -> Found {
    if let [only] = wanted
        && let Some(pattern) = crate::runbook::expect::pattern(only)
    {
        return json(&pattern, evidence);
    }
    if let Some(found) = same_table(wanted, evidence) {
        return found;
    }
    let lines: Vec<String> = out(evidence).lines().map(squeezed).filter(|l| !l.is_empty()).collect();
    let mut at = 0;
    let mut gap = false;
    for text in wanted {
        if is_gap(text) {
            gap = true;
            continue;
        }
        let text = squeezed(text);
        let found = lines[at..].iter().position(|l| line_equals(l, &text));
        match found {
            Some(skipped) if gap && lines[at..at + skipped].iter().any(|l| tells_of_trouble(l)) => {
                return eyes(evidence, "the part that the document leaves out reports a problem");
            }
            Some(skipped) if skipped == 0 || gap => at += skipped + 1,
            _ => {
                let shown = lines.get(at).map_or("nothing", String::as_str);
                return Found::Eyes(excerpt(shown), format!("the document has \"{}\" here", excerpt(&text)));
            }
        }
        gap = false;
    }
    if at < lines.len() && !gap {
        return Found::Eyes(excerpt(&lines[at]), "this line is not in the document".into());
    }
    if !evidence.whole || failed_before(evidence) {
        return eyes(evidence, "a part of the command failed, or its output is not whole");
    }
    Found::Pass(format!("{} lines, as in the document", wanted.len()))
}

/// A table that has the cells of the document's, however wide its columns are and however old what it lists is.
fn same_table(wanted: &[String], evidence: &Evidence<'_>) -> Option<Found> {
    let wanted = table::read(&wanted.join("\n"), false)?;
    let shown = listing(evidence)?;
    let ages: Vec<bool> = wanted.columns.iter().map(|name| name.eq_ignore_ascii_case("age")).collect();
    let same = |(a, b): (&Vec<String>, &Vec<String>)| {
        a.len() == b.len()
            && a.iter().zip(b).zip(&ages).all(|((a, b), age)| *age || squeezed(a) == squeezed(b))
    };
    let all = wanted.columns == shown.columns
        && wanted.rows.len() == shown.rows.len()
        && wanted.rows.iter().zip(&shown.rows).all(same);
    (all && evidence.whole && !failed_before(evidence))
        .then(|| Found::Pass(format!("{} rows, as in the document", shown.rows.len())))
}

fn tells_of_trouble(line: &str) -> bool {
    let lower = line.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|w| {
        [
            "error", "errors", "failed", "failure", "skip", "skipped", "skipping", "warning", "abort",
            "aborted", "fatal",
        ]
        .contains(&w)
    })
}

/// A line, with `...` for words in it; what is left out must not deny what is there.
pub(super) fn line_equals(line: &str, wanted: &str) -> bool {
    let Some((begins, ends)) = wanted.split_once("...") else { return line == wanted };
    if ends.contains("...") || line.len() < begins.len() + ends.len() {
        return false;
    }
    let edge = |text: &str, ahead: bool| {
        let c = if ahead { text.chars().next() } else { text.chars().next_back() };
        c.is_none_or(|c| !c.is_alphanumeric())
    };
    let Some(rest) = line.strip_prefix(begins.trim_end()) else { return false };
    let Some(gap) = rest.strip_suffix(ends.trim_start()) else { return false };
    let apart = (begins.trim_end().is_empty() || edge(gap, true) || edge(begins.trim_end(), false))
        && (ends.trim_start().is_empty() || edge(gap, false) || edge(ends.trim_start(), true));
    let denies = gap.split_whitespace().any(|w| {
        ["not", "no", "never", "without", "failed", "error"]
            .contains(&w.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()))
    });
    apart && !denies
}

pub(super) fn keys_there(wanted: &[(String, String)], evidence: &Evidence<'_>) -> Found {
    let mut set: Vec<(&str, &str)> = Vec::new();
    for line in out(evidence).lines() {
        let line = line.trim().trim_start_matches("export ").trim_start();
        if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            set.push((key.trim(), value.trim().trim_matches(['"', '\''])));
        }
    }
    let mut unlike = None;
    for (key, pattern) in wanted {
        let values: Vec<&str> = set.iter().filter(|(k, _)| k == key).map(|(_, v)| *v).collect();
        let Some(value) = values.last() else {
            return Found::Fail(format!("{key} is not there"), format!("{key} is missing"));
        };
        if value.is_empty() {
            return Found::Fail(format!("{key} is empty"), format!("{key} has no value"));
        }
        let value = &value.split(" #").next().unwrap_or(value).trim();
        if value.is_empty() {
            return Found::Fail(format!("{key} is empty"), format!("{key} has no value"));
        }
        let is_placeholder = value.starts_with('<')
            || value.starts_with("${")
            || ["null", "none", "undefined", "todo", "tbd", "replace_me", "replaceme", "xxx", "..."]
                .contains(&value.to_lowercase().as_str())
            || value.starts_with('#')
            || value.to_uppercase().contains("CHANGE")
            || value.contains("YOUR_")
            || (!pattern.is_empty() && *value == pattern && has_wildcard(pattern));
        if values.len() > 1 {
            unlike = unlike.or(Some(format!("{key} is set more than once")));
        } else if is_placeholder {
            unlike = unlike.or(Some(format!("{key} looks like a placeholder")));
        } else if !like(value, pattern.trim_matches(['"', '\''])) {
            unlike = unlike.or(Some(format!("{key} has another value than in the document")));
        }
    }
    match unlike {
        Some(why) => Found::Eyes(format!("{} keys, all with a value", wanted.len()), why),
        None => Found::Pass(format!("{} keys, all with a value", wanted.len())),
    }
}

/// Words that stand for a value of one's own.
#[rustfmt::skip] // words, many to a line
pub(super) const WILDCARDS: &[&str] = &[
    "PASSWORD", "PASS", "USER", "USERNAME", "HOST", "HOSTNAME", "PORT", "SECRET", "TOKEN", "KEY", "API_KEY",
    "DATABASE", "DBNAME", "NAME", "DOMAIN", "VALUE", "VERSION", "XXX", "XXXX", "REDACTED", "YOUR",
];

pub(super) fn is_wildcard(word: &str) -> bool {
    WILDCARDS.contains(&word)
        || word.starts_with("YOUR_")
        || word.ends_with("_HERE")
        || word.chars().all(|c| c == 'x' || c == 'X') && word.len() > 2
}

pub(super) fn has_wildcard(pattern: &str) -> bool {
    pattern.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(is_wildcard)
}

/// Whether a value is as the pattern has it; what stands for a value of one's own is any text without a blank.
pub(super) fn like(value: &str, pattern: &str) -> bool {
    if matches!(pattern, "" | "..." | "…") {
        return true;
    }
    let mut expression = String::from("^");
    let mut word = String::new();
    let flush = |word: &mut String, expression: &mut String| {
        if is_wildcard(word) {
            expression.push_str(r"[^\s/@:]+");
        } else {
            expression.push_str(&regex::escape(word));
        }
        word.clear();
    };
    let marked = pattern.replace("...", "\u{1}").replace(['<', '>'], "");
    for c in marked.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        flush(&mut word, &mut expression);
        if c == '\u{1}' {
            expression.push_str(r"\S+")
        } else {
            expression.push_str(&regex::escape(&c.to_string()))
        }
    }
    flush(&mut word, &mut expression);
    expression.push('$');
    regex::Regex::new(&expression).is_ok_and(|e| e.is_match(value))
}
