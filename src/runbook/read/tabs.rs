//! Tabs and boxes of a document. Tabs are several ways to do one thing, as headings such as "Option A" are.
//!
//! 1. What stands in a tab is of the step or part around the group, and so is what follows the group.
//! 2. A group is a choice where two of its tabs at least say what to do. Tabs that show an output or a configuration
//!    are none.

use std::collections::{BTreeMap, BTreeSet};

use super::super::comments;
use super::super::doubt::Doubt;
use super::super::markdown::{Element, ElementKind, Tab};
use super::super::model::{Block, Command, Plan, Role, Step, Way};
use super::super::vocabulary::begins;
use super::super::vocabulary::occasions::sets_aside;
use super::inline_command;
use crate::shell::Kind;

/// The containers around what is being read, the innermost last.
#[derive(Default)]
pub(super) struct Scopes {
    open: Vec<Scope>,
    /// The words before the group of tabs.
    words: String,
}

struct Scope {
    start: usize,
    end: usize,
    tab: Option<Tab>,
    /// What was read before it went on beside the steps.
    aside: Option<Role>,
    /// Its last words lead on to what is behind it: "Rollback:".
    leads_on: bool,
    /// The box's title.
    title: Option<String>,
}

/// What changes with an element.
pub(super) struct Change {
    /// A container ended.
    pub(super) ended: bool,
    /// What goes on beside the steps.
    pub(super) aside: Option<Role>,
    /// The words before the next fence: those before a group of tabs are before each of its tabs.
    pub(super) before: Option<String>,
    /// The tab that begins.
    pub(super) tab: Option<Tab>,
}

impl Scopes {
    /// Goes on to an element; `aside` and `before` are of what stands before it.
    pub(super) fn go_on(&mut self, element: &Element, aside: Option<Role>, before: &str) -> Change {
        let mut change = Change { ended: false, aside, before: None, tab: None };
        let old = self.tab().cloned();
        while let Some(scope) = self.open.pop_if(|s| s.end <= element.span.start) {
            if !scope.leads_on {
                change.ended = true;
                change.aside = scope.aside;
            }
        }
        if let Some(held) = element.held.as_ref().filter(|h| self.open.last().is_none_or(|s| s.end != h.end))
        {
            let start = element.span.start;
            let tab = held.tab.clone();
            let aside = change.aside;
            self.open.push(Scope { start, end: held.end, tab, aside, leads_on: false, title: None });
        }
        for scope in &mut self.open {
            scope.leads_on = leads(element);
        }
        if let Some(scope) = self.open.last_mut()
            && let ElementKind::Paragraph { text, .. } = &element.kind
            && element.held.as_ref().is_some_and(|held| held.title)
        {
            scope.title = Some(text.trim_end_matches([':', '：']).to_owned());
        }
        let new = self.tab().cloned();
        if old == new {
            return change;
        }
        if let Some(tab) = &new {
            if old.is_some_and(|old| old.group == tab.group) {
                change.before = Some(self.words.clone());
            } else {
                before.clone_into(&mut self.words);
            }
        } else {
            change.before = Some(String::new());
        }
        change.tab = new;
        change
    }

    fn tab(&self) -> Option<&Tab> {
        self.open.last().and_then(|scope| scope.tab.as_ref())
    }

    /// What the titles of boxes say holds for all commands in them: that they are optional, another way, or run only
    /// if something holds.
    pub(super) fn title_says(&self, command: &mut Command) {
        for title in self.open.iter().filter_map(|scope| scope.title.as_deref()) {
            command.optional |= comments::is_optional(title);
            if command.condition.is_none() && sets_aside(title) {
                command.doubt = command.doubt.or(Some(Doubt::Step));
            }
            if comments::is_other_way(title) {
                command.alternative = true;
            } else if !command.alternative && command.condition.is_none() {
                command.condition = comments::condition(title);
            }
        }
    }

    /// Whether what begins at a byte stands in the container that is being read.
    pub(super) fn holds(&self, start: usize) -> bool {
        self.open.last().is_none_or(|scope| scope.start <= start)
    }
}

/// Whether an element leads on to what stands behind it: a label.
fn leads(element: &Element) -> bool {
    match &element.kind {
        ElementKind::Paragraph { text, bold } => *bold || text.trim_end().ends_with([':', '：']),
        _ => false,
    }
}

/// What the tabs under one heading hold.
#[derive(Default)]
pub(super) struct Tabs {
    /// Groups with a fence or command in one of their tabs.
    acting: BTreeSet<usize>,
    /// The words of tabs that hold nothing else.
    words: BTreeMap<(usize, String), String>,
}

