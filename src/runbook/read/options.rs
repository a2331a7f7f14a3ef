//! Alternatives that stand in fences of their own: one begins with "# Option A", the next with "# Option B"; or "Or,
//! with yarn:" stands between them.

use super::super::comments::{self, options};
use super::super::model::{Block, Command, Step, StepId, Way};

/// Makes ways of them, in a step and in its parts.
pub(super) fn join(step: &mut Step) {
    join_blocks(&mut step.blocks, &step.id);
    for part in &mut step.substeps {
        join_blocks(&mut part.blocks, &part.id);
    }
}

fn join_blocks(blocks: &mut [Block], id: &StepId) {
    let mut at = 0;
    while at < blocks.len() {
        let named: Vec<String> = blocks.iter().skip(at).map_while(option).collect();
        let distinct = |upto: usize| {
            let of = named.get(..upto).unwrap_or_default();
            of.iter().enumerate().all(|(i, a)| !of.iter().skip(i + 1).any(|b| options::same_label(a, b)))
        };
        let count = (2..=named.len()).rev().find(|upto| distinct(*upto)).unwrap_or(0);
        let line = blocks.get(at).map_or(0, |b| b.span.line);
        for (block, name) in blocks.iter_mut().skip(at).take(count).zip(&named) {
            let own = block.commands.iter_mut().filter(|c| !c.commented);
            own.for_each(|command| take(command, format!("{id}@{line}"), name));
        }
        at += count.max(1);
    }
    for at in 1..blocks.len() {
        let (before, behind) = blocks.split_at_mut(at);
        if let (Some(one), Some(other)) = (before.last_mut(), behind.first_mut()) {
            join_by_or(one, other, id);
        }
    }
}

/// The option that a fence as a whole is, by the words over its first command.
fn option(block: &Block) -> Option<String> {
    let first = block.commands.iter().find(|c| !c.commented)?;
    let says = first.about.as_deref()?.lines().next()?;
    let free = block.commands.iter().all(|c| c.way.is_none());
    (free && options::is_option(says)).then(|| says.trim_end_matches([':', '：']).to_owned())
}

/// A fence under "Or …:" is another way of all that the fence before it does.
fn join_by_or(one: &mut Block, other: &mut Block, id: &StepId) {
    fn own(block: &Block) -> impl Iterator<Item = &Command> {
        block.commands.iter().filter(|c| !c.commented)
    }
    let says = |block: &Block| {
        let about = own(block).next().and_then(|c| c.about.as_deref());
        about.and_then(|about| about.lines().next()).unwrap_or("").to_owned()
    };
    let words = says(other);
    let led = own(other).all(|c| c.alternative && c.way.is_none()) && comments::is_other_way(&words);
    if !led || own(one).next().is_none() || own(one).any(|c| c.way.is_some()) {
        return;
    }
    let first_line =
        |block: &Block| own(block).next().and_then(|c| c.text.lines().next()).unwrap_or("").to_owned();
    let group = format!("{id}@{}", other.span.line);
    let first = first_line(one);
    let named = !options::is_only_other_way(&words);
    let mut second = if named { words.trim_end_matches([':', '：']).to_owned() } else { first_line(other) };
    if second == first {
        second.push_str(" (2)");
    }
    for (block, name) in [(one, &first), (other, &second)] {
        block.commands.iter_mut().filter(|c| !c.commented).for_each(|c| take(c, group.clone(), name));
    }
}

fn take(command: &mut Command, group: String, name: &str) {
    command.alternative = false;
    command.way = Some(Way { group, name: name.to_owned() });
}
