//! Texts that say more than that they stand there: "active (running)", `replicas=3`, `"status": "ok"`, "0 failed",
//! "Python 3.11+".

use serde_json::Value;

use super::super::evidence::{Evidence, Found};
use super::super::source;
use super::super::table::Table;
use super::super::text::{Stands, excerpt, stands};
use super::lines::like;
use super::output::{eyes, fail, in_output, is_address, listing, out};
use super::rows::holds;
use super::shows::{ends_after, shows};
use super::value::{answer, json};
use crate::runbook::expect::{Condition, Op, pattern};

/// What a text comes to that is of one of these forms; nothing where it is none, or nothing of it is to be seen.
pub(super) fn stated(texts: &[String], quoted: bool, evidence: &Evidence<'_>) -> Option<Found> {
    // A log tells of one state after another.
    if source::reads_log(evidence) {
        return None;
    }
    if let Some(found) = alternatives(texts, evidence) {
        return Some(found);
    }
    if let [bare, prefixed] = texts
        && prefixed.strip_prefix('v') == Some(bare)
    {
        return one_of_versions(bare, evidence);
    }
    let [text] = texts else { return None };
    bracketed(text, quoted, evidence)
        .or_else(|| fragment(text, evidence))
        .or_else(|| field(text, evidence))
        .or_else(|| if quoted { None } else { counted(text, evidence) })
}

/// One of several JSON objects: `{"status": "ok"}` or `{"status": "healthy"}`.
fn alternatives(texts: &[String], evidence: &Evidence<'_>) -> Option<Found> {
    let patterns: Vec<Value> =
        texts.iter().map(|t| pattern(t).filter(Value::is_object)).collect::<Option<_>>()?;
    let found = patterns.iter().map(|pattern| json(pattern, evidence));
    found.min_by_key(|found| match found {
        Found::Pass(_) => 0,
        Found::Eyes(..) => 1,
        Found::Fail(..) => 2,
    })
}

/// "active (running)": where what is seen has brackets behind the state, they have to be these.
fn bracketed(text: &str, quoted: bool, evidence: &Evidence<'_>) -> Option<Found> {
    let (state, more) = text.strip_suffix(')')?.rsplit_once(" (")?;
    if quoted || state.contains(char::is_whitespace) || listing(evidence).is_some() {
        return None;
    }
    let told: Vec<(&str, &str)> =
        out(evidence).lines().filter_map(|line| Some((line, brackets_behind(line, state)?))).collect();
    let (same, other): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|(_, inner)| inner.eq_ignore_ascii_case(more));
    match (same.first(), other.first()) {
        (Some(_), Some((line, _))) => Some(Found::Eyes(excerpt(line), "not every line shows it".into())),
        (Some((line, _)), None) if stands(line, text, false) != Stands::Plainly => {
            Some(Found::Eyes(excerpt(line), "it appears, but not clearly".into()))
        }
        (Some((line, _)), None) if out(evidence).lines().any(tells_of_another) => {
            Some(Found::Eyes(excerpt(line), "another line shows a different state".into()))
        }
        (Some((line, _)), None) if ends_after(line, evidence) => {
            Some(Found::Eyes(excerpt(line), "the output after it reports an end or an error".into()))
        }
        (Some((line, _)), None) => Some(Found::Pass(excerpt(line))),
        (None, Some((line, inner))) if other.iter().all(|(_, inner)| !inner.contains(' ')) => {
            Some(Found::Fail(excerpt(line), format!("it is {state} ({inner})")))
        }
        (None, Some((line, _))) => {
            Some(Found::Eyes(excerpt(line), format!("gonogo can't tell whether that is {text}")))
        }
        (None, None) => Some(
            denied(state, evidence).unwrap_or_else(|| shows(&[state.to_owned()], false, false, evidence)),
        ),
    }
}

/// "inactive (dead)": a line that tells how another thing is.
fn tells_of_another(line: &str) -> bool {
    ["inactive", "failed", "activating", "deactivating", "reloading", "disabled", "stopped", "exited"]
        .iter()
        .any(|state| brackets_behind(line, state).is_some())
}

