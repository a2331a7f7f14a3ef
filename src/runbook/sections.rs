//! Gives each heading's section a role, from its words and from its shape.

use super::checks::has_commands;
use super::correct::{Targets, Word};
use super::doubt::Doubt;
use super::markdown::{Element, ElementKind};
use super::model::Role;
use super::stages;
use super::vocabulary;
use super::words::{lower_words, numbered, step_word};

mod choose;
mod procedures;

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
    /// What gave it that role, in a few words.
    pub by: String,
    /// Somebody said what it is for.
    pub settled: bool,
    /// What is asked before anything of it runs: whether it is a step, whether it is a procedure of its own.
    pub doubt: Option<Doubt>,
    /// The one of several environments that it is for.
    pub stage: Option<&'static str>,
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

    /// Whether this section or one in it is as wanted.
    fn any(&self, wanted: &dyn Fn(&Section<'_>) -> bool) -> bool {
        wanted(self) || self.children.iter().any(|child| child.any(wanted))
    }

    /// How many of this section and those in it are as wanted.
    fn count(&self, wanted: &dyn Fn(&Section<'_>) -> bool) -> usize {
        usize::from(wanted(self)) + self.children.iter().map(|child| child.count(wanted)).sum::<usize>()
    }

    /// What gave it its role, and whether that is asked about.
    pub fn reason(&self) -> String {
        match self.doubt {
            Some(_) if self.role == Role::Steps => format!("{}, and is asked about", self.by),
            _ => self.by.clone(),
        }
    }

    /// Whether this section or one in it holds a code block.
    pub fn has_code(&self) -> bool {
        self.elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_)))
            || self.children.iter().any(Section::has_code)
    }
}

/// Tags of fences that may hold commands.
const SHELLS: &[&str] =
    &["", "bash", "sh", "shell", "zsh", "ksh", "console", "terminal", "shell-session", "shellsession"];

impl<'e> Section<'e> {
    /// Texts of the fences directly under it that may hold commands.
    fn shell_texts(&self) -> impl Iterator<Item = &'e str> {
        self.elements.iter().filter_map(|e| match &e.kind {
            ElementKind::Code(code) if code.fenced && SHELLS.contains(&code.language.as_str()) => {
                Some(code.text.as_str())
            }
            _ => None,
        })
    }

    /// Whether a fence that may hold commands, or a table of checks with some, stands directly under it.
    fn has_own_shell(&self) -> bool {
        self.shell_texts().next().is_some() || self.elements.iter().any(|e| has_commands(e))
    }

    /// Whether a fence that may hold commands stands in it.
    fn has_shell(&self) -> bool {
        self.has_own_shell() || self.children.iter().any(Section::has_shell)
    }
}

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
    let found = choose::steps(&mut root);
    stages::assign(&mut root);
    procedures::doubt(&mut root, found);
    root
}

fn new_section<'e>(title: String, level: u8, line: usize) -> Section<'e> {
    let (role, by) = (Role::Other, String::new());
    Section {
        title,
        level,
        line,
        role,
        by,
        settled: false,
        doubt: None,
        stage: None,
        elements: vec![],
        children: vec![],
    }
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
        Role::Rollback | Role::References | Role::LogTemplate => false,
        _ => own == Role::Rollback,
    };
    if takes_own {
        (section.role, section.by) = (own, by);
    } else {
        section.role = parent.role;
        section.by =
            if parent.title.is_empty() { parent.by.clone() } else { format!("under “{}”", parent.title) };
        // "Step 5: Restore the dump" may be a step of a migration, or what is done in another night.
        let harms = parent.role == Role::Steps && choose::may_harm(own, &section.title);
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
        // A step of that name is a step: "Step 7: Enable Monitoring".
        Role::Monitoring | Role::Success | Role::Targets | Role::References | Role::Checklist
            if step_word(&section.title) =>
        {
            (Role::Other, String::new())
        }
        // "If loading fails", "如果还原失败": what may go wrong, whatever it names.
        Role::Other | Role::Recovery if vocabulary::is_about_failure(&section.title) => {
            (Role::Troubleshooting, "“if it fails” in the heading".into())
        }
        // One of several ways stays one of them, whatever it is for: "Option C: by API (emergency)".
        Role::Troubleshooting if vocabulary::way(&section.title).is_some() => (Role::Other, String::new()),
        Role::Overview if section.has_code() => (Role::Other, String::new()),
        Role::Other if tasks && !section.has_code() => {
            (Role::Checklist, "boxes to tick, and no commands".into())
        }
        Role::Other => (Role::Other, String::new()),
        role => (role, by),
    }
}

/// Whether the element is a table of environments.
pub(super) fn is_environments(element: &Element) -> bool {
    let ElementKind::Table { header, rows } = &element.kind else { return false };
    super::read::environment_column(header, rows).is_some()
}

/// Whether the element is a table with all these words in its header.
pub fn is_table(element: &Element, words: &[&str]) -> bool {
    let ElementKind::Table { header, .. } = &element.kind else { return false };
    words.iter().all(|w| header.iter().any(|h| lower_words(h).iter().any(|word| word.starts_with(w))))
}
