//! Finds the deployment log template and the lines in it that a run fills.

use super::super::markdown::{ElementKind, Lines};
use super::super::model::{Line, LogTemplate, Role, Runbook};
use super::super::sections::Section;

/// Finds the template: the first code block of the section with that role, else the section's own text.
pub(super) fn find(root: &Section<'_>, document: &str, lines: &Lines, runbook: &mut Runbook) {
    let Some(section) = first(root) else { return };
    let fence = section.elements.iter().find_map(|e| match &e.kind {
        ElementKind::Code(code) => Some((code, e.span)),
        _ => None,
    });
    let (text, line, text_line) = match fence {
        Some((code, span)) => (code.text.clone(), span.line, lines.line(code.source_byte(0))),
        None => {
            let (Some(from), Some(to)) = (section.elements.first(), section.elements.last()) else { return };
            (document[from.span.start..to.span.end].to_owned(), section.line, from.span.line)
        }
    };
    let items = text
        .lines()
        .enumerate()
        .filter(|(_, l)| is_field(l))
        .map(|(at, l)| Line { line: text_line + at, text: l.to_owned() });
    runbook.log_template = Some(LogTemplate { line, text_line, items: items.collect(), text: text.clone() });
}

fn first<'s, 'e>(section: &'s Section<'e>) -> Option<&'s Section<'e>> {
    if section.role == Role::LogTemplate {
        return Some(section);
    }
    section.children.iter().find_map(|c| first(c))
}

/// A line with a blank, a placeholder, a box, a choice or a field of the run.
fn is_field(line: &str) -> bool {
    let text = line.trim();
    let placeholder = text.match_indices('[').any(|(at, _)| {
        let inner = text[at + 1..].split(']').next().unwrap_or("");
        inner.starts_with(|c: char| c.is_alphabetic()) && inner.len() > 1 && text[at..].contains(']')
    });
    let labelled = text.starts_with("**") && text.contains(":**");
    let boxed = text.starts_with("- [ ]") || text.starts_with("* [ ]") || text.starts_with("[ ]");
    placeholder || labelled || boxed || text.contains("____") || text.contains("YYYY")
}
