//! `gonogo run`: a runbook in an environment, on the screens or headless.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::headless::{self, Headless};
use super::lock;
use super::open;
use super::preflight::{self, Answers};
use super::report::{CommandError, Status, say};
use crate::client::Host;
use crate::config::Settings;
use crate::exec::spawn::own_program;
use crate::run::environment::EnvironmentKey;
use crate::run::event::Start;
use crate::run::rollback::WayOutKind;
use crate::runbook::Runbook;
use crate::runner::NewRun;
use crate::store::StateDirectory;

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The runbook
    pub(super) runbook: PathBuf,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV")]
    pub(super) env: Option<String>,
    #[command(flatten)]
    pub(super) terms: TermArgs,
    /// The change this belongs to
    #[arg(long, value_name = "ID")]
    pub(super) ticket: Option<String>,
    /// Run only what was agreed on (gonogo lock); refuses with what differs
    #[arg(long)]
    pub(super) locked: bool,
    /// Watch with a probe that is off by default, or leave one out: NAME=on|off
    #[arg(long = "probe", value_name = "NAME=on|off")]
    pub(super) probes: Vec<String>,
    #[command(flatten)]
    pub(super) screens: open::ScreenArgs,
}

/// Under which terms commands are run without anybody there.
#[derive(Debug, Args)]
pub(super) struct TermArgs {
    /// Go through without screens; never guesses
    #[arg(long)]
    pub(super) headless: bool,
    /// Tick check items and take gates as the operator
    #[arg(long)]
    pub(super) yes: bool,
    /// Take what the document has done by hand as done beforehand; the record says that nobody did it here
    #[arg(long)]
    pub(super) by_hand_done: bool,
    /// Accept the commands (hooks, messages, passwords) of the gonogo.toml beside the runbook as they are
    #[arg(long)]
    pub(super) accept_commands: bool,
    /// Go on although this version of gonogo reads the document differently than the run goes by
    #[arg(long)]
    pub(super) accept_reading: bool,
    /// Run destructive commands
    #[arg(long)]
    pub(super) allow_destructive: bool,
    /// Go back by the document's rollback when a command fails: exit 3
    #[arg(long)]
    pub(super) rollback_on_failure: bool,
    /// What is done about what stands in the way of going back, the first that fits each: stop-only, start-first,
    /// drop-first, leave-out or as-written
    #[arg(long, value_name = "WAY", value_parser = way_out)]
    pub(super) way_out: Vec<WayOutKind>,
    /// Take what only a person can judge as it should be: exit 0 instead of 6
    #[arg(long)]
    pub(super) accept_unattested: bool,
    /// Answer a parameter
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Answer a command's condition
    #[arg(long = "answer", value_name = "ID=yes|no")]
    pub(super) answer: Vec<String>,
    /// Where the commands after ssh and the like run: here, there (on the other side), or on another host
    #[arg(long, value_name = "here|there|ssh:HOST")]
    pub(super) place: Option<String>,
    /// How long a command that does not end by itself is followed
    #[arg(long, value_name = "TIME")]
    pub(super) follow_for: Option<String>,
    /// Begin at this command or step
    #[arg(long, value_name = "ID")]
    pub(super) from: Option<String>,
    /// End after this command or step
    #[arg(long, value_name = "ID")]
    pub(super) to: Option<String>,
    /// Print events as JSON, one a line
    #[arg(long)]
    pub(super) json: bool,
}

fn way_out(name: &str) -> Result<WayOutKind, String> {
    let known = WayOutKind::ALL.into_iter();
    let named = known.clone().find(|kind| kind.name() == name);
    named.ok_or_else(|| {
        let all: Vec<&str> = known.map(WayOutKind::name).collect();
        format!("write one of {}", all.join(", "))
    })
}

impl TermArgs {
    /// The terms of a walk that nobody is at, in processes of its own.
    pub(super) fn headless(
        &self,
        answers: Answers,
        settings: &Settings,
        state: StateDirectory,
    ) -> Result<Headless, CommandError> {
        Ok(Headless {
            answers,
            follow_for: self.follow_for(settings)?,
            accept_reading: self.accept_reading,
            json: self.json,
            log: false,
            host: Host::Processes(own_program()),
            state,
        })
    }

    fn follow_for(&self, settings: &Settings) -> Result<Duration, CommandError> {
        let Some(time) = &self.follow_for else { return Ok(settings.follow_for) };
        humantime::parse_duration(time).map_err(|_| {
            CommandError::new(Status::Usage, format!("--follow-for {time}: write a time such as 60s or 2m"))
        })
    }
}

