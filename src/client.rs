//! The way to a run, wherever it lives. Nothing above this module knows whether the runner is in this
//! process or in one of its own.

mod reread;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

use crate::exec::login::{self, Lifetime};
use crate::exec::spawn::{Detached, own_program};
use crate::protocol::screen::Shown;
use crate::protocol::{Control, EndsWithLogin, Part, ToClient, ToRunner};
use crate::run::{RunId, RunState};
use crate::runbook;
use crate::runner::{self, Launch, Line, NewRun, Refused, RunnerError};
use crate::store::{RunDirectory, StateDirectory};
use crate::wire::{self, Outbox, WireError};

pub use reread::{Reread, reread};

/// How often it is tried to reach a runner that is just ending or just starting.
const TRIES: u32 = 20;
/// How long between two tries.
const BETWEEN: Duration = Duration::from_millis(50);

/// Where runners live.
#[derive(Clone, Debug)]
pub enum Host {
    /// In this process: the run's commands end with it.
    Within,
    /// In processes of their own, of this program: they outlive us.
    Processes(PathBuf),
}

/// Who follows a run, and what for.
#[derive(Clone, Debug)]
pub struct Who {
    /// The person's name.
    pub operator: String,
    /// What for.
    pub part: Part,
}

/// A connection to the runner of one run.
#[derive(Debug)]
pub struct Connection(Line);

impl Connection {
    /// Sends a message. The answer, if any, comes as an update. One to a runner that has gone goes nowhere.
    pub fn send(&self, message: ToRunner) {
        let _gone = self.0.to.send(message);
    }

    /// The next update; `None` when the runner is gone.
    pub async fn next(&mut self) -> Option<ToClient> {
        self.0.from.next().await
    }

    /// An update that has arrived already.
    pub fn ready(&mut self) -> Option<ToClient> {
        self.0.from.ready()
    }

    /// Leaves, and waits until everything that was sent has gone out.
    pub async fn leave(mut self) {
        self.send(ToRunner::Leave);
        while self.next().await.is_some_and(|u| u != ToClient::Ended) {}
    }
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
    /// Where the run is kept.
    pub run: RunDirectory,
}

/// Why a run that is started here would end with this login, if it would.
pub fn ends_with_login() -> Option<EndsWithLogin> {
    match login::ahead() {
        Lifetime::Login(why) => Some(why),
        Lifetime::OwnSession | Lifetime::Scope(_) => None,
    }
}

/// Seconds east of UTC where this is; the record of a run tells its times there.
pub fn zone_s() -> i32 {
    chrono::Local::now().offset().local_minus_utc()
}

/// This program, as something else can start it.
pub fn program() -> PathBuf {
    own_program()
}

/// What stops working in a run without this login.
pub fn needs_login() -> Vec<&'static str> {
    login::lost_with_login(|name| std::env::var(name).ok())
}

/// Starts a run and connects to it.
pub async fn start(host: &Host, state: &StateDirectory, new: NewRun) -> Result<Attached, RunnerError> {
    crate::exec::spawn::enough_descriptors()?;
    let mut id = runner::new_id(&new.start);
    // Ids are short, so that people can say them; one of them may be taken.
    while state.place_of(&id).exists() {
        id = runner::new_id(&new.start);
    }
    let part = if new.start.headless { Part::Unattended } else { Part::Operator };
    let who = Who { operator: new.start.operator.clone(), part };
    open(host, state, &id, Launch::New(Box::new(new)), &who).await
}

