//! What happened, in a sentence an event: for timelines.

use super::super::claim::Claim;
use super::super::event::{Event, PlaceChoice};
use super::super::gates::GateId;
use super::super::rollback::LookedAt;
use super::super::sign::Statement;
use super::super::state::{CommandState, RunState};
use super::super::text::{first_line, size};
use super::super::unset;
use super::super::verdict::Verdict;
use super::came::came;
use super::watch::of_watch;
use crate::mask::told;
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
        Event::RunResumed { gonogo } => format!("taken up again by gonogo {gonogo}"),
        Event::Newer(newer) => format!("something that only a newer gonogo knows ({})", newer.kind),
        Event::PlanAccepted { gonogo, changes, .. } => {
            let told = if changes.is_empty() { String::new() } else { format!(": {}", changes.join("; ")) };
            format!("accepted that gonogo {gonogo} reads the document differently{told}")
        }
        Event::ParameterSet { name, value } => match value {
            Some(value) => format!("{name} is {value}"),
            None => format!("{name} was answered; it is secret"),
        },
        Event::ParameterForgotten { name } => format!("the value of {name} is not known any more"),
        Event::PlaceChosen { command, choice } => match choice {
            PlaceChoice::AlreadyHere => format!("{command}: already there"),
            PlaceChoice::InteractiveThenStop => format!("{command}: gone to by hand"),
            PlaceChoice::Through => format!("{command}: gone through"),
        },
        Event::PlaceEntered { command, restored, .. } if restored.is_empty() => {
            format!("what follows runs on the other side of {command}")
        }
        Event::PlaceEntered { command, restored, .. } => {
            format!("again on the other side of {command}; given back: {}", restored.join(", "))
        }
        Event::PlaceLeft { command, lost: None } => format!("left the other side of {command}"),
        Event::PlaceLeft { command, lost: Some(why) } => {
            format!("not connected through {command} any more: {why}")
        }
        Event::PlaceAccepted { place } => format!("confirmed {place} as the right place"),
        Event::ShellOpened { command, by } => format!("{command} opened a shell: {by}"),
        Event::SurvivorsSeen { command, survivors } if survivors.is_empty() => {
            format!("nothing of {command} is left")
        }
        Event::SurvivorsSeen { command, survivors } => {
            let left: Vec<String> =
                survivors.iter().map(|s| format!("{} (process {})", s.command, s.pid)).collect();
            format!("still there of {command}: {}", left.join("; "))
        }
        Event::ReadingCorrected { correction, .. } => {
            format!("said how “{}” is read: {}", correction.of, correction.words)
        }
        Event::PlaceObserved { place } => format!("the shell is at {place}"),
        Event::ItemTicked { item, evidence, reason } => {
            let shown = evidence.as_deref().map_or(String::new(), |e| format!(" ({e})"));
            let reason = reason.as_deref().map_or(String::new(), |r| format!(" all the same: {r}"));
            format!("ticked {}{shown}{reason}", item_words(run, item))
        }
        Event::ItemUnticked { item } => format!("took back the tick at {}", item_words(run, item)),
        Event::ItemSkipped { item, reason } => format!("left out {}: {reason}", item_words(run, item)),
        Event::GateDecided { gate, go, reason, board, .. } => gate_words(*gate, *go, reason, board),
        Event::ConditionAnswered { command, holds }
            if run.find(command).is_some_and(|c| c.doubt.is_some()) =>
        {
            let doubt = run.find(command).and_then(|c| c.doubt);
            let told = match (doubt, *holds) {
                (Some(Doubt::Step | Doubt::Procedure), true) => "and its section are part of the run",
                (Some(Doubt::Step | Doubt::Procedure), false) => {
                    "and its section are no part of the run: skipped"
                }
                (Some(Doubt::CommandOrText), true) => "is a command: it runs",
                (Some(Doubt::CommandOrText), false) => "is not a command: skipped",
                (_, true) => "runs as it stands",
                (_, false) => "does not run as it stands: skipped",
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
                if *runs { "runs" } else { "does not run" }
            )
        }
        Event::CommandStarted { command, text, .. } => format!("{command} began: {}", first_line(text)),
        Event::CommandExited { command, exit, bytes, verdicts, .. } => {
            let failed = verdicts.iter().filter(|v| v.judgement.verdict == Verdict::Fail).count();
            let eyes = verdicts.iter().filter(|v| v.judgement.verdict == Verdict::NeedsEyes).count();
            let mut words = format!("{command} ended: {exit}, {} of output", size(*bytes));
            if failed > 0 {
                words += &format!(", {failed} expected not seen");
            }
            if eyes > 0 {
                words += &format!(", {eyes} for eyes");
            }
            words
        }
        Event::VerdictDerived { command, .. } => format!("{command}: something expected was judged"),
        Event::CommandLost { command, why, .. } => format!("{command} was lost: {why}"),
        Event::CommandNotStarted { command, why, .. } => format!("{command} did not begin: {why}"),
        Event::ControlTaken { by, from } => match from {
            Some(from) => format!("{by} took control from {from}"),
            None => format!("{by} has control"),
        },
        Event::HandedOver { to } => format!("handed over to {to}"),
        Event::CommandSkipped { command, reason } => match run.command(command) {
            CommandState::Skipped { after: Some(_), .. } => {
                format!("{command} was {}: {reason}", came(run, command))
            }
            _ => format!("{command} was left out: {reason}"),
        },
        Event::CommandMarkedDone { command, note } => format!("{command} was done by hand: {note}"),
        Event::CommandEdited { command, text } => format!("{command} was edited: {}", first_line(text)),
        Event::CommandAdded { command, text, before } => {
            let before = before.as_ref().map_or(String::new(), |b| format!(" before {b}"));
            format!("{command} was added{before}: {}", first_line(text))
        }
        Event::KeptInBackground { command } => format!("{command} goes on in the background"),
        Event::WaitStarted { command, every_s, .. } => {
            format!("{command} is repeated every {every_s} s until it passes")
        }
        Event::WaitEnded { command, passed, why } => {
            format!("{command}: {}: {why}", if *passed { "it passed" } else { "waiting was given up" })
        }
        Event::CancelRequested { command, signal } => format!("{signal} for {command}"),
        Event::Attested { command, met, note, .. } => attested(run, command, *met, note),
        Event::ValueCaptured { name, value, command } => {
            format!("{command} set {name} to {}", first_line(value))
        }
        Event::ShellReplaced { lost } => shell_replaced(lost),
        Event::Gap { why, events, .. } => format!("{events} events were recorded late: {why}"),
        Event::OutputMasked { command, hidden, .. } => format!("masked in {command}: {}", told(hidden)),
        Event::SecretsShown { hidden } => {
            format!("values shown on the screen of whoever has control: {}", told(hidden))
        }
        Event::OutputAfter { command, text, .. } => {
            format!("{command} wrote this after it had ended: {}", text.trim())
        }
        Event::OutputUnrecorded { command, why, .. } => format!("{command} is not recorded: {why}"),
        Event::Noted { about, text, issue } => {
            let what = if *issue { "issue" } else { "note" };
            let about = if about.is_empty() { String::new() } else { format!(" about {about}") };
            format!("{what}{about}: {text}")
        }
        Event::PersonNamed { role, name } => format!("{name} is {role}"),
        Event::WatchAccepted { watch } => {
            format!("{} probes watch", watch.probes.iter().filter(|p| p.on).count())
        }
        Event::BaselineTaken => "differences are told from here on".into(),
        Event::AlertAcknowledged { row, note } => format!("{row} is known: {note}"),
        Event::MonitoringBegan => "the monitoring began".into(),
        Event::RoundAnswered { round, item, met, note } => {
            let met = if *met { "as it should be" } else { "not as it should be" };
            let note = if note.is_empty() { String::new() } else { format!(": {note}") };
            format!("round {round}: {item} {met}{note}")
        }
        Event::MessageSent { milestone, to, .. } => format!("told the {to}: {}", milestone.word()),
        Event::FileMade { command, path, looked, .. } => match looked {
            LookedAt::There(facts) => {
                let fault = facts.fault().map_or(String::new(), |fault| format!(": {fault}"));
                format!("{command} made {path}, {}{fault}", facts.words())
            }
            LookedAt::Not(why) => format!("{path}, which {command} makes: {why}"),
        },
        Event::RollbackBegun(decided) => format!("going back: {}", decided.reason),
        Event::RollbackCalledOff { reason } => format!("not going back: {reason}"),
        Event::StepTakenAlong { step } => format!("{step} is gone through again"),
        Event::ProblemsRecognised { command, problems, .. } => {
            format!("{command}: {} known problems fit", problems.len())
        }
        Event::RunFinished { outcome } => format!("over: {outcome}"),
        Event::LogWritten { path } => format!("the log was written to {path}"),
        Event::Signed(sign_off) => {
            let by = sign_off.key.as_ref().map_or("claimed, no key".to_owned(), |k| k.fingerprint.clone());
            let statement = Statement::read(&sign_off.statement);
            statement.map_or("a sign-off that can't be read".into(), |s| {
                format!("signed as {} by {}, events 1-{} ({by})", s.role, s.name, s.events.0)
            })
        }
        // These were told above.
        Event::AlertRaised { .. }
        | Event::AlertCleared { .. }
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
    let seen = if met { "seen" } else { "not seen" };
    let overruled = run.claims(command).iter().any(Claim::is_overruled);
    let how = if overruled { "overruled as" } else { "attested as" };
    let note = if note.is_empty() { String::new() } else { format!(": {note}") };
    format!("{command} {how} {seen}{note}")
}

fn item_words(run: &RunState, item: &crate::runbook::ItemId) -> String {
    run.runbook().item(item).map_or(item.0.clone(), |i| format!("\"{}\"", i.text))
}
