//! A heading with what stands under it.

use super::super::block::holds_commands;
use super::super::checks::has_commands;
use super::super::doubt::Doubt;
use super::super::markdown::{Element, ElementKind};
use super::super::model::Role;
use super::super::words::{numbered, timed};

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
    pub(super) fn any(&self, wanted: &dyn Fn(&Section<'_>) -> bool) -> bool {
        wanted(self) || self.children.iter().any(|child| child.any(wanted))
    }

    /// How many of this section and those in it are as wanted.
    pub(super) fn count(&self, wanted: &dyn Fn(&Section<'_>) -> bool) -> usize {
        usize::from(wanted(self)) + self.children.iter().map(|child| child.count(wanted)).sum::<usize>()
    }

    /// What gave it its role, and whether that is asked about.
    pub fn reason(&self) -> String {
        match self.doubt {
            Some(_) if self.role == Role::Steps => format!("{}, and gonogo asks", self.by),
            _ => self.by.clone(),
        }
    }

    /// The lines of the headings in it that are counted: "Step 2", "3.", "T+5".
    pub fn counted(&self) -> Vec<usize> {
        let is_counted = numbered(&self.title).is_some() || timed(&self.title);
        let own = is_counted.then_some(self.line);
        own.into_iter().chain(self.children.iter().flat_map(Section::counted)).collect()
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
    /// Texts of the fences directly under it that may hold commands, and of indented code that does.
    pub(super) fn shell_texts(&self) -> impl Iterator<Item = &'e str> {
        self.elements.iter().filter_map(|e| match &e.kind {
            ElementKind::Code(code) if SHELLS.contains(&code.language.as_str()) => {
                (code.fenced || holds_commands(code)).then_some(code.text.as_str())
            }
            _ => None,
        })
    }

    /// Whether a fence that may hold commands, or a table of checks with some, stands directly under it.
    pub(super) fn has_own_shell(&self) -> bool {
        self.shell_texts().next().is_some() || self.elements.iter().any(|e| has_commands(e))
    }

    /// Whether a fence that may hold commands stands in it.
    pub(super) fn has_shell(&self) -> bool {
        self.has_own_shell() || self.children.iter().any(Section::has_shell)
    }
}

/// One without anything in it.
pub(super) fn new_section<'e>(title: String, level: u8, line: usize) -> Section<'e> {
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
