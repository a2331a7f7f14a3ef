//! `gonogo run`: a runbook in an environment, on the screens or headless.

use std::path::PathBuf;

use clap::Args;

use super::headless::{self, Headless};
use super::open;
use super::preflight::{self, Answers};
use super::report::{CommandError, Status};
use crate::run::event::Start;
use crate::run::policy;
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
    /// Go through without screens; never guesses
    #[arg(long)]
    pub(super) headless: bool,
    /// Tick check items and take gates as the operator
    #[arg(long)]
    pub(super) yes: bool,
    /// Run destructive commands
    #[arg(long)]
    pub(super) allow_destructive: bool,
    /// Take what waits for eyes as seen: exit 0 instead of 6
    #[arg(long)]
    pub(super) accept_unattested: bool,
    /// Answer a parameter
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Answer a command's condition
    #[arg(long = "answer", value_name = "ID=yes|no")]
    pub(super) answer: Vec<String>,
    /// Where the commands after ssh and the like run: here
    #[arg(long, value_name = "here")]
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
    /// The change this belongs to
    #[arg(long, value_name = "ID")]
    pub(super) ticket: Option<String>,
    #[command(flatten)]
    pub(super) screens: open::ScreenArgs,
    /// Print events as JSON, one a line
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: RunArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = open::document(&args.runbook)?;
    let settings = open::settings(Some(&args.runbook), operator)?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let environment = preflight::environment(&document.runbook, args.env.as_deref())?;
    let answers = Answers::parse(&args, &settings, &environment.name)?;
    if !args.headless {
        open::terminal_needed()?;
        let mut settings = settings;
        settings.parameters.extend(answers.parameters);
        settings.ticket = args.ticket.or(settings.ticket);
        let run = open::active(&state, &document.runbook.sha256)?;
        let opened =
            open::Opened { run, environment: Some(environment.name), ..open::Opened::new(&args.screens)? };
        return open::show(settings, &state, document, opened);
    }
    let mut settings = settings;
    if let Some(time) = &args.follow_for {
        settings.follow_for = humantime::parse_duration(time).map_err(|_| {
            CommandError::new(Status::Usage, format!("--follow-for {time}: write a time such as 60s or 2m"))
        })?;
    }
    let unanswered = preflight::unanswered(&document.runbook, &answers);
    if !unanswered.is_empty() {
        let mut error = CommandError::new(
            Status::Usage,
            format!("nothing was run: {} things are unanswered", unanswered.len()),
        );
        for line in unanswered {
            error = error.hint(line);
        }
        return Err(error);
    }
    let (parameters, secrets) = answers.split(&document.runbook);
    let start = Start {
        document: document.path.display().to_string(),
        title: document.runbook.title.clone(),
        sha256: document.runbook.sha256.clone(),
        production: policy::is_production(&environment, settings.production(&environment.name)),
        environment: environment.name,
        operator: settings.operator.clone(),
        ticket: args.ticket.clone().or(settings.ticket.clone()),
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        headless: true,
        window: args.screens.window()?,
    };
    unfinished(&state, &start)?;
    let directory = std::env::current_dir()?;
    let new = NewRun { document: document.text, start, directory, parameters, secrets };
    let terms = Headless { answers, follow_for: settings.follow_for, json: args.json, log: false };
    super::runtime()?.block_on(headless::go_through(&state, new, terms))
}

/// An unfinished run of the same document in the same environment has to be gone on with or given up.
fn unfinished(state: &StateDirectory, start: &Start) -> Result<(), CommandError> {
    for summary in state.list()?.iter().filter(|r| r.outcome.is_none() && r.environment == start.environment)
    {
        let known = state.find(Some(&summary.id.0)).and_then(|run| run.read_state());
        if known.is_ok_and(|s| s.start().is_some_and(|(old, _)| old.sha256 == start.sha256)) {
            let since = summary.started.map(super::runs::local).unwrap_or_default();
            return Err(CommandError::new(
                Status::Held,
                format!(
                    "{} is held by run {}, {} since {since}",
                    start.environment, summary.id, summary.operator
                ),
            )
            .hint(format!("go on with it: gonogo {}", start.document))
            .hint(format!("or give it up: gonogo stop {}", summary.id)));
        }
    }
    Ok(())
}
