//! What in a line of a template is to be filled: boxes, placeholders, blanks, patterns of dates, choices, fields.

use std::ops::Range;

use crate::runbook::words::lower_words;

/// What stands at a place that is to be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `[ ]`: ticked when what the line speaks of was done.
    Tick,
    /// `[Name]`, `<name>`, `{{name}}`: the word in it.
    Word(String),
    /// `____`, or nothing behind a label.
    Blank,
    /// A pattern of a date: `YYYY-MM-DD`.
    Date(String),
    /// A pattern of a time: `HH:MM`.
    Time,
    /// A word with such a pattern in it: `/backups/backup_YYYYMMDD.sql`.
    Named(String),
    /// `None / [Description]`, `No / Yes - [Reason]`: one of several.
    Choice(Vec<String>),
    /// Boxes in a row, of which one is ticked: where each is, and what stands behind it.
    Boxes(Vec<(Range<usize>, String)>),
    /// `**Environment:** Production`: a literal that may be a field of the run.
    Literal(String),
}

/// A place in a line that is to be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Where in the line.
    pub(super) at: Range<usize>,
    /// What stands there.
    pub(super) what: What,
    /// The words that say what it is about; slots in a row share them.
    pub(super) label: String,
    /// What stands between it and the slot before it, where both share a label.
    pub(super) join: String,
}

impl Slot {
    /// `… by [Name]`.
    pub(super) fn by(&self) -> bool {
        ["by", "von", "par", "por"].contains(&self.join.as_str())
    }

    /// `… at [Time]`.
    pub(super) fn at(&self) -> bool {
        ["at", "on", "am", "um", "le", "el"].contains(&self.join.as_str())
    }

    /// `[Time] - [Time]`.
    pub(super) fn ranges(&self) -> bool {
        ["-", "–", "to", "until", "bis", "→", "->"].contains(&self.join.as_str())
    }
}

/// Words that choices are made of.
#[rustfmt::skip] // words, many to a line
const CHOICES: &[&str] = &[
    "none", "no", "yes", "na", "n", "y", "success", "successful", "succeeded", "fail", "failed", "failure", "pass", "passed",
    "partial", "partially", "rolled", "rollback", "complete", "completed", "incomplete", "ok", "not", "deployed", "aborted",
    "abandoned", "ja", "nein", "keine", "oui", "non", "aucun", "sí", "si", "ninguno", "sim", "não", "nenhum",
];

/// Words between slots that speak of one thing: `[Time] by [Name]`.
const JOINS: &[&str] =
    &["by", "at", "on", "and", "to", "until", "bis", "von", "am", "um", "par", "le", "por", "el"];

/// Whether a text begins with a word that choices are made of.
fn is_choice_word(text: &str) -> bool {
    lower_words(text).first().is_some_and(|w| CHOICES.contains(&w.as_str()))
}

/// The places of a line that are to be filled.
pub(super) fn slots(line: &str) -> Vec<Slot> {
    let found = find(line);
    let boxes: Vec<&(Range<usize>, What)> = found.iter().filter(|(_, w)| *w == What::Tick).collect();
    if boxes.len() > 1 {
        return vec![in_a_row(line, &boxes)];
    }
    let value = value_of(line);
    if let Some(options) = value.clone().and_then(|at| choices(&line[at])) {
        let at = value.unwrap_or(0..line.len());
        let label = clean(&line[..at.start]);
        return vec![Slot { at, what: What::Choice(options), label, join: String::new() }];
    }
    if found.is_empty() {
        return field(line).into_iter().collect();
    }
    let mut slots: Vec<Slot> = Vec::new();
    let mut from = 0;
    for (at, what) in found {
        let label = if what == What::Tick { behind(&line[at.end..]) } else { clean(&line[from..at.start]) };
        let between = line[from..at.start]
            .trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '`')
            .to_lowercase();
        let inherits =
            !label.chars().any(char::is_alphabetic) || JOINS.contains(&label.to_lowercase().as_str());
        let label = if inherits { slots.last().map_or(label, |s| s.label.clone()) } else { label };
        from = at.end;
        // What stands behind a box is the label of what follows too.
        let join = if inherits { between } else { String::new() };
        slots.push(Slot { at, what, label, join });
    }
    slots
}

