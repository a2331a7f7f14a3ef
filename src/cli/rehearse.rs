//! `gonogo rehearse`: a runbook with nothing executed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::document;
use super::preflight;
use super::report::{CommandError, Status, say, say_json};
use crate::config;
use crate::figures::counted;
use crate::run::Outcome;
use crate::run::rehearsal::{self, Scenario};

/// Arguments of `rehearse`.
#[derive(Debug, Args)]
pub(super) struct RehearseArgs {
    /// The runbook
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: PathBuf,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environments))]
    env: Option<String>,
    /// The results of commands, in TOML; by default all succeed
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn rehearse(args: &RehearseArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = document::document(&args.runbook)?;
    let settings = document::settings(Some(&args.runbook), operator)?;
    let environment = preflight::environment(&document.runbook, args.env.as_deref())?;
    let scenario = args.scenario.as_deref().map(scenario).transpose()?.unwrap_or_default();
    let known = scenario.commands.keys().chain(scenario.answers.keys()).chain(scenario.ways.keys());
    if let Some(id) = known.into_iter().find(|id| document.runbook.command(id).is_none()) {
        return Err(CommandError::new(
            Status::Usage,
            format!("the scenario names {id}, which the document does not have"),
        )
        .hint("gonogo plan lists all commands with their ids"));
    }
    let start = document::start(&document, &environment, &settings);
    let rehearsed = rehearsal::rehearse(Arc::new(document.runbook), start, &scenario, chrono::Utc::now());
    if args.json {
        say_json(&rehearsed)?;
    } else {
        rehearsed.story.iter().try_for_each(say)?;
        say("")?;
        let (ran, left) = (rehearsed.exercised.len(), rehearsed.not_reached.len());
        say(format!("REHEARSED: {}; nothing was executed", rehearsed.outcome))?;
        say(format!("  {} reached, {left} not", counted(ran, "command")))?;
        let left: Vec<String> = rehearsed.not_reached.iter().map(ToString::to_string).collect();
        if !left.is_empty() {
            say(format!("  not reached: {}", left.join(" ")))?;
        }
    }
    Ok(match (scenario.outcome, rehearsed.outcome) {
        (Some(wanted), came) if wanted == came => Status::Done,
        (Some(wanted), came) => {
            return Err(CommandError::new(
                Status::Failed,
                format!("the outcome was {came}; the scenario expects {wanted}"),
            ));
        }
        (None, Outcome::Deployed) => Status::Done,
        (None, Outcome::RolledBack) => Status::RolledBack,
        (None, _) => Status::Failed,
    })
}

fn scenario(path: &Path) -> Result<Scenario, CommandError> {
    let usage = |why: String| CommandError::new(Status::Usage, format!("{}: {why}", path.display()));
    let text = config::file::text(path).map_err(|error| usage(error.to_string()))?;
    toml::from_str(&text).map_err(|error| {
        let line =
            error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        CommandError::new(Status::Usage, format!("{}:{line}: {}", path.display(), error.message()))
    })
}
