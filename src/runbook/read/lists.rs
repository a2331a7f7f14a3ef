//! Which lists of a section hold fences or commands: what their items say is done, in its place.

use std::collections::BTreeSet;

use super::super::markdown::{Element, ElementKind};
use super::inline_command;

/// Which lists hold fences or commands, and which items hold others that do.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) with_code: BTreeSet<usize>,
    pub(super) with_commands: BTreeSet<usize>,
    /// Items, by their first byte, with a fence somewhere inside of them.
    pub(super) holders: BTreeSet<usize>,
}

impl Lists {
    pub(super) fn of(elements: &[&Element]) -> Self {
        let mut lists = Self::default();
        let mut open: Vec<&Element> = Vec::new();
        let mut previous: Option<&Element> = None;
        let mut family = None;
        for element in elements {
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
                    if inline_command(text).is_some() {
                        lists.with_commands.insert(*list);
                    }
                    // A list that goes on counting after an unindented fence is the same list.
                    if number.is_some_and(|n| n > 1)
                        && let Some(before) = family
                        && lists.with_code.contains(&before)
                    {
                        lists.with_code.insert(*list);
                    }
                    family = Some(*list);
                }
                ElementKind::Code(_) => {
                    let owner = element.item.and_then(|_| open.last().copied());
                    let adjacent = previous.filter(|p| leads_to_fence(p));
                    if let Some(owner) = owner.or(adjacent)
                        && let ElementKind::Item { list, .. } = &owner.kind
                    {
                        lists.with_code.insert(*list);
                        lists.holders.insert(owner.span.start);
                    }
                }
                _ => {}
            }
            previous = Some(element);
        }
        lists
    }
}

/// An item that the fence after it belongs to although it is not indented: a numbered one, or one with a colon.
pub(super) fn leads_to_fence(element: &Element) -> bool {
    matches!(&element.kind, ElementKind::Item { text, number, .. } if number.is_some() || text.trim_end().ends_with([':', '：']))
}

fn same_depth(a: &Element, b: &Element) -> bool {
    a.item == b.item
}