/// Several boxes in a line: one of them is ticked.
fn in_a_row(line: &str, boxes: &[&(Range<usize>, What)]) -> Slot {
    let ends = boxes.iter().skip(1).map(|(at, _)| at.start).chain([line.len()]);
    let options = boxes.iter().zip(ends).map(|((at, _), end)| {
        let text = line[at.end..end].trim_matches(|c: char| !c.is_alphanumeric() && c != '[' && c != ']');
        (at.clone(), text.to_owned())
    });
    let (first, last) = (boxes[0].0.start, boxes[boxes.len() - 1].0.end);
    Slot {
        at: first..last,
        what: What::Boxes(options.collect()),
        label: clean(&line[..first]),
        join: String::new(),
    }
}

/// Boxes, placeholders, blanks and patterns in order.
fn find(line: &str) -> Vec<(Range<usize>, What)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let taken =
            tick(rest).or_else(|| bracketed(rest)).or_else(|| blank(rest)).or_else(|| pattern(line, at));
        match taken {
            Some((length, what)) => {
                let timed = matches!(&what, What::Time | What::Blank)
                    || matches!(&what, What::Date(d) if d.contains(' '));
                let length = length + if timed { zone(&rest[length..]) } else { 0 };
                found.push((at..at + length, what));
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// The length of a zone's name behind a time: the time that is put there says its own.
fn zone(rest: &str) -> usize {
    let names = [" UTC", " (UTC)", " GMT", " (GMT)"];
    let name = names.into_iter().find(|n| rest.starts_with(n));
    name.filter(|n| !rest[n.len()..].starts_with(char::is_alphanumeric)).map_or(0, str::len)
}

fn tick(rest: &str) -> Option<(usize, What)> {
    let sign = ["[ ]", "[]", "☐"].into_iter().find(|s| rest.starts_with(s))?;
    Some((sign.len(), What::Tick))
}

fn bracketed(rest: &str) -> Option<(usize, What)> {
    let (open, close) =
        [("{{", "}}"), ("[", "]"), ("<", ">")].into_iter().find(|(o, _)| rest.starts_with(o))?;
    let inner = rest[open.len()..].split_once(close)?.0;
    let length = open.len() + inner.len() + close.len();
    let word = inner.trim();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let plain = word.starts_with(char::is_alphabetic) && letters > 1 && word.len() < 80;
    // A link is no placeholder, nor is a tag of HTML.
    let link = open == "[" && (rest[length..].starts_with('(') || rest[length..].starts_with('['));
    let tag =
        open == "<" && (word.contains(['/', '=', ':']) || ["br", "hr", "details", "summary"].contains(&word));
    if !plain || link || tag {
        return None;
    }
    let lower = word.to_lowercase();
    let date = word.split([' ', 'T']).next().and_then(date_pattern);
    let what = match date {
        Some(date) if lower.contains("hh:mm") => What::Date(format!("{date} HH:MM")),
        Some(date) => What::Date(date),
        None if lower.starts_with("hh:mm") => What::Time,
        None => What::Word(lower),
    };
    Some((length, what))
}

fn blank(rest: &str) -> Option<(usize, What)> {
    let length = rest.len() - rest.trim_start_matches('_').len();
    (length >= 3).then_some((length, What::Blank))
}

/// A pattern that begins at a word's beginning.
fn pattern(line: &str, at: usize) -> Option<(usize, What)> {
    let begins = line[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "(|*`".contains(c));
    let rest = &line[at..];
    let word = rest.split(|c: char| c.is_whitespace() || "|*`,;)".contains(c)).next()?;
    let word = word.trim_end_matches('.');
    if !begins || word.is_empty() {
        return None;
    }
    let lower = word.to_lowercase();
    if lower == "hh:mm" || lower == "hh:mm:ss" {
        return Some((word.len(), What::Time));
    }
    if !word.contains("YYYY") {
        return None;
    }
    match date_pattern(word) {
        Some(date) => {
            let more = rest[word.len()..].strip_prefix(' ').filter(|r| r.to_lowercase().starts_with("hh:mm"));
            let time = more.map_or(0, |r| {
                1 + r.split(|c: char| !(c.is_alphanumeric() || c == ':')).next().map_or(0, str::len)
            });
            let date = if time > 0 { format!("{date} HH:MM") } else { date };
            Some((word.len() + time, What::Date(date)))
        }
        None => Some((word.len(), What::Named(word.to_owned()))),
    }
}

/// The pattern of a date, if a word is one and nothing else.
fn date_pattern(word: &str) -> Option<String> {
    let upper = word.to_uppercase();
    let parts: Vec<&str> = upper.split(['-', '/', '.']).collect();
    let fits = parts.len() == 3 && parts.iter().all(|p| ["YYYY", "MM", "DD"].contains(p));
    fits.then_some(upper)
}

/// Where the value of a line stands: behind a label's colon, else behind the bullet.
fn value_of(line: &str) -> Option<Range<usize>> {
    let behind = line.find(":**").map(|at| at + 3).or_else(|| line.find(": ").map(|at| at + 2));
    let from = match behind.or_else(|| line.find("? ").map(|at| at + 2)) {
        Some(at) => at,
        None => line.len() - line.trim_start_matches([' ', '\t', '-', '*', '+']).len(),
    };
    let value = line[from..].trim();
    let start = from + line[from..].find(value)?;
    (!value.is_empty()).then_some(start..start + value.len())
}

/// The alternatives that a text offers: `No / Yes - [Reason]`, `PASS/FAIL`.
fn choices(value: &str) -> Option<Vec<String>> {
    let spaced: Vec<&str> = value.split(" / ").map(str::trim).collect();
    let parts = if spaced.len() > 1 {
        spaced
    } else {
        let bare: Vec<&str> = value.split('/').collect();
        let words = bare.iter().all(|p| !p.is_empty() && p.chars().all(char::is_alphabetic));
        if bare.len() < 2 || !words || value.eq_ignore_ascii_case("n/a") {
            return None;
        }
        bare
    };
    parts.iter().any(|p| is_choice_word(p)).then(|| parts.into_iter().map(str::to_owned).collect())
}

/// `**Label:** literal`, or a label with nothing behind it.
fn field(line: &str) -> Option<Slot> {
    let end = line.trim_end().len();
    let bold = line.split_once(":**").or_else(|| line.split_once("**:")).filter(|(l, _)| l.contains("**"));
    let Some((label, value)) = bold else { return plain_field(line) };
    // A literal is a word or two; more is a sentence, or another field.
    let words = value.split_whitespace().count();
    if words > 3 || value.contains("**") || value.contains(['`', '|', '(']) {
        return None;
    }
    let inner = value.trim();
    let start = line.len() - value.len() + value.find(inner)?;
    let label = clean(label);
    if label.is_empty() {
        return None;
    }
    let what = if inner.is_empty() { What::Blank } else { What::Literal(inner.to_owned()) };
    let at = if inner.is_empty() { end..end } else { start..start + inner.len() };
    Some(Slot { at, what, label, join: String::new() })
}

/// `Date:`, `- Start time:`, `Problems?`, `Who ......`: a plain label with nothing behind it; or `Environment: Production`, a
/// word that may be a field of the run. More words than a few are a sentence.
fn plain_field(line: &str) -> Option<Slot> {
    let end = line.trim_end().len();
    let few = |label: &str| {
        (1..=6).contains(&label.split_whitespace().count()) && label.contains(char::is_alphabetic)
    };
    let slot = |at: Range<usize>, what: What, label: &str| {
        let label = clean(label);
        (!label.is_empty()).then_some(Slot { at, what, label, join: String::new() })
    };
    let bare = line[..end].trim_start_matches(|c: char| c.is_whitespace() || "-*+>•".contains(c));
    let dots = bare.trim_end_matches(['.', '…', ' ']);
    if bare.len() - dots.len() > 4 && bare.contains("...") && few(dots) {
        let start = end - (bare.len() - dots.len());
        return slot(start + 1..end, What::Blank, dots);
    }
    if let Some(label) =
        bare.strip_suffix([':', '：', '?', '=']).filter(|label| few(label) && !label.contains(": "))
    {
        return slot(end..end, What::Blank, label);
    }
    let (label, value) = bare.split_once(": ")?;
    let value = value.trim();
    let word =
        !value.is_empty() && value.split_whitespace().count() <= 2 && !value.contains(['`', '|', '(', '/']);
    let start = end - value.len();
    (word && few(label)).then(|| slot(start..end, What::Literal(value.to_owned()), label))?
}

/// The label behind a box: up to its colon or its first placeholder.
fn behind(rest: &str) -> String {
    let end = find(rest).first().map_or(rest.len(), |(at, _)| at.start);
    let text = &rest[..end];
    clean(text.split_once(": ").map_or(text, |(label, _)| label))
}

/// A label without the signs around it.
fn clean(text: &str) -> String {
    let text = text.replace("**", "").replace('`', "");
    let text = text.trim_start_matches(|c: char| !(c.is_alphanumeric() || c == '('));
    let numbered = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = if numbered.len() < text.len() && numbered.starts_with(['.', ')']) {
        numbered[1..].trim_start()
    } else {
        text
    };
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || ":-–=(,;|@?".contains(c));
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<String> {
        slots(line).into_iter().map(|s| format!("{} | {} | {:?}", &line[s.at], s.label, s.what)).collect()
    }

    #[test]
    fn shapes_of_lines() {
        for (line, wanted) in [
            ("**Date:** YYYY-MM-DD", vec!["YYYY-MM-DD | Date | Date(\"YYYY-MM-DD\")"]),
            ("**Environment:** Production", vec!["Production | Environment | Literal(\"Production\")"]),
            (
                "- [ ] Backup created: /backups/backup_YYYYMMDD_HHMMSS.sql",
                vec![
                    "[ ] | Backup created | Tick",
                    "/backups/backup_YYYYMMDD_HHMMSS.sql | Backup created | Named(\"/backups/backup_YYYYMMDD_HHMMSS.sql\")",
                ],
            ),
            (
                "- Engineer: [Name] [Time]",
                vec!["[Name] | Engineer | Word(\"name\")", "[Time] | Engineer | Word(\"time\")"],
            ),
            ("- No / Yes - [Reason]", vec!["No / Yes - [Reason] |  | Choice([\"No\", \"Yes - [Reason]\"])"]),
            ("Smoke tests: PASS/FAIL", vec!["PASS/FAIL | Smoke tests | Choice([\"PASS\", \"FAIL\"])"]),
            (
                "Result: [ ] Success  [ ] Rolled back",
                vec!["[ ] Success  [ ] | Result | Boxes([(8..11, \"Success\"), (21..24, \"Rolled back\")])"],
            ),
            ("Start: ____ End: ____", vec!["____ | Start | Blank", "____ | End | Blank"]),
            (
                "* Started at YYYY-MM-DD HH:MM by <name>",
                vec![
                    "YYYY-MM-DD HH:MM | Started at | Date(\"YYYY-MM-DD HH:MM\")",
                    "<name> | Started at | Word(\"name\")",
                ],
            ),
            ("- Start time:", vec![" | Start time | Blank"]),
            ("Date:", vec![" | Date | Blank"]),
            ("2. Problems?", vec![" | Problems | Blank"]),
            ("Who ........", vec!["........ | Who | Blank"]),
            ("Env: Staging", vec!["Staging | Env | Literal(\"Staging\")"]),
            ("Rolled back? yes/no", vec!["yes/no | Rolled back | Choice([\"yes\", \"no\"])"]),
            ("All of these lines are filled in by whoever deployed it:", vec![]),
            ("See [the guide](https://x.y) and <br> CPU / memory", vec![]),
            ("## Deployment Log", vec![]),
            ("- N/A", vec![]),
        ] {
            assert_eq!(told(line), wanted, "{line}");
        }
    }
}
