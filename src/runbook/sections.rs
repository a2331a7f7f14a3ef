//! Gives each heading's section a role, from its words and from its shape.

use super::checks::has_commands;
use super::markdown::{Element, ElementKind};
use super::model::Role;
use super::vocabulary::{self, DEPLOYS, LOOKED_UP, has};
use super::words::{lower_words, numbered, step_word, timed};

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
    /// Whether list items stand directly under it.
    pub fn has_items(&self) -> bool {
        self.elements.iter().any(|e| matches!(e.kind, ElementKind::Item { .. }))
    }

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
    choose_steps(&mut root);
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

/// A section's own role wins over its parent's. Inside steps, rollback and the like everything belongs to the
/// parent, but what takes back, mends or only tells is never a step.
fn assign(section: &mut Section<'_>, inherited: Role) {
    let own = role_of(section);
    let explicit = numbered(&section.title).is_some();
    section.role = match inherited {
        Role::Other | Role::Overview | Role::Environments => own,
        Role::Success if own == Role::Targets => own,
        Role::Steps => match own {
            Role::Rollback | Role::Troubleshooting | Role::Contacts | Role::LogTemplate => own,
            Role::References | Role::Targets | Role::Success | Role::Monitoring if !explicit => own,
            _ => inherited,
        },
        Role::Checklist => match own {
            Role::Rollback
            | Role::Troubleshooting
            | Role::Contacts
            | Role::Monitoring
            | Role::LogTemplate => own,
            _ => inherited,
        },
        Role::Troubleshooting | Role::Monitoring if own == Role::Rollback => own,
        _ => inherited,
    };
    // A document's title names the whole of it: "Deployment Steps for X" as the only first-level heading
    // must not make every section below a step.
    let passed = if section.level <= 1 && !section.children.is_empty() { Role::Other } else { section.role };
    section.children.iter_mut().for_each(|c| assign(c, passed));
}

/// Blocks of code directly under a section that may be commands, and tables of checks with commands.
fn own_fences(section: &Section<'_>) -> usize {
    let shell = |e: &&&Element| match &e.kind {
        ElementKind::Code(code) => {
            code.fenced
                && matches!(
                    code.language.as_str(),
                    "" | "bash" | "sh" | "shell" | "zsh" | "ksh" | "console" | "terminal" | "shell-session"
                )
        }
        _ => false,
    };
    section.elements.iter().filter(|e| shell(e) || has_commands(e)).count()
}

fn fences(section: &Section<'_>, counts: &dyn Fn(&Section<'_>) -> bool) -> usize {
    let own = if counts(section) { own_fences(section) } else { 0 };
    own + section.children.iter().map(|c| fences(c, counts)).sum::<usize>()
}

/// Makes steps of what is none by its words.
///
/// 1. Where sections called steps hold most of the fences that no other role claims, those are the steps.
/// 2. Else numbered or timed headings are, if they hold most of them, the ones between them without a fence too.
/// 3. Else sections with fences are, but for those to look things up in; what their titles have to do with a
///    deployment goes first where there are steps already.
fn choose_steps(root: &mut Section<'_>) {
    let steps = fences(root, &|s| s.role == Role::Steps);
    let free = fences(root, &|s| is_free(s.role));
    if steps > 0 && steps >= free {
        return;
    }
    let in_sequence = sequence_fences(root);
    if in_sequence > 0 && in_sequence * 2 >= free {
        mark_sequence(root);
    } else if steps > 0 {
        mark(root, &|s| has(&s.title, DEPLOYS));
    } else {
        mark(root, &|_| true);
    }
}

fn is_free(role: Role) -> bool {
    matches!(role, Role::Other | Role::Overview | Role::Checklist | Role::Environments)
}

/// A heading that is one of a sequence: numbered, or timed ("T-0", "T+15 min", "Day 2").
fn in_sequence(title: &str) -> bool {
    numbered(title).is_some() || timed(title)
}

fn sequence_fences(section: &Section<'_>) -> usize {
    if section.level > 0 && is_free(section.role) && in_sequence(&section.title) {
        return fences(section, &|s| is_free(s.role));
    }
    section.children.iter().map(sequence_fences).sum()
}

fn mark_sequence(section: &mut Section<'_>) {
    if section.level > 0 && is_free(section.role) && in_sequence(&section.title) {
        if section.role != Role::Checklist || section.has_code() {
            inherit(section);
        }
        return;
    }
    section.children.iter_mut().for_each(mark_sequence);
}

fn mark(section: &mut Section<'_>, wanted: &dyn Fn(&Section<'_>) -> bool) {
    let looked_up = has(&section.title, LOOKED_UP);
    if section.level > 0 && is_free(section.role) && own_fences(section) > 0 && !looked_up && wanted(section)
    {
        inherit(section);
        return;
    }
    if !(looked_up && section.level > 1) {
        section.children.iter_mut().for_each(|c| mark(c, wanted));
    }
}

/// Makes a section and what is free in it steps.
fn inherit(section: &mut Section<'_>) {
    section.role = Role::Steps;
    section.children.iter_mut().filter(|c| is_free(c.role)).for_each(inherit);
}

fn role_of(section: &Section<'_>) -> Role {
    let table = |words: &[&str]| section.elements.iter().any(|e| is_table(e, words));
    if is_environments(section) {
        return Role::Environments;
    }
    if table(&["metric", "target"]) || table(&["metric", "alert"]) || table(&["metric", "rollback"]) {
        return Role::Targets;
    }
    if section.level <= 1 {
        return Role::Other;
    }
    let tasks = section.elements.iter().any(|e| matches!(e.kind, ElementKind::Item { task: Some(_), .. }));
    match vocabulary::role(&section.title) {
        // A step of that name is a step: "Step 7: Enable Monitoring".
        Role::Monitoring | Role::Success | Role::Targets | Role::References | Role::Checklist
            if step_word(&section.title) =>
        {
            Role::Other
        }
        Role::Overview if section.has_code() => Role::Other,
        Role::Other if tasks && !section.has_code() => Role::Checklist,
        role => role,
    }
}

fn is_environments(section: &Section<'_>) -> bool {
    section.elements.iter().any(|e| {
        ["url", "domain", "host", "cluster", "endpoint", "address"]
            .iter()
            .any(|w| is_table(e, &["environment", w]))
    })
}

/// Whether the element is a table with all these words in its header.
pub fn is_table(element: &Element, words: &[&str]) -> bool {
    let ElementKind::Table { header, .. } = &element.kind else { return false };
    words.iter().all(|w| header.iter().any(|h| lower_words(h).iter().any(|word| word.starts_with(w))))
}
