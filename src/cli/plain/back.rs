//! Going back and known problems in the transcript.

use chrono::Utc;

use super::transcript::Plain;
use crate::cli::report::{CommandError, note, say};
use crate::run::policy::Confirmation;
use crate::run::rollback::{self, Obstacle, WayOut};
use crate::run::{Request, trouble};
use crate::runbook::CommandId;
use crate::text as words;

/// Tells what going back undoes and costs; with a reason, goes back.
pub(super) async fn back(plain: &mut Plain, reason: &str) -> Result<(), CommandError> {
    let chosen = rollback::usual(plain.state().runbook());
    if chosen.is_empty() {
        note("the document has no rollback: do by hand what is needed; ! runs and records commands");
        return Ok(());
    }
    if plain.state().goes_back() {
        for line in words::stuck(plain.state()) {
            say(line)?;
        }
        for step in rollback::offered(plain.state()) {
            say(format!("again {} repeats {}, as the document says", step.id, step.title))?;
        }
        return Ok(());
    }
    let found = plain.look_back().await?;
    let board = rollback::board(plain.state(), &chosen, &found, (plain.heard.health.as_ref(), Utc::now()));
    for trigger in &board.triggers {
        let holds = match trigger.holds {
            Some(true) => "yes:",
            Some(false) => "no:",
            None => "?:",
        };
        say(format!("  {holds} {} (line {}) {}", trigger.text, trigger.line, trigger.known))?;
    }
    for words in board.told() {
        say(format!("  {words}"))?;
    }
    for Obstacle { command, line, says, .. } in &board.obstacles {
        say(format!("  blocked by {command} (line {line}): {says}"))?;
    }
    if reason.is_empty() {
        return say("Type back REASON to start the rollback. Nothing stops before that.");
    }
    let Some(ways) = choose(plain, &board.obstacles).await? else { return Ok(()) };
    let confirmed = if plain.state().production() {
        let name = plain.state().environment().to_owned();
        let typed = plain.line(&format!("Type {name} to roll back:")).await?;
        if typed.as_deref() != Some(name.as_str()) {
            note("not confirmed: nothing was stopped");
            return Ok(());
        }
        Confirmation::TypeName
    } else {
        Confirmation::TwoKeys
    };
    let (trigger, reason) = (board.trigger(), reason.to_owned());
    let request = Request::RollBack { trigger, reason, procedures: chosen, confirmed, ways };
    if plain.ask(request).await? {
        plain.looked_at = None;
    }
    Ok(())
}

/// Asks for a way out of each thing that stands in the way.
async fn choose(
    plain: &mut Plain,
    obstacles: &[Obstacle],
) -> Result<Option<Vec<(CommandId, WayOut)>>, CommandError> {
    let mut taken = Vec::new();
    for Obstacle { command, wants, ways, .. } in obstacles {
        if let Some(name) = wants {
            say(format!("  or give a value first: value {name}"))?;
        }
        for (at, way) in ways.iter().enumerate() {
            say(format!("  {} {}", at + 1, way.says()))?;
        }
        let typed = plain.line(&format!("For {command}, which fix:")).await?;
        let number: Option<usize> = typed.and_then(|t| t.trim().parse().ok());
        let Some(way) = number.and_then(|n| ways.get(n.wrapping_sub(1))) else {
            note("no fix was chosen: nothing was stopped");
            return Ok(None);
        };
        taken.push((command.clone(), way.clone()));
    }
    Ok(Some(taken))
}

/// Lists known problems in which what was typed stands.
pub(super) fn trouble(plain: &Plain, typed: &str) -> Result<(), CommandError> {
    let found = trouble::search(plain.state().runbook(), typed);
    if found.is_empty() {
        note("the document lists no such problem");
    }
    for problem in found {
        say(format!("{} (line {})", problem.problem, problem.line))?;
        for hint in trouble::hints(problem) {
            say(format!("  line {}: {}", hint.line, hint.says))?;
        }
        for command in trouble::commands(problem) {
            say(format!("  r {}  {}", command.id, command.text.lines().next().unwrap_or_default()))?;
        }
    }
    Ok(())
}
