//! Applies corrections to what was read: to fences, to single commands, to what is done by hand.

use super::super::markdown::{Element, ElementKind};
use super::super::model::{Block, Command, Expectation, OtherLines, Plan, Step, Way};
use super::find::Targets;
use super::words::Word;
use crate::shell::Kind;

/// What is said to be run, or how, is a shell's, whatever its fence says.
pub(in crate::runbook) fn set_languages(elements: &mut [Element], targets: &Targets) {
    if targets.is_empty() {
        return;
    }
    let runs = |line: usize| {
        targets.on(line).any(|(word, _)| matches!(word, Word::Kind(kind) if *kind != Kind::Manual))
    };
    for element in elements {
        let span = element.span;
        if let ElementKind::Code(code) = &mut element.kind {
            code.runs = runs(span.line);
            if code.runs {
                "bash".clone_into(&mut code.language);
            }
            code.commands = (span.line + 1..=span.end_line).filter(|line| runs(*line)).collect();
        }
    }
}

/// Applies them to all blocks. Roles of headings are applied where sections get theirs.
pub(in crate::runbook) fn apply(plan: &mut Plan, targets: &Targets) {
    if targets.is_empty() {
        return;
    }
    let headings: Vec<usize> = plan.outline.iter().map(|entry| entry.line).collect();
    let heading = |line: usize| headings.iter().copied().filter(|h| *h <= line).max().unwrap_or(0);
    each_block(plan, &mut |block| {
        let of_fence: Vec<(&Word, &str)> = targets.on(block.span.line).collect();
        let commands = std::mem::take(&mut block.commands);
        for mut command in commands {
            let lines = command.span.line..=command.span.end_line.max(command.span.line);
            let lines = lines.filter(|line| *line != block.span.line);
            let own: Vec<(&Word, &str)> = lines.flat_map(|line| targets.on(line)).collect();
            let said: Vec<(&Word, &str)> = of_fence.iter().chain(&own).copied().collect();
            // The nearest says whether it is a command at all: one that was left out can be taken in again.
            let nearest = said.iter().rev().find(|(word, _)| is_about_what(word));
            match nearest.and_then(|(word, by)| no_command(word, by)) {
                Some(what) => block.other.push(OtherLines {
                    line: command.span.line,
                    end_line: command.span.end_line.max(command.span.line),
                    text: command.text,
                    what,
                }),
                None => {
                    for (word, _) in said {
                        correct(&mut command, word, heading(block.span.line));
                    }
                    block.commands.push(command);
                }
            }
        }
    });
}

/// Whether a word says what something is: a command, and how it is run, or none.
fn is_about_what(word: &Word) -> bool {
    matches!(word, Word::Skip | Word::Here | Word::Text | Word::Output | Word::Kind(_) | Word::ByHand)
}

/// What a command is instead of one.
fn no_command(word: &Word, by: &str) -> Option<String> {
    match word {
        Word::Skip => Some(format!("skipped, by {by}")),
        Word::Here => Some(format!("already here, by {by}")),
        Word::Text => Some("text".into()),
        Word::Output => Some("output".into()),
        _ => None,
    }
}

fn correct(command: &mut Command, word: &Word, heading: usize) {
    match word {
        Word::Kind(kind) => {
            command.kind = *kind;
            command.doubt = None;
        }
        Word::Effect(effect) => {
            command.effect = *effect;
            command.doubt = None;
        }
        Word::ByHand => {
            command.kind = Kind::Manual;
            command.doubt = None;
        }
        Word::Optional => command.optional = true,
        Word::Option(name) => {
            command.way = Some(Way { group: format!("option@{heading}"), name: name.clone() });
            command.alternative = false;
        }
        Word::Timeout(seconds) => command.timeout_s = Some(*seconds),
        Word::Expect(words) => {
            let line = command.span.end_line.max(command.span.line);
            command.expects.push(Expectation::under(line, words));
        }
        Word::Value(name) => {
            command.text = with_hole(&command.text, name);
            if !command.holes.contains(name) && command.text.contains(&format!("<{name}>")) {
                command.holes.push(name.clone());
            }
            command.doubt = None;
        }
        Word::Role(_) | Word::Skip | Word::Text | Word::Output | Word::Here => {}
    }
}

/// A text in which a word is a hole, as `<word>` is one.
fn with_hole(text: &str, name: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '<' | '>'));
    let mut found = String::with_capacity(text.len() + 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name) {
        let alone = !is_word(before.chars().next_back().or(found.chars().next_back()))
            && !is_word(after.chars().next());
        found.push_str(before);
        if alone {
            found.push_str(&format!("<{name}>"));
        } else {
            found.push_str(name);
        }
        rest = after;
    }
    found.push_str(rest);
    found
}

fn each_block(plan: &mut Plan, change: &mut dyn FnMut(&mut Block)) {
    fn of(step: &mut Step, change: &mut dyn FnMut(&mut Block)) {
        step.blocks.iter_mut().for_each(&mut *change);
        step.substeps.iter_mut().for_each(|s| of(s, change));
    }
    let rollback = &mut plan.rollback;
    plan.steps.iter_mut().chain(&mut rollback.steps).for_each(|s| of(s, change));
    rollback.verification.iter_mut().for_each(&mut *change);
    plan.monitoring.iter_mut().flat_map(|m| &mut m.blocks).for_each(&mut *change);
    for problem in &mut plan.troubleshooting {
        problem.check.iter_mut().chain(&mut problem.solution).for_each(&mut *change);
    }
    plan.success.iter_mut().flat_map(|c| &mut c.blocks).for_each(&mut *change);
    plan.unplaced.iter_mut().for_each(change);
}
