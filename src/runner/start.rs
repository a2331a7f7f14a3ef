//! Starts a run or takes one up again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::actor::{Actor, Parts};
use super::clock::now_here;
use super::handle::Handle;
use super::hooks::Hooks;
use super::inbox::Inbox;
use super::place::Home;
use super::reader::Reader;
use crate::config::{self, MessageSettings};
use crate::exec::ExecError;
use crate::run::environment::EnvironmentKey;
use crate::run::event::Start;
use crate::run::health::Watch;
use crate::run::{Event, Request, RunId, RunState};
use crate::run_files::{self, FileError, RunFiles};
use crate::runbook::{self, lock::Lock};
use crate::store::held::Holder;
use crate::store::{Journal, Store, StoreError, Writer};
use crate::wire::WireError;

/// What a new run is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    /// What is watched, as it was accepted.
    pub watch: Watch,
}

/// What a runner is started for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Launch {
    /// A new run.
    New(Box<NewRun>),
    /// One that another process owned; a new shell of it starts here, where its own directory is gone.
    TakeUp(PathBuf),
}

/// Why a run can't be owned.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum RunnerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Exec(#[from] ExecError),
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("the run could not be started: {0}")]
    Refused(#[from] crate::run::Refusal),
    #[error("another process owns {0}")]
    Owned(RunId),
    #[error("{0}")]
    Settings(String),
    #[error("{message}")]
    Launch { message: String, held: bool },
}

impl RunnerError {
    /// Whether somebody else has what is needed: the environment, or the run.
    pub fn is_held(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Held { .. }) | Self::Owned(_) | Self::Launch { held: true, .. }
        )
    }
}

impl From<FileError> for RunnerError {
    fn from(error: FileError) -> Self {
        Self::Store(error.into())
    }
}

/// A runner that is ready to work.
pub(super) struct Owner {
    pub(super) actor: Actor,
    pub(super) inbox: UnboundedReceiver<Inbox>,
    pub(super) handle: Handle,
}

/// An id for a new run.
pub fn new_id(start: &Start) -> RunId {
    RunId::new(&start.title, uuid::Uuid::now_v7().as_u128() as u32)
}

/// Makes the owner of a run, new or known.
pub(super) async fn own(
    store: Arc<dyn Store>,
    files: RunFiles,
    launch: Launch,
    within: bool,
) -> Result<Owner, RunnerError> {
    match launch {
        Launch::New(new) => start(store, files, *new, within).await,
        Launch::TakeUp(directory) => take_up(store, files, directory, within).await,
    }
}

async fn start(
    store: Arc<dyn Store>,
    files: RunFiles,
    new: NewRun,
    within: bool,
) -> Result<Owner, RunnerError> {
    let Start { environment, operator, .. } = &new.start;
    let key = EnvironmentKey::of(&runbook::read(&new.document), environment);
    let held = store.hold(&key, &Holder::of(&files, operator, &now_here()))?;
    let beside = Beside::of(&files, &new.start.document, &new.directory)?;
    let fresh = RunState::new(Arc::new(runbook::Runbook::default()));
    if let Some(hook) = beside.hooks.before_start(&new.start, &fresh) {
        hook.ask().await?;
    }
    files.make()?;
    let owned = files.own()?.ok_or_else(|| RunnerError::Owned(files.id().clone()))?;
    let journal = store.create(files.id(), &new.document)?;
    let shell_directory = new.directory.clone();
    let mut made = make(store, files, journal, (new.directory, beside), within)?;
    made.actor.hold(held);
    made.actor.hold_always(owned);
    let lock = Lock::of(&crate::run::as_started(&made.actor.state().runbook_arc(), &new.start));
    made.actor.files().keep_plan(&lock)?;
    made.actor.seen(Event::RunStarted(Start { plan: Some(lock.digest()), ..new.start }))?;
    for (name, value) in new.parameters {
        made.actor.ask(&Request::SetParameter { name, value: Some(value) }, None)?;
    }
    for (name, _) in &new.secrets {
        made.actor.ask(&Request::SetParameter { name: name.clone(), value: None }, None)?;
    }
    for (name, value) in new.secrets {
        made.actor.secret(name, value);
    }
    let known = with_environment(made.actor.state(), &shell_directory);
    for (name, value) in runbook::parameters::defaults(made.actor.state().runbook(), &known) {
        made.actor.ask(&Request::SetParameter { name, value: Some(value) }, None)?;
    }
    made.actor.seen(Event::WatchAccepted { watch: Box::new(new.watch) })?;
    made.actor.settle_in().await?;
    Ok(made)
}

