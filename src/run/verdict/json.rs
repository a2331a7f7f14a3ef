//! Compares JSON with a pattern of it.

use serde_json::Value;

use crate::runbook::expect::ANY;

/// How JSON compares with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// It holds at least what the pattern does.
    Holds,
    /// It does not; at this field.
    Differs(String),
    /// It could be read two ways; at this field.
    Unclear(String),
}

/// Whether JSON holds at least what a pattern does: where it differs, and whether that is plain or could be read
/// two ways.
pub fn json_differs(pattern: &Value, value: &Value) -> Option<(String, bool)> {
    match compare(pattern, value) {
        Compared::Holds => None,
        Compared::Differs(at) => Some((at, true)),
        Compared::Unclear(at) => Some((at, false)),
    }
}

/// Compares; an `error` that the pattern does not mention and that is not empty is unclear.
pub(super) fn compare(pattern: &Value, value: &Value) -> Compared {
    compare_at(pattern, value, "")
}

fn compare_at(pattern: &Value, value: &Value, at: &str) -> Compared {
    let differs =
        || Compared::Differs(format!("{}: {} instead of {}", name(at), short(value), short(pattern)));
    let unclear = || {
        Compared::Unclear(format!("{}: {} where the document has {}", name(at), short(value), short(pattern)))
    };
    match (pattern, value) {
        (Value::String(any), Value::Null) if any == ANY => unclear(),
        (Value::String(any), Value::String(text)) if any == ANY && text.is_empty() => unclear(),
        (Value::String(any), _) if any == ANY => match trouble(value, "", at) {
            Some(told) => Compared::Unclear(format!("it has {told}")),
            None => Compared::Holds,
        },
        // `{...}` wants something in it.
        (Value::Object(wanted), Value::Object(fields))
            if fields.is_empty() && wanted.len() == 1 && wanted.contains_key(ANY) =>
        {
            differs()
        }
        (Value::Object(wanted), Value::Object(fields)) => {
            let mut worst = Compared::Holds;
            for (key, pattern) in wanted.iter().filter(|(key, _)| *key != ANY) {
                let path = format!("{at}.{key}");
                let found = match fields.get(key) {
                    Some(value) => compare_at(pattern, value, &path),
                    None => Compared::Differs(format!("{} is not there", name(&path))),
                };
                match found {
                    Compared::Holds => {}
                    Compared::Differs(_) => return found,
                    Compared::Unclear(_) => worst = found,
                }
            }
            let mut unmentioned = fields.iter().filter(|(key, _)| !wanted.contains_key(*key));
            match unmentioned.find_map(|(key, value)| trouble(value, key, &format!("{at}.{key}"))) {
                Some(told) if worst == Compared::Holds => Compared::Unclear(format!("it also has {told}")),
                _ => worst,
            }
        }
        (Value::Array(wanted), Value::Array(items)) => lists(wanted, items, at, differs),
        // "1" and 1, in either order.
        (Value::Number(_) | Value::Bool(_), Value::String(text))
        | (Value::String(text), Value::Number(_) | Value::Bool(_))
            if serde_json::from_str::<Value>(text).is_ok_and(|read| &read == pattern || &read == value) =>
        {
            unclear()
        }
        (Value::String(wanted), Value::String(text))
            if wanted != text && wanted.to_lowercase() == text.to_lowercase() =>
        {
            unclear()
        }
        (Value::String(wanted), Value::String(text)) if wanted.contains(ANY) => {
            // What is left out in the middle of a text may be anything.
            if wanted.split(ANY).filter(|p| !p.is_empty()).all(|part| text.contains(part)) {
                unclear()
            } else {
                differs()
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => Compared::Holds,
        (a, b) if a == b => Compared::Holds,
        _ => differs(),
    }
}

fn lists(wanted: &[Value], items: &[Value], at: &str, differs: impl Fn() -> Compared) -> Compared {
    let any = |v: &Value| v.as_str() == Some(ANY);
    if let [only] = wanted
        && any(only)
    {
        if items.is_empty() {
            return differs();
        }
        let told = items.iter().find_map(|v| trouble(v, "", at));
        return if items.iter().any(Value::is_null) || told.is_some() {
            Compared::Unclear(format!("{}: {}", name(at), told.unwrap_or_else(|| "null in the list".into())))
        } else {
            Compared::Holds
        };
    }
    let fixed: Vec<&Value> = wanted.iter().take_while(|v| !any(v)).collect();
    let open = fixed.len() < wanted.len();
    if wanted.iter().skip(fixed.len() + 1).count() > 0 {
        return Compared::Unclear(format!("{}: the document leaves out the middle of the list", name(at)));
    }
    if items.len() < fixed.len() || (!open && items.len() > fixed.len()) {
        return differs();
    }
    for (index, (pattern, value)) in fixed.iter().zip(items).enumerate() {
        match compare_at(pattern, value, &format!("{at}[{index}]")) {
            Compared::Holds => {}
            found => return found,
        }
    }
    Compared::Holds
}

/// A field that tells of trouble, anywhere in a value.
pub(super) fn told_trouble(value: &Value) -> Option<String> {
    trouble(value, "", "")
}

/// A field that tells of trouble, anywhere in a value that the pattern does not mention.
fn trouble(value: &Value, key: &str, at: &str) -> Option<String> {
    #[rustfmt::skip] // words, many to a line
    const BAD: &[&str] = &[
        "error", "errors", "err", "exception", "exceptions", "failure", "failures", "failed", "warning",
        "warnings", "errormessage", "error_message", "error_code", "errorcode", "faults",
    ];
    const UNWELL: &[&str] = &[
        "error",
        "fail",
        "failed",
        "failure",
        "failing",
        "down",
        "degraded",
        "unhealthy",
        "critical",
        "outage",
    ];
    const GOOD: &[&str] = &["success", "ok", "healthy", "ready", "succeeded", "valid"];
    let lower = key.to_lowercase();
    let told = || Some(format!("{}: {}", name(at), short(value)));
    if BAD.contains(&lower.as_str()) && !matches!(value, Value::Null | Value::Bool(false)) && !is_empty(value)
    {
        return told();
    }
    if GOOD.contains(&lower.as_str()) && *value == Value::Bool(false) {
        return told();
    }
    let unwell = value.as_str().is_some_and(|text| UNWELL.contains(&text.to_lowercase().as_str()));
    // The level at which a program logs is no state of it.
    if unwell && !lower.contains("level") {
        return told();
    }
    match value {
        Value::Object(fields) => fields.iter().find_map(|(k, v)| trouble(v, k, &format!("{at}.{k}"))),
        Value::Array(items) => items.iter().find_map(|v| trouble(v, "", at)),
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Number(n) => n.as_f64() == Some(0.0),
        _ => false,
    }
}

fn name(path: &str) -> String {
    let path = path.trim_start_matches('.');
    if path.is_empty() { "it".into() } else { path.to_owned() }
}

fn short(value: &Value) -> String {
    super::text::excerpt(&value.to_string())
}
