//! What becomes of each command when nobody is there.

use std::collections::BTreeMap;

use super::answers::{Answers, Back};
use crate::run::rollback;
use crate::runbook::{Command, CommandId, Runbook, Way};
use crate::shell::Kind;

/// What becomes of a command when nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Fate {
    /// It runs.
    Runs,
    /// Optional or another way.
    Optional,
    /// Needs a keyboard.
    Interactive,
    /// The document's condition was answered with no.
    ConditionNo,
    /// Meant to change the place; answered with "here".
    Place,
    /// Done by a person.
    Manual,
    /// Outside of `--from` and `--to`.
    Outside,
}

/// The fates of the commands that may run, in order: of the steps, and of going back where that may come.
pub(in crate::cli) fn fates<'r>(runbook: &'r Runbook, answers: &Answers) -> Vec<(&'r Command, Fate)> {
    let mut found =
        if answers.back == Back::Now { vec![] } else { fates_of(runbook.step_commands(), answers) };
    if answers.back != Back::Never {
        let whole = Answers { from: None, to: None, ..answers.clone() };
        found.extend(fates_of(rollback::commands(runbook, &rollback::usual(runbook)), &whole));
    }
    found
}

fn fates_of<'r>(commands: Vec<&'r Command>, answers: &Answers) -> Vec<(&'r Command, Fate)> {
    let within = |id: &CommandId, wanted: &str| {
        id.0 == wanted || id.0.starts_with(&format!("{wanted}/")) || id.0.starts_with(&format!("{wanted}."))
    };
    let first =
        answers.from.as_ref().and_then(|w| commands.iter().position(|c| within(&c.id, w))).unwrap_or(0);
    let last = answers
        .to
        .as_ref()
        .and_then(|w| commands.iter().rposition(|c| within(&c.id, w)))
        .unwrap_or(usize::MAX);
    let chosen = chosen_ways(&commands, answers);
    let place = commands.iter().position(|c| c.enters_place()).unwrap_or(usize::MAX);
    commands
        .into_iter()
        .enumerate()
        .map(|(at, command)| {
            let fate = if at < first || at > last {
                Fate::Outside
            } else if command.leaves_place() && command.kind == Kind::Place && at < place {
                // No place was gone to: it ends the run's own shell.
                Fate::Runs
            } else if command.kind == Kind::Place {
                Fate::Place
            } else if answers.said_no(command) {
                Fate::ConditionNo
            } else if answers.leaves_out(command, &chosen) {
                Fate::Optional
            } else if command.kind == Kind::Interactive {
                Fate::Interactive
            } else if command.kind == Kind::Manual {
                Fate::Manual
            } else {
                Fate::Runs
            };
            (command, fate)
        })
        .collect()
}

/// The ways that were chosen in advance, by group: a command of each was answered with yes.
pub(super) fn chosen_ways<'r>(commands: &[&'r Command], answers: &'r Answers) -> BTreeMap<&'r str, &'r str> {
    let mut chosen: BTreeMap<&str, &str> =
        answered_ways(commands, answers).iter().map(|w| (w.group.as_str(), w.name.as_str())).collect();
    chosen.extend(answers.ways.iter().map(|(group, name)| (group.as_str(), name.as_str())));
    chosen
}

pub(super) fn answered_ways<'r>(commands: &[&'r Command], answers: &Answers) -> Vec<&'r Way> {
    let yes = |c: &&&Command| answers.conditions.get(&c.id) == Some(&true);
    commands.iter().filter(yes).filter_map(|c| c.way.as_ref()).collect()
}
