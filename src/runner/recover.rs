//! What came of commands whose place has gone: told by its ledger where it can be, never guessed.

use crate::exec::shim::Ledger;
use crate::exec::{FromShim, proc};
use crate::run::event::Survivor;
use crate::run::{CommandState, Event, RunState};
use crate::runbook::CommandId;

/// What is said of commands whose place has gone.
#[derive(Debug, Default)]
pub(super) struct Recovered {
    /// Reports that the place left in its ledger, in order.
    pub(super) reports: Vec<FromShim>,
    /// What is to be recorded of the others, after these.
    pub(super) facts: Vec<Event>,
}

/// What came of what a run's record says is running.
pub(super) fn recover(state: &RunState, ledger: Option<Ledger>) -> Recovered {
    let live: Vec<CommandId> = state.running().into_iter().chain(state.background()).cloned().collect();
    let mut facts = Vec::new();
    let mut left: Option<Vec<Survivor>> = None;
    // What ran on another host is looked for there, when there is a way to it again.
    let elsewhere = !state.entered().is_empty();
    for command in live {
        let CommandState::Running { attempt, shell, .. } = state.command(&command) else { continue };
        if let Some(ledger) = &ledger {
            let told = |r: &FromShim| {
                matches!(r, FromShim::Exited { command: c, attempt: a, .. } if (c, a) == (&command, attempt))
                    || matches!(r, FromShim::Lost { command: c, attempt: a, .. } if (c, a) == (&command, attempt))
            };
            if ledger.reports.iter().any(told) {
                continue;
            }
            if !ledger.began(&command, *attempt) {
                let why = "the shell never received it".to_owned();
                facts.push(Event::CommandNotStarted { command, attempt: *attempt, why });
                continue;
            }
        }
        let restarted = !shell.boot.is_empty() && shell.boot != proc::identity(shell.pid).boot;
        let survivors = if restarted { vec![] } else { left.get_or_insert_with(|| look(state)).clone() };
        let why = if restarted { "the machine was restarted" } else { "the process that ran it was killed" };
        let (attempt, why) = (*attempt, why.to_owned());
        facts.push(Event::CommandLost { command, attempt, why, survivors, unseen: elsewhere });
    }
    Recovered { reports: ledger.map(|l| l.reports).unwrap_or_default(), facts }
}

/// What is left of the run's processes.
fn look(state: &RunState) -> Vec<Survivor> {
    proc::survivors(&state.id().0, &|word| may_be_told(state, word))
}

/// Whether a word of a process may be recorded. The record must not get secrets: only words are told that stand in what
/// was run, as it was recorded.
pub(super) fn may_be_told(state: &RunState, word: &str) -> bool {
    state.ran().iter().any(|r| r.text.contains(word))
}

/// What came of what the record says is running, in a place that is at work: what it does not know of was never
/// handed to it.
pub(super) fn never_started(
    state: &RunState,
    live: &[(CommandId, crate::run::Attempt)],
    reports: &[FromShim],
) -> Vec<Event> {
    let running = state.running().into_iter().chain(state.background());
    let known = |command: &CommandId| {
        let CommandState::Running { attempt, .. } = state.command(command) else { return true };
        live.contains(&(command.clone(), *attempt))
            || reports.iter().any(|r| {
                matches!(r, FromShim::Exited { command: c, attempt: a, .. } if (c, a) == (command, attempt))
            })
    };
    let why = "the shell never received it";
    let unknown = running.filter(|c| !known(c)).filter_map(|c| Some((c.clone(), state.running_attempt(c)?)));
    unknown.map(|(command, attempt)| Event::CommandNotStarted { command, attempt, why: why.into() }).collect()
}
