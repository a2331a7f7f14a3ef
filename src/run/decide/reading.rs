//! Corrects in a run how a piece of its document is read (READING 3).

use super::super::event::Event;
use super::super::reading::corrected;
use super::super::refusal::Refusal;
use super::super::state::{CommandState, RunState};
use crate::runbook;
use crate::runbook::correct::{Correction, parse};
use crate::runbook::lock::Lock;

/// Corrects the reading, where what has been run stays what it is.
pub(super) fn correct(state: &RunState, correction: &Correction) -> Result<Vec<Event>, Refusal> {
    parse(&correction.words).map_err(Refusal::Correction)?;
    let read = corrected(state.runbook(), correction, state.environment());
    let about_nothing =
        |f: &&runbook::Finding| f.code == "correction-unmatched" && f.message.contains(&correction.of);
    if let Some(finding) = read.findings.iter().find(about_nothing) {
        return Err(Refusal::Correction(finding.message.clone()));
    }
    if read.reads_as(state.runbook()) {
        let why = format!("{} changes nothing there", correction.words);
        return Err(Refusal::Correction(why));
    }
    let touched = |id: &runbook::CommandId| !matches!(state.command(id), CommandState::Pending);
    let kept = |command: &&runbook::Command| {
        read.command(&command.id).is_some_and(|new| new.text == command.text && new.kind == command.kind)
    };
    let all = state.runbook().all_commands();
    match all.iter().copied().filter(|c| touched(&c.id)).find(|command| !kept(command)) {
        Some(command) => Err(Refusal::WouldRename(command.id.clone())),
        None => {
            let plan = Lock::of(&read).digest();
            Ok(vec![Event::ReadingCorrected { correction: correction.clone(), plan }])
        }
    }
}
