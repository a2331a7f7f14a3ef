//! Productions with an amount in them: rows, numbers, times.

use super::super::lead::{Lead, Verb};
use super::super::literal::is_word;
use super::super::token::{Cursor, Kind};
use super::super::{Check, Condition, Counted, Op};
use crate::runbook::words::unit_ms;

/// "One row with point_count > 0", "0 hits", "at least 3 lines".
pub(super) fn rows(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated {
        return None;
    }
    if cursor.word(&["multiple", "several"]) {
        // Whatever they are of, there is more than one line.
        cursor.word(&["lines", "rows", "entries"]);
        return Some(Check::Rows { of: Counted::Lines, op: Op::AtLeast, count: 2, with: vec![] });
    }
    let (op, count) = amount(cursor)?;
    cursor.word(&["matching"]);
    let of = if cursor.word(&["row", "rows", "record", "records"]) {
        Counted::Rows
    } else if cursor.word(&["line", "lines"]) {
        Counted::Lines
    } else if cursor.word(&["hit", "hits", "match", "matches", "result", "results", "entry", "entries"]) {
        Counted::Hits
    } else {
        return None;
    };
    cursor.word(&["returned", "found", "only"]);
    // "One line per bundle": how many there are is for a person to know.
    if cursor.clone().word(&["per"]) {
        return None;
    }
    let mut with = Vec::new();
    let before = cursor.clone();
    if cursor.word(&["with", "where", "having"]) {
        loop {
            let Some(condition) = condition(cursor) else {
                *cursor = before;
                with.clear();
                break;
            };
            with.push(condition);
            let more = cursor.clone();
            if !cursor.word(&["and"]) {
                break;
            }
            if !matches!(cursor.peek(), Some(Kind::Word(_))) {
                *cursor = more;
                break;
            }
        }
    }
    Some(Check::Rows { of, op, count, with })
}

/// "count > 0": the one row has this in this column.
pub(super) fn column(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated || !matches!(cursor.peek(), Some(Kind::Word(w)) if is_word(w)) {
        return None;
    }
    let mut ahead = cursor.clone();
    ahead.skip();
    ahead.compares()?;
    let with = vec![condition(cursor)?];
    Some(Check::Rows { of: Counted::Rows, op: Op::Equal, count: 1, with })
}

fn condition(cursor: &mut Cursor<'_>) -> Option<Condition> {
    let Some(Kind::Word(column) | Kind::Quoted(column)) = cursor.peek() else { return None };
    cursor.skip();
    let op = match cursor.compares() {
        Some(op) => op,
        None if cursor.word(&["is", "equals", "of", "equal"]) => Op::Equal,
        None => {
            let (column, value) = column.split_once('=')?;
            return Some(Condition { column: column.into(), op: Op::Equal, value: unquoted(value) });
        }
    };
    let Some(Kind::Word(value) | Kind::Quoted(value)) = cursor.peek() else { return None };
    cursor.skip();
    Some(Condition { column: column.clone(), op, value: unquoted(value) })
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'', '`']).to_owned()
}

/// An amount: "no", "one", "3", "at least 3", "3 or more", "> 2".
fn amount(cursor: &mut Cursor<'_>) -> Option<(Op, u64)> {
    let op = bound(cursor);
    cursor.word(&["a", "exactly", "only"]);
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    let count = match word.to_lowercase().as_str() {
        "no" | "zero" | "zéro" | "keine" | "nenhum" | "ninguna" => 0,
        "one" | "single" | "una" | "une" | "eine" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        digits => digits.parse().ok()?,
    };
    cursor.skip();
    if op.is_none() && (cursor.phrase(&["or", "more"]) || cursor.word(&["+"])) {
        return Some((Op::AtLeast, count));
    }
    Some((op.unwrap_or(Op::Equal), count))
}

/// "at least", "more than", "<": a bound before a number.
fn bound(cursor: &mut Cursor<'_>) -> Option<Op> {
    if let Some(op) = cursor.compares() {
        return Some(op);
    }
    [
        (["at", "least"].as_slice(), Op::AtLeast),
        (&["at", "most"], Op::AtMost),
        (&["more", "than"], Op::More),
        (&["greater", "than"], Op::More),
        (&["higher", "than"], Op::More),
        (&["no", "more", "than"], Op::AtMost),
        (&["less", "than"], Op::Less),
        (&["lower", "than"], Op::Less),
        (&["fewer", "than"], Op::Less),
        (&["up", "to"], Op::AtMost),
        (&["above"], Op::More),
        (&["over"], Op::More),
        (&["below"], Op::Less),
        (&["under"], Op::Less),
        (&["within"], Op::AtMost),
        (&["équals"], Op::Equal),
    ]
    .iter()
    .find(|(words, _)| cursor.phrase(words))
    .map(|(_, op)| *op)
}

