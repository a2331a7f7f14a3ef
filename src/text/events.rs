//! What happened, in a sentence an event: for timelines.

use super::monitoring::of_watch;
use super::outcomes::came;
use crate::figures::{counted, need_you, size, were};
use crate::mask::told;
use crate::run::claim::Claim;
use crate::run::event::{Event, PlaceChoice};
use crate::run::first_line;
use crate::run::gates::GateId;
use crate::run::rollback::LookedAt;
use crate::run::sign::Statement;
use crate::run::state::{CommandState, RunState};
use crate::run::unset;
use crate::run::verdict::Verdict;
use crate::runbook::CommandId;
use crate::runbook::doubt::Doubt;

/// A shell took the place of one that ended; what it lacks is told so that it fits into a line.
pub fn shell_replaced(lost: &str) -> String {
    format!("a new shell was started; lost: {lost}")
}

/// An event in a sentence; `run` is the state after it.
pub fn happened(run: &RunState, event: &Event) -> String {
    if let Some(words) = of_watch(event) {
        return words;
    }
    match event {
        Event::RunStarted(start) => format!("started in {}: {}", start.environment, start.title),
        Event::RunResumed { gonogo } => format!("resumed by gonogo {gonogo}"),
        Event::Newer(newer) => format!("an event that only a newer gonogo knows ({})", newer.kind),
        Event::PlanAccepted { gonogo, changes, .. } => {
            let told = if changes.is_empty() { String::new() } else { format!(": {}", changes.join("; ")) };
            format!("accepted how gonogo {gonogo} reads the document now{told}")
        }
        Event::ParameterSet { name, value } => match value {
            Some(value) => format!("{name} is {value}"),
            None => format!("{name} was set; it is secret"),
        },
        Event::ParameterForgotten { name } => format!("the value of {name} is no longer known"),
        Event::PlaceChosen { command, choice } => match choice {
            PlaceChoice::AlreadyHere => format!("{command}: already there"),
            PlaceChoice::InteractiveThenStop => format!("{command}: entered by hand"),
            PlaceChoice::Through => format!("{command}: connecting"),
        },
        Event::PlaceEntered { command, restored, .. } if restored.is_empty() => {
            format!("connected through {command}: the next commands run there")
        }
        Event::PlaceEntered { command, restored, .. } => {
            format!("reconnected through {command}; restored: {}", restored.join(", "))
        }
        Event::PlaceLeft { command, lost: None } => format!("disconnected from {command}"),
        Event::PlaceLeft { command, lost: Some(why) } => {
            format!("not connected through {command} any more: {why}")
        }
        Event::PlaceAccepted { place } => format!("confirmed {place} as the right place"),
        Event::ShellOpened { command, by } => format!("{command} opened a shell: {by}"),
        Event::SurvivorsSeen { command, survivors } if survivors.is_empty() => {
            format!("no process of {command} is left")
        }
        Event::SurvivorsSeen { command, survivors } => {
            let left: Vec<String> =
                survivors.iter().map(|s| format!("{} (process {})", s.command, s.pid)).collect();
            format!("still running from {command}: {}", left.join("; "))
        }
        Event::ReadingCorrected { correction, .. } => {
            format!("corrected how “{}” is read: {}", correction.of, correction.words)
        }
        Event::PlaceObserved { place } => format!("the shell is at {place}"),
        Event::ItemTicked { item, evidence, reason } => {
            let shown = evidence.as_deref().map_or(String::new(), |e| format!(" ({e})"));
            let reason = reason.as_deref().map_or(String::new(), |r| format!(" anyway: {r}"));
            format!("ticked {}{shown}{reason}", item_words(run, item))
        }
        Event::ItemUnticked { item } => format!("unticked {}", item_words(run, item)),
        Event::ItemSkipped { item, reason } => format!("skipped {}: {reason}", item_words(run, item)),
        Event::GateDecided { gate, go, reason, board, .. } => gate_words(*gate, *go, reason, board),
        Event::ConditionAnswered { command, holds }
            if run.find(command).is_some_and(|c| c.doubt.is_some()) =>
        {
            let doubt = run.find(command).and_then(|c| c.doubt);
            let told = match (doubt, *holds) {
                (Some(Doubt::Step | Doubt::Procedure), true) => "and its section belong to the run",
                (Some(Doubt::Step | Doubt::Procedure), false) => {
                    "and its section don't belong to the run: skipped"
                }
                (Some(Doubt::CommandOrText), true) => "is a command: it runs",
                (Some(Doubt::CommandOrText), false) => "is not a command: skipped",
                (_, true) => "runs as written",
                (_, false) => "does not run as written: skipped",
            };
            format!("{command} {told}")
        }
        Event::ConditionAnswered { command, holds } => {
            format!("{command}: its condition {}", if *holds { "holds" } else { "does not hold" })
        }
        Event::UnsetFound { command, names } => {
            format!("{command} was not started: {} unset or empty", unset::are(names))
        }
        Event::UnsetAnswered { command, runs } => {
            format!(
                "{command} {} with variables that have no value",
                if *runs { "runs" } else { "did not run" }
            )
        }
        Event::CommandStarted { command, text, .. } => format!("{command} started: {}", first_line(text)),
        Event::CommandExited { command, exit, bytes, verdicts, .. } => {
            let failed = verdicts.iter().filter(|v| v.judgement.verdict == Verdict::Fail).count();
            let eyes = verdicts.iter().filter(|v| v.judgement.verdict == Verdict::NeedsEyes).count();
            let mut words = format!("{command} ended: {exit}, {} of output", size(*bytes));
            if failed > 0 {
                words += &format!(", {} not met", counted(failed, "expectation"));
            }
            if eyes > 0 {
                words += &format!(", {}", need_you(eyes));
            }
            words
        }
        Event::VerdictDerived { command, .. } => format!("{command}: an expectation was judged"),
        Event::CommandLost { command, why, .. } => format!("{command} was lost: {why}"),
        Event::CommandNotStarted { command, why, .. } => format!("{command} did not start: {why}"),
        Event::ControlTaken { by, from } => match from {
            Some(from) => format!("{by} took control from {from}"),
            None => format!("{by} has control"),
        },
        Event::HandedOver { to } => format!("handed over to {to}"),
        Event::CommandSkipped { command, reason } => match run.command(command) {
            CommandState::Skipped { after: Some(_), .. } => {
                format!("{command} was {}: {reason}", came(run, command))
            }
            _ => format!("{command} was skipped: {reason}"),
        },
        Event::CommandMarkedDone { command, note } => format!("{command} was done by hand: {note}"),
        Event::CommandEdited { command, text } => format!("{command} was edited: {}", first_line(text)),
        Event::CommandAdded { command, text, before } => {
            let before = before.as_ref().map_or(String::new(), |b| format!(" before {b}"));
            format!("{command} was added{before}: {}", first_line(text))
        }
        Event::KeptInBackground { command } => format!("{command} is running in the background"),
        Event::WaitStarted { command, every_s, .. } => {
            format!("{command} is repeated every {every_s} s until it passes")
        }
        Event::WaitEnded { command, passed, why } => {
            format!("{command}: {}: {why}", if *passed { "it passed" } else { "the wait was given up" })
        }
        Event::CancelRequested { command, signal } => format!("{signal} sent to {command}"),
        Event::Attested { command, met, note, .. } => attested(run, command, *met, note),
        Event::ValueCaptured { name, value, command } => {
            format!("{command} set {name} to {}", first_line(value))
        }
        Event::ShellReplaced { lost } => shell_replaced(lost),
        Event::Gap { why, events, .. } => format!("{} recorded late: {why}", were(*events as usize, "event")),
        Event::OutputMasked { command, hidden, .. } => format!("masked in {command}: {}", told(hidden)),
        Event::SecretsShown { hidden } => {
            format!("values shown on the screen of whoever has control: {}", told(hidden))
        }
        Event::OutputAfter { command, text, .. } => {
            format!("{command} printed this after it had ended: {}", text.trim())
        }
        Event::OutputUnrecorded { command, why, .. } => {
            format!("the output of {command} is not recorded: {why}")
        }
        Event::Noted { about, text, issue } => {
            let what = if *issue { "issue" } else { "note" };
            let about = if about.is_empty() { String::new() } else { format!(" about {about}") };
            format!("{what}{about}: {text}")
        }
        Event::PersonNamed { role, name } => format!("{name} is {role}"),
        Event::WatchAccepted { watch } => {
            format!(
                "health is measured by {}",
                counted(watch.probes.iter().filter(|p| p.on).count(), "probe")
            )
        }
        Event::BaselineTaken => "the baseline was set".into(),
        Event::AlertAcknowledged { row, note } => format!("alert {row} acknowledged: {note}"),
        Event::MonitoringBegan => "monitoring began".into(),
        Event::RoundAnswered { round, item, met, note } => {
            let met = if *met { "as it should be" } else { "not as it should be" };
            let note = if note.is_empty() { String::new() } else { format!(": {note}") };
            format!("round {round}: {item} {met}{note}")
        }
        Event::MessageSent { milestone, to, .. } => format!("message to the {to}: {}", milestone.word()),
        Event::FileMade { command, path, looked, .. } => match looked {
            LookedAt::There(facts) => {
                let fault = facts.fault().map_or(String::new(), |fault| format!(": {fault}"));
                format!("{command} made {path}, {}{fault}", facts.words())
            }
            LookedAt::Not(why) => format!("{path}, which {command} makes: {why}"),
        },
        Event::RollbackBegun(decided) => format!("rollback: {}", decided.reason),
        Event::RollbackCalledOff { reason } => format!("rollback cancelled: {reason}"),
        Event::StepTakenAlong { step } => format!("{step} is repeated"),
        Event::ProblemsRecognised { command, problems, .. } => {
            format!("{command} matches {}", counted(problems.len(), "known problem"))
        }
        Event::RunFinished { outcome } => format!("run over: {outcome}"),
        Event::LogWritten { path } => format!("the log was written to {path}"),
        Event::Signed(sign_off) => {
            let by = sign_off.key.as_ref().map_or("claimed, no key".to_owned(), |k| k.fingerprint.clone());
            let statement = Statement::read(&sign_off.statement);
            statement.map_or("a sign-off that can't be read".into(), |s| {
                format!("signed as {} by {}, events 1-{} ({by})", s.role, s.name, s.events.0)
            })
        }
        // These have their sentences above.
        Event::AlertRaised { .. }
        | Event::AlertCleared { .. }
        | Event::AddressAnswers { .. }
        | Event::RoundOpened { .. }
        | Event::RoundClosed { .. }
        | Event::MonitoringEnded { .. } => String::new(),
    }
}

fn gate_words(gate: GateId, go: bool, reason: &str, board: &[String]) -> String {
    let decided = if go { "GO" } else { "NO-GO" };
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let open = if board.is_empty() { String::new() } else { format!(" (open: {})", board.join("; ")) };
    format!("{decided} {}{reason}{open}", gate.title())
}

fn attested(run: &RunState, command: &CommandId, met: bool, note: &str) -> String {
    let overrules = run.claims(command).iter().any(Claim::is_overruled);
    let note = if note.is_empty() { String::new() } else { format!(": {note}") };
    format!("{command} {}{note}", super::claims::attested(met, overrules))
}

fn item_words(run: &RunState, item: &crate::runbook::ItemId) -> String {
    run.runbook().item(item).map_or(item.0.clone(), |i| format!("\"{}\"", i.text))
}
