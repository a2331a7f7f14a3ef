//! Finds the deployment log template and the lines in it that a run fills.

use super::super::markdown::{Element, ElementKind, Lines};
use super::super::model::{Line, LogTemplate, Plan, Role};
use super::super::sections::Section;

/// Finds the template: the first code block of the section with that role that has something to fill and is none of a
/// shell, else the section's own text with what is below it, up to the first block of a shell.
pub(super) fn find(root: &Section<'_>, document: &str, lines: &Lines, plan: &mut Plan) {
    let Some(section) = first(root) else { return };
    let mut elements = Vec::new();
    below(section, &mut elements);
    let code = |e: &&Element| match &e.kind {
        ElementKind::Code(code) => Some((code.text.clone(), e.span.line, lines.line(code.source_byte(0)))),
        _ => None,
    };
    let is_shell =
        |e: &Element| matches!(&e.kind, ElementKind::Code(c) if SHELLS.contains(&c.language.as_str()));
    let filled = |text: &str| text.lines().any(is_field) || text.lines().filter(|l| is_label(l)).count() > 1;
    let fence = elements.iter().filter(|e| !is_shell(e)).find_map(code).filter(|(text, ..)| filled(text));
    let own = || {
        let from = elements.first()?;
        let shell = elements.iter().find(|e| is_shell(e)).map(|e| e.span.start);
        let to = shell.or(elements.last().map(|e| e.span.end))?;
        // Headings are no elements: what is between the first and the last is all there.
        let start = section
            .children
            .first()
            .map_or(from.span.start, |child| from.span.start.min(lines.whole(child.line).start));
        let text = document.get(start..to)?.to_owned();
        filled(&text).then(|| (text, section.line, lines.line(start)))
    };
    let any = || elements.iter().find_map(code);
    let Some((text, line, text_line)) = fence.or_else(own).or_else(any) else { return };
    let items = text
        .lines()
        .enumerate()
        .filter(|(_, l)| is_field(l) || is_label(l))
        .map(|(at, l)| Line { line: text_line + at, text: l.to_owned() });
    plan.log_template = Some(LogTemplate { line, text_line, items: items.collect(), text: text.clone() });
}

/// Tags of blocks that hold commands.
const SHELLS: &[&str] = &["bash", "sh", "shell", "zsh", "ksh", "console", "terminal", "shell-session"];

/// The elements of a section and of all below it, in order.
fn below<'e>(section: &Section<'e>, elements: &mut Vec<&'e Element>) {
    elements.extend(&section.elements);
    for child in &section.children {
        below(child, elements);
    }
}

fn first<'s, 'e>(section: &'s Section<'e>) -> Option<&'s Section<'e>> {
    if section.role == Role::LogTemplate {
        return Some(section);
    }
    section.children.iter().find_map(|c| first(c))
}

/// A label of a few words with nothing behind it, or a choice: `Date:`, `- Rolled back? yes/no`.
fn is_label(line: &str) -> bool {
    let text = line.trim().trim_start_matches(['-', '*', '+', ' ']);
    let label = text.strip_suffix([':', '：', '?']).or_else(|| text.split_once("? ").map(|(label, _)| label));
    label.is_some_and(|l| !l.is_empty() && !l.starts_with('#') && l.split_whitespace().count() <= 6)
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