/// Arguments of `resume`.
#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// The run; by default the active one, else the last
    run: Option<String>,
    #[command(flatten)]
    terms: TermArgs,
    #[command(flatten)]
    screens: open::ScreenArgs,
}

pub(super) fn run(args: RunArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let mut document = open::document(&args.runbook)?;
    let settings = open::settings(Some(&args.runbook), operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let environment = preflight::environment(&document.runbook, args.env.as_deref())?;
    // All of the document is agreed on, whatever environment it is run in.
    let agreement = lock::agreement(&document);
    if document.runbook.is_divided() {
        document.runbook = document.runbook.in_environment(&environment.name);
    }
    let answers = Answers::parse(&args.terms, &settings, (&document.runbook, &environment.name))?;
    if let Some(because) = lock::because(&settings, &environment.name, args.locked) {
        lock::as_agreed(&document.path, &agreement, Some(&because))?;
    }
    if !args.terms.headless {
        if args.terms.rollback_on_failure {
            let words = "--rollback-on-failure belongs to --headless: on the screens F9 goes back";
            return Err(CommandError::new(Status::Usage, words));
        }
        open::terminal_needed()?;
        let mut settings = settings;
        settings.given.extend(answers.given);
        settings.ticket = args.ticket.or(settings.ticket);
        let run = open::known(&state, &document.runbook.sha256, Some(&environment.name), false)?;
        let opened =
            open::Opened { run, environment: Some(environment.name), ..open::Opened::new(&args.screens)? };
        return open::show(settings, &state, document, opened);
    }
    let watch = open::watch(&document.runbook, &settings, &environment, &args.probes)?;
    accept_commands(&settings, &state, args.terms.accept_commands)?;
    let mut open = preflight::unanswered(&document.runbook, &answers, &|_| false);
    open.extend(preflight::refused(&document.runbook, &answers));
    preflight::all_answered(open)?;
    let (parameters, secrets) = answers.split(&document.runbook);
    let start = Start {
        ticket: args.ticket.clone().or(settings.ticket.clone()),
        window: args.screens.window()?,
        ..open::start(&document, &environment, &settings)
    };
    unfinished(&state, &start, &document.runbook)?;
    let directory = std::env::current_dir()?;
    if !args.terms.json {
        lock::words(&document.path, &agreement, lock::TOLD).iter().try_for_each(say)?;
    }
    let new = NewRun { document: document.text, start, directory, parameters, secrets, watch };
    let terms = args.terms.headless(answers, &settings, state)?;
    super::runtime()?.block_on(headless::go_through(new, terms))
}

/// Commands of a file that came with the runbook run only when somebody has seen and accepted them.
pub(super) fn accept_commands(
    settings: &Settings,
    state: &StateDirectory,
    accepted: bool,
) -> Result<(), CommandError> {
    let waiting = open::waiting(settings, state);
    if waiting.is_empty() {
        return Ok(());
    }
    if accepted {
        return Ok(state.accept(&settings.beside_hash())?);
    }
    let error = CommandError::new(
        Status::Usage,
        "gonogo.toml beside the runbook holds commands that nobody accepted",
    );
    let error = waiting.iter().fold(error, |e, (name, command)| e.hint(format!("{name}: {command}")));
    Err(error.hint("--accept-commands accepts them as they are"))
}

pub(super) fn resume(args: ResumeArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let settings = open::settings(None, operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let run = state.find(args.run.as_deref())?;
    let known = run.read_state()?;
    if let Some((outcome, _)) = known.outcome().filter(|_| known.is_over()) {
        return Err(CommandError::new(Status::Usage, format!("{} is over: {outcome}", run.id()))
            .hint(format!("look at it: gonogo attach {}", run.id())));
    }
    if !args.terms.headless {
        open::terminal_needed()?;
        return open::attach(settings, &state, run, &args.screens);
    }
    let answers = Answers::parse(&args.terms, &settings, (known.runbook(), known.environment()))?;
    let terms = args.terms.headless(answers, &settings, state)?;
    super::runtime()?.block_on(headless::go_on(&run, settings.operator, terms))
}

/// An unfinished run in the same environment of the same system has to be gone on with or given up.
fn unfinished(state: &StateDirectory, start: &Start, runbook: &Runbook) -> Result<(), CommandError> {
    let key = EnvironmentKey::of(runbook, &start.environment);
    let Some(summary) = state.unfinished_in(&key)? else { return Ok(()) };
    let since = summary.started.map(super::runs::local).unwrap_or_default();
    let held = format!("{key} is held by run {}, {} since {since}", summary.id, summary.operator);
    Err(CommandError::new(Status::Held, held)
        .hint(format!("go on with it: gonogo resume {}", summary.id))
        .hint(format!("or give it up: gonogo stop {}", summary.id)))
}
