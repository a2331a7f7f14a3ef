//! What commands and steps came to, in a few words: "passed" and "done" are said only of what passed and was done.

use crate::figures::counted;
use crate::run::event::SkipReason;
use crate::run::state::{CommandState, Ran, RunState, Standing};
use crate::runbook::{Command, CommandId, Step};

fn word(run: &RunState, standing: Standing) -> &'static str {
    match standing {
        Standing::NotYet if run.outcome().is_some() => "not reached",
        Standing::NotYet => "not run",
        Standing::Running => "runs",
        Standing::Passed => "passed",
        Standing::DoneNothingClaimed => "done",
        Standing::Failed => "failed",
        Standing::NeedsEyes => "unconfirmed",
        Standing::Lost => "lost",
        Standing::GonePast => "failed, skipped",
        Standing::Skipped => "skipped",
    }
}

/// What became of a command.
pub fn came(run: &RunState, id: &CommandId) -> &'static str {
    match run.command(id) {
        CommandState::DoneByHand { .. } => "done by hand",
        CommandState::Skipped { reason: SkipReason::DoneBefore, .. } => "reported done beforehand",
        CommandState::Skipped { after: Some(ended), .. } => match ended.came_to() {
            Standing::Lost => "lost, skipped",
            Standing::NeedsEyes => "not confirmed, skipped",
            _ => word(run, Standing::GonePast),
        },
        _ => word(run, run.standing(id)),
    }
}

/// What one line of the command log came to.
pub fn run_came(run: &RunState, ran: &Ran) -> &'static str {
    match run.standing_of_run(ran) {
        Standing::GonePast => came(run, &ran.command),
        standing => word(run, standing),
    }
}

/// What became of a step: as its worst command, and how much of it was not done by gonogo.
pub fn step_came(run: &RunState, step: &Step) -> String {
    let commands = step.commands();
    let standing = run.standing_of(&commands);
    let begun = commands.iter().any(|c| run.standing(&c.id) != Standing::NotYet);
    let mut words = match standing {
        Standing::NotYet if begun => "not finished".to_owned(),
        Standing::Skipped | Standing::DoneNothingClaimed => {
            let mut all = commands.iter().map(|c| came(run, &c.id)).filter(|w| *w != "not run");
            let first = all.next().unwrap_or("skipped");
            let same = all.all(|w| w == first);
            (if same { first } else { word(run, standing) }).to_owned()
        }
        standing => word(run, standing).to_owned(),
    };
    for (kind, count) in kinds(run, &commands) {
        if count < commands.len() {
            words += &format!(", {count} {kind}");
        }
    }
    words
}

/// How many commands were not done by gonogo although the document wants them done, by what became of them.
fn kinds(run: &RunState, commands: &[&Command]) -> Vec<(&'static str, usize)> {
    let of = |kind: &'static str, test: fn(&CommandState) -> bool| {
        (kind, commands.iter().filter(|c| test(run.command(&c.id))).count())
    };
    let all = [
        of("done by hand", |state| matches!(state, CommandState::DoneByHand { .. })),
        of("reported done beforehand", |state| {
            matches!(state, CommandState::Skipped { reason: SkipReason::DoneBefore, .. })
        }),
        of("skipped", |state| {
            matches!(
                state,
                CommandState::Skipped {
                    reason: SkipReason::Operator(_) | SkipReason::BlockLeft,
                    after: None
                }
            )
        }),
    ];
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// What keeps a run that was gone through from being all done, in a clause for its last line.
pub fn misgivings(run: &RunState) -> Option<String> {
    let path = run.path();
    let past = path.iter().filter(|c| run.standing(&c.id) == Standing::GonePast).count();
    let past = (past > 0).then(|| format!("{} failed, continued anyway", counted(past, "command")));
    let kinds = kinds(run, &path).into_iter().map(|(kind, count)| format!("{count} {kind}"));
    let all: Vec<String> = past.into_iter().chain(kinds).collect();
    (!all.is_empty()).then(|| all.join(", "))
}