/// What stands in brackets behind a word of a line.
fn brackets_behind<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let lower = line.to_ascii_lowercase();
    let own = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    lower.match_indices(&word.to_ascii_lowercase()).find_map(|(at, word)| {
        let (before, after) = (line.get(..at)?, line.get(at + word.len()..)?);
        let inner = after.trim_start().strip_prefix('(')?.split_once(')')?.0;
        (!before.ends_with(own) && after.starts_with(' ')).then_some(inner)
    })
}

/// "Active: failed" where it should be active: a field that has the state's name, and another one in it.
fn denied(state: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let value = |line: &'_ str| {
        let (name, value) = line.trim().split_once(": ")?;
        let word = value.trim().split(' ').next().unwrap_or("").to_lowercase();
        name.eq_ignore_ascii_case(state).then_some(word)
    };
    let mut found = out(evidence).lines().filter_map(|line| Some((line, value(line)?)));
    let (line, word) = found.next().filter(|_| evidence.whole)?;
    let plain = !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || c == '-');
    (plain && word != state.to_lowercase() && found.next().is_none())
        .then(|| Found::Fail(excerpt(line), format!("it is {word}")))
}

/// `"status": "ok"` of JSON, however it is spaced.
fn fragment(text: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let wanted = pattern(&format!("{{{text}}}")).filter(|_| text.starts_with('"'))?;
    let fields = wanted.as_object().filter(|fields| !fields.is_empty())?;
    let value: Value = serde_json::from_str(answer(out(evidence)).1).ok()?;
    if fields.keys().all(|key| value.get(key).is_some()) {
        return Some(json(&wanted, evidence));
    }
    let deeper = fields.keys().any(|key| !values_of(&value, key).is_empty());
    deeper.then(|| eyes(evidence, "it has such a field, but not at the top level"))
}

/// The values of a field, wherever in JSON it stands.
fn values_of<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    match value {
        Value::Object(fields) => fields
            .get(key)
            .into_iter()
            .chain(fields.values().flat_map(|inner| values_of(inner, key)))
            .collect(),
        Value::Array(items) => items.iter().flat_map(|inner| values_of(inner, key)).collect(),
        _ => vec![],
    }
}

/// `replicas=3`, "STATUS: deployed": a column, or a field of lines or of JSON, with its value.
fn field(text: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let (key, value, equals) = match (text.split_once('='), text.split_once(": ")) {
        (Some((key, value)), _) => (key, value, true),
        (None, Some((key, value))) => (key, value, false),
        (None, None) => return None,
    };
    let value = value.trim().trim_matches(['\'', '"']);
    let named =
        key.starts_with(char::is_alphabetic) && key.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    if !named || value.is_empty() || value.contains(char::is_whitespace) || is_address(text) {
        return None;
    }
    if let Some(table) = listing(evidence) {
        return equals.then(|| in_column(&table, key, value, evidence)).flatten();
    }
    let shown = shown_of(key, evidence);
    let (first, equal) = (shown.first()?, shown.iter().filter(|shown| *shown == value).count());
    let alike = |shown: &String| {
        // "3 desired | 2 updated": the value, and more.
        let first = shown.split([' ', '(', ',', ';']).next().unwrap_or("");
        first.eq_ignore_ascii_case(value)
            || shown.parse::<f64>().is_ok_and(|n| value.parse() == Ok(n))
            || like(shown, value)
    };
    if equal == shown.len() {
        return Some(Found::Pass(format!("{key}: {first}")));
    }
    if equal > 0 || shown.iter().any(alike) || !evidence.whole {
        return Some(Found::Eyes(format!("{key}: {first}"), "not every value of it matches".into()));
    }
    // It may stand there otherwise than as a field.
    let elsewhere = in_output(text, false, evidence).0 != Stands::Not;
    (!elsewhere).then(|| Found::Fail(format!("{key}: {first}"), format!("it is not {value}")))
}

