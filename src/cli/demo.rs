//! `gonogo demo`: a real small deployment in a sandbox.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::headless::{self, Headless};
use super::opened::{Opened, ScreenArgs};
use super::preflight::{Answers, Back, PlaceAnswer};
use super::report::{CommandError, Status, note, say, say_text};
use super::runtime::runtime;
use super::{document, open, store, watched};
use crate::client::Host;
use crate::demo::{sandbox::Sandbox, service};
use crate::runner::NewRun;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Make the new release faulty
    #[arg(long)]
    faulty: bool,
    /// Roll back when something fails
    #[arg(long)]
    rollback_on_failure: bool,
    /// Run without screens (the default without a terminal)
    #[arg(long)]
    headless: bool,
    #[command(flatten)]
    screens: ScreenArgs,
    /// Tick check items and decide GO; implied in the sandbox of the demo
    #[arg(long)]
    yes: bool,
    /// Keep the run with yours, to sign, verify and export it afterwards
    #[arg(long)]
    keep: bool,
}

/// Arguments of the demo's service.
#[derive(Debug, Args)]
pub(super) struct ServiceArgs {
    #[command(subcommand)]
    verb: ServiceVerb,
}

#[derive(Debug, Subcommand)]
enum ServiceVerb {
    /// Serve over HTTP
    Serve {
        #[arg(long)]
        port: u16,
        #[arg(long)]
        database: PathBuf,
        #[arg(long)]
        release: PathBuf,
    },
    /// Run a file of SQL in one transaction
    Migrate { database: PathBuf, file: PathBuf },
    /// Write a consistent copy of the database
    Backup { database: PathBuf, file: PathBuf },
    /// Print the rows of a query
    Query { database: PathBuf, sql: String },
}

pub(super) fn demo(args: &DemoArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let sandbox =
        Sandbox::create(args.faulty).map_err(|error| CommandError::new(Status::Usage, error.to_string()))?;
    let runbook = sandbox.runbook();
    let mut settings = document::settings(None, operator)?;
    if !args.keep {
        settings.state_dir = sandbox.root().join("state");
    }
    let state_dir = settings.state_dir.clone();
    let store = store::at(&state_dir)?;
    let document = document::document(&runbook)?;
    let by_hand = !args.headless && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if by_hand {
        let opened = Opened { directory: Some(sandbox.app()), within: true, ..Opened::new(&args.screens)? };
        let status = open::show(settings, Arc::clone(&store), document, opened)?;
        if let Ok(run) = store.find(None)
            && let Ok(known) = store.state_of(&run)
            && known.outcome().is_some()
        {
            say("")?;
            say_text(crate::record::fill(&known).text.trim_end())?;
        }
        note(gone(args.keep));
        return Ok(status);
    }
    // The sandbox is the demo's own: it needs neither --allow-destructive nor answers.
    let back = if args.rollback_on_failure { Back::OnFailure } else { Back::Never };
    let answers =
        Answers { yes: true, place: Some(PlaceAnswer::Here), destructive: true, back, ..Answers::default() };
    let _ = args.yes;
    note(format!("sandbox {}", sandbox.root().display()));
    let runbook = document.runbook.clone();
    let environment = runbook.environments.first().cloned().unwrap_or_default();
    let start = document::start(&document, &environment, &settings);
    let new = NewRun {
        document: document.text,
        start,
        directory: sandbox.app(),
        parameters: vec![],
        secrets: vec![],
        watch: watched::watch(&runbook, &settings, &environment, &watched::Said::default())?,
    };
    // The sandbox goes with this process, and so does all that runs in it.
    let host = Host::Within;
    let terms = Headless {
        answers,
        follow_for: settings.follow_for,
        accept_reading: false,
        accept_place: false,
        json: false,
        log: true,
        host,
        store,
        state_dir,
    };
    let status = runtime()?.block_on(headless::go_through(new, terms))?;
    drop(sandbox);
    note(gone(args.keep));
    Ok(status)
}

fn gone(kept: bool) -> &'static str {
    if kept {
        "the sandbox and everything in it were removed; the run is kept: gonogo log, sign, verify, export"
    } else {
        "the sandbox and everything in it were removed"
    }
}

pub(super) fn service(args: ServiceArgs) -> Result<Status, CommandError> {
    let failed = |error: service::ServiceError| CommandError::new(Status::Failed, error.to_string());
    match args.verb {
        ServiceVerb::Serve { port, database, release } => {
            runtime()?.block_on(service::serve(port, &database, &release)).map_err(failed)?;
        }
        ServiceVerb::Migrate { database, file } => say(service::migrate(&database, &file).map_err(failed)?)?,
        ServiceVerb::Backup { database, file } => say(service::backup(&database, &file).map_err(failed)?)?,
        ServiceVerb::Query { database, sql } => {
            for row in service::query(&database, &sql).map_err(failed)? {
                say(row)?;
            }
        }
    }
    Ok(Status::Done)
}
