//! `gonogo run` and `resume`: a runbook in an environment, on the screens or headless.

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::headless::{self, Headless};
use super::opened::{Opened, ScreenArgs};
use super::preflight::{self, Answers};
use super::report::{CommandError, Status, local, say};
use super::runtime::runtime;
use super::terms::TermArgs;
use super::{accepted, agreed, document, open, store, watched};
use crate::run::environment::EnvironmentKey;
use crate::run::event::Start;
use crate::runbook::Runbook;
use crate::runner::NewRun;
use crate::store::Store;

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The runbook
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    pub(super) runbook: PathBuf,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environments))]
    pub(super) env: Option<String>,
    #[command(flatten)]
    pub(super) terms: TermArgs,
    /// The change this run belongs to
    #[arg(long, value_name = "ID")]
    pub(super) ticket: Option<String>,
    /// Run only an agreed reading (gonogo lock); otherwise refuse and show the differences
    #[arg(long)]
    pub(super) locked: bool,
    /// Switch a probe on or off: NAME=on|off
    #[arg(long = "probe", value_name = "NAME=on|off")]
    pub(super) probes: Vec<String>,
    /// Judge a bound that the document says in a sentence, or do not: NAME=on|off, or LINE=on|off, or all=on|off
    #[arg(long = "target", value_name = "NAME=on|off")]
    pub(super) targets: Vec<String>,
    #[command(flatten)]
    pub(super) screens: ScreenArgs,
}

/// Arguments of `resume`.
#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// The run; by default the active one, or the last
    #[arg(add = ArgValueCompleter::new(complete::unfinished))]
    run: Option<String>,
    #[command(flatten)]
    terms: TermArgs,
    #[command(flatten)]
    screens: ScreenArgs,
}

pub(super) fn run(args: RunArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let mut document = document::document(&args.runbook)?;
    let mut settings = document::settings(Some(&args.runbook), operator)?;
    let store = store::of(&settings)?;
    let environment = preflight::environment(&document.runbook, args.env.as_deref())?;
    // All of the document is agreed on, whatever environment it is run in.
    let agreement = agreed::agreement(&document);
    if document.runbook.is_divided() {
        document.runbook = document.runbook.in_environment(&environment.name);
    }
    let answers = Answers::parse(&args.terms, &settings, (&document.runbook, &environment.name))?;
    if let Some(because) = agreed::because(&settings, &environment.name, args.locked) {
        agreed::as_agreed(&document.path, &agreement, Some(&because))?;
    }
    if !args.terms.headless {
        if args.terms.rollback_on_failure {
            let words =
                "--rollback-on-failure needs --headless; on the screens you start a rollback yourself";
            return Err(CommandError::new(Status::Usage, words));
        }
        let path = args.runbook.display();
        open::terminal_needed(&format!("gonogo run {path} --env {} --headless --yes", environment.name))?;
        settings.given.extend(answers.given);
        settings.ticket = args.ticket.or(settings.ticket);
        let known = (document.runbook.sha256.as_str(), Some(environment.name.as_str()));
        let run = open::known(&*store, &settings, known, false)?;
        let opened = Opened { run, environment: Some(environment.name), ..Opened::new(&args.screens)? };
        return open::show(settings, store, document, opened);
    }
    accepted::accept_commands(&mut settings, args.terms.accept_commands)?;
    let said = watched::Said { probes: &args.probes, targets: &args.targets };
    let watch = watched::watch(&document.runbook, &settings, &environment, &said)?;
    let mut open = preflight::unanswered(&document.runbook, &answers, &|_| false);
    open.extend(preflight::refused(&document.runbook, &answers));
    preflight::all_answered(open)?;
    let (parameters, secrets) = answers.split(&document.runbook);
    let start = Start {
        ticket: args.ticket.clone().or(settings.ticket.clone()),
        window: args.screens.window()?,
        ..document::start(&document, &environment, &settings)
    };
    unfinished(&*store, &start, &document.runbook)?;
    let directory = std::env::current_dir()?;
    if !args.terms.json {
        agreed::words(&document.path, &agreement, agreed::TOLD).iter().try_for_each(say)?;
    }
    let new = NewRun { document: document.text, start, directory, parameters, secrets, watch };
    let terms = Headless::of(&args.terms, answers, &settings, store)?;
    runtime()?.block_on(headless::go_through(new, terms))
}

pub(super) fn resume(args: ResumeArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let settings = document::settings(None, operator)?;
    let (store, run) = store::find(&settings, args.run.as_deref())?;
    let known = store.state_of(run.id())?;
    if let Some((outcome, _)) = known.outcome().filter(|_| known.is_over()) {
        return Err(CommandError::new(Status::Usage, format!("{} is over: {outcome}", run.id()))
            .hint(format!("see it: gonogo attach {}", run.id())));
    }
    if !args.terms.headless {
        open::terminal_needed(&format!("gonogo resume {} --headless --yes", run.id()))?;
        return open::attach(settings, store, run, &args.screens);
    }
    let answers = Answers::parse(&args.terms, &settings, (known.runbook(), known.environment()))?;
    accepted::of_run(&*store, &run, args.terms.accept_commands)?;
    let terms = Headless::of(&args.terms, answers, &settings, store)?;
    runtime()?.block_on(headless::go_on(&run, settings.operator, terms))
}

/// An unfinished run in the same environment of the same system has to be gone on with or given up.
fn unfinished(store: &dyn Store, start: &Start, runbook: &Runbook) -> Result<(), CommandError> {
    let key = EnvironmentKey::of(runbook, &start.environment);
    let Some(summary) = store.unfinished_in(&key, None)? else { return Ok(()) };
    let since = summary.started.map(local).unwrap_or_default();
    let held = format!("{key} is held by run {}, {} since {since}", summary.id, summary.operator);
    if let Some(owner) = store.elsewhere(&summary.id)? {
        return Err(CommandError::new(Status::Held, format!("{held}: {owner}"))
            .hint(format!("gonogo status {} shows how far it is", summary.id))
            .hint("whoever runs it ends it there; after 30 s of silence gonogo resume takes it up here"));
    }
    Err(CommandError::new(Status::Held, held)
        .hint(format!("resume it: gonogo resume {}", summary.id))
        .hint(format!("or give it up: gonogo stop {}", summary.id)))
}