/// The values of a field in lines ("replicas: 3", "replicas = 3") or at the top of JSON.
fn shown_of(key: &str, evidence: &Evidence<'_>) -> Vec<String> {
    if let Ok(value) = serde_json::from_str::<Value>(out(evidence)) {
        let told = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return value.get(key).map(told).into_iter().collect();
    }
    let shown = |line: &str| {
        let (name, value) = line.trim().trim_start_matches(['-', '*', ' ']).split_once([':', '='])?;
        let quotes = ['"', '\''];
        let own = name.trim().trim_matches(quotes).eq_ignore_ascii_case(key);
        own.then(|| value.trim().trim_end_matches(',').trim_matches(quotes).to_owned())
    };
    out(evidence).lines().filter_map(shown).collect()
}

fn in_column(table: &Table, key: &str, value: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let at = table.column(key)?;
    let condition = Condition { column: key.to_owned(), op: Op::Equal, value: value.to_owned() };
    let held: Vec<Option<bool>> =
        table.rows.iter().map(|row| holds(row.get(at).map_or("", String::as_str), &condition)).collect();
    Some(match held.as_slice() {
        [] => fail(evidence, "there is no row"),
        held if held.iter().all(|held| *held == Some(true)) => {
            Found::Pass(format!("{key} = {value}, {} rows", held.len()))
        }
        held if held.iter().all(|held| *held == Some(false)) => {
            fail(evidence, format!("{key} is not {value}"))
        }
        _ => eyes(evidence, "some rows show it and some do not"),
    })
}

/// "0 failed": what is counted so in other numbers contradicts it.
fn counted(text: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let (count, kind) = text.split_once(' ')?;
    let count: u64 = count.parse().ok()?;
    let words: Vec<&str> =
        out(evidence).split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let told: Vec<u64> = words
        .windows(2)
        .filter(|pair| pair.get(1).is_some_and(|word| word.eq_ignore_ascii_case(kind)))
        .filter_map(|pair| pair.first()?.replace(',', "").parse().ok())
        .collect();
    let equal = told.iter().filter(|told| **told == count).count();
    match (told.first()?, equal) {
        (_, equal) if equal == told.len() => None,
        (first, 0) if evidence.whole => Some(fail(evidence, format!("{first} {kind}"))),
        _ => Some(eyes(evidence, "it shows several numbers")),
    }
}

/// A version in a line with another one may be the one that is not there yet: "latest 2.4.1, installed 2.4.0".
fn one_of_versions(wanted: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let version = |word: &&str| word.contains('.') && word.split('.').all(|part| part.parse::<u32>().is_ok());
    let told = |line: &str| -> Vec<String> {
        let words = line.split(|c: char| !(c.is_alphanumeric() || c == '.'));
        let bare = words.map(|word| word.trim_start_matches('v').trim_matches('.'));
        bare.filter(version).map(str::to_owned).collect()
    };
    let line = out(evidence).lines().find(|line| {
        let told = told(line);
        told.iter().any(|told| told == wanted) && told.iter().any(|told| told != wanted)
    })?;
    Some(Found::Eyes(excerpt(line), "the line shows another version too".into()))
}

/// The one version that is told is this one or a later one.
pub(super) fn version(least: &str, evidence: &Evidence<'_>) -> Found {
    let parts = |text: &str| text.split('.').map(str::parse).collect::<Result<Vec<u32>, _>>().ok();
    let words =
        out(evidence).split(|c: char| c.is_whitespace() || ",;()\"'/".contains(c)).filter(|w| !w.is_empty());
    let bare = |word: &'_ str| word.strip_prefix('v').unwrap_or(word).to_owned();
    let told = |word: &&str| {
        bare(word).starts_with(|c: char| c.is_ascii_digit()) && (word.contains('.') || word.starts_with('v'))
    };
    let mut shown: Vec<String> =
        words.filter(told).map(|word| bare(word.trim_end_matches(['.', ':']))).collect();
    shown.dedup();
    let ([only], Some(least)) = (shown.as_slice(), parts(least)) else {
        return eyes(evidence, "it does not show exactly one version");
    };
    match parts(only).filter(|parts| parts.len() <= 3) {
        Some(found) if found.get(..least.len()).unwrap_or(&found) >= least.as_slice() => {
            Found::Pass(only.clone())
        }
        Some(found) if found.len() >= least.len() || !least.starts_with(&found) => {
            Found::Fail(only.clone(), "it is an earlier version".into())
        }
        _ => eyes(evidence, "the version is incomplete"),
    }
}
