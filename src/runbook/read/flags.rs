//! Assignments of a shell that nothing in the document uses: flags of another system, which are switched there.

use super::super::model::{Block, Command, Plan, Step};
use crate::shell::Kind;

/// Makes fences of nothing but such lines something that is done by hand: `new_catalog=true` in a shell does nothing.
pub(super) fn mark(plan: &mut Plan) {
    let source = plan.source.clone();
    let used = |name: &str| source.contains(&format!("${name}")) || source.contains(&format!("${{{name}"));
    let by_hand = |block: &Block| {
        let mut commands = block.commands.iter().filter(|c| !c.commented).peekable();
        commands.peek().is_some() && commands.all(|c| flag(c).is_some_and(|name| !used(name)))
    };
    let steps = plan.steps.iter_mut().chain(&mut plan.rollback.steps);
    steps.for_each(|step| in_step(step, &by_hand));
}

fn in_step(step: &mut Step, by_hand: &dyn Fn(&Block) -> bool) {
    for block in step.blocks.iter_mut().filter(|block| by_hand(block)) {
        block.commands.iter_mut().for_each(|command| command.kind = Kind::Manual);
    }
    step.substeps.iter_mut().for_each(|part| in_step(part, by_hand));
}

/// The name of a flag in small letters that a command sets, and does nothing else.
fn flag(command: &Command) -> Option<&str> {
    let (name, value) = command.text.trim().split_once('=')?;
    let named = name.contains(['_', '-', '.']) || matches!(value.trim(), "true" | "false" | "on" | "off");
    let small = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let plain = !value.contains(|c: char| c.is_whitespace() || "$`(;|&".contains(c)) && !value.is_empty();
    (named && small && plain).then_some(name)
}
