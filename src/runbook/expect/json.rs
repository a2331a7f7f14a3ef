//! JSON as documents write it: with `...` for what does not matter, keys without quotes, single quotes.

use serde_json::{Map, Value};

/// Stands for any value; as a key for any further fields, alone in a list for at least one element.
pub const ANY: &str = "...";

/// Reads a text that is one JSON pattern and nothing else.
pub fn pattern(text: &str) -> Option<Value> {
    at_start(text.trim()).filter(|(_, rest)| rest.trim().is_empty()).map(|(value, _)| value)
}

/// Reads a JSON object or list at the start of a text; what follows it.
pub(super) fn at_start(text: &str) -> Option<(Value, &str)> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    Some((value, &text[reader.at..]))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

/// A text that stands for whatever is there: `…`, `<timestamp>`.
fn stands_for_any(text: &str) -> bool {
    text == "…" || (text.starts_with('<') && text.ends_with('>') && text.len() > 2)
}

/// Deeper patterns are prose by accident.
const DEEPEST: usize = 64;

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn value(&mut self) -> Option<Value> {
        self.space();
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let value = match self.rest().chars().next()? {
            '{' => self.object(),
            '[' => self.list(),
            '"' | '\'' => {
                self.string().map(|text| Value::String(if stands_for_any(&text) { ANY.into() } else { text }))
            }
            '<' => {
                let end = self.rest().find('>')?;
                self.at += end + 1;
                Some(Value::String(ANY.into()))
            }
            _ if self.any() => Some(Value::String(ANY.into())),
            _ => self.plain(),
        };
        self.depth -= 1;
        value
    }

    fn any(&mut self) -> bool {
        self.take("...") || self.take("…")
    }

    fn object(&mut self) -> Option<Value> {
        self.take("{");
        let mut fields = Map::new();
        loop {
            if self.take("}") {
                return Some(Value::Object(fields));
            }
            if self.any() {
                fields.insert(ANY.into(), Value::String(ANY.into()));
            } else {
                let key = self.key()?;
                if !self.take(":") {
                    return None;
                }
                let value = self.value()?;
                fields.insert(key, value);
            }
            if !self.take(",") && !self.rest().trim_start().starts_with('}') {
                return None;
            }
        }
    }

    fn list(&mut self) -> Option<Value> {
        self.take("[");
        let mut items = Vec::new();
        loop {
            if self.take("]") {
                return Some(Value::Array(items));
            }
            items.push(self.value()?);
            if !self.take(",") && !self.rest().trim_start().starts_with(']') {
                return None;
            }
        }
    }

    fn key(&mut self) -> Option<String> {
        self.space();
        if self.rest().starts_with(['"', '\'']) {
            return self.string();
        }
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))?;
        self.at += length;
        (length > 0).then(|| rest[..length].to_owned())
    }

    fn string(&mut self) -> Option<String> {
        let mark = self.rest().chars().next()?;
        let inner = &self.rest()[1..];
        let mut escaped = false;
        for (at, c) in inner.char_indices() {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == mark {
                self.at += at + 2;
                let raw = &inner[..at];
                if mark == '"' {
                    return serde_json::from_str(&format!("\"{raw}\"")).ok();
                }
                return Some(raw.replace("\\'", "'"));
            }
        }
        None
    }

    fn plain(&mut self) -> Option<Value> {
        let rest = self.rest();
        let length = rest.find([',', '}', ']', ' ', '\n', '\t']).unwrap_or(rest.len());
        let word = &rest[..length];
        let value = if word.len() == 1 && word.chars().all(|c| c.is_ascii_uppercase()) {
            Value::String(ANY.into())
        } else {
            serde_json::from_str(word).ok()?
        };
        self.at += length;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns() {
        for (text, value) in [
            (r#"{"status":"ok","timestamp":"..."}"#, json!({"status": "ok", "timestamp": "..."})),
            (r#"{"results":[...], "totalResults":1}"#, json!({"results": ["..."], "totalResults": 1})),
            (r"{status: 'up', ...}", json!({"status": "up", "...": "..."})),
            (r#"{"a": ..., "b": {…}}"#, json!({"a": "...", "b": {"...": "..."}})),
            ("[]", json!([])),
        ] {
            assert_eq!(pattern(text), Some(value), "{text}");
        }
        for none in ["{when it works}", "[phone/slack]", "{\"a\":}", "text", "{\"a\":1} and more"] {
            assert_eq!(pattern(none), None, "{none}");
        }
    }
}