impl Tabs {
    /// Those of the elements under one heading.
    pub(super) fn of(elements: &[&Element]) -> Self {
        let mut tabs = Self::default();
        let mut acting = BTreeSet::new();
        for element in elements {
            let Some(tab) = element.tab() else { continue };
            let key = (tab.group, tab.name.clone());
            match &element.kind {
                ElementKind::Code(_) => _ = acting.insert(key),
                ElementKind::Item { text, number, task, .. }
                    if number.is_some() || task.is_some() || inline_command(text).is_some() =>
                {
                    acting.insert(key);
                }
                ElementKind::Paragraph { text, .. } => {
                    let words = tabs.words.entry(key).or_default();
                    if !words.is_empty() {
                        words.push('\n');
                    }
                    words.push_str(text);
                }
                _ => {}
            }
        }
        tabs.words.retain(|key, _| !acting.contains(key));
        tabs.acting = acting.into_iter().map(|(group, _)| group).collect();
        tabs
    }

    /// Whether another tab of the group, or this one, holds something that is done.
    pub(super) fn acts(&self, tab: &Tab) -> bool {
        self.acting.contains(&tab.group)
    }

    /// What a tab says to do by hand, or that there is nothing to do, where other tabs of its group have commands.
    pub(super) fn by_hand(&self, tab: &Tab) -> Option<&str> {
        #[rustfmt::skip] // words, many to a line
        const NOTHING: &[&str] = &[
            "nothing", "no action", "not needed", "not required", "not necessary", "not applicable", "n/a", "none",
            "skip", "no steps", "nichts", "rien", "aucune action", "nada", "ninguna acción", "nenhuma ação",
            "niente", "无需", "無需", "不需要", "不要", "필요 없", "ничего",
        ];
        let words = self.words.get(&(tab.group, tab.name.clone())).filter(|_| self.acts(tab))?;
        (comments::is_act(words) || begins(words, NOTHING)).then_some(words.as_str())
    }
}

/// Makes ways of tabs, once everything is read.
pub(super) fn ways(elements: &[Element], plan: &mut Plan) {
    let mut places: Vec<(usize, usize, &Tab)> =
        elements.iter().filter_map(|e| e.tab().map(|tab| (e.span.line, e.span.end_line, tab))).collect();
    if places.is_empty() {
        return;
    }
    places.sort_by_key(|(line, end, _)| (*line, *end));
    let tab_at = |line: usize| {
        let until = places.partition_point(|(start, ..)| *start <= line);
        places[..until].iter().rev().take(8).find(|(_, end, _)| line <= *end).map(|(.., tab)| *tab)
    };
    let mut choices: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    each_block(plan, &mut |block| {
        for command in block.commands.iter().filter(|c| is_done(c, block)) {
            if let Some(tab) = tab_at(command.span.line) {
                choices.entry(tab.group).or_default().insert(&tab.name);
            }
        }
    });
    choices.retain(|_, names| names.len() > 1);
    each_block(plan, &mut |block| {
        let mut inner: Vec<Option<&Way>> = block.commands.iter().map(|c| c.way.as_ref()).collect();
        inner.dedup();
        // Several ways in one fence are asked for by themselves.
        if inner.len() > 1 && block.language != "prose" {
            return;
        }
        for command in &mut block.commands {
            let tab = tab_at(command.span.line).filter(|tab| choices.contains_key(&tab.group));
            if let Some(tab) = tab {
                command.way = Some(Way { group: format!("tabs@{}", tab.group), name: tab.name.clone() });
            }
        }
    });
}

fn each_block(plan: &mut Plan, change: &mut dyn FnMut(&mut Block)) {
    fn of(step: &mut Step, change: &mut dyn FnMut(&mut Block)) {
        step.blocks.iter_mut().for_each(&mut *change);
        step.substeps.iter_mut().for_each(|s| of(s, change));
    }
    plan.steps.iter_mut().chain(&mut plan.rollback.steps).for_each(|s| of(s, change));
    plan.rollback.verification.iter_mut().for_each(&mut *change);
    plan.monitoring.iter_mut().flat_map(|m| &mut m.blocks).for_each(&mut *change);
    let problems = plan.troubleshooting.iter_mut();
    problems.flat_map(|p| p.check.iter_mut().chain(&mut p.solution)).for_each(&mut *change);
    plan.success.iter_mut().flat_map(|c| &mut c.blocks).for_each(&mut *change);
}

/// Whether a command is something that is done, and no file or text that is shown.
fn is_done(command: &Command, block: &Block) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SHOWN: &[&str] = &[
        "yaml", "yml", "json", "json5", "jsonc", "toml", "ini", "conf", "cfg", "config", "properties", "env",
        "dotenv", "xml", "html", "css", "hcl", "tf", "terraform", "text", "txt", "plaintext", "plain", "output",
        "log", "logs", "diff", "patch", "nginx", "apache", "caddyfile", "dockerfile", "docker", "csv", "md",
        "markdown", "mermaid", "http", "none",
    ];
    let entered = |what: &str| matches!(what, "sql" | "cron");
    command.kind != Kind::Manual
        || !SHOWN.contains(&block.language.as_str()) && block.other.iter().all(|o| entered(&o.what))
}
