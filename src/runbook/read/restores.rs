//! Commands among the steps that put back what was saved, by their names, where the document is about something else.

use super::super::doubt::Doubt;
use super::super::model::{Command, Plan, Role, Step};
use super::super::vocabulary;
use super::titles::ask;
use crate::shell::{Effect, Kind};

/// Asks about them: "./restore.sh live.dump" in a chapter about backups is for another night.
pub(super) fn doubt(plan: &mut Plan, subject: Option<Role>) {
    if subject.is_none() {
        plan.steps.iter_mut().for_each(|step| in_step(step, false));
    }
}

fn in_step(step: &mut Step, called: bool) {
    // A step that says that it restores was looked at as a whole.
    let called = called || vocabulary::role(&step.title) == Role::Recovery;
    let mut lead = None;
    for block in step.blocks.iter_mut().filter(|_| !called) {
        let restores = |c: &&mut Command| {
            c.effect == Effect::Destructive
                && c.kind != Kind::Manual
                && c.way.is_none()
                && is_restore(&c.text)
        };
        block.commands.iter_mut().filter(restores).for_each(|command| ask(&mut lead, command, Doubt::Step));
    }
    step.substeps.iter_mut().for_each(|part| in_step(part, called));
}

/// Whether the program, or a word right behind it, is named so: "./scripts/restaurar.sh x", "tool backup restore x".
fn is_restore(text: &str) -> bool {
    const NAMES: &[&str] = &["restore", "restaur", "wiederherstell", "ripristin", "przywroc", "recover"];
    let line = text.lines().next().unwrap_or("");
    let words = line.split_whitespace().filter(|word| !word.starts_with('-')).take(4);
    words.map(str::to_lowercase).any(|word| {
        let name = word.rsplit('/').next().unwrap_or(&word);
        NAMES.iter().any(|known| name.starts_with(known))
    })
}
