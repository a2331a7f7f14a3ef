//! The output as one value: a text, a number, JSON, an HTTP status.

use super::super::evidence::{Evidence, Found};
use super::super::json::{Compared, compare, told_trouble};
use super::super::signs::failed_before;
use super::super::source;
use super::super::text::{Stands, excerpt};
use super::output::{EXAMPLE, eyes, fail, in_output, is_address, listing, out, seen, squeezed};
use super::shows::on_error;
use crate::runbook::expect::{ANY, Op};

/// Headers and body of an answer, where the command shows its headers.
pub(super) fn answer(output: &str) -> (Vec<u16>, &str) {
    let mut statuses = Vec::new();
    let mut rest = output.trim_start();
    while rest.starts_with("HTTP/") {
        let line = rest.lines().next().unwrap_or("");
        if let Some(status) = line.split_whitespace().nth(1).and_then(|s| s.parse().ok()) {
            statuses.push(status);
        }
        rest = rest.split_once("\n\n").map_or("", |(_, body)| body.trim_start_matches('\n'));
    }
    (statuses, rest)
}

pub(super) fn json(pattern: &serde_json::Value, evidence: &Evidence<'_>) -> Found {
    let (statuses, body) = answer(out(evidence));
    if let Some(bad) = statuses.last().filter(|s| **s >= 400) {
        return eyes(evidence, format!("the answer has HTTP status {bad}"));
    }
    if !evidence.whole {
        return eyes(evidence, "its output is longer than what is kept");
    }
    let mut documents = serde_json::Deserializer::from_str(body).into_iter::<serde_json::Value>();
    let value = match documents.next() {
        None => return fail(evidence, "no JSON was shown"),
        Some(Err(_)) if !body.contains(['{', '[']) => return fail(evidence, "it is not JSON"),
        Some(Err(_)) => return eyes(evidence, "it is not JSON as a whole"),
        Some(Ok(value)) => value,
    };
    if documents.next().is_some() {
        return eyes(evidence, "there is more than one JSON text, or something after it");
    }
    if pattern == ANY && !value.is_object() && !value.is_array() {
        return eyes(evidence, "a value was shown, and neither an object nor a list");
    }
    if pattern.is_object() && value.is_array() || pattern.is_array() && value.is_object() {
        return if value.is_array() {
            eyes(evidence, "a list was shown where one object is expected")
        } else {
            fail(evidence, "an object was shown where a list is expected")
        };
    }
    match compare(pattern, &value) {
        Compared::Holds => Found::Pass(seen(evidence)),
        Compared::Differs(why) => fail(evidence, why),
        Compared::Unclear(why) => eyes(evidence, why),
    }
}

/// Percentages: all that are shown have to compare so, as which is meant is not said.
pub(super) fn percent(op: Op, value: f64, evidence: &Evidence<'_>) -> Found {
    let output = out(evidence);
    let figures: Vec<f64> = output
        .match_indices('%')
        .filter_map(|(at, _)| {
            let before = output.get(..at)?.trim_end_matches(' ');
            let start = before.rfind(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(0, |at| at + 1);
            before.get(start..)?.parse().ok()
        })
        .collect();
    let holding = figures.iter().filter(|figure| op.holds(**figure, value)).count();
    let told = || figures.iter().map(|figure| format!("{figure} %")).collect::<Vec<_>>().join(", ");
    match (figures.len(), holding) {
        (0, _) => eyes(evidence, "no percentage is shown"),
        _ if !evidence.whole => eyes(evidence, "its output is longer than what is kept"),
        (all, holding) if all == holding => Found::Pass(excerpt(&told())),
        (_, 0) => Found::Fail(excerpt(&told()), format!("none is {} {value} %", op.sign())),
        _ => Found::Eyes(excerpt(&told()), format!("not all are {} {value} %", op.sign())),
    }
}

/// What the output may be read as, as a whole: itself, its one cell, its one row, the value of its one field.
pub(super) fn values(evidence: &Evidence<'_>) -> Vec<String> {
    let whole = out(evidence).trim();
    let mut found = vec![whole.to_owned()];
    if let Some(table) = listing(evidence)
        && let [row] = table.rows.as_slice()
    {
        found.extend([row.join(" | "), row.join("|")]);
        if let [cell] = row.as_slice() {
            found.push(cell.clone());
        }
    }
    let mut lines = whole.lines();
    if let (Some(line), None) = (lines.next(), lines.next()) {
        let spaced = line.split('|').map(str::trim).collect::<Vec<_>>().join(" | ");
        found.push(spaced);
        let unquoted = line.trim_matches('"');
        // A number in quotes is a text: whether that matters can't be told.
        if unquoted.len() + 2 == line.len() && unquoted.parse::<f64>().is_err() {
            found.push(unquoted.to_owned());
        }
        for mark in [':', '='] {
            if let Some((name, value)) = line.split_once(mark)
                && !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c))
                && ![
                    "error", "fail", "warn", "err", "prev", "last", "desired", "old", "expected", "want",
                    "not",
                ]
                .iter()
                .any(|w| name.to_lowercase().contains(w))
            {
                found.push(value.trim().to_owned());
            }
        }
    }
    found
}

