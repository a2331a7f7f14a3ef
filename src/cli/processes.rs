//! `gonogo runner` and `gonogo shim`: our own processes. They are told what for on standard input, answer with one
//! line, and then belong to nobody.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::report::{CommandError, Status};
use super::runtime::runtime;
use super::{document, store};
use crate::exec::shim;
use crate::run_files::RunFiles;
use crate::runner;
use crate::store::StoreError;

/// Arguments of both.
#[derive(Debug, Args)]
pub(super) struct ProcessArgs {
    /// The directory that it is about
    directory: PathBuf,
}

/// What it was started for.
fn launch<T: DeserializeOwned>() -> Result<T, CommandError> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    serde_json::from_str(&line).map_err(|error| {
        CommandError::new(Status::Usage, format!("gonogo starts this process itself: {error}"))
    })
}

/// Answers whoever started it, and lets go of them.
fn answer(answer: &impl Serialize) {
    let text = serde_json::to_string(answer).unwrap_or_default();
    let mut out = std::io::stdout();
    let _gone = writeln!(out, "{text}").and_then(|()| out.flush());
    if let Ok(null) = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null") {
        let _kept = rustix::stdio::dup2_stdin(&null).and_then(|()| rustix::stdio::dup2_stdout(&null));
    }
}

pub(super) fn runner(args: &ProcessArgs) -> Result<Status, CommandError> {
    let launch = launch()?;
    let files = RunFiles::at(&args.directory);
    let files = files.ok_or_else(|| StoreError::NoRun(args.directory.display().to_string()));
    // Where runs are kept is this user's to say, and no project's: it is the same as for whoever started this process.
    let mut settings = document::settings(None, None)?;
    let opened = files.and_then(|files| {
        files.state_dir().clone_into(&mut settings.state_dir);
        Ok((store::of(&settings)?, files))
    });
    runtime()?.block_on(runner::serve(opened, launch, |ready| answer(&ready)))?;
    Ok(Status::Done)
}

pub(super) fn shim(args: &ProcessArgs) -> Result<Status, CommandError> {
    let settings = launch()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ready = || answer(&Ok::<(), String>(()));
    if let Err(error) = runtime.block_on(shim::serve(&args.directory, settings, ready)) {
        answer(&Err::<(), String>(error.to_string()));
        return Err(error.into());
    }
    Ok(Status::Done)
}
