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

/// A fence under "Or …:" is another way of as many commands as it has, the last of the fence before it.
fn join_by_or(one: &mut Block, other: &mut Block, id: &StepId) {
    let own = |c: &&mut Command| !c.commented;
    let led = other.commands.first().is_some_and(|c| {
        let says = c.about.as_deref().and_then(|about| about.lines().next()).unwrap_or("");
        c.alternative && !c.commented && c.way.is_none() && comments::is_other_way(says)
    });
    let whole = other.commands.iter().all(|c| c.alternative && c.way.is_none());
    let before = one.commands.iter().filter(|c| !c.commented && c.way.is_none()).count();
    if !led || !whole || before == 0 || before < one.commands.iter().filter(|c| !c.commented).count() {
        return;
    }
    let group = format!("{id}@{}", other.span.line);
    let count = other.commands.iter().filter(|c| !c.commented).count();
    let name = |block: &Block, skip: usize| {
        let first = block.commands.iter().filter(|c| !c.commented).nth(skip);
        first.and_then(|c| c.text.lines().next()).unwrap_or("").to_owned()
    };
    let skip = before.saturating_sub(count);
    let first = name(one, skip);
    one.commands.iter_mut().filter(own).skip(skip).for_each(|c| take(c, group.clone(), &first));
    let says = other.commands.first().and_then(|c| c.about.as_deref()).and_then(|about| about.lines().next());
    let second =
        says.map(|s| s.trim_end_matches([':', '：']).to_owned()).filter(|s| !options::is_only_other_way(s));
    let second = second.unwrap_or_else(|| name(other, 0));
    let second = if second == first { format!("{second} (2)") } else { second };
    other.commands.iter_mut().filter(own).for_each(|c| take(c, group.clone(), &second));
}

fn take(command: &mut Command, group: String, name: &str) {
    command.alternative = false;
    command.way = Some(Way { group, name: name.to_owned() });
}
