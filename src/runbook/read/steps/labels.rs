//! Labels that name one of several ways: "**Option A: rolling**" over a list, "- Option B" over the items in it. What
//! stands under one is of one part, which is taken or not.

use std::collections::BTreeSet;

use super::super::super::comments;
use super::super::super::comments::apart;
use super::super::super::comments::options::is_option;
use super::super::super::markdown::{Element, ElementKind};
use super::super::super::vocabulary;
use super::super::super::words::lower_words;
use super::super::lists::Lists;
use super::super::platforms;
use super::super::titles::are_ways;

/// What a sentence of that length or more says is no label.
const LONGEST: usize = 10;

/// The labels under one heading, and the one that is read under.
#[derive(Default)]
pub(super) struct Labels {
    /// Those that name a way, by their first byte.
    ways: BTreeSet<usize>,
    /// Items that are ways by themselves: "- Staging: `./deploy.sh staging`".
    items: BTreeSet<usize>,
    /// Labels that ask something: "Getting an error?" What is under them is for who has to say yes.
    asks: BTreeSet<usize>,
    under: Under,
    /// Which item what stands directly in a way is in.
    inside: Option<usize>,
    /// "Then, …" goes on with a way.
    goes_on: bool,
    /// The way's label is a paragraph as any other: a further one like it, or a further fence, may be of all ways.
    plain: bool,
    /// A fence stood under it; and a way before the last has several.
    fenced: bool,
    several: bool,
    /// The label is one behind the last way: a list or a table behind its fence is none of it.
    behind: bool,
}

/// What an element stands under.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Under {
    #[default]
    Nothing,
    /// A label, up to the next one.
    Label,
    /// An item, with what stands in it.
    Item,
}

/// What words behind the last way are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Whichever was taken.
    All,
    /// Nothing says whether it goes on with the last one.
    Unknown,
}

impl Labels {
    pub(super) fn of(elements: &[&Element], lists: &Lists) -> Self {
        let paragraphs = elements.iter().enumerate().filter(|(at, element)| {
            let ElementKind::Paragraph { text, bold } = &element.kind else { return false };
            let leads = elements
                .get(at + 1)
                .is_some_and(|next| matches!(next.kind, ElementKind::Item { .. } | ElementKind::Code(_)));
            let short = text.split_whitespace().count() <= LONGEST;
            let label = text.trim_end().ends_with([':', '：']) || is_option(text);
            element.item.is_none() && element.tab().is_none() && (*bold || leads && short && label)
        });
        let mut ways = named(paragraphs.map(|(_, element)| *element));
        let items = elements.iter().copied().filter(|element| {
            element.item.is_none() && matches!(element.kind, ElementKind::Item { task: None, .. })
        });
        let (around, single): (Vec<&Element>, Vec<&Element>) =
            items.partition(|item| lists.parents.contains(&item.span.start));
        ways.extend(named(around.into_iter()));
        let asks = elements.iter().filter(|element| match &element.kind {
            ElementKind::Paragraph { text, bold } => *bold && text.trim_end().ends_with(['?', '？']),
            _ => false,
        });
        let asks = asks.map(|element| element.span.start).collect();
        Self { ways, items: named(single.into_iter()), asks, ..Self::default() }
    }

    /// Whether an element names a way.
    pub(super) fn name(&self, element: &Element) -> bool {
        self.ways.contains(&element.span.start)
    }

    /// Whether an item is a way by itself.
    pub(super) fn is_way(&self, item: &Element) -> bool {
        self.items.contains(&item.span.start)
    }

    /// Whether what is read stands under a way.
    pub(super) fn holds(&self) -> bool {
        self.under != Under::Nothing
    }

    /// Whether an item is one of those that a way consists of, and says nothing of another one.
    pub(super) fn lists(&self, element: &Element) -> bool {
        self.under == Under::Item && element.item.is_some() && element.item == self.inside
    }

    /// Whether an element stands behind the item that names a way, and not in it; or whether it is a further fence under the
    /// last plain label, where the others have one each.
    pub(super) fn ends_at(&self, element: &Element) -> bool {
        self.under == Under::Item && element.item.is_none() || self.is_further(element)
    }

