//! What speaks against ticking a check item as it stands: its own command, or the step that makes what it asks for.

use super::claim::sign_of_failure;
use super::state::{RunState, Standing};
use crate::runbook::{CommandId, Item, Runbook, Step, words as text};

/// Why an item is not to be ticked without a reason.
pub fn against(state: &RunState, item: &Item) -> Option<String> {
    command_against(state, item).or_else(|| maker_against(state, item))
}

/// What its own command came to.
fn command_against(state: &RunState, item: &Item) -> Option<String> {
    let id = CommandId(item.id.0.clone());
    match state.standing(&id) {
        Standing::Failed | Standing::Lost => Some(format!("its command {}", failed(state, &id))),
        Standing::Running => Some("its command is still running".into()),
        _ => sign_of_failure(state.claims(&id)).map(|seen| format!("its command may have failed: {seen}")),
    }
}

fn failed(state: &RunState, id: &CommandId) -> String {
    let unmet = state.claims(id).iter().find(|c| c.met() == Some(false));
    let judged = unmet.and_then(|c| c.judged.as_ref());
    let exit = state.last_run(id).and_then(|ran| ran.exit);
    match (judged, exit) {
        (Some(judged), _) if !judged.observed.is_empty() => {
            format!("did not show what it should, but {}", judged.observed)
        }
        (Some(_), _) => "did not show what it should".to_owned(),
        (None, Some(exit)) => format!("failed: {exit}"),
        (None, None) => "was lost".to_owned(),
    }
}

/// What became of the step that makes it.
fn maker_against(state: &RunState, item: &Item) -> Option<String> {
    let step = maker(state.runbook(), item)?;
    let came = match state.standing_of(&step.commands()) {
        Standing::Passed | Standing::DoneNothingClaimed => return None,
        Standing::NotYet => "was not reached yet",
        Standing::Running => "still runs",
        Standing::Failed | Standing::GonePast => "failed",
        Standing::Lost => "was lost",
        Standing::NeedsEyes => "needs a manual check",
        Standing::Skipped => "was skipped",
    };
    Some(format!("{} {}, which makes it, {came}", step.id, step.title))
}

/// The step that makes what an item asks for, where that is still to come: until then nobody is asked for the item.
pub fn awaited<'s>(state: &'s RunState, item: &Item) -> Option<&'s Step> {
    let open = |s: &&Step| matches!(state.standing_of(&s.commands()), Standing::NotYet | Standing::Running);
    maker(state.runbook(), item).filter(open)
}

/// The step that makes what an item says is there, by the words of both: "PostgreSQL backup completed" by "Create
/// Backup".
pub fn maker<'r>(runbook: &'r Runbook, item: &Item) -> Option<&'r Step> {
    const MADE: &[&str] = &["backup", "backups", "snapshot", "snapshots", "monitoring"];
    const DONE: &[&str] = &[
        "complet", "creat", "made", "taken", "done", "finish", "exist", "success", "stored", "saved",
        "verif", "enabl", "running", "active", "start",
    ];
    let wanted = text::lower_words(&item.text);
    let made: Vec<&&str> = MADE.iter().filter(|m| wanted.iter().any(|w| w == **m)).collect();
    let done = wanted.len() <= 2 || wanted.iter().any(|w| DONE.iter().any(|d| w.starts_with(d)));
    if made.is_empty() || !done {
        return None;
    }
    let steps = runbook.steps.iter().flat_map(|s| s.substeps.iter().chain(std::iter::once(s)));
    steps.filter(|s| !s.commands().is_empty()).find(|s| {
        let title = text::lower_words(&s.title);
        let makes = ["create", "make", "take", "enable", "set", "start"];
        made.iter().any(|m| title.iter().any(|w| w.trim_end_matches('s') == m.trim_end_matches('s')))
            && (title.len() == 1 || title.iter().any(|w| makes.contains(&w.as_str())))
    })
}
