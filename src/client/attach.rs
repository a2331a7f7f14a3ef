//! Comes to a run: starts it, reaches its runner, or puts another one in its place.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::connection::{Connection, Who, connect};
use crate::exec::login::{self, Lifetime};
use crate::exec::spawn::{DESCRIPTORS, Detached, enough_descriptors, large_files};
use crate::protocol::{Control, Part, ToClient};
use crate::run::{Record, RunId, RunState};
use crate::run_files::RunFiles;
use crate::runbook;
use crate::runner::{self, Launch, NewRun, Refused, RunnerError};
use crate::store::{Store, StoreError};
use crate::wire::WireError;

/// How often it is tried to reach a runner that is just ending or just starting.
const TRIES: u32 = 20;
/// How long between two tries.
const BETWEEN: Duration = Duration::from_millis(50);

/// How long a runner that took a connection may say nothing before all is there that was so far.
const TO_WELCOME: Duration = Duration::from_secs(10);

/// Where runners live.
#[derive(Clone, Debug)]
pub enum Host {
    /// In this process: the run's commands end with it.
    Within,
    /// In processes of their own, of this program: they outlive us.
    Processes(PathBuf),
}

/// A connection with the run as it was when the connection was made.
#[derive(Debug)]
pub struct Attached {
    /// The connection.
    pub connection: Connection,
    /// The state, folded from the events so far.
    pub state: RunState,
    /// Who has control.
    pub control: Control,
    /// What is on this machine of the run.
    pub run: RunFiles,
    /// What the state was folded from.
    pub(super) records: Vec<Record>,
}

/// Why a run can't be followed.
#[derive(Debug, Error)]
pub enum AttachError {
    /// It has no runner, and none can be had.
    #[error(transparent)]
    Runner(#[from] RunnerError),
    /// Its runner is there, and says nothing.
    #[error(
        "the runner of {run} (process {pid}) does not answer: if it was stopped, kill -CONT {pid} wakes it; \
         kill {pid} ends it, and the next client starts a new one, which runs nothing again"
    )]
    Silent {
        /// The run.
        run: RunId,
        /// The runner's process.
        pid: u32,
    },
}

impl AttachError {
    /// Whether somebody else has what is needed: the environment, or the run.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Runner(error) if error.is_held())
    }

    /// Whether another try can come out otherwise.
    pub(super) fn may_pass(&self) -> bool {
        !matches!(
            self,
            Self::Silent { .. }
                | Self::Runner(
                    RunnerError::Wire(WireError::Versions { .. } | WireError::Stranger { .. })
                        | RunnerError::Store(StoreError::NoRun(_))
                )
        )
    }
}

impl From<StoreError> for AttachError {
    fn from(error: StoreError) -> Self {
        Self::Runner(error.into())
    }
}

impl From<WireError> for AttachError {
    fn from(error: WireError) -> Self {
        Self::Runner(error.into())
    }
}

/// Starts a run, with its files below a state directory, and connects to it.
pub async fn start(
    host: &Host,
    store: &Arc<dyn Store>,
    state_dir: &Path,
    new: NewRun,
) -> Result<Attached, AttachError> {
    enough_descriptors(DESCRIPTORS).and_then(|()| large_files()).map_err(RunnerError::from)?;
    let mut run = RunFiles::of(state_dir, runner::new_id(&new.start));
    // Ids are short, so that people can say them; one of them may be taken.
    while run.path().exists() {
        run = RunFiles::of(state_dir, runner::new_id(&new.start));
    }
    let part = if new.start.headless { Part::Unattended } else { Part::Operator };
    let who = Who { operator: new.start.operator.clone(), part };
    open(host, store, &run, Launch::New(Box::new(new)), &who).await
}

