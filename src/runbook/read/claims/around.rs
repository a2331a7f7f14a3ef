//! What words around the commands say is to be seen, in whatever sentence of theirs: above a fence, below it, behind
//! another sentence, in an item of a list.
//!
//! 1. What leads to a fence with a colon is about that fence.
//! 2. Without a colon it is about the fence above it; but where only the fence below reads something, about that.
//! 3. With neither under its heading it is about nothing, and is listed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::expect::{Meaning, sentences};
use super::super::super::markdown::{Element, ElementKind, Tab};
use super::super::super::model::{Block, Command, Expectation, Plan, Step};
use super::outcomes;
use super::subject::claim_of;
use crate::shell::{Effect, Kind};

/// Hangs what no part of the plan has yet on the commands that it is about.
pub(in super::super) fn place(elements: &[Element], plan: &mut Plan) {
    let around = Around { elements, fences: fences(plan), taken: taken(plan) };
    let mut found: BTreeMap<usize, Vec<Expectation>> = BTreeMap::new();
    for (at, element) in elements.iter().enumerate() {
        if around.taken.contains(&element.span.line) {
            continue;
        }
        match &element.kind {
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, task: None, .. } => {
                let about = match outcomes::find(elements, at) {
                    Some(listed) => around.above(at).map(|fence| (fence.start, listed)).into_iter().collect(),
                    None => around.said(at, text),
                };
                for (start, expected) in about {
                    found.entry(start).or_default().push(expected);
                }
            }
            _ => {}
        }
    }
    each_block(plan, &mut |block| {
        for expected in found.get(&block.span.start).into_iter().flatten() {
            claim_of(block, expected.clone());
        }
    });
}

/// A block of the steps or of the way back.
struct Fence {
    start: usize,
    /// One of its commands only reads.
    reads: bool,
    /// Something is said already that one of them shows.
    told: bool,
}

struct Around<'e> {
    elements: &'e [Element],
    /// In the order of the document.
    fences: Vec<Fence>,
    /// Lines that a part of the plan has.
    taken: BTreeSet<usize>,
}

impl Around<'_> {
    /// The sentences of a text that say what is to be seen, each with the first byte of the block that it is about.
    fn said(&self, at: usize, text: &str) -> Vec<(usize, Expectation)> {
        let Some(element) = self.elements.get(at) else { return vec![] };
        let mut found = Vec::new();
        for sentence in sentences::said(text) {
            let leads = sentence.ends_with([':', '：']) && text.trim_end().ends_with(sentence);
            let (above, below) = (self.above(at), self.below(at));
            let fence = match (above, below) {
                (_, Some(below)) if leads && below.reads => below,
                (None, Some(below)) if below.reads => below,
                (Some(above), Some(below)) if below.reads && !above.reads => below,
                (Some(above), _) if !leads => above,
                _ => continue,
            };
            if fence.told && !sentences::says_plainly(sentence) {
                continue;
            }
            let before = text.find(sentence).and_then(|begin| text.get(..begin)).unwrap_or("");
            let line = element.span.line + before.matches('\n').count();
            let Meaning { check, left } = sentences::read(sentence);
            let text = sentence.to_owned();
            found.push((fence.start, Expectation { line, text, check, left, block: false }));
        }
        found
    }

    /// The nearest block above an element, under the same heading and in the same tab.
    fn above(&self, at: usize) -> Option<&Fence> {
        let element = self.elements.get(at)?;
        let earlier = self.elements.get(..at)?;
        let heading = earlier.iter().rposition(|e| matches!(e.kind, ElementKind::Heading(..)));
        let from = heading.and_then(|at| earlier.get(at)).map_or(0, |heading| heading.span.start);
        let behind = self.fences.partition_point(|fence| fence.start < element.span.start);
        let fence = self.fences.get(behind.checked_sub(1)?)?;
        let tab = earlier.iter().rfind(|e| e.span.start == fence.start).and_then(Element::tab);
        (fence.start >= from && tab == element.tab()).then_some(fence)
    }

    /// The block right below it.
    fn below(&self, at: usize) -> Option<&Fence> {
        let (element, next) = (self.elements.get(at)?, self.elements.get(at + 1)?);
        let fenced = matches!(next.kind, ElementKind::Code(_)) && same_tab(element.tab(), next.tab());
        let at = self.fences.partition_point(|fence| fence.start < next.span.start);
        self.fences.get(at).filter(|fence| fenced && fence.start == next.span.start)
    }
}

/// Words before a group of tabs lead to the first of them.
fn same_tab(words: Option<&Tab>, fence: Option<&Tab>) -> bool {
    words.is_none() || words == fence
}

fn fences(plan: &Plan) -> Vec<Fence> {
    fn of(step: &Step, found: &mut Vec<Fence>) {
        let stands = |c: &&Command| !c.alternative;
        // A configuration or an output that a person is shown does not show anything itself.
        let acts = |block: &&Block| {
            let runs = |c: &Command| stands(&c) && (c.kind != Kind::Manual || block.language == "prose");
            block.commands.iter().any(runs)
        };
        for block in step.blocks.iter().filter(acts) {
            let mut commands = block.commands.iter().filter(stands);
            let reads = commands.any(|c| c.effect == Effect::Reads && c.kind != Kind::Manual);
            let told = block.commands.iter().any(|c| !c.expects.is_empty());
            found.push(Fence { start: block.span.start, reads, told });
        }
        step.substeps.iter().for_each(|part| of(part, found));
    }
    let mut found = Vec::new();
    plan.steps.iter().chain(&plan.rollback.steps).for_each(|step| of(step, &mut found));
    found.sort_by_key(|fence| fence.start);
    found
}

/// Lines whose words are something else already: what is done by hand, ticked, decided by, seen.
fn taken(plan: &Plan) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for command in plan.all_commands() {
        lines.extend(command.expects.iter().map(|e| e.line));
        if command.kind == Kind::Manual {
            lines.extend(command.span.line..=command.span.end_line);
        }
    }
    let lists = plan.checklists.iter().flat_map(|list| &list.items);
    lines.extend(lists.chain(plan.monitoring.iter().flat_map(|m| &m.items)).map(|item| item.line));
    lines.extend(plan.success.iter().map(|criterion| criterion.line));
    lines.extend(plan.rollback.triggers.iter().map(|trigger| trigger.line));
    lines.extend(plan.troubleshooting.iter().map(|problem| problem.line));
    lines
}

fn each_block(plan: &mut Plan, change: &mut dyn FnMut(&mut Block)) {
    fn of(step: &mut Step, change: &mut dyn FnMut(&mut Block)) {
        step.blocks.iter_mut().for_each(&mut *change);
        step.substeps.iter_mut().for_each(|part| of(part, change));
    }
    plan.steps.iter_mut().chain(&mut plan.rollback.steps).for_each(|step| of(step, change));
}
