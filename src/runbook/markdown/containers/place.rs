//! Containers among the elements.
//!
//! 1. Where a title says that what is in it takes back or mends, it is a section of its own: those commands are run
//!    when that is called for, never as one more step among those around them. A box without a title, or with one
//!    that says only "danger", has that of its first line.
//! 2. Any other title is a paragraph: "Expected output" says what the block under it is. That of a tab is the name of
//!    a way.
//! 3. A heading in a container stays in it: it is one level deeper than that around it, or a label where something
//!    follows that is no heading.

use std::ops::Range;

use super::super::super::vocabulary::beside_steps;
use super::super::element::{Element, ElementKind, Held, Lines, Tab};
use super::{Container, names, tabs};

/// The elements with the titles of containers among them, and what is set apart behind what stands around it.
pub(super) fn placed(
    text: &str,
    lines: &Lines,
    mut found: Vec<Element>,
    mut containers: Vec<Container>,
) -> Vec<Element> {
    let elements = |c: &Container| {
        let first = found.partition_point(|e| e.span.start < c.start);
        first..found.partition_point(|e| e.span.start < c.end).max(first)
    };
    let ranges: Vec<Range<usize>> = containers.iter().map(elements).collect();
    let beside: Vec<Option<Beside>> =
        containers.iter().zip(&ranges).map(|(c, range)| beside(text, c, range, &found)).collect();
    for (container, _) in containers.iter_mut().zip(&beside).filter(|(_, beside)| beside.is_some()) {
        container.group = None;
    }
    tabs::ungroup_single(&mut containers);
    let is_code = |e: &&Element| matches!(e.kind, ElementKind::Code(_));
    let fences: Vec<usize> = found.iter().filter(is_code).map(|e| e.span.start).collect();
    tabs::joined(&mut containers, &fences);
    for (container, range) in containers.iter().zip(&ranges) {
        hold(container, lines, &mut found[range.clone()]);
    }
    keep_headings(&mut found, &ranges, &beside);
    let parts = containers
        .into_iter()
        .zip(ranges)
        .zip(beside)
        .map(|((container, elements), beside)| Part { container, elements, beside })
        .collect();
    let moved = vec![0; found.len()];
    let count = found.len();
    let left = found.into_iter().map(Some).collect();
    let mut placer = Placer { lines, parts, left, moved, all: vec![], waiting: vec![], level: 1 };
    placer.arrange(0..count, 0..placer.parts.len(), true);
    placer.append();
    placer.done()
}

/// What is set apart: its title, and the element that has said it.
struct Beside {
    title: String,
    said: Option<usize>,
}

/// Whether a container holds what is beside the steps: something to do, under a title that says so.
fn beside(text: &str, container: &Container, range: &Range<usize>, found: &[Element]) -> Option<Beside> {
    let inside = found.get(range.clone())?;
    let acts = |e: &Element| match &e.kind {
        ElementKind::Code(_) => true,
        ElementKind::Item { text, task, number, .. } => {
            number.is_some() || task.is_some() || text.contains('`')
        }
        _ => false,
    };
    if !inside.iter().any(acts) {
        return None;
    }
    if let Some(title) = container.title.as_ref().filter(|t| !names::is_sort(t)) {
        return beside_steps(title).map(|_| Beside { title: title.clone(), said: None });
    }
    let first = inside.first()?;
    let (title, whole) = first_line(text, first)?;
    let said = whole.then_some(range.start);
    beside_steps(&title).map(|_| Beside { title, said })
}

/// What the first element of a box says, if that is a title, and whether it says nothing else.
fn first_line(text: &str, element: &Element) -> Option<(String, bool)> {
    const MOST_WORDS: usize = 8;
    let title =
        |line: &str| line.trim_matches(|c: char| c.is_whitespace() || "*_:：#".contains(c)).to_owned();
    match &element.kind {
        ElementKind::Heading(_, heading) => Some((title(heading), true)),
        ElementKind::Paragraph { text: said, bold } => {
            let first = said.lines().next()?;
            let whole = said.lines().nth(1).is_none();
            let source = text.get(element.span.start..element.span.end)?;
            let lead = ["**", "__"].iter().find_map(|sign| source.strip_prefix(sign)?.split_once(sign));
            let short = first.split_whitespace().count() <= MOST_WORDS
                && !first.ends_with(['.', '!', '?', ',', '。']);
            match lead {
                _ if *bold && whole => Some((title(first), true)),
                Some((lead, rest)) => Some((title(lead), rest.trim_matches([':', ' ']).is_empty())),
                None if short => Some((title(first), whole)),
                None => None,
            }
        }
        _ => None,
    }
}

/// Tells elements that they stand in a container.
fn hold(container: &Container, lines: &Lines, inside: &mut [Element]) {
    let tab = container
        .group
        .map(|group| Tab { group: lines.line(group), name: container.title.clone().unwrap_or_default() });
    for element in inside {
        let around = element.held.take().and_then(|held| held.tab);
        element.held = Some(Held { end: container.end, tab: tab.clone().or(around), title: false });
    }
}

