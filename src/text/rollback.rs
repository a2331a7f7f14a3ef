//! What is said about going back and about known problems.

use chrono::{DateTime, Utc};

use crate::figures::{clock as time_of_day, span};
use crate::run::clock::{self, Outage};
use crate::run::rollback;
use crate::run::state::{RunState, Standing};
use crate::runbook::CommandId;

/// What is down before anybody goes back, in a few words.
pub fn stopped_so_far(run: &RunState) -> String {
    match (clock::outage(run), run.stopped()) {
        (Some(outage), _) if outage.goes_on() => {
            format!("the service has been down since {}", time_of_day(outage.since, run.zone()))
        }
        (_, Some(stopped)) => format!("{} stopped a service", stopped.command),
        (Some(Outage { until: Some(until), .. }), _) => {
            format!("the service was down until {}", time_of_day(until, run.zone()))
        }
        _ => "nothing was stopped yet".to_owned(),
    }
}

/// The document's reasons to go back in a sentence, those first that hold by the record.
pub fn reasons_to_go_back(run: &RunState) -> Option<String> {
    const SHOWN: usize = 3;
    let mut all = rollback::triggers(run, None, run.last_at().unwrap_or_default());
    all.sort_by_key(|t| t.holds != Some(true));
    let told = all.iter().take(SHOWN).map(|t| match t.holds {
        Some(true) => format!("{} ({})", t.text, t.known),
        _ => t.text.clone(),
    });
    let more = all.len().saturating_sub(SHOWN);
    let told: Vec<String> = told.chain((more > 0).then(|| format!("{more} more"))).collect();
    (!told.is_empty()).then(|| format!("Roll back when: {}", told.join("; ")))
}

/// How going back came out: how long it took against what the document says. Nothing where nobody goes back.
pub fn back_took(run: &RunState, now: DateTime<Utc>) -> Option<String> {
    let back = run.going_back()?;
    let until = run.outcome().map_or(now, |(_, at)| at);
    let took = until.signed_duration_since(back.at).num_seconds().max(0) as u64;
    let said = rollback::estimate_s(run.runbook(), &back.decided.procedures)
        .map_or(String::new(), |s| format!(", the document says {}", span(s)));
    let word = if run.is_over() { "ROLLED BACK" } else { "ROLLBACK ENDED" };
    Some(format!("{word} in {}{said}", span(took)))
}

/// What is known when a way back has failed: what of it succeeded, what did not, whom to call.
pub fn stuck(run: &RunState) -> Vec<String> {
    let Some(back) = run.going_back() else { return vec![] };
    let mut lines = vec![format!("rolling back since {}:", time_of_day(back.at, run.zone()))];
    for command in run.path() {
        let word = match run.standing(&command.id) {
            Standing::Passed | Standing::DoneNothingClaimed => "done",
            Standing::Failed => "failed",
            Standing::Lost => "lost, outcome unknown",
            Standing::NeedsEyes => "unconfirmed",
            Standing::Running => "runs",
            Standing::GonePast => "failed, skipped",
            Standing::Skipped => "skipped",
            Standing::NotYet => "not run",
        };
        let text = run.text_of(command);
        lines.push(format!("{:<8} {} {}", word, command.id, text.lines().next().unwrap_or_default()));
    }
    lines.extend(contacts(run));
    lines
}

/// Whom the document says to call, a line each.
pub fn contacts(run: &RunState) -> Vec<String> {
    run.runbook().contacts.iter().map(|c| format!("{}: {}, {}", c.role, c.name, c.contact)).collect()
}

/// When and how a command of the way back was run in this run before, newest first.
pub fn ran_before(run: &RunState, id: &CommandId) -> Option<String> {
    let ran = run.last_run(id)?;
    let how = ran.exit.map_or("runs".to_owned(), |e| e.to_string());
    Some(format!("{} {how}", time_of_day(ran.started, run.zone())))
}
