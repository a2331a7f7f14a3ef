//! Findings about the document as a whole.

use super::super::super::finding::Finding as F;
use super::super::super::links::{Anchors, links};
use super::super::super::markdown::ElementKind;
use super::super::super::model::Step;
use super::Looked;

pub(super) fn find(looked: &Looked<'_>, found: &mut Vec<F>) {
    let plan = looked.plan;
    for step in plan.steps.iter().filter(|s| s.estimate_s.is_none()) {
        let words = format!("step {} does not say how long it takes", step.id);
        found.push(F::new(step.line, "no-estimate", words));
    }
    plan.steps.iter().for_each(|s| duplicates(s, found));
    for contact in &plan.contacts {
        let open = |text: &str| {
            let text = text.trim();
            text.is_empty()
                || text.eq_ignore_ascii_case("tbd")
                || (text.starts_with('[') && text.ends_with(']'))
        };
        // In a list there is no name beside the way to reach somebody.
        let nameless = open(&contact.name) && !contact.name.is_empty()
            || contact.name.is_empty() && open(&contact.contact);
        if nameless || open(&contact.contact) {
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
    if plan.step_commands().is_empty() {
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
            format!("step {number} exists already; this one is {id}"),
        ));
    }
    step.substeps.iter().for_each(|s| duplicates(s, found));
}

/// Links to headings that there are not.
fn dead_links(looked: &Looked<'_>, found: &mut Vec<F>) {
    if !looked.document.contains("](#") {
        return;
    }
    let anchors = Anchors::of(looked.elements, looked.document);
    for (at, target) in links(looked.document) {
        let named = ["name=\"", "id=\""].iter().any(|m| looked.document.contains(&format!("{m}{target}\"")));
        if !target.is_empty() && anchors.find(target).is_none() && !named {
            let line = looked.lines.line(at);
            let finding = F::new(line, "dead-link", format!("no heading has the anchor #{target}"));
            found.push(finding.at(at, at + 1 + target.len()));
        }
    }
}

/// Control characters (but tab and line ends), bidirectional controls and invisible joiners in odd places.
fn is_deceptive(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{61C}' | '\u{2028}' | '\u{2029}' | '\u{E0000}'..='\u{E007F}')
}
