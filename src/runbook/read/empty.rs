//! Steps whose fences hold nothing that runs: what their heading says is done by hand, with what the fences show.

use super::super::block::manual_command;
use super::super::model::{Span, Step};
use super::steps::push_command;

/// Makes something to do of each part of a step that has fences and no command: "Update the DNS records" over a list of
/// them. What is only an output is nothing to do.
pub(super) fn fill(step: &mut Step) {
    step.substeps.iter_mut().for_each(fill);
    if !step.substeps.is_empty() || !step.commands().is_empty() || step.title.trim().is_empty() {
        return;
    }
    let shown: Vec<&str> = step
        .blocks
        .iter()
        .flat_map(|block| &block.other)
        .filter(|other| other.what != "output" && !other.what.starts_with("input of"))
        .map(|other| other.text.as_str())
        .collect();
    if shown.is_empty() {
        return;
    }
    let span = Span { line: step.line, end_line: step.line, ..Span::default() };
    let mut command = manual_command(step.title.clone(), span);
    command.about = Some(shown.join("\n"));
    push_command(step, command, span);
}
