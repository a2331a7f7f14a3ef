//! Gives each heading's section a role, from its words and from its shape.

use super::columns::{is_environments, is_table};
use super::correct::{Targets, Word};
use super::doubt::Doubt;
use super::markdown::{Element, ElementKind};
use super::model::Role;
use super::vocabulary;
use super::words::{numbered, step_word};
pub use section::Section;
use section::new_section;

mod choose;
mod environments;
mod procedures;
mod section;

/// Arranges elements into a tree of sections with roles.
///
/// What the corrections say of a heading is its section's role, whatever its words.
pub(super) fn sections<'e>(elements: &'e [Element], targets: &Targets) -> Section<'e> {
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
    // A page without any heading is one procedure.
    if root.children.is_empty() && root.has_own_shell() {
        let line = root.elements.first().map_or(1, |first| first.span.line);
        let page = new_section("The page".to_owned(), 1, line);
        root.children.push(Section { elements: std::mem::take(&mut root.elements), ..page });
    }
    let subject = subject(&root);
    assign(&mut root, &new_section(String::new(), 0, 1), &About { subject, targets });
    let found = choose::steps(&mut root, subject);
    environments::assign(&mut root);
    procedures::doubt(&mut root, found);
    root
}

fn fold(stack: &mut Vec<Section<'_>>) {
    if let Some(done) = stack.pop()
        && let Some(parent) = stack.last_mut()
    {
        parent.children.push(done);
    }
}

/// What giving roles needs to know besides the sections.
struct About<'t> {
    /// What the whole document is about: restoring something, or taking it away.
    subject: Option<Role>,
    targets: &'t Targets,
}

/// What the document's title says it is about, where that is no step of a deployment.
pub(super) fn subject(root: &Section<'_>) -> Option<Role> {
    let title = root.children.iter().find(|c| c.level == 1)?;
    let role = vocabulary::role(&title.title);
    // "Rollback of the shop" is about going back where it tells of no deployment besides.
    let deploys = |s: &Section<'_>| vocabulary::is_deployment(&s.title) || vocabulary::is_two(&s.title);
    match role {
        Role::Recovery | Role::Teardown => Some(role),
        Role::Rollback if !root.any(&deploys) => Some(role),
        // What is done after a disaster is to restore.
        Role::Troubleshooting if vocabulary::is_after_disaster(&title.title) && !root.any(&deploys) => {
            Some(Role::Recovery)
        }
        _ => None,
    }
}

/// The role that a correction gives the section of the heading on a line.
fn said(line: usize, targets: &Targets) -> Option<(Role, String)> {
    let found = targets.on(line).filter_map(|(word, by)| match word {
        Word::Role(role) => Some((*role, format!("{by}, role={}", role.name()))),
        Word::Skip => Some((Role::Other, format!("{by}, skip"))),
        _ => None,
    });
    found.last()
}

/// A section's own role wins over its parent's. Inside steps, rollback and the like everything belongs to the
/// parent, but what takes back, mends, restores, tears down or only tells is never a step.
fn assign(section: &mut Section<'_>, parent: &Section<'_>, about: &About<'_>) {
    let (own, by) = match role_of(section) {
        // A document about restoring something is about nothing else.
        (role, _) if Some(role) == about.subject => (Role::Other, String::new()),
        found => found,
    };
    let explicit = numbered(&section.title).is_some();
    // "Migration failure" among the steps is what may go wrong with one.
    let (own, by) = match own {
        Role::Other
            if parent.role == Role::Steps && !explicit && vocabulary::ends_in_failure(&section.title) =>
        {
            (Role::Troubleshooting, "a failure in the heading".to_owned())
        }
        own => (own, by),
    };
    let takes_own = match parent.role {
        Role::Other | Role::Overview | Role::Environments => true,
        Role::Steps => match own {
            Role::Rollback | Role::Troubleshooting | Role::Contacts | Role::LogTemplate => true,
            Role::Recovery
            | Role::Teardown
            | Role::References
            | Role::Targets
            | Role::Success
            | Role::Monitoring => !explicit,
            // Commands to pick from are none of the step that they stand in.
            Role::Other => !explicit && vocabulary::is_toolbox(&section.title),
            _ => false,
        },
        Role::Checklist if own == Role::Rollback && is_of_boxes(section) => false,
        Role::Checklist => matches!(
            own,
            Role::Rollback
                | Role::Troubleshooting
                | Role::Recovery
                | Role::Teardown
                | Role::Contacts
                | Role::Monitoring
                | Role::LogTemplate
        ),
        Role::Success if own == Role::Targets => true,
        // "Pre-deployment checklist" under "Rollback" is gone through before.
        Role::Rollback => own == Role::Checklist && vocabulary::is_before(&section.title),
        Role::References | Role::LogTemplate => false,
        _ => own == Role::Rollback,
    };
    if takes_own {
        (section.role, section.by) = (own, by);
    } else {
        section.role = parent.role;
        section.by =
            if parent.title.is_empty() { parent.by.clone() } else { format!("under “{}”", parent.title) };
        // "Step 5: Restore the dump" may be a step of a migration, or what is done in another night.
        // "Data restoration" beside the way back of the application is no part of each way back.
        let beside =
            parent.role == Role::Rollback && own == Role::Recovery && !explicit && section.has_shell();
        let harms = parent.role == Role::Steps && choose::may_harm(own, &section.title) || beside;
        section.doubt = harms.then_some(Doubt::Step);
    }
    if let Some((role, by)) = said(section.line, about.targets).filter(|_| section.level > 0) {
        (section.role, section.by, section.settled, section.doubt) = (role, by, true, None);
    } else if parent.settled && parent.role == Role::Other {
        (section.role, section.by, section.settled) = (Role::Other, parent.by.clone(), true);
    }
    // A document's title names the whole of it: "Deployment Steps for X" as the only first-level heading
    // must not make every section below a step.
    let whole = section.level <= 1 && !section.children.is_empty();
    let passed = Section {
        role: if whole { Role::Other } else { section.role },
        by: section.by.clone(),
        settled: section.settled,
        ..new_section(section.title.clone(), section.level, section.line)
    };
    section.children.iter_mut().for_each(|c| assign(c, &passed, about));
}