/// Keeps headings in the containers that they stand in.
fn keep_headings(found: &mut [Element], ranges: &[Range<usize>], beside: &[Option<Beside>]) {
    let level_of = |e: &Element| match &e.kind {
        ElementKind::Heading(level, _) => Some(*level),
        _ => None,
    };
    // The level around is that of the last heading outside of all containers: tabs of one group stand side by side.
    let (mut behind, mut around) = (0, 0);
    for (range, beside) in ranges.iter().zip(beside) {
        if range.start < behind || range.is_empty() {
            continue;
        }
        around = found[behind..range.start].iter().rev().find_map(level_of).unwrap_or(around);
        behind = range.end;
        let Some(highest) =
            found[range.clone()].iter().filter_map(level_of).min().filter(|_| beside.is_none())
        else {
            continue;
        };
        let ends = found.get(range.end).is_none_or(|e| level_of(e).is_some());
        let deeper = (around + 1_u8).saturating_sub(highest);
        for element in &mut found[range.clone()] {
            deepen(element, deeper, ends && around < 6);
        }
    }
}

/// Makes a heading deeper, or a label.
fn deepen(element: &mut Element, by: u8, stays: bool) {
    let ElementKind::Heading(level, title) = &mut element.kind else { return };
    if stays {
        *level = (*level + by).min(6);
    } else {
        let text = std::mem::take(title);
        element.kind = ElementKind::Paragraph { text, bold: true };
    }
}

struct Part {
    container: Container,
    /// What stands in it.
    elements: Range<usize>,
    beside: Option<Beside>,
}

/// A part that is set apart: its heading, its elements, and the parts in it.
struct Waiting {
    heading: Element,
    elements: Range<usize>,
    parts: Range<usize>,
    said: Option<usize>,
}

struct Placer<'l> {
    lines: &'l Lines,
    parts: Vec<Part>,
    left: Vec<Option<Element>>,
    /// Where each element went: they know the list item that they stand in by its place.
    moved: Vec<usize>,
    all: Vec<Element>,
    waiting: Vec<Waiting>,
    /// The level of the last heading.
    level: u8,
}

impl Placer<'_> {
    /// Places elements and the titles of the parts among them; `apart` where some may be set apart.
    fn arrange(&mut self, elements: Range<usize>, parts: Range<usize>, apart: bool) {
        let (mut at, mut next) = (elements.start, parts.start);
        loop {
            if next < parts.end && self.parts[next].elements.start <= at {
                let inner = self.inner(next, parts.end);
                if apart && let Some(waiting) = self.set_apart(next, inner.clone()) {
                    at = at.max(waiting.elements.end);
                    next = inner.end;
                    self.waiting.push(waiting);
                } else {
                    self.title(next);
                    next += 1;
                }
                continue;
            }
            if at >= elements.end {
                return;
            }
            if let Some(element) = self.left[at].take() {
                if let ElementKind::Heading(level, _) = &element.kind {
                    let level = *level;
                    if apart {
                        self.append();
                    }
                    self.level = level;
                }
                self.moved[at] = self.all.len();
                self.all.push(element);
            }
            at += 1;
        }
    }

    /// The parts in a part.
    fn inner(&self, part: usize, end: usize) -> Range<usize> {
        let behind = self.parts[part].container.end;
        let inside = |p: &usize| self.parts[*p].container.start < behind;
        part + 1..(part + 1..end).take_while(inside).last().map_or(part + 1, |last| last + 1)
    }

    fn set_apart(&self, part: usize, parts: Range<usize>) -> Option<Waiting> {
        let Part { container, elements, beside } = &self.parts[part];
        let Beside { title, said } = beside.as_ref()?;
        let kind = ElementKind::Heading((self.level + 1).clamp(2, 6), title.clone());
        let span = self.lines.whole(self.lines.line(container.start));
        let heading = Element { span, kind, item: None, held: None };
        Some(Waiting { heading, elements: elements.clone(), parts, said: *said })
    }

    /// A title that is a paragraph.
    fn title(&mut self, part: usize) {
        let Part { container, elements, .. } = &self.parts[part];
        let title = container.title.as_ref().filter(|_| container.group.is_none());
        let Some(title) = title.or(container.warns.as_ref()).filter(|_| container.group.is_none()) else {
            return;
        };
        let ends = title.ends_with([':', '.', '?', '!', '：', '。']);
        let text = if ends { title.clone() } else { format!("{title}:") };
        let span = self.lines.whole(self.lines.line(container.start));
        let first = elements.clone().next().and_then(|at| self.left[at].as_ref());
        let tab = first.and_then(|e| e.held.as_ref()).and_then(|held| held.tab.clone());
        let held = Some(Held { end: container.end, tab, title: true });
        let item = first.and_then(|e| e.item);
        self.all.push(Element { span, kind: ElementKind::Paragraph { text, bold: false }, item, held });
    }

    /// Places what was set apart, behind what stands around it.
    fn append(&mut self) {
        for Waiting { heading, elements, parts, said } in std::mem::take(&mut self.waiting) {
            let around = if let ElementKind::Heading(level, _) = heading.kind { level } else { 6 };
            self.all.push(heading);
            if let Some(said) = said {
                self.left[said] = None;
            }
            let levels = self.left[elements.clone()].iter().flatten().filter_map(|e| match &e.kind {
                ElementKind::Heading(level, _) => Some(*level),
                _ => None,
            });
            let deeper = levels.min().map_or(0, |highest| (around + 1).saturating_sub(highest));
            for element in self.left[elements.clone()].iter_mut().flatten() {
                deepen(element, deeper, around < 6);
                element.item = element.item.filter(|item| elements.contains(item));
            }
            let level = self.level;
            self.arrange(elements, parts, false);
            self.level = level;
        }
    }

    fn done(mut self) -> Vec<Element> {
        for element in &mut self.all {
            element.item = element.item.and_then(|item| self.moved.get(item).copied());
        }
        self.all
    }
}
