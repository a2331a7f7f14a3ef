//! Whether a page is a runbook: decided by what was read out of it, never by its name. Many pages with commands are none:
//! a README that says how to build has steps, too. Those are told apart, so that they can be named.

use super::model::{Role, Runbook};
use super::vocabulary::{self, Terms};
use crate::shell::{Effect, Kind};

/// So many of the marks below make a page with a step that changes something a runbook.
const MARKS: usize = 2;

/// What a page called so is for, besides the names of deployments.
#[rustfmt::skip] // words, many to a line
static CALLED: Terms = Terms::of(&[
    "runbook*", "run book*", "playbook*", "cutover", "go live", "maintenance", "operations", "betriebshandbuch", "wartung*", "exploitation", "manuel d exploitation", "mantenimiento", "operaciones", "manutencao", "manutenzione",
    "регламент*", "эксплуатаци*", "обслуживани*", "bakim", "van hanh", "运维", "操作手册", "手順", "運用", "런북", "운영",
]);

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Somebody deploys, migrates or repairs by it.
    Runbook,
    /// It has commands that change something, and nothing else says that it is a runbook.
    Commands,
    /// It has none.
    Text,
}

/// What a page is. A runbook is one with a command that changes something where one of these holds: its title or the
/// heading of a section of steps names a deployment or the like, or at least two of these are there: environments,
/// check items, a rollback with commands, a log to fill in, expectations.
pub fn page(read: &Runbook) -> Page {
    let changes = |command: &&super::model::Command| {
        command.effect != Effect::Reads && command.kind != Kind::Manual && !command.commented
    };
    let outside = || read.unplaced.iter().flat_map(|block| &block.commands);
    if !read.all_commands().iter().any(changes) && !outside().any(|command| changes(&command)) {
        return Page::Text;
    }
    let steps = read.step_commands().iter().any(|command| command.effect != Effect::Reads);
    let back = read.rollback.steps.iter().any(|step| !step.commands().is_empty());
    let marks = [
        !read.environments.is_empty(),
        read.checklists.iter().any(|list| !list.items.is_empty()),
        back,
        read.log_template.is_some(),
        read.all_commands().iter().any(|command| !command.expects.is_empty()),
    ];
    let marked = steps && marks.into_iter().filter(|mark| *mark).count() >= MARKS;
    if marked || is_called(read) { Page::Runbook } else { Page::Commands }
}

/// Whether the page's title, or a heading over steps, names a deployment, a migration, a rollback or the like.
fn is_called(read: &Runbook) -> bool {
    let beside = |title: &str| {
        matches!(
            vocabulary::role(title),
            Role::Rollback | Role::Recovery | Role::Teardown | Role::Troubleshooting
        )
    };
    let named = |title: &str| {
        vocabulary::is_deployment(title) || vocabulary::has(title, &["migration", "migrations", "migrating"])
    };
    let titled = named(&read.title) || beside(&read.title) || CALLED.stand_in(&read.title);
    titled || read.outline.iter().any(|entry| entry.role == Role::Steps && named(&entry.title))
}