/// Goes on with a run: with its runner where one is at work, else with a new one, whose shells start in
/// `directory` if theirs is gone.
pub async fn join(
    host: &Host,
    state: &StateDirectory,
    run: &RunDirectory,
    who: &Who,
    directory: &Path,
) -> Result<Attached, RunnerError> {
    let mut tries = 0;
    loop {
        if let Some(attached) = reach(run, who).await? {
            return Ok(attached);
        }
        let launch = Launch::TakeUp(directory.to_owned());
        match open(host, state, run.id(), launch, who).await {
            // Somebody else was faster, or the last owner is only just ending.
            Err(error) if error.is_held() && tries < TRIES => tries += 1,
            Err(RunnerError::Wire(WireError::Closed | WireError::Connect { .. })) if tries < TRIES => {
                tries += 1
            }
            result => return result,
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Looks at a run without owning it: through its runner where one is at work, else by its journal.
pub async fn view(run: &RunDirectory, operator: &str) -> Result<Attached, RunnerError> {
    let who = Who { operator: operator.to_owned(), part: Part::Looks };
    match reach(run, &who).await? {
        Some(attached) => Ok(attached),
        None => welcome(Connection(runner::view(run.clone())?), run.clone()).await,
    }
}

/// Connects to the runner of a run; `None` where none is at work.
async fn reach(run: &RunDirectory, who: &Who) -> Result<Option<Attached>, RunnerError> {
    match connect(run, who).await {
        Ok(connection) => match welcome(connection, run.clone()).await {
            // It was just ending.
            Err(RunnerError::Wire(WireError::Closed)) => Ok(None),
            result => result.map(Some),
        },
        Err(WireError::Connect { .. } | WireError::Closed) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn open(
    host: &Host,
    state: &StateDirectory,
    id: &RunId,
    launch: Launch,
    who: &Who,
) -> Result<Attached, RunnerError> {
    let connection = match host {
        Host::Within => {
            let handle = runner::within(state, id, launch).await?;
            Connection(handle.attach(who.operator.clone(), who.part))
        }
        Host::Processes(program) => {
            let (program, path) = (program.clone(), state.place_of(id));
            let launched = tokio::task::spawn_blocking(move || launch_runner(&program, &path, &launch)).await;
            launched.map_err(|e| RunnerError::Launch { message: e.to_string(), held: false })??;
            connect(&state.find(Some(&id.0))?, who).await?
        }
    };
    welcome(connection, state.find(Some(&id.0))?).await
}

/// Starts a runner's process and waits until it is up.
fn launch_runner(program: &Path, run: &Path, launch: &Launch) -> Result<(), RunnerError> {
    let text = serde_json::to_vec(launch).map_err(WireError::Message)?;
    let scope = match login::ahead() {
        Lifetime::Scope(manager) => Some(manager),
        Lifetime::OwnSession | Lifetime::Login(_) => None,
    };
    let log = run.parent().and_then(Path::parent).unwrap_or(run).join("runner.log");
    let detached =
        Detached { program, arguments: &[OsStr::new("runner"), run.as_os_str()], log: &log, scope };
    // Without the scope after all, it is better to have a run than none; the runner says what that means.
    let plain = Detached { scope: None, ..detached };
    let answer = detached.start(&text).or_else(|e| scope.map_or(Err(e), |_| plain.start(&text)))?;
    let answer: Result<(), Refused> = serde_json::from_str(&answer).map_err(WireError::Message)?;
    answer.map_err(|Refused { message, held }| RunnerError::Launch { message, held })
}

/// A connection over the runner's socket.
async fn connect(run: &RunDirectory, who: &Who) -> Result<Connection, WireError> {
    let stream = wire::connect(&run.socket()).await?;
    let (mut incoming, mut outgoing, theirs) = wire::greet::<ToClient, ToRunner>(stream).await?;
    outgoing.send(&ToRunner::Attach { operator: who.operator.clone(), part: who.part }).await?;
    let (to, mut messages) = unbounded_channel::<ToRunner>();
    tokio::spawn(async move {
        while let Some(message) = messages.recv().await {
            if outgoing.send(&message).await.is_err() {
                return;
            }
        }
    });
    let from = Arc::new(Outbox::new(ToClient::screen_of));
    let inbox = Arc::clone(&from);
    tokio::spawn(async move {
        let mut shown = Shown::default();
        let mut remark = theirs.remark("the runner");
        while let Ok(update) = incoming.next().await {
            // It follows what tells the client how things stand.
            let settled = matches!(update, ToClient::Control(_));
            inbox.push(match update {
                ToClient::Changed { command, change } => {
                    let screen = Box::new(shown.apply(&command, change));
                    ToClient::Screen { command, screen }
                }
                other => other,
            });
            if let Some(remark) = remark.take_if(|_| settled) {
                inbox.push(ToClient::Trouble(remark));
            }
        }
        inbox.close();
    });
    Ok(Connection(Line { to, from }))
}

/// Takes in everything so far.
async fn welcome(mut connection: Connection, run: RunDirectory) -> Result<Attached, RunnerError> {
    let closed = || RunnerError::Wire(WireError::Closed);
    let (document, records) = match connection.next().await {
        Some(ToClient::Welcome { document, records }) => (document, records),
        Some(ToClient::Trouble(message)) => return Err(RunnerError::Launch { message, held: false }),
        _ => return Err(closed()),
    };
    let mut state = RunState::new(Arc::new(runbook::read(&document)));
    let mut known = 0;
    while known < records {
        let Some(ToClient::Known(some)) = connection.next().await else { return Err(closed()) };
        known += some.len() as u64;
        state = some.iter().fold(state, RunState::apply);
    }
    let Some(ToClient::Control(control)) = connection.next().await else { return Err(closed()) };
    Ok(Attached { connection, state, control, run })
}