    fn is_further(&self, element: &Element) -> bool {
        let fence = matches!(element.kind, ElementKind::Code(_)) && element.item.is_none();
        fence
            && self.under == Under::Label
            && self.plain
            && self.fenced
            && !self.several
            && self.is_last(element)
    }

    /// Whether no way begins behind an element.
    fn is_last(&self, element: &Element) -> bool {
        self.ways.last().is_some_and(|last| *last < element.span.start)
    }

    /// Notes a fence.
    pub(super) fn pass(&mut self, fence: &Element) {
        self.several |= self.fenced && !self.is_last(fence);
        self.fenced = true;
    }

    /// Goes on to an element: what words behind the last way are for, if they lead out of it.
    pub(super) fn go_on(&mut self, element: &Element) -> Option<Behind> {
        let rows = matches!(element.kind, ElementKind::Item { .. } | ElementKind::Table { .. });
        if self.behind && self.fenced && rows && element.item.is_none() {
            (self.under, self.behind) = (Under::Nothing, false);
        }
        let behind = self.leads_out(element);
        if behind.is_some() {
            (self.behind, self.fenced) = (true, false);
        }
        behind
    }

    fn leads_out(&mut self, element: &Element) -> Option<Behind> {
        let is_item = matches!(element.kind, ElementKind::Item { .. });
        if self.name(element) {
            self.under = if is_item { Under::Item } else { Under::Label };
            self.inside = None;
            self.behind = false;
            (self.plain, self.fenced) =
                (matches!(element.kind, ElementKind::Paragraph { bold: false, .. }), false);
            return None;
        }
        if self.asks.contains(&element.span.start) {
            (self.under, self.inside, self.goes_on) = (Under::Label, None, true);
            return Some(Behind::Unknown);
        }
        if self.under == Under::Item && is_item && self.inside.is_none() {
            self.inside = element.item;
        }
        if self.is_further(element) {
            self.plain = false;
            return Some(Behind::Unknown);
        }
        if self.ends_at(element) {
            self.under = Under::Nothing;
            // What stands behind the list is of no item in it.
            return (!is_item).then_some(Behind::All);
        }
        let ElementKind::Paragraph { text, bold } = &element.kind else { return None };
        if self.under != Under::Label || element.item.is_some() {
            return None;
        }
        if *bold && names_part(text) {
            self.under = Under::Nothing;
            return None;
        }
        if apart::is_for_all_ways(text) {
            self.plain = false;
            return Some(Behind::All);
        }
        let goes_on = apart::is_afterwards(text);
        let label = text.trim_end().ends_with([':', '：']) && text.split_whitespace().count() <= LONGEST;
        let unknown = self.is_last(element) && if goes_on { !self.goes_on } else { self.plain && label };
        self.goes_on |= goes_on;
        self.plain &= !unknown;
        unknown.then_some(Behind::Unknown)
    }
}

/// The first bytes of those that name ways side by side.
fn named<'e>(labels: impl Iterator<Item = &'e Element>) -> BTreeSet<usize> {
    let (starts, titles): (Vec<usize>, Vec<&str>) = labels
        .filter_map(|element| match &element.kind {
            ElementKind::Paragraph { text, .. } => Some((element.span.start, first_line(text))),
            ElementKind::Item { text, number: None, .. } => Some((element.span.start, first_line(text))),
            // What is counted is done one after another, unless it is said to be an option.
            ElementKind::Item { text, .. } if is_option(text) => Some((element.span.start, first_line(text))),
            _ => None,
        })
        .unzip();
    starts.into_iter().zip(are_ways(&titles)).filter(|(_, way)| *way).map(|(start, _)| start).collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text).trim_end_matches([':', '：', '*']).trim()
}

/// A bold label that names a part ("Test 1: …"), not one that leads in ("Check:").
pub(super) fn names_part(text: &str) -> bool {
    let words = lower_words(text);
    let numbered = words.len() > 1 && words[1].bytes().all(|b| b.is_ascii_digit());
    let way = vocabulary::way(text).is_some();
    numbered
        || way
        || platforms::is_one(&format!("{text}:"))
        || (words.len() > 1 && !text.trim_end().ends_with([':', '：']) && !comments::is_expectation(text))
}
