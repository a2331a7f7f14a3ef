//! `gonogo completions`: what a shell needs to offer what may come next. By default that is a short text with which the
//! shell asks gonogo itself, so that it knows runs, commands and environments; `--static` is from the help alone.

use std::path::Path;

use clap::Args;
use clap_complete::env::Shells;

use super::complete;
use super::report::{CommandError, Status, say_text};

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionArgs {
    /// The shell
    shell: clap_complete::Shell,
    /// Without values: a script that knows verbs and flags alone and never runs gonogo
    #[arg(long = "static")]
    fixed: bool,
}

pub(super) fn completions(args: &CompletionArgs) -> Result<Status, CommandError> {
    let text = if args.fixed { fixed(args.shell) } else { asking(args.shell)? };
    say_text(String::from_utf8_lossy(&text))?;
    Ok(Status::Done)
}

fn fixed(shell: clap_complete::Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut complete::shown(), "gonogo", &mut text);
    text
}

fn asking(shell: clap_complete::Shell) -> Result<Vec<u8>, CommandError> {
    let failed =
        |why: String| CommandError::new(Status::Failed, format!("could not write completions: {why}"));
    let name = shell.to_string();
    let shells = Shells::builtins();
    let shell = shells.completer(&name).ok_or_else(|| failed(format!("no such shell: {name}")))?;
    let program = std::env::args_os().next().unwrap_or_else(|| "gonogo".into());
    // As it was called: by its path where that was given, else as the shell finds it.
    let program = Path::new(&program);
    let program = if program.components().count() > 1 {
        std::path::absolute(program).map_err(|error| failed(error.to_string()))?
    } else {
        program.to_owned()
    };
    let mut text = Vec::new();
    shell
        .write_registration("COMPLETE", "gonogo", "gonogo", &program.to_string_lossy(), &mut text)
        .map_err(|error| failed(error.to_string()))?;
    Ok(text)
}