/// Goes on with a run: with its runner where one is at work, else with a new one, whose shells start in
/// `directory` if theirs is gone.
pub async fn join(
    host: &Host,
    store: &Arc<dyn Store>,
    run: &RunFiles,
    who: &Who,
    directory: &Path,
) -> Result<Attached, AttachError> {
    let mut tries = 0;
    loop {
        if let Some(attached) = reach(run, who).await? {
            return Ok(attached);
        }
        let launch = Launch::TakeUp(directory.to_owned());
        match open(host, store, run, launch, who).await {
            // Somebody else was faster, or the last owner is only just ending.
            Err(error) if error.is_held() && tries < TRIES => tries += 1,
            Err(AttachError::Runner(RunnerError::Wire(WireError::Closed | WireError::Connect { .. })))
                if tries < TRIES =>
            {
                tries += 1
            }
            result => return result,
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Looks at a run without owning it: through its runner where one is at work, else by its journal.
pub async fn view(store: &dyn Store, run: &RunFiles, operator: &str) -> Result<Attached, AttachError> {
    let who = Who { operator: operator.to_owned(), part: Part::Looks };
    match reach(run, &who).await? {
        Some(attached) => Ok(attached),
        None => welcome(Connection::within(runner::view(store, run.clone())?), run.clone()).await,
    }
}

/// Connects to the runner of a run; `None` where none is at work.
async fn reach(run: &RunFiles, who: &Who) -> Result<Option<Attached>, AttachError> {
    match connect(run, who).await {
        Ok(connection) => match welcome(connection, run.clone()).await {
            // It was just ending.
            Err(AttachError::Runner(RunnerError::Wire(WireError::Closed))) => Ok(None),
            result => result.map(Some),
        },
        Err(WireError::Connect { .. } | WireError::Closed) => Ok(None),
        Err(error) => Err(unreached(run.id(), error)),
    }
}

async fn open(
    host: &Host,
    store: &Arc<dyn Store>,
    run: &RunFiles,
    launch: Launch,
    who: &Who,
) -> Result<Attached, AttachError> {
    let connection = match host {
        Host::Within => {
            let handle = runner::within(Arc::clone(store), run.clone(), launch).await?;
            Connection::within(handle.attach(who.operator.clone(), who.part))
        }
        Host::Processes(program) => {
            let (program, files) = (program.clone(), run.clone());
            let launched =
                tokio::task::spawn_blocking(move || launch_runner(&program, &files, &launch)).await;
            launched.map_err(|e| RunnerError::Launch { message: e.to_string(), held: false })??;
            connect(run, who).await.map_err(|error| unreached(run.id(), error))?
        }
    };
    welcome(connection, run.clone()).await
}

/// Starts a runner's process and waits until it is up.
fn launch_runner(program: &Path, run: &RunFiles, launch: &Launch) -> Result<(), RunnerError> {
    let text = serde_json::to_vec(launch).map_err(WireError::Message)?;
    let scope = match login::ahead() {
        Lifetime::Scope(manager) => Some(manager),
        Lifetime::OwnSession | Lifetime::Login(_) => None,
    };
    let log = run.state_dir().join("runner.log");
    let detached =
        Detached { program, arguments: &[OsStr::new("runner"), run.path().as_os_str()], log: &log, scope };
    // Without the scope after all, it is better to have a run than none; the runner says what that means.
    let plain = Detached { scope: None, ..detached };
    let answer = detached.start(&text).or_else(|e| scope.map_or(Err(e), |_| plain.start(&text)))?;
    let answer: Result<(), Refused> = serde_json::from_str(&answer).map_err(WireError::Message)?;
    answer.map_err(|Refused { message, held }| RunnerError::Launch { message, held })
}

/// One that accepts connections and does not say who it is hangs like one that says nothing later.
fn unreached(run: &RunId, error: WireError) -> AttachError {
    match error {
        WireError::Silent(pid) => AttachError::Silent { run: run.clone(), pid },
        error => error.into(),
    }
}

/// Takes in everything so far.
async fn welcome(mut connection: Connection, run: RunFiles) -> Result<Attached, AttachError> {
    let closed = || AttachError::from(WireError::Closed);
    let (document, count) = match within_time(&mut connection, &run).await? {
        Some(ToClient::Welcome { document, records }) => (document, records),
        Some(ToClient::Trouble(message)) => return Err(RunnerError::Launch { message, held: false }.into()),
        _ => return Err(closed()),
    };
    let mut state = RunState::new(Arc::new(runbook::read(&document)));
    let mut records = Vec::new();
    while (records.len() as u64) < count {
        let Some(ToClient::Known(some)) = within_time(&mut connection, &run).await? else {
            return Err(closed());
        };
        for known in some {
            let record = known.read().map_err(WireError::Message)?;
            state = state.apply(&record);
            records.push(record);
        }
    }
    let Some(ToClient::Control(control)) = within_time(&mut connection, &run).await? else {
        return Err(closed());
    };
    Ok(Attached { connection, state, control, run, records })
}

/// The next update of a runner that is there; `None` when it is gone.
async fn within_time(connection: &mut Connection, run: &RunFiles) -> Result<Option<ToClient>, AttachError> {
    let pid = connection.pid();
    let silent = |_| AttachError::Silent { run: run.id().clone(), pid };
    tokio::time::timeout(TO_WELCOME, connection.next()).await.map_err(silent)
}
