//! Findings about the document as a whole.

use super::super::super::finding::Finding as F;
use super::super::super::markdown::ElementKind;
use super::super::super::model::Step;
use super::Looked;

pub(super) fn find(looked: &Looked<'_>, found: &mut Vec<F>) {
    let runbook = looked.runbook;
    for step in runbook.steps.iter().filter(|s| s.estimate_s.is_none()) {
        let words = format!("step {} does not say how long it takes", step.id);
        found.push(F::new(step.line, "no-estimate", words));
    }
    runbook.steps.iter().for_each(|s| duplicates(s, found));
    for contact in &runbook.contacts {
        let open = |text: &str| {
            let text = text.trim();
            text.is_empty()
                || text.eq_ignore_ascii_case("tbd")
                || (text.starts_with('[') && text.ends_with(']'))
        };
        if open(&contact.name) || open(&contact.contact) {
            found.push(F::new(
                contact.line,
                "contact-missing",
                format!("{}: nobody can be reached", contact.role),
            ));
        }
    }
    for element in looked.elements {
        if matches!(&element.kind, ElementKind::Code(code) if code.unclosed) {
            found.push(F::new(element.span.line, "unclosed-fence", "this fence is never closed"));
        }
    }
    for (at, c) in looked.document.char_indices().filter(|(_, c)| is_deceptive(*c)) {
        let finding = F::new(looked.lines.line(at), "control-character", format!("holds U+{:04X}", c as u32));
        found.push(finding.at(at, at + c.len_utf8()));
    }
    dead_links(looked, found);
    if runbook.step_commands().is_empty() {
        found.push(F::new(1, "no-steps", "no section with commands was found"));
    }
}

/// A number that stands twice got a suffix.
fn duplicates(step: &Step, found: &mut Vec<F>) {
    let id = step.id.as_str();
    if let Some((number, suffix)) = id.rsplit_once('-')
        && suffix.bytes().all(|b| b.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        found.push(F::new(
            step.line,
            "duplicate-step",
            format!("there is a step {number} already; this one is {id}"),
        ));
    }
    step.substeps.iter().for_each(|s| duplicates(s, found));
}

/// Links to headings that there are not.
fn dead_links(looked: &Looked<'_>, found: &mut Vec<F>) {
    if !looked.document.contains("](#") {
        return;
    }
    let mut anchors: Vec<String> = Vec::new();
    for entry in looked.elements.iter().filter_map(|e| match &e.kind {
        ElementKind::Heading(_, title) => Some(anchor(title)),
        _ => None,
    }) {
        // The second of two headings of one name gets a number.
        let same = anchors.iter().filter(|a| **a == entry).count();
        anchors.push(entry.clone());
        if same > 0 {
            anchors.push(format!("{entry}-{same}"));
        }
    }
    for (at, _) in looked.document.match_indices("](#") {
        let target = looked.document[at + 3..].split([')', ' ', '\n']).next().unwrap_or("");
        let decoded = percent_decoded(target).to_lowercase();
        let named = ["name=\"", "id=\""].iter().any(|m| looked.document.contains(&format!("{m}{target}\"")));
        if !decoded.is_empty() && !anchors.contains(&decoded) && !named {
            let line = looked.lines.line(at);
            found.push(
                F::new(line, "dead-link", format!("no heading is called #{target}"))
                    .at(at + 2, at + 3 + target.len()),
            );
        }
    }
}

/// The anchor that Markdown hosts give a heading: its letters, digits, `-` and `_`, blanks as `-`.
fn anchor(title: &str) -> String {
    let plain = title.replace(['`', '*'], "");
    let kept = plain.to_lowercase();
    let kept = kept.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code =
            (*first == b'%').then(|| tail.get(..2).and_then(|h| std::str::from_utf8(h).ok())).flatten();
        match code.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Control characters (but tab and line ends), bidirectional controls and invisible joiners in odd places.
fn is_deceptive(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{200E}' | '\u{200F}')
}