pub(super) fn is(text: &str, literal: bool, evidence: &Evidence<'_>) -> Found {
    let wanted = squeezed(text);
    let values = values(evidence);
    let bare = |v: &String| {
        let squeezed = squeezed(v);
        squeezed == wanted || (wanted.parse::<f64>().is_err() && squeezed.trim_matches(['"', '\'']) == wanted)
    };
    let whole = out(evidence).trim();
    if values.iter().any(bare) {
        if text == "0"
            && let Some(why) = source::absence_unproven(evidence)
        {
            return eyes(evidence, why);
        }
        if !evidence.whole {
            return eyes(evidence, "its output is longer than what is kept");
        }
        if failed_before(evidence) {
            return eyes(evidence, "it matches, but an earlier part of the command failed");
        }
        if source::reads_log(evidence) && !whole.lines().any(|l| source::is_fresh(l, evidence.fresh)) {
            return eyes(evidence, "it may be older than what should have caused it");
        }
        return Found::Pass(excerpt(whole));
    }
    let alike = |v: &String| {
        let bare = |t: &str| t.trim_start_matches(['v', 'V']).to_lowercase();
        bare(v) == bare(text) || plain_number(v).is_some_and(|n| plain_number(text) == Some(n))
    };
    if values.iter().any(alike) {
        return eyes(evidence, format!("it is nearly \"{text}\""));
    }
    if let (Some(table), Ok(_)) = (listing(evidence), text.parse::<f64>())
        && let [row] = table.rows.as_slice()
        && let [cell] = row.as_slice()
    {
        return Found::Fail(cell.clone(), format!("{cell} instead of {text}"));
    }
    let (statuses, _) = answer(whole);
    if let Some(status) = text.parse::<u16>().ok().filter(|n| (100..600).contains(n))
        && !statuses.is_empty()
    {
        return http(status, evidence);
    }
    if status_unseen(text, evidence) {
        return eyes(evidence, "the HTTP status is not shown");
    }
    // Quoted text may stand among other things; unquoted text that does may be meant or not.
    let several = whole.lines().filter(|l| !l.trim().is_empty()).count() > 1;
    match in_output(text, true, evidence) {
        (Stands::Plainly, Some(line), _)
            if literal && line_is(line, text) && several && evidence.exit.is_success() =>
        {
            if whole.lines().filter(|l| !l.trim().is_empty()).all(|l| line_is(l, text)) {
                return eyes(evidence, "it is shown more than once");
            }
            Found::Eyes(excerpt(line), "it is one of several lines".into())
        }
        (Stands::Plainly | Stands::Doubtful, Some(line), _) => {
            Found::Eyes(excerpt(line), "it appears, but the output shows more".into())
        }
        _ => {
            if !evidence.whole {
                return eyes(evidence, "its output is longer than what is kept");
            }
            // Of words for a state only those that deny each other are a contradiction.
            let one_word = !whole.contains(char::is_whitespace) && !whole.is_empty() && denies(whole, text);
            let versions = same_but_versions(whole, text);
            let said_number = text.parse::<f64>().is_ok() && !values.iter().any(|v| v.parse::<f64>().is_ok());
            if said_number && !whole.is_empty() && (several || text == "0") {
                return eyes(evidence, "it is not one number");
            }
            if on_error(std::slice::from_ref(&text.to_owned()), evidence) {
                return Found::Eyes(excerpt(evidence.error), "it appears on standard error".into());
            }
            if is_address(text) && !whole.is_empty() {
                return eyes(evidence, EXAMPLE);
            }
            if literal || one_word || versions {
                fail(evidence, format!("it is not \"{text}\""))
            } else {
                eyes(evidence, format!("it is not \"{text}\", which may not be meant literally"))
            }
        }
    }
}

/// Whether a word denies another: "inactive" for active, "failed", "down".
fn denies(shown: &str, wanted: &str) -> bool {
    let (shown, wanted) = (shown.to_lowercase(), wanted.to_lowercase());
    let prefixed = ["in", "un", "dis", "non-", "not-", "not_"]
        .iter()
        .any(|p| shown.strip_prefix(p) == Some(wanted.as_str()));
    let bad = [
        "failed",
        "error",
        "down",
        "stopped",
        "exited",
        "dead",
        "no",
        "false",
        "unhealthy",
        "disabled",
        "inactive",
        "unknown",
        "offline",
        "rejected",
        "denied",
        "fail",
        "failure",
        "nok",
        "pending",
        "critical",
        "red",
        "activating",
        "deactivating",
        "reloading",
        "degraded",
        "restarting",
    ];
    let opposites = [("t", "f"), ("true", "false"), ("yes", "no")];
    let opposite = |a: &str, b: &str| opposites.contains(&(a, b)) || opposites.contains(&(b, a));
    let percent = |text: &str| text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    let percents = percent(&shown).zip(percent(&wanted)).is_some_and(|(a, b)| Op::NotEqual.holds(a, b));
    prefixed
        || percents
        || opposite(&shown, &wanted)
        || (bad.contains(&shown.as_str()) && !bad.contains(&wanted.as_str()))
}

