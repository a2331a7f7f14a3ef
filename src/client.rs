//! The way to a run, wherever it lives. Nothing above this module knows whether the runner is in this
//! process.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::protocol::{ToClient, ToRunner};
use crate::run::RunState;
use crate::runbook;
use crate::runner::{self, NewRun, RunnerError};
use crate::store::{RunDirectory, StateDirectory};

/// A connection to the runner of one run.
pub trait Connection {
    /// Sends a message. The answer, if any, comes as an update.
    fn send(&self, message: ToRunner);

    /// The next update; `None` when the runner is gone.
    fn next(&mut self) -> impl Future<Output = Option<ToClient>> + Send;

    /// An update that has arrived already.
    fn ready(&mut self) -> Option<ToClient>;
}

/// A connection with the run as it was when the connection was made.
#[derive(Debug)]
pub struct Attached<C> {
    /// The connection.
    pub connection: C,
    /// The state, folded from the events so far.
    pub state: RunState,
    /// Where the run is kept.
    pub path: PathBuf,
}

/// A runner in this process.
#[derive(Debug)]
pub struct InProcess {
    to: runner::ClientSender,
    from: UnboundedReceiver<ToClient>,
}

impl Connection for InProcess {
    fn send(&self, message: ToRunner) {
        self.to.send(message);
    }

    async fn next(&mut self) -> Option<ToClient> {
        self.from.recv().await
    }

    fn ready(&mut self) -> Option<ToClient> {
        self.from.try_recv().ok()
    }
}

/// Starts a run and connects to it.
pub fn start(state: &StateDirectory, new: NewRun) -> Result<Attached<InProcess>, RunnerError> {
    Ok(attach(runner::start(state, new)?))
}

/// Goes on with a run whose process has ended.
pub fn take_up(
    state: &StateDirectory,
    run: RunDirectory,
    directory: &Path,
) -> Result<Attached<InProcess>, RunnerError> {
    Ok(attach(runner::take_up(state, run, directory.to_owned())?))
}

/// Shows a run without owning it: what would change it is refused.
pub fn view(run: RunDirectory) -> Result<Attached<InProcess>, RunnerError> {
    Ok(attach(runner::view(run)?))
}

fn attach(running: runner::Running) -> Attached<InProcess> {
    let runbook = Arc::new(runbook::read(&running.document));
    let state = running.records.iter().fold(RunState::new(runbook), RunState::apply);
    Attached {
        connection: InProcess { to: running.to, from: running.from },
        state,
        path: running.directory.path().to_owned(),
    }
}
