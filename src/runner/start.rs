//! Starts a run or takes one up again.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::actor::{Actor, Inbox};
use super::reader::Reader;
use super::viewer::Viewer;
use crate::exec::{ExecError, Shim, ShimSettings};
use crate::protocol::{ToClient, ToRunner};
use crate::run::event::Start;
use crate::run::{Record, Request, RunId, RunState};
use crate::runbook;
use crate::store::directory::EnvironmentLock;
use crate::store::{RunDirectory, StateDirectory, StoreError};

/// What a new run is made of.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The document's text.
    pub document: String,
    /// Under which terms.
    pub start: Start,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// Plain parameters that are answered already.
    pub parameters: Vec<(String, String)>,
    /// Secret ones.
    pub secrets: Vec<(String, String)>,
}

/// Why a run can't be owned.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum RunnerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Exec(#[from] ExecError),
    #[error("the run could not be started: {0}")]
    Refused(#[from] crate::run::Refusal),
}

/// A run that this process owns, from its first client's side.
#[derive(Debug)]
pub struct Running {
    /// The document, as it is run.
    pub document: String,
    /// What has happened so far.
    pub records: Vec<Record>,
    /// Where the run is kept.
    pub directory: RunDirectory,
    /// To the runner.
    pub to: ClientSender,
    /// From the runner.
    pub from: UnboundedReceiver<ToClient>,
}

/// The way to a runner.
#[derive(Clone, Debug)]
pub struct ClientSender(UnboundedSender<Inbox>);

impl ClientSender {
    /// Sends a message; one to a runner that has ended goes nowhere.
    pub fn send(&self, message: ToRunner) {
        let _ended = self.0.send(Inbox::Client(message));
    }
}

/// Starts a new run.
pub fn start(state: &StateDirectory, new: NewRun) -> Result<Running, RunnerError> {
    let id = RunId::new(&new.start.title, random());
    let holder =
        format!("run {id}, {} since {}", new.start.operator, chrono::Local::now().format("%H:%M %Z"));
    let lock = state.lock(&new.start.sha256, &new.start.environment, &holder)?;
    let directory = state.create(&id, new.document.as_bytes())?;
    let requests = std::iter::once(Request::Start(new.start.clone()))
        .chain(
            new.parameters.iter().map(|(name, value)| Request::SetParameter {
                name: name.clone(),
                value: Some(value.clone()),
            }),
        )
        .chain(new.secrets.iter().map(|(name, _)| Request::SetParameter { name: name.clone(), value: None }));
    let requests = requests.collect();
    own(Owned {
        directory,
        lock,
        id,
        requests,
        shell_directory: new.directory.clone(),
        headless: new.start.headless,
        secrets: new.secrets,
    })
}

/// Takes up a run that another process owned. What ran when that process died is lost.
pub fn take_up(
    state: &StateDirectory,
    directory: RunDirectory,
    shell_directory: PathBuf,
) -> Result<Running, RunnerError> {
    let known = directory.read_state()?;
    let (sha256, environment) =
        known.start().map(|(s, _)| (s.sha256.clone(), s.environment.clone())).unwrap_or_default();
    let holder = format!("run {}, {}", directory.id(), known.operator());
    let lock = state.lock(&sha256, &environment, &holder)?;
    let mut requests = vec![Request::Resumed { gonogo: env!("CARGO_PKG_VERSION").to_owned() }];
    let lost = usize::from(known.running().is_some()) + known.background().len();
    for _ in 0..lost {
        requests.insert(0, Request::Lost { why: "the process that ran it ended before it did".to_owned() });
    }
    let id = directory.id().clone();
    own(Owned { directory, lock, id, requests, shell_directory, headless: false, secrets: vec![] })
}

/// Shows a run without owning it; it may be another process's.
pub fn view(directory: RunDirectory) -> Result<Running, RunnerError> {
    let document = directory.document()?;
    let records = directory.records_after(crate::run::Seq(0))?;
    let runbook = Arc::new(runbook::read(&document));
    let state = records.iter().fold(RunState::new(runbook), RunState::apply);
    let (to, inbox) = unbounded_channel();
    let (client, from) = unbounded_channel();
    let reader = Reader::start(directory.recordings())?;
    let viewer = Viewer { directory: directory.clone(), state, reader, client };
    tokio::spawn(viewer.work(inbox));
    Ok(Running { document, records, directory, to: ClientSender(to), from })
}

struct Owned {
    directory: RunDirectory,
    lock: EnvironmentLock,
    id: RunId,
    requests: Vec<Request>,
    shell_directory: PathBuf,
    headless: bool,
    secrets: Vec<(String, String)>,
}

fn own(owned: Owned) -> Result<Running, RunnerError> {
    let document = owned.directory.document()?;
    let journal = owned.directory.journal()?;
    let mut records = journal.read()?;
    let runbook = Arc::new(runbook::read(&document));
    let state = records.iter().fold(RunState::new(runbook), RunState::apply);
    let (to, inbox) = unbounded_channel();
    let (updates, from) = unbounded_channel();
    let captured = state.captured_last().map(|(name, c)| (name.to_owned(), c.value.clone()));
    let answered = state
        .parameters()
        .iter()
        .filter_map(|(n, v)| Some((n.clone(), v.clone()?)))
        .filter(|(n, _)| is_variable(n));
    let mut environment: Vec<(String, String)> = answered.chain(captured).collect();
    environment.push(("GONOGO_RUN".into(), owned.id.0.clone()));
    let settings = ShimSettings {
        recordings: owned.directory.recordings(),
        directory: shell_directory(&state, owned.shell_directory),
        environment,
    };
    let from_shim = to.clone();
    let shim = Shim::start(settings, move |report| {
        let _ended = from_shim.send(Inbox::Place(report));
    })?;
    let reader = Reader::start(owned.directory.recordings())?;
    let mut actor = Actor::new(owned.directory.clone(), state, journal, (shim, reader), owned.headless);
    actor.hold(owned.lock, updates);
    for request in &owned.requests {
        records.extend(actor.ask(request, None)?);
    }
    for (name, value) in owned.secrets {
        actor.secret(name, value);
    }
    tokio::spawn(actor.work(inbox));
    Ok(Running { document, records, directory: owned.directory, to: ClientSender(to), from })
}

/// Taken up, a run goes on in the directory it was in, if that still exists.
fn shell_directory(state: &RunState, fallback: PathBuf) -> PathBuf {
    let known = PathBuf::from(&state.place().directory);
    if known.is_absolute() && known.is_dir() { known } else { fallback }
}

/// Whether a parameter's name can be a shell variable.
pub(super) fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn random() -> u16 {
    uuid::Uuid::now_v7().as_u128() as u16
}

/// When an event is recorded.
pub(super) fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}