/// The role of a section by itself, and what gives it.
fn role_of(section: &Section<'_>) -> (Role, String) {
    let table = |words: &[&str]| section.elements.iter().any(|e| is_table(e, words));
    if section.elements.iter().any(|e| is_environments(e)) {
        return (Role::Environments, "a table of environments".into());
    }
    if table(&["metric", "target"]) || table(&["metric", "alert"]) || table(&["metric", "rollback"]) {
        return (Role::Targets, "a table of metrics".into());
    }
    if section.level <= 1 {
        return (Role::Other, String::new());
    }
    let tasks = section.elements.iter().any(|e| matches!(e.kind, ElementKind::Item { task: Some(_), .. }));
    let (role, word) = vocabulary::role_by(&section.title);
    let by = format!("“{}” in the heading", word.trim_matches('*'));
    match role {
        // "Backup & restore": its parts say for themselves which of the two they are.
        _ if vocabulary::is_two(&section.title) => (Role::Other, String::new()),
        _ if vocabulary::is_readiness(&section.title) => {
            (Role::Checklist, "being ready to go back in the heading".into())
        }
        // A step of that name is a step: "Step 7: Enable Monitoring".
        Role::Monitoring | Role::Success | Role::Targets | Role::References | Role::Checklist
            if step_word(&section.title) =>
        {
            (Role::Other, String::new())
        }
        // "Step 7: Tell the contacts"
        Role::Contacts | Role::LogTemplate if step_word(&section.title) && !section.has_code() => {
            (Role::Other, String::new())
        }
        // "If loading fails", "如果还原失败": what may go wrong, whatever it names.
        Role::Other | Role::Recovery if vocabulary::is_about_failure(&section.title) => {
            (Role::Troubleshooting, "“if it fails” in the heading".into())
        }
        // "Step 2: Emergency promotion" says what kind of a step it is.
        Role::Troubleshooting if step_word(&section.title) && vocabulary::is_occasion(word) => {
            (Role::Other, String::new())
        }
        // "Post-incident tasks" come when it is over.
        Role::Troubleshooting if vocabulary::is_behind(&section.title) && tasks && !section.has_code() => {
            (Role::Checklist, "boxes to tick, and no commands".into())
        }
        Role::Troubleshooting if vocabulary::is_behind(&section.title) => (Role::Other, String::new()),
        // One of several ways stays one of them, whatever it is for: "Option C: by API (emergency)".
        Role::Troubleshooting | Role::Recovery | Role::Teardown
            if vocabulary::way(&section.title).is_some() =>
        {
            (Role::Other, String::new())
        }
        Role::Recovery if tasks && !section.has_code() && vocabulary::is_behind(&section.title) => {
            (Role::Checklist, "boxes to tick, and no commands".into())
        }
        // Boxes to tick are ticked, whatever else the heading names: "Approvals & freeze", "Cleanup and follow-up".
        Role::LogTemplate | Role::Teardown
            if tasks
                && !section.has_code()
                && (role == Role::Teardown
                    || matches!(word, "approvals" | "approval" | "sign off" | "sign offs" | "signoff"))
                && !is_filled_in(section) =>
        {
            (Role::Checklist, "boxes to tick, and no commands".into())
        }
        Role::Overview if section.has_code() => (Role::Other, String::new()),
        Role::Other if tasks && !section.has_code() => {
            (Role::Checklist, "boxes to tick, and no commands".into())
        }
        Role::Other => (Role::Other, String::new()),
        role => (role, by),
    }
}

/// Whether a section holds boxes to tick and no command: "Rollback plan" in a checklist is looked at before.
fn is_of_boxes(section: &Section<'_>) -> bool {
    let boxed = |e: &&Element| matches!(&e.kind, ElementKind::Item { task: Some(_), text, .. } if !text.contains('`'));
    !section.has_code() && section.elements.iter().any(boxed)
}

/// Whether a section has lines to fill in: "Approved by: ______".
fn is_filled_in(section: &Section<'_>) -> bool {
    section.elements.iter().any(|e| match &e.kind {
        ElementKind::Item { text, .. } | ElementKind::Paragraph { text, .. } => {
            text.contains("___") || text.contains("....") || text.trim_end().ends_with([':', '：'])
        }
        ElementKind::Table { .. } => true,
        _ => false,
    })
}
