//! Which lists of a section hold fences or commands: what their items say is done, in its place.

use std::collections::{BTreeMap, BTreeSet};

use super::super::comments::acts::is_told;
use super::super::markdown::{Element, ElementKind};
use super::inline_command;

/// Tags of fences with commands.
const SHELLS: &[&str] = &["", "bash", "sh", "shell", "zsh", "console", "terminal", "shell-session"];

/// Which lists hold fences or commands, and which items hold others that do.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) with_code: BTreeSet<usize>,
    pub(super) with_commands: BTreeSet<usize>,
    /// Items, by their first byte, with a fence somewhere inside of them.
    pub(super) holders: BTreeSet<usize>,
    /// The same with a fence or a command in an item inside of them.
    pub(super) parents: BTreeSet<usize>,
    /// Numbered lists that tell what to do, most of their items by their verb.
    pub(super) told: BTreeSet<usize>,
    /// There is a fence or a command at all.
    pub(super) any: bool,
}

impl Lists {
    pub(super) fn of(elements: &[&Element]) -> Self {
        let mut lists = Self::default();
        let mut open: Vec<&Element> = Vec::new();
        let mut previous: Option<&Element> = None;
        let mut family = None;
        let mut owners: BTreeMap<usize, &Element> = BTreeMap::new();
        let mut goes_on: Vec<(usize, usize)> = Vec::new();
        let mut verbs: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for element in elements {
            // The first that stands in an item stands right behind its text.
            if let Some(at) = element.item
                && let Some(owner) = previous.filter(|p| matches!(p.kind, ElementKind::Item { .. }))
            {
                owners.entry(at).or_insert(owner);
            }
            match &element.kind {
                ElementKind::Item { text, list, number, .. } => {
                    while open
                        .last()
                        .is_some_and(|o| o.span.end > element.span.start || !same_depth(o, element))
                        && open.len() > 8
                    {
                        open.pop();
                    }
                    open.push(element);
                    if number.is_some() && element.item.is_none() {
                        let (all, told) = verbs.entry(*list).or_default();
                        *all += 1;
                        *told += usize::from(is_told(text));
                    }
                    if inline_command(text).is_some() {
                        lists.with_commands.insert(*list);
                        lists.nested_in(element, &owners);
                    }
                    // A list that goes on counting after an unindented fence or paragraph is the same list.
                    if let Some(n) = number.filter(|n| *n > 1)
                        && let Some((before, last)) = family
                    {
                        if lists.with_code.contains(&before) {
                            lists.with_code.insert(*list);
                        }
                        if before != *list && last == Some(n - 1) {
                            goes_on.push((before, *list));
                        }
                    }
                    family = Some((*list, *number));
                }
                ElementKind::Code(code) => {
                    lists.any = true;
                    let owner = element.item.and_then(|_| open.last().copied());
                    let adjacent = previous.filter(|p| leads_to_fence(p));
                    if let Some(owner) = owner.or(adjacent)
                        && let ElementKind::Item { list, .. } = &owner.kind
                    {
                        lists.with_code.insert(*list);
                        lists.holders.insert(owner.span.start);
                        // A file to write says how what is around it is done.
                        if SHELLS.contains(&code.language.as_str()) {
                            lists.nested_in(owner, &owners);
                        }
                    }
                }
                _ => {}
            }
            previous = Some(element);
        }
        let most = |(_, (all, told)): &(usize, (usize, usize))| told * 2 >= *all;
        lists.told = verbs.into_iter().filter(most).map(|(list, _)| list).collect();
        // What stands before the first fence is done as well.
        for (before, list) in goes_on.into_iter().rev() {
            if lists.with_code.contains(&list) {
                lists.with_code.insert(before);
            }
        }
        lists
    }

    /// Items around one with a fence or a command: what else their lists say is done as well.
    fn nested_in(&mut self, element: &Element, owners: &BTreeMap<usize, &Element>) {
        self.any = true;
        let mut at = element.item;
        while let Some(owner) = at.and_then(|at| owners.get(&at)) {
            let ElementKind::Item { list, task, .. } = &owner.kind else { return };
            // A box to tick stays one.
            if task.is_none() {
                self.with_commands.insert(*list);
            }
            self.parents.insert(owner.span.start);
            at = owner.item.filter(|above| Some(*above) != at);
        }
    }
}

/// An item that the fence after it belongs to although it is not indented: a numbered one, or one with a colon.
pub(super) fn leads_to_fence(element: &Element) -> bool {
    matches!(&element.kind, ElementKind::Item { text, number, .. } if number.is_some() || text.trim_end().ends_with([':', '：']))
}

fn same_depth(a: &Element, b: &Element) -> bool {
    a.item == b.item
}
