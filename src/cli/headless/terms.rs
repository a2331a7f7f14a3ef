//! Under which terms a run is gone through with nobody there.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::preflight::Answers;
use crate::cli::report::CommandError;
use crate::cli::terms::TermArgs;
use crate::client::Host;
use crate::config::Settings;
use crate::exec::spawn::own_program;
use crate::store::Store;

/// The terms of a headless run.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Headless {
    /// What was answered in advance.
    pub(in crate::cli) answers: Answers,
    /// How long a command that does not end by itself is followed.
    pub(in crate::cli) follow_for: Duration,
    /// It is gone on although the document is read differently than the run goes by.
    pub(in crate::cli) accept_reading: bool,
    /// It is gone on although the shell is not where the document has led.
    pub(in crate::cli) accept_place: bool,
    /// Events instead of words.
    pub(in crate::cli) json: bool,
    /// Print the filled log at the end.
    pub(in crate::cli) log: bool,
    /// Where runners live.
    pub(in crate::cli) host: Host,
    /// Where runs are kept.
    pub(in crate::cli) store: Arc<dyn Store>,
    /// Where the files of a new run go.
    pub(in crate::cli) state_dir: PathBuf,
}

impl Headless {
    /// As the flags say, in processes of its own.
    pub(in crate::cli) fn of(
        args: &TermArgs,
        answers: Answers,
        settings: &Settings,
        store: Arc<dyn Store>,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            answers,
            follow_for: args.follow_for(settings)?,
            accept_reading: args.accept_reading,
            accept_place: args.accept_place,
            json: args.json,
            log: false,
            host: Host::Processes(own_program()),
            store,
            state_dir: settings.state_dir.clone(),
        })
    }
}
