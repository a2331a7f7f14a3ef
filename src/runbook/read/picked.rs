//! What stands side by side to be picked from, with nothing that says so: it is asked whether it is a part of the run.

use super::super::comments::apart;
use super::super::doubt::Doubt;
use super::super::model::{Block, Command, Step};
use super::super::vocabulary;
use super::super::vocabulary::occasions::sets_aside;
use super::titles::{ask, doubted};
use crate::shell::{Effect, Kind};

/// Asks about steps that stop what the one above them starts, and about those of one part each.
pub(super) fn steps(siblings: &mut [Step]) {
    let stopped: Vec<bool> =
        siblings.windows(2).map(|pair| apart::stops(&pair[1].title, &pair[0].title)).collect();
    for (step, _) in siblings.iter_mut().skip(1).zip(stopped).filter(|(step, stops)| *stops && changes(step))
    {
        doubted(std::slice::from_mut(step), Doubt::Step);
    }
    for parts in
        siblings.chunk_by_mut(|one, other| apart::is_alone(&one.title) == apart::is_alone(&other.title))
    {
        if parts.len() > 1 && parts.iter().all(|step| apart::is_alone(&step.title)) {
            doubted(parts, Doubt::Step);
        }
    }
}

fn changes(step: &Step) -> bool {
    step.commands().iter().any(|command| command.effect != Effect::Reads)
}

/// The same of a fence under a label, where `above` is the one over the fence before it.
pub(super) fn below(above: &mut String, before: &str, block: &mut Block) {
    let label = before.lines().last().unwrap_or("").trim().trim_matches('*');
    if apart::stops(label, above) {
        let mut lead = None;
        block.commands.iter_mut().for_each(|command| ask(&mut lead, command, Doubt::Step));
    }
    label.clone_into(above);
}

/// The same of commands in a fence under comments of their own.
pub(super) fn parts(step: &mut Step) {
    let alone =
        |command: &Command| command.way.is_none() && command.about.as_deref().is_some_and(apart::is_alone);
    let inner = step.substeps.iter_mut().flat_map(|part| &mut part.blocks);
    for block in step.blocks.iter_mut().chain(inner) {
        let mut said: Vec<&str> =
            block.commands.iter().filter(|c| alone(c)).filter_map(|c| c.about.as_deref()).collect();
        said.dedup();
        if said.len() > 1 {
            let mut lead = None;
            let parts = block.commands.iter_mut().filter(|command| alone(command));
            parts.for_each(|command| ask(&mut lead, command, Doubt::Step));
        }
        one_of_all(block);
    }
    versions(step);
}

/// Asks about what goes to a particular version, right behind what goes to the one before: "# To the previous version",
/// "# To a specific revision".
pub(super) fn versions(step: &mut Step) {
    let inner = step.substeps.iter_mut().flat_map(|part| &mut part.blocks);
    for block in step.blocks.iter_mut().chain(inner) {
        let about = |command: &Command| command.about.clone().unwrap_or_default();
        let acts = |command: &Command| {
            !command.commented && command.way.is_none() && command.effect != Effect::Reads
        };
        let begins = |command: &Command| {
            command.text.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        let asked: Vec<bool> = block
            .commands
            .windows(2)
            .map(|pair| {
                let both = pair.iter().all(acts) && begins(&pair[0]) == begins(&pair[1]);
                both && apart::is_previous(&about(&pair[0])) && apart::is_one(&about(&pair[1]))
            })
            .collect();
        let mut lead = None;
        for (command, _) in block.commands.iter_mut().skip(1).zip(asked).filter(|(_, asked)| *asked) {
            ask(&mut lead, command, Doubt::Step);
        }
    }
}

/// Asks about what is done to one part under a comment of its own, where another comment does it to all: "# All services",
/// "# A specific service"; and about what stops, right behind what starts the same.
fn one_of_all(block: &mut Block) {
    let changes = |command: &Command| !command.commented && command.effect != Effect::Reads;
    let about = |command: &Command| command.about.clone().unwrap_or_default();
    let free: Vec<(String, bool)> =
        block.commands.iter().map(|c| (about(c), c.way.is_none() && changes(c))).collect();
    let all = free.iter().any(|(about, free)| *free && apart::is_all(about));
    let mut above = "";
    let mut asked = Vec::new();
    for (about, free) in &free {
        let one = all && apart::is_one(about);
        asked.push(
            *free
                && (one
                    || above != about && apart::stops(about, above)
                    || asked.last() == Some(&true) && above == about),
        );
        above = about;
    }
    let mut lead = None;
    for (command, _) in block.commands.iter_mut().zip(asked).filter(|(_, asked)| *asked) {
        ask(&mut lead, command, Doubt::Step);
    }
}

/// Asks about commands under a comment that forbids them, or does so in some place: "# Do not run this on the primary".
pub(super) fn forbidden(block: &mut Block) {
    let forbids = |command: &Command| {
        let about = command.about.as_deref().unwrap_or("");
        about.lines().any(|line| vocabulary::is_forbidden(line) || vocabulary::is_forbidden_somewhere(line))
    };
    let mut lead = None;
    let run = block.commands.iter_mut().filter(|command| command.kind != Kind::Manual && forbids(command));
    run.for_each(|command| ask(&mut lead, command, Doubt::Step));
}

/// Asks about commands under words that set them aside: "The old way:", "Weekly:", "# Local development".
pub(super) fn aside(label: &str, block: &mut Block) {
    let label = label.trim().trim_matches('*');
    let all = sets_aside(label);
    let mut lead = None;
    let set = |command: &&mut Command| {
        let about = command.about.as_deref().and_then(|about| about.lines().last()).unwrap_or("");
        let asked =
            command.condition.is_some() || command.optional || command.alternative || command.way.is_some();
        !asked && command.kind != Kind::Manual && (all || sets_aside(about))
    };
    for command in block.commands.iter_mut().filter(set) {
        ask(&mut lead, command, Doubt::Step);
    }
}

/// Asks whether what stands under "# Example:" is a command to run, or shows how one is written.
pub(super) fn examples(step: &mut Step) {
    let inner = step.substeps.iter_mut().flat_map(|part| &mut part.blocks);
    for block in step.blocks.iter_mut().chain(inner) {
        let mut lead = None;
        let shown = |command: &&mut Command| {
            let about = command.about.as_deref().unwrap_or("");
            // What is asked about anyhow is not asked about twice.
            let asked = command.condition.is_some() || command.optional;
            !asked && command.kind != Kind::Manual && about.lines().last().is_some_and(apart::heads_example)
        };
        for command in block.commands.iter_mut().filter(shown) {
            ask(&mut lead, command, Doubt::CommandOrText);
        }
    }
}

/// Asks about a section of variants, where several commands of it change something and none is one of several ways:
/// "Update options".
pub(super) fn variants(step: &mut Step, title: &str) {
    let all = step.commands();
    let several =
        all.iter().filter(|command| !command.commented && command.effect != Effect::Reads).count() > 1;
    let free = all.iter().all(|command| command.way.is_none());
    if several && free && apart::heads_variants(title) {
        doubted(std::slice::from_mut(step), Doubt::Step);
    }
}
