//! `gonogo completions`: generated from the same definitions as the help.

use clap::{Args, CommandFactory};

use super::report::{CommandError, Status};

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionArgs {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn completions(args: &CompletionArgs) -> Result<Status, CommandError> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut super::Cli::command(), "gonogo", &mut text);
    super::report::say_text(String::from_utf8_lossy(&text))?;
    Ok(Status::Done)
}
