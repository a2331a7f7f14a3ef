//! `gonogo rollback`: goes back with a run, on the screens or headless.

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::headless::{self, Headless};
use super::opened::{Opened, ScreenArgs};
use super::preflight::Answers;
use super::report::{CommandError, Status};
use super::runtime::runtime;
use super::terms::TermArgs;
use super::{accepted, document, open, store};

/// Arguments of `rollback`.
#[derive(Debug, Args)]
pub(super) struct RollbackArgs {
    /// The run; by default the active one, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs))]
    run: Option<String>,
    /// The reason
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    terms: TermArgs,
    #[command(flatten)]
    screens: ScreenArgs,
}

pub(super) fn rollback(args: &RollbackArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let settings = document::settings(None, operator)?;
    let (store, run) = store::find(&settings, args.run.as_deref())?;
    let known = store.state_of(run.id())?;
    if known.runbook().rollback.steps.is_empty() {
        let words = format!("{} has no rollback section", known.runbook().title);
        return Err(CommandError::new(Status::Usage, words)
            .hint("do by hand what is needed; the screens run and record commands of your own"));
    }
    if !args.terms.headless {
        open::terminal_needed(&format!("gonogo rollback {} --headless --yes", run.id()))?;
        let opened = Opened { at_once: true, goes_back: true, ..Opened::new(&args.screens)? };
        return open::on_run(settings, store, run, opened);
    }
    let reason = args
        .reason
        .as_deref()
        .filter(|r| !r.trim().is_empty())
        .ok_or_else(|| CommandError::new(Status::Usage, "a rollback needs a reason: --reason TEXT"))?;
    if !args.terms.yes {
        let words = "nothing was stopped: add --yes to start the rollback";
        return Err(CommandError::new(Status::Usage, words));
    }
    let answers = Answers::parse(&args.terms, &settings, (known.runbook(), known.environment()))?;
    accepted::of_run(&*store, &run, args.terms.accept_commands)?;
    let terms = Headless::of(&args.terms, answers, &settings, store)?;
    runtime()?.block_on(headless::go_back(&run, settings.operator, reason, terms))
}
