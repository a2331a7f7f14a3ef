//! Findings as other programs read them.

use std::fmt::Write;

use serde_json::{Value, json};

use super::found::{Found, word};
use super::{Checked, Locked};
use crate::runbook::lock::Agreement;
use crate::runbook::{Level, finding};

/// All findings in one object, with how each document stands to what was agreed on where that was asked.
pub(super) fn json(checked: &[Checked]) -> Value {
    let findings: Vec<&Found> = checked.iter().flat_map(|c| &c.found).collect();
    let mut whole = json!({ "v": 1, "findings": findings });
    let locked = |checked: &Checked| match checked.agreement.as_ref()? {
        Agreement::Since(since) => Some(json!(Locked::of(since))),
        Agreement::None | Agreement::Broken(_) => None,
    };
    match checked {
        [one] => {
            if let Some(lock) = locked(one) {
                whole["lock"] = lock;
            }
        }
        several => {
            let locks = several.iter().filter_map(|c| Some((c.input.name.clone(), locked(c)?)));
            let locks: serde_json::Map<String, Value> = locks.collect();
            if !locks.is_empty() {
                whole["locks"] = locks.into();
            }
        }
    }
    whole
}

/// `PATH:LINE:COLUMN: LEVEL: MESSAGE [CODE]`.
pub(super) fn short(found: &Found) -> String {
    let Found { path, line, column, message, code, .. } = found;
    format!("{path}:{line}:{column}: {}: {message} [{code}]", word(found.level))
}

/// A workflow command of GitHub Actions ("Setting an error message"): what ends a property or a line is escaped.
pub(super) fn github(found: &Found) -> String {
    let level = match found.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let message = found.message.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| {
        let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        text.replace(':', "%3A").replace(',', "%2C")
    };
    let (path, code) = (property(&found.path), property(&found.code));
    format!("::{level} file={path},line={},col={},title={code}::{message}", found.line, found.column)
}

/// SARIF 2.1.0 (OASIS), as code scanning takes it.
pub(super) fn sarif<'f>(found: impl Iterator<Item = &'f Found>) -> Value {
    let rules: Vec<Value> = finding::CODES
        .iter()
        .map(|(code, usual, text)| {
            json!({
                "id": code,
                "shortDescription": { "text": code.replace('-', " ") },
                "fullDescription": { "text": text },
                "help": { "text": text },
                "defaultConfiguration": { "level": word(*usual) },
            })
        })
        .collect();
    let results: Vec<Value> = found
        .map(|f| {
            json!({
                "ruleId": f.code,
                "ruleIndex": finding::CODES.iter().position(|(code, ..)| *code == f.code),
                "level": word(f.level),
                "message": { "text": f.message },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri(&f.path), "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": f.line, "startColumn": f.column },
                } }],
                "partialFingerprints": { "gonogo/v1": f.fingerprint },
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gonogo", "version": env!("CARGO_PKG_VERSION"), "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A path as a relative reference (RFC 3986, section 4.2).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _infallible = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// GitLab's code quality report.
pub(super) fn gitlab<'f>(found: impl Iterator<Item = &'f Found>) -> Value {
    let severity = |level| match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    };
    let one = |f: &Found| {
        json!({
            "description": f.message,
            "check_name": f.code,
            "fingerprint": f.fingerprint,
            "severity": severity(f.level),
            "location": { "path": f.path.strip_prefix("./").unwrap_or(&f.path), "lines": { "begin": f.line } },
        })
    };
    found.map(one).collect()
}

/// JUnit XML: a suite a document, a failed case for each error and warning, one that passed where there is none.
pub(super) fn junit(checked: &[Checked]) -> String {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gonogo check\">\n");
    for Checked { input, found, .. } in checked {
        let name = xml_escape(&input.name);
        let failed: Vec<&Found> = found.iter().filter(|f| f.level > Level::Note).collect();
        let (tests, failures) = (failed.len().max(1), failed.len());
        let _infallible =
            writeln!(xml, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">");
        if failed.is_empty() {
            let _infallible = writeln!(xml, "    <testcase classname=\"{name}\" name=\"no finding\"/>");
        }
        for f in failed {
            let (code, message) = (xml_escape(&f.code), xml_escape(&f.message));
            let (place, words) = (xml_escape(&short(f)), xml_escape(f.help()));
            let _infallible = writeln!(
                xml,
                "    <testcase classname=\"{name}\" name=\"{code} at line {}\" line=\"{}\">\n      <failure type=\"{}\" message=\"{message}\">{place}\n{words}</failure>\n    </testcase>",
                f.line,
                f.line,
                word(f.level),
            );
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>");
    xml
}

/// Text in XML; characters that it has no way to hold (XML 1.0, section 2.2) are made visible before.
fn xml_escape(text: &str) -> String {
    let text = crate::visible::line(text).replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, message: &str) -> Found {
        Found {
            path: path.into(),
            line: 3,
            column: 5,
            level: Level::Warning,
            code: "pager".into(),
            message: message.into(),
            fingerprint: "f".into(),
            at: None,
        }
    }

    #[test]
    fn what_would_end_a_field_is_escaped() {
        let f = found("a,b:c.md", "50%\nof <it> & \"that\"");
        assert_eq!(
            github(&f),
            "::warning file=a%2Cb%3Ac.md,line=3,col=5,title=pager::50%25%0Aof <it> & \"that\""
        );
        assert_eq!(xml_escape("a<b> & \"c\u{1}\""), "a&lt;b&gt; &amp; &quot;c^A&quot;");
        assert_eq!(uri("./ops/ru n%.md"), "ops/ru%20n%25.md");
        assert_eq!(short(&found("a.md", "it pages")), "a.md:3:5: warning: it pages [pager]");
    }

    #[test]
    fn every_rule_that_a_result_names_is_there() {
        let log = sarif([found("a.md", "it pages")].iter());
        let run = &log["runs"][0];
        let at = run["results"][0]["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][at]["id"], "pager");
        assert_eq!(gitlab([found("./a.md", "x")].iter())[0]["location"]["path"], "a.md");
    }
}
