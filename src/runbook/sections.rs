//! Gives each heading's section a role, from its words and from its shape.

use super::markdown::{Element, ElementKind};
use super::model::Role;
use super::words::{lower_words, numbered};

/// A heading with the elements under it, down to the next heading of any level.
#[derive(Clone, Debug)]
pub struct Section<'e> {
    /// The heading's text; empty for what stands before the first heading.
    pub title: String,
    /// 1 to 6; 0 for what stands before the first heading.
    pub level: u8,
    /// The heading's line.
    pub line: usize,
    /// What it is for.
    pub role: Role,
    /// Elements directly under it.
    pub elements: Vec<&'e Element>,
    /// Sections one or more levels deeper.
    pub children: Vec<Section<'e>>,
}

impl Section<'_> {
    /// Whether this section or one in it holds a code block.
    pub fn has_code(&self) -> bool {
        self.elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_)))
            || self.children.iter().any(Section::has_code)
    }
}

/// Arranges elements into a tree of sections with roles.
pub fn sections(elements: &[Element]) -> Section<'_> {
    let mut stack = vec![new_section(String::new(), 0, 1)];
    for element in elements {
        if let ElementKind::Heading(level, title) = &element.kind {
            while stack.len() > 1 && stack.last().is_some_and(|s| s.level >= *level) {
                fold(&mut stack);
            }
            stack.push(new_section(title.clone(), *level, element.span.line));
        } else if let Some(open) = stack.last_mut() {
            open.elements.push(element);
        }
    }
    while stack.len() > 1 {
        fold(&mut stack);
    }
    let mut root = stack.remove(0);
    assign(&mut root, Role::Other);
    if !any(&root, &|s| s.role == Role::Steps && s.has_code()) {
        shape_gives_steps(&mut root);
    }
    root
}

fn new_section<'e>(title: String, level: u8, line: usize) -> Section<'e> {
    Section { title, level, line, role: Role::Other, elements: vec![], children: vec![] }
}

fn fold(stack: &mut Vec<Section<'_>>) {
    if let Some(done) = stack.pop()
        && let Some(parent) = stack.last_mut()
    {
        parent.children.push(done);
    }
}

fn any(section: &Section<'_>, test: &dyn Fn(&Section<'_>) -> bool) -> bool {
    test(section) || section.children.iter().any(|c| any(c, test))
}

/// A section's own role wins over its parent's, but inside steps, rollback and the like everything
/// belongs to the parent.
fn assign(section: &mut Section<'_>, inherited: Role) {
    let own = role_of(section);
    section.role = match inherited {
        Role::Other | Role::Overview => own,
        Role::Success if own == Role::Targets => own,
        Role::Steps if own == Role::Rollback && numbered(&section.title).is_none() => own,
        _ => inherited,
    };
    // A document's title names the whole of it: "Deployment Steps for X" as the only first-level heading
    // must not make every section below a step.
    let passed = if section.level <= 1 && !section.children.is_empty() { Role::Other } else { section.role };
    section.children.iter_mut().for_each(|c| assign(c, passed));
}

/// Without a section called steps: numbered headings are steps, else every heading with a fence.
fn shape_gives_steps(root: &mut Section<'_>) {
    let numbered_ones = any(root, &|s| s.role == Role::Other && numbered(&s.title).is_some() && s.has_code());
    mark(root, numbered_ones);
}

fn mark(section: &mut Section<'_>, numbered_only: bool) {
    let free = matches!(section.role, Role::Other | Role::Overview | Role::Checklist);
    let has_direct_code = section.elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_)));
    if section.level > 0
        && free
        && section.has_code()
        && if numbered_only { numbered(&section.title).is_some() } else { has_direct_code }
    {
        inherit(section, Role::Steps);
        return;
    }
    section.children.iter_mut().for_each(|c| mark(c, numbered_only));
}

fn inherit(section: &mut Section<'_>, role: Role) {
    section.role = role;
    section.children.iter_mut().for_each(|c| inherit(c, role));
}

fn role_of(section: &Section<'_>) -> Role {
    if section.elements.iter().any(|e| is_table(e, &["environment", "url"])) {
        return Role::Environments;
    }
    if section
        .elements
        .iter()
        .any(|e| is_table(e, &["metric", "target"]) || is_table(e, &["metric", "alert"]))
    {
        return Role::Targets;
    }
    if section.level <= 1 {
        return Role::Other;
    }
    let words = lower_words(&section.title);
    let has = |names: &[&str]| words.iter().any(|w| names.iter().any(|n| w.starts_with(n)));
    let text = words.join(" ");
    let says = |phrase: &str| text.contains(phrase);
    if has(&["rollback", "revert", "backout"]) || says("roll back") || says("back out") {
        Role::Rollback
    } else if has(&["troubleshoot"])
        || says("common issues")
        || says("common problems")
        || says("known issues")
    {
        Role::Troubleshooting
    } else if says("log template") || says("deployment log") || says("sign off") || has(&["signoff"]) {
        Role::LogTemplate
    } else if has(&["contact", "escalation"]) {
        Role::Contacts
    } else if says("related") && has(&["documentation", "docs", "documents"])
        || has(&["references", "resources"])
        || says("see also")
    {
        Role::References
    } else if has(&["checklist", "prerequisite", "preflight"]) {
        Role::Checklist
    } else if numbered(&section.title).is_some() {
        Role::Other
    } else if has(&["monitoring", "monitor"]) {
        Role::Monitoring
    } else if has(&["success"]) || says("acceptance criteria") {
        Role::Success
    } else if has(&["targets", "thresholds", "slo", "slos", "sla"]) {
        Role::Targets
    } else if has(&["steps", "procedure"])
        || text == "deployment"
        || text == "deploy"
        || has(&["instructions", "walkthrough"])
    {
        Role::Steps
    } else if has(&["overview", "introduction", "summary", "purpose", "scope"]) {
        Role::Overview
    } else if section.elements.iter().any(|e| matches!(e.kind, ElementKind::Item { task: Some(_), .. }))
        && !section.has_code()
    {
        Role::Checklist
    } else {
        Role::Other
    }
}

/// Whether the element is a table with all these words in its header.
pub fn is_table(element: &Element, words: &[&str]) -> bool {
    let ElementKind::Table { header, .. } = &element.kind else { return false };
    words.iter().all(|w| header.iter().any(|h| lower_words(h).iter().any(|word| word.starts_with(w))))
}
