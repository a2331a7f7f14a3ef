//! `gonogo messages test`: sees whether those who are told of runs can be told.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

use super::report::{CommandError, Status, say};
use super::runtime::runtime;
use super::{accepted, complete, document};
use crate::figures::counted;
use crate::runner;

/// What is done with messages.
#[derive(Debug, Subcommand)]
pub(super) enum MessagesVerb {
    /// Send each receiver a message that says it is a test
    Test(TestArgs),
}

/// Arguments of `messages test`.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// The runbook whose settings count; by default those of this directory
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: Option<PathBuf>,
    /// Only the receiver of this name
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Accept the gonogo.toml beside the runbook as it is, with the addresses that it names
    #[arg(long)]
    accept_commands: bool,
}

pub(super) fn messages(verb: &MessagesVerb, operator: Option<String>) -> Result<Status, CommandError> {
    let MessagesVerb::Test(args) = verb;
    let beside = args.runbook.clone().unwrap_or_else(|| Path::new(".").join("gonogo.toml"));
    let mut settings = document::settings(Some(&beside), operator)?;
    accepted::accept_commands(&mut settings, args.accept_commands)?;
    let mut receivers = settings.messages.receivers();
    if let Some(name) = &args.to {
        let known = receivers.iter().map(|r| r.name.clone()).collect::<Vec<_>>().join(", ");
        receivers.retain(|receiver| receiver.name == *name);
        if receivers.is_empty() {
            let error = CommandError::new(Status::Usage, format!("no receiver is called {name}"));
            return Err(if known.is_empty() { error } else { error.hint(format!("there are {known}")) });
        }
    }
    if receivers.is_empty() {
        return Err(CommandError::new(
            Status::Usage,
            "the settings name nobody who takes messages by an address",
        )
        .hint("[[messages.to]] with kind and url_env, or webhook_env under [messages]"));
    }
    let mut failed = 0;
    for receiver in &receivers {
        let came = runtime()?.block_on(runner::try_out(receiver, &settings.operator));
        failed += usize::from(came.is_some());
        say(format!(
            "{:<16} {}",
            receiver.name,
            came.map_or("taken".to_owned(), |why| format!("not taken: {why}"))
        ))?;
    }
    if failed > 0 {
        let words = format!("{} took no message", counted(failed, "receiver"));
        return Err(CommandError::new(Status::Failed, words));
    }
    Ok(Status::Done)
}
