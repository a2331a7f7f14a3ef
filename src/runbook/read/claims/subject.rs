//! Which command of a block something is said of.

use super::super::super::model::{Block, Command, Expectation, Step};
use super::super::super::words::lower_words;
use crate::shell::{Effect, Kind};

/// Hangs an expectation on what it is about; false where there is no command before it.
///
/// 1. What names a command of the block in quotes is about that one.
/// 2. Where only one command can have shown it, it is about that.
/// 3. Else it is about the block: it is judged when the last command has ended, over what all of them showed. Of
///    several alternatives each is the last that runs.
pub(in super::super) fn claim(step: &mut Step, expected: Expectation) -> bool {
    let Some(block) = last_block(step) else { return false };
    claim_of(block, expected);
    true
}

/// Hangs an expectation on what of a block it is about.
pub(super) fn claim_of(block: &mut Block, expected: Expectation) {
    if let Some((at, expected)) = named(block, &expected) {
        if let Some(command) = block.commands.get_mut(at) {
            command.expects.push(expected);
        }
        return;
    }
    for last in lasts(block) {
        let way = block.commands.get(last).and_then(|c| c.way.clone());
        let beside = |c: &Command| c.way.is_none() || c.way == way;
        let shown: Vec<usize> = (0..=last)
            .filter(|at| block.commands.get(*at).is_some_and(|c| beside(c) && may_show(c)))
            .collect();
        let (at, over_block) = match shown.as_slice() {
            [only] => (*only, false),
            [] => (last, false),
            _ => (last, true),
        };
        if let Some(command) = block.commands.get_mut(at) {
            let follows = command.kind == Kind::Follow;
            command.expects.push(Expectation { block: over_block && !follows, ..expected.clone() });
        }
    }
}

/// The last block of a step, or of its last part, with a command that stands for itself.
fn last_block(step: &mut Step) -> Option<&mut Block> {
    let in_parts = step.substeps.iter().any(|s| !s.blocks.is_empty());
    let blocks = if in_parts { &mut step.substeps.last_mut()?.blocks } else { &mut step.blocks };
    blocks.iter_mut().rev().find(|b| b.commands.iter().any(|c| !c.alternative))
}

/// The commands that run last: one of each alternative, or the last of the block.
fn lasts(block: &Block) -> Vec<usize> {
    let stands = |(_, c): &(usize, &Command)| !c.alternative;
    let Some((last, command)) = block.commands.iter().enumerate().rfind(stands) else {
        return vec![];
    };
    let Some(way) = &command.way else { return vec![last] };
    let mut found: Vec<usize> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (at, command) in block.commands.iter().enumerate().rev().filter(stands) {
        if let Some(own) =
            command.way.as_ref().filter(|w| w.group == way.group && !names.contains(&w.name.as_str()))
        {
            names.push(&own.name);
            found.push(at);
        }
    }
    found
}

/// The command that a sentence names in quotes, and the sentence without its name.
fn named(block: &Block, expected: &Expectation) -> Option<(usize, Expectation)> {
    let name = expected.text.split('`').nth(1)?;
    let words = lower_words(name);
    if words.len() < 2 && !crate::shell::classify::is_known_program(name) {
        return None;
    }
    let begins = |c: &Command| {
        c.text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    };
    let mut found = block.commands.iter().enumerate().filter(|(_, c)| !c.alternative && begins(c));
    let (at, _) = found.next().filter(|_| found.next().is_none())?;
    let rest = expected.text.replacen(&format!("`{name}`"), "it", 1);
    let read = Expectation { text: expected.text.clone(), ..Expectation::read(expected.line, rest) };
    Some((at, read))
}

/// Whether a command may show what is to be seen: it is run, and does not only work in silence.
fn may_show(command: &Command) -> bool {
    #[rustfmt::skip] // programs, many to a line
    const SILENT: &[&str] = &[
        "rm", "cp", "mv", "mkdir", "rmdir", "chmod", "chown", "ln", "touch", "export", "cd", "sleep", "source", ".", "set",
        "umask", "kill", "unset", "true", ":", "wait", "pushd", "popd", "alias", "trap", "shopt",
    ];
    let first = command.text.split_whitespace().find(|word| *word != "sudo").unwrap_or("");
    let assigns = first.contains('=') && command.effect != Effect::Destructive;
    !command.alternative && command.kind != Kind::Manual && !SILENT.contains(&first) && !assigns
}