/// "> 0", "at least 3": the output is a number.
pub(super) fn number(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated {
        return None;
    }
    cursor.word(&["be", "a", "number", "value"]);
    let op = bound(cursor)?;
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    let value: f64 = word.parse().ok()?;
    cursor.skip();
    (!matches!(cursor.peek(), Some(Kind::Word(unit)) if unit_ms(unit).is_some() || unit.starts_with('%')))
        .then_some(Check::Number { op, value })
}

/// "below 80 %", "at least 99.9%": the percentages that are shown.
pub(super) fn percent(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated {
        return None;
    }
    cursor.word(&["be", "stay", "stays"]);
    let op = bound(cursor)?;
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    let (digits, signed) = word.strip_suffix('%').map_or((word.as_str(), false), |digits| (digits, true));
    let value: f64 = digits.parse().ok()?;
    cursor.skip();
    (signed || cursor.word(&["%", "percent"])).then_some(Check::Percent { op, value })
}

/// "complete in < 2 seconds", "within 30s".
pub(super) fn within(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated || lead.verb == Verb::Shows {
        return None;
    }
    cursor.word(&[
        "complete",
        "finish",
        "take",
        "respond",
        "run",
        "done",
        "answer",
        "end",
        "response",
        "completed",
        "start",
        "return",
    ]);
    let inside = cursor.word(&["in", "within"]);
    let op =
        bound(cursor).or(inside.then_some(Op::AtMost)).filter(|op| matches!(op, Op::Less | Op::AtMost))?;
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    let digits = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
    let value: f64 = word[..digits].parse().ok()?;
    let attached = word[digits..].to_owned();
    cursor.skip();
    let unit = if attached.is_empty() {
        let Some(Kind::Word(unit)) = cursor.peek() else { return None };
        let unit = unit_ms(&unit.to_lowercase())?;
        cursor.skip();
        unit
    } else {
        unit_ms(&attached.to_lowercase())?
    };
    Some(Check::Within { op, ms: (value * unit) as u64 })
}

/// "Python 3.11+", "Docker version 24.0 or higher": this version or a later one.
pub(super) fn version(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated || lead.every || !matches!(lead.verb, Verb::None | Verb::Is | Verb::Shows) {
        return None;
    }
    let digit = |word: &str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let mut named = false;
    while let Some(Kind::Word(word)) = cursor.peek()
        && !digit(word)
    {
        if !word.starts_with(char::is_alphabetic) || lead.subject.is_some() {
            return None;
        }
        named = word != "a";
        cursor.skip();
    }
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    cursor.skip();
    let bare = word.trim_start_matches('v');
    let (least, open) = bare.strip_suffix('+').map_or((bare, false), |least| (least, true));
    let numbers = !least.is_empty() && least.split('.').all(|part| part.parse::<u32>().is_ok());
    let later = open || ["higher", "newer", "later", "above"].iter().any(|word| cursor.phrase(&["or", word]));
    // A number alone is none: "5+" may count something.
    let told = named || least.contains('.') || word.starts_with('v');
    (numbers && later && told).then(|| Check::Version { least: least.to_owned() })
}

/// "12 passed", "0 errors": as many of a kind, in these words.
pub(super) fn counted(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    #[rustfmt::skip] // words, many to a line
    const KINDS: &[&str] = &["passed", "passing", "failed", "failing", "failures", "errors", "warnings", "vulnerabilities", "skipped", "pending"];
    if lead.negated || lead.every || !matches!(lead.verb, Verb::None | Verb::Is | Verb::Shows) {
        return None;
    }
    let Some(Kind::Word(count)) = cursor.peek() else { return None };
    count.parse::<u64>().ok()?;
    cursor.skip();
    let Some(Kind::Word(kind)) = cursor.peek() else { return None };
    if !KINDS.contains(&kind.to_lowercase().as_str()) {
        return None;
    }
    cursor.skip();
    Some(Check::Shows { texts: vec![format!("{count} {kind}")], all: false, quoted: false })
}
