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
        (Value::String(any), _) if any == ANY => Compared::Holds,
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
            let unmentioned = |key: &str| {
                !wanted.contains_key(key)
                    && fields
                        .get(key)
                        .is_some_and(|v| !matches!(v, Value::Null | Value::Bool(false)) && !is_empty(v))
            };
            match ["error", "errors", "err", "exception", "failures", "failed", "warning", "warnings"]
                .iter()
                .find(|k| unmentioned(k))
            {
                Some(key) if worst == Compared::Holds => Compared::Unclear(format!(
                    "it also has {}: {}",
                    name(&format!("{at}.{key}")),
                    short(&fields[*key])
                )),
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
            let (begins, ends) = wanted.split_once(ANY).unwrap_or((wanted, ""));
            if text.starts_with(begins) && text.ends_with(ends) { Compared::Holds } else { differs() }
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
        return if items.is_empty() { differs() } else { Compared::Holds };
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