/// The answers of a run, with what the environment of its shell has for variables that values of the document are made
/// of: `BACKUP=$HOME/backups`.
fn with_environment(state: &RunState, directory: &Path) -> BTreeMap<String, Option<String>> {
    let mut known = state.parameters().clone();
    let parameters = &state.runbook().parameters;
    let texts = parameters.iter().filter(|p| p.is_preset() && p.expands).filter_map(|p| p.default.as_deref());
    for (name, _) in texts.flat_map(runbook::parameters::variables) {
        let preset = parameters.iter().any(|p| p.name == name && p.is_preset());
        let value = match name.as_str() {
            "PWD" => Some(directory.display().to_string()),
            _ => std::env::var(&name).ok(),
        };
        if let Some(value) = value.filter(|_| !preset) {
            known.entry(name).or_insert(Some(value));
        }
    }
    known
}

/// Takes up a run that another process owned. What it left at work is found again.
async fn take_up(
    store: Arc<dyn Store>,
    files: RunFiles,
    shell_directory: PathBuf,
    within: bool,
) -> Result<Owner, RunnerError> {
    store.find(Some(&files.id().0))?;
    files.make()?;
    let owned = files.own()?.ok_or_else(|| RunnerError::Owned(files.id().clone()))?;
    let journal = store.open(files.id())?;
    let document = store.document_path(files.id()).unwrap_or_default();
    let beside = Beside::of(&files, &document.display().to_string(), &shell_directory)?;
    let mut made = make(Arc::clone(&store), files, journal, (shell_directory, beside), within)?;
    made.actor.hold_always(owned);
    let known = made.actor.state();
    if let Some((seq, kind)) = known.newer().first() {
        return Err(crate::run::Refusal::Newer { seq: *seq, kind: kind.clone() }.into());
    }
    if let Some((start, _)) = known.start().filter(|_| known.outcome().is_none()) {
        let key = EnvironmentKey::of(known.runbook(), &start.environment);
        let held = store.hold(&key, &Holder::of(made.actor.files(), &start.operator, &now_here()))?;
        made.actor.hold(held);
        made.actor.fact(Event::RunResumed { gonogo: env!("CARGO_PKG_VERSION").to_owned() });
    }
    made.actor.watch();
    made.actor.settle_in().await?;
    Ok(made)
}

/// What the settings beside the document say that a runner needs.
struct Beside {
    messages: MessageSettings,
    hooks: Hooks,
    reach_within: Duration,
}

impl Beside {
    /// Reads it for a document whose path is as it was given, from a directory.
    fn of(files: &RunFiles, document: &str, from: &Path) -> Result<Self, RunnerError> {
        let path = from.join(document);
        let directory = path.parent().filter(|p| p.is_dir()).unwrap_or(from).to_owned();
        let mut settings =
            config::load(path.parent(), None).map_err(|error| RunnerError::Settings(error.to_string()))?;
        run_files::take_accepted(&mut settings, files.state_dir());
        // A hook that is not accepted is not left out: it refuses.
        let wanted = settings.waiting.map_or_else(|| settings.hooks.clone(), |waiting| waiting.with.hooks);
        let hooks = Hooks::new(wanted.clone(), wanted == settings.hooks, directory);
        Ok(Self { messages: settings.messages, hooks, reach_within: settings.reach_within })
    }
}

fn make(
    store: Arc<dyn Store>,
    files: RunFiles,
    journal: Box<dyn Journal>,
    (shell_directory, beside): (PathBuf, Beside),
    within: bool,
) -> Result<Owner, RunnerError> {
    let head = journal.head()?;
    let state = store.state_of(files.id())?;
    let (to, inbox) = unbounded_channel();
    let home = if within { Home::Thread } else { Home::Process(files.place()?) };
    let actor = Actor::new(Parts {
        reader: Reader::start(files.recordings())?,
        files,
        state,
        store,
        head,
        writer: Writer::start(journal)?,
        home,
        shell_directory,
        to_self: to.clone(),
        messages: beside.messages,
        hooks: beside.hooks,
        reach_within: beside.reach_within,
        ends_with_clients: within,
    });
    Ok(Owner { actor, inbox, handle: Handle::new(to) })
}

/// Owns a run within this process; it ends with its last client.
pub async fn within(store: Arc<dyn Store>, files: RunFiles, launch: Launch) -> Result<Handle, RunnerError> {
    let Owner { actor, inbox, handle } = own(store, files, launch, true).await?;
    tokio::spawn(actor.work(inbox, || {}));
    Ok(handle)
}
