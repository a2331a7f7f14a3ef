//! What somebody has to know who goes on with a run: what ran, what is open, what is next, what not to touch.

use crate::run::clock;
use crate::run::due;
use crate::run::first_line;
use crate::run::flow::{self, Next};
use crate::run::state::{CommandState, RunState, Standing};
use crate::runbook::CommandId;

/// The notes that are handed over at most.
const NOTES: usize = 3;

/// The summary of a hand-over, a line a thing.
pub fn hand_over(run: &RunState) -> Vec<String> {
    let commands = run.path();
    let (settled, all) = flow::progress(run, &commands);
    let mut lines = vec![format!("Done: {settled} of {all} commands, at {}.", run.place())];
    if let Some(back) = run.going_back() {
        lines.push(format!("Rollback, decided by {}: {}.", back.by, back.decided.reason));
    }
    if let Some(last) = run.ran().last() {
        let came = last.exit.map_or("still running".to_owned(), |e| e.to_string());
        lines.push(format!("Last: {} {}: {came}, by {}.", last.command, first_line(&last.text), last.by));
    }
    let with = |wanted: Standing| {
        let ids: Vec<&str> =
            commands.iter().filter(|c| run.standing(&c.id) == wanted).map(|c| c.id.0.as_str()).collect();
        ids.join(", ")
    };
    for (standing, words) in [
        (Standing::Failed, "Failed"),
        (Standing::GonePast, "Failed, continued anyway"),
        (Standing::Lost, "Lost, outcome unknown"),
        (Standing::NeedsEyes, "Needs a manual check"),
    ] {
        let ids = with(standing);
        if !ids.is_empty() {
            lines.push(format!("{words}: {ids}."));
        }
    }
    lines.extend(items(run));
    let next = flow::next(run);
    lines.push(match (next.command(), &next) {
        (Some(id), _) => format!("Next: {id} {}", text(run, id)),
        (None, Next::Check(item)) => {
            format!("Next: check \"{}\".", run.runbook().item(item).map_or("", |i| &i.text))
        }
        (None, _) => "Next: the gate, or the end of the run.".to_owned(),
    });
    lines.extend(leave_alone(run));
    let about = |n: &crate::run::state::Note| {
        let about = if n.about.is_empty() { String::new() } else { format!("{}: ", n.about) };
        format!("Note by {}: {about}{}", n.by, n.text)
    };
    lines.extend(run.notes().iter().rev().take(NOTES).map(about));
    lines
}

/// Check items that are open: those that are due, unless a gate was taken with them, and those that come later.
fn items(run: &RunState) -> Vec<String> {
    let (now, later) = due::now_and_later(run, flow::position(run));
    let taken = run.gate().map_or(&[][..], |g| &g.open);
    let now: Vec<String> =
        now.iter().filter(|i| !taken.contains(&i.id)).map(|i| format!("\"{}\"", i.text)).collect();
    let later: Vec<String> = later.iter().map(|(i, due)| format!("\"{}\" ({due})", i.text)).collect();
    let line = |what: &str, all: &[String]| format!("{what}: {}.", all.join(", "));
    let now = (!now.is_empty()).then(|| line("Open on the checklist", &now));
    let later = (!later.is_empty()).then(|| line("Due later on the checklist", &later));
    now.into_iter().chain(later).collect()
}

/// What becomes of an unfinished run that is left: `brings_back` says how to come back, `dies` why what runs would
/// not outlive the login, and `needs` what it has no more without it.
pub fn left(run: &RunState, brings_back: &str, dies: Option<&str>, needs: &[&str]) -> String {
    let live = run.running().or(run.background().first());
    match (live, dies) {
        (None, _) => format!("The run is kept; {brings_back}"),
        (Some(id), Some(why)) => {
            format!("{id} will be killed when you log out: {why}\nThe run is kept; {brings_back}")
        }
        (Some(id), None) => format!(
            "The run continues, {id} is still running; {brings_back}\nWithout this login it no longer has: {}",
            needs.join(", ")
        ),
    }
}

/// What is at work, and what the service is like meanwhile.
fn leave_alone(run: &RunState) -> Vec<String> {
    let mut lines = Vec::new();
    for id in run.running().into_iter().chain(run.background()) {
        let how = if run.background().contains(id) { "is running in the background" } else { "runs" };
        lines.push(format!("Leave alone: {id} {how}: {}", text(run, id)));
    }
    if clock::outage(run).is_some_and(|o| o.goes_on()) {
        lines.push("The service was stopped, and nothing has shown since that it works again.".to_owned());
    }
    for command in run.step_commands() {
        if let CommandState::Lost { survivors, .. } = run.command(&command.id) {
            for left in survivors {
                lines.push(format!("{} left process {} behind: {}", command.id, left.pid, left.command));
            }
        }
    }
    lines
}

fn text(run: &RunState, id: &CommandId) -> String {
    run.find(id).map_or(String::new(), |c| first_line(&run.text_of(c)))
}
