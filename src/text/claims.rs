//! What is claimed of a command's result beside what was observed, in lines.

use crate::run::claim::Claim;
use crate::run::state::{CommandState, RunState};
use crate::run::verdict::Verdict;
use crate::runbook::Command;
use crate::shell::traps::{Trap, traps};

/// How a claim stands, for the sign before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// No command has run yet.
    Open,
    /// It is met.
    Met,
    /// It is not.
    NotMet,
    /// Somebody has to look.
    Eyes,
}

/// A claim with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// How it stands.
    pub sign: Sign,
    /// The document's words with their line.
    pub says: String,
    /// What was observed, and who or what says so; absent while nothing is known.
    pub observed: Option<String>,
}

/// All claims about a command.
pub fn claims(run: &RunState, command: &Command) -> Vec<Told> {
    let known = run.claims(&command.id);
    let words = |at: usize, claim: Option<&Claim>| match command.expects.get(at) {
        Some(expected) => format!("line {}: {}", expected.line, expected.text),
        None => claim.and_then(|c| c.says.clone()).unwrap_or_default(),
    };
    let count = command.expects.len().max(known.len());
    (0..count)
        .map(|at| {
            let claim = known.get(at);
            let sign = match claim.map(Claim::met) {
                None => Sign::Open,
                Some(Some(true)) => Sign::Met,
                Some(Some(false)) => Sign::NotMet,
                Some(None) if matches!(run.command(&command.id), CommandState::Running { .. }) => Sign::Open,
                Some(None) => Sign::Eyes,
            };
            Told { sign, says: words(at, claim), observed: claim.and_then(observed) }
        })
        .collect()
}

/// What makes the exit status of a command say less than it seems to.
pub fn beware(run: &RunState, command: &Command) -> Vec<&'static str> {
    if !matches!(run.command(&command.id), CommandState::Exited { .. }) {
        return vec![];
    }
    let said = |t: &Trap| t.hides_failure() || matches!(t, Trap::FiltersAway | Trap::HidesExited);
    traps(&run.text_of(command)).into_iter().filter(said).map(Trap::says).collect()
}

/// What somebody's answer to a manual check is called.
pub(super) fn attested(met: bool, overrules: bool) -> &'static str {
    match (met, overrules) {
        (true, false) => "confirmed",
        (false, false) => "rejected",
        (true, true) => "overruled: confirmed",
        (false, true) => "overruled: rejected",
    }
}

fn observed(claim: &Claim) -> Option<String> {
    let judged = claim.judged.as_ref();
    let derived = judged.map(|j| {
        let shown = if j.observed.is_empty() { String::new() } else { format!("seen: {}", j.observed) };
        let parts = match j.verdict {
            Verdict::Pass => [shown, String::new()],
            Verdict::Fail | Verdict::NeedsEyes => [j.why.clone(), shown],
        };
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
    });
    let Some(said) = &claim.attested else { return derived };
    let word = attested(said.met, claim.overrules(said.met));
    let note = if said.note.is_empty() { String::new() } else { format!(": {}", said.note) };
    let derived = derived.filter(|d| !d.is_empty()).map_or(String::new(), |d| format!(" · {d}"));
    Some(format!("{word} by {}{note}{derived}", said.by))
}
