//! What a heading says of its step: that it is one of a sequence, optional, one of several ways, how long it takes.

use super::super::comments;
use super::super::markdown::{Element, ElementKind};
use super::super::model::{Command, Step, StepId, Way};
use super::super::vocabulary::{self, begins};
use super::super::words::{duration_s, estimate_s, is_afterwards, lower_words, numbered, timed};

/// A heading that is one of a sequence.
pub(super) fn sequenced(title: &str) -> bool {
    numbered(title).is_some() || timed(title)
}

pub(super) fn title_is_optional(title: &str) -> bool {
    let words = lower_words(title);
    comments::is_optional(title)
        || words.iter().any(|w| w == "optional")
        || words.iter().any(|w| w == "if") && title.contains('(')
}

/// What a heading says holds for all commands under it: that they are optional, or run only if something holds.
pub(super) fn title_says(step: &mut Step, title: &str) {
    let bracket = title.split_once('(').map(|(_, rest)| rest.split(')').next().unwrap_or(rest));
    let only_if = bracket.filter(|b| begins(b, vocabulary::IF) || vocabulary::ends(b, vocabulary::IF_NEEDED));
    let optional = comments::is_optional(title);
    let Some(condition) = only_if.map(str::to_owned).or(optional.then(String::new)) else { return };
    each_command(step, &mut |command| {
        if condition.is_empty() {
            command.optional = true;
        } else if command.condition.is_none() && !command.alternative {
            command.condition = Some(title.to_owned());
        }
    });
}

fn each_command(step: &mut Step, change: &mut dyn FnMut(&mut Command)) {
    step.blocks.iter_mut().flat_map(|b| &mut b.commands).for_each(&mut *change);
    step.substeps.iter_mut().for_each(|s| each_command(s, change));
}

/// Siblings that are several ways to do one thing: one of them is gone.
pub(super) fn ways(siblings: &mut [Step], group: &StepId) {
    let named: Vec<Option<String>> = siblings.iter().map(|s| vocabulary::way(&s.title)).collect();
    if named.iter().flatten().count() < 2 {
        return;
    }
    for (step, name) in siblings.iter_mut().zip(named) {
        let Some(name) = name else { continue };
        each_command(step, &mut |command| {
            // Of options in options the inner ones are asked for.
            if command.way.is_none() {
                command.way = Some(Way { group: group.0.clone(), name: name.clone() });
            }
        });
    }
}

/// How long a heading or the words under it say that it takes.
pub(super) fn estimate(title: &str, elements: &[&Element]) -> Option<u64> {
    if is_afterwards(title) {
        return None;
    }
    if let Some(seconds) = estimate_s(title) {
        return Some(seconds);
    }
    elements.iter().find_map(|e| match &e.kind {
        ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => text.lines().find_map(|l| {
            let lower = l.to_lowercase();
            if let Some((_, rest)) =
                lower.split_once("typically takes ").or_else(|| lower.split_once("completes in "))
            {
                return duration_s(rest);
            }
            let (name, value) = lower.split_once(':')?;
            [
                "duration",
                "estimated time",
                "time",
                "estimate",
                "estimated duration",
                "durée",
                "duración",
                "duração",
                "dauer",
                "耗时",
                "预计时间",
            ]
            .contains(&name.trim())
            .then(|| duration_s(value))
            .flatten()
        }),
        _ => None,
    })
}