/// Whether a line has the words of another in their order, but for a version.
fn same_but_versions(shown: &str, wanted: &str) -> bool {
    let (shown, wanted): (Vec<&str>, Vec<&str>) =
        (shown.split_whitespace().collect(), wanted.split_whitespace().collect());
    let version =
        |w: &str| w.contains('.') && w.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    shown.len() == wanted.len()
        && shown.len() > 1
        && shown.iter().zip(&wanted).all(|(a, b)| a == b || version(a) && version(b))
}

pub(super) fn line_is(line: &str, text: &str) -> bool {
    squeezed(line) == squeezed(text)
}

/// An HTTP status is asked for, and the command shows bodies only.
pub(super) fn status_unseen(text: &str, evidence: &Evidence<'_>) -> bool {
    let number = text.split_whitespace().next().unwrap_or("");
    number.parse::<u16>().is_ok_and(|n| (100..600).contains(&n))
        && asks_http(evidence)
        && !shows_status(evidence)
}

pub(super) fn asks_http(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence)
        .is_some_and(|s| s.iter().any(|s| matches!(s.program(), "curl" | "wget" | "http")))
}

/// curl was asked for the status: `-i`, `-I`, `-w '%{http_code}'`.
pub(super) fn shows_status(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence).is_some_and(|s| {
        s.iter().any(|s| {
            s.has_short('i')
                || s.has_short('I')
                || s.has("--include")
                || s.has("--head")
                || s.args().iter().any(|a| a.contains("http_code") || a.contains("response_code"))
        })
    })
}

pub(super) fn http(status: u16, evidence: &Evidence<'_>) -> Found {
    let whole = out(evidence).trim();
    let (statuses, body) = answer(whole);
    let written = source::simples(evidence).is_some_and(|s| {
        s.iter().any(|s| s.args().iter().any(|a| a.contains("http_code") || a.contains("response_code")))
    });
    let seen = if let Some(last) = statuses.last() {
        *last
    } else if let Some(code) = written.then(|| whole.parse::<u16>().ok()).flatten() {
        code
    } else if asks_http(evidence) && !shows_status(evidence) {
        return eyes(evidence, "the HTTP status is not shown");
    } else if !evidence.exit.is_success() && whole.is_empty() {
        return fail(evidence, format!("no answer: {}", excerpt(evidence.error)));
    } else {
        return eyes(evidence, "no HTTP status is shown");
    };
    if seen != status {
        return Found::Fail(format!("HTTP status {seen}"), format!("{seen} instead of {status}"));
    }
    if statuses.iter().any(|s| *s != seen && !(300..400).contains(s) && *s != 100) {
        return Found::Eyes(format!("HTTP status {seen}"), "more than one answer is shown".into());
    }
    let body = serde_json::from_str(body).ok();
    match body.filter(serde_json::Value::is_object).and_then(|body| told_trouble(&body)) {
        Some(told) => Found::Eyes(format!("HTTP status {seen}"), format!("its body has {told}")),
        None => Found::Pass(format!("HTTP status {seen}")),
    }
}

/// The one number that the output is.
pub(super) fn one_number(evidence: &Evidence<'_>) -> Option<f64> {
    values(evidence).iter().find_map(|v| plain_number(v)).or_else(|| {
        let counts = source::simples(evidence)?.last().is_some_and(|s| s.program() == "wc");
        let mut words = out(evidence).split_whitespace();
        let first = words.next()?.parse().ok();
        (counts && words.count() <= 1).then_some(first).flatten()
    })
}

/// A number, with or without marks between its thousands.
fn plain_number(text: &str) -> Option<f64> {
    let groups: Vec<&str> = text.split(',').collect();
    let thousands = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|g| g.len() == 3)
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit()));
    if thousands { groups.concat().parse().ok() } else { text.parse().ok() }
}

/// Whether the last stage only counts: `wc -l`, `grep -c`.
pub(super) fn counts(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence).and_then(|s| s.last().cloned()).is_some_and(|s| match s.program() {
        "wc" => s.has_short('l') || s.has("--lines"),
        "grep" | "egrep" | "zgrep" => s.has_short('c') || s.has("--count"),
        _ => false,
    })
}

pub(super) fn number(op: Op, value: f64, evidence: &Evidence<'_>) -> Found {
    let Some(found) = one_number(evidence) else {
        return eyes(evidence, "it is not one number");
    };
    compared(op, value, found, evidence)
}

pub(super) fn compared(op: Op, value: f64, found: f64, evidence: &Evidence<'_>) -> Found {
    if !op.holds(found, value) {
        let why = format!("{found} is not {} {value}", op.sign());
        return Found::Fail(found.to_string(), why);
    }
    let small = matches!(op, Op::Less | Op::AtMost) || found == 0.0;
    if small && let Some(why) = source::absence_unproven(evidence) {
        return Found::Eyes(found.to_string(), why);
    }
    if failed_before(evidence) {
        return Found::Eyes(found.to_string(), "an earlier part of the command failed".into());
    }
    Found::Pass(found.to_string())
}
