//! Everything outside of the screens, for them: the one place where what `update` asks for is done, and from which
//! what comes of it arrives as messages.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};

use crate::client::{self, AttachError, Attached, Connection, Host, Who};
use crate::protocol::{Part, ToClient, ToRunner};
use crate::record::history::{self, Past};
use crate::record::signature::{self, Signer};
use crate::run::{RunId, SignOff};
use crate::run_files::{self, RunFiles};
use crate::runner::{NewRun, RunnerError};
use crate::store::Store;
use crate::tui::app::App;
use crate::tui::canvas::Canvas;
use crate::tui::dialogs::overlay::TextBox;
use crate::tui::msg::{Effect, Msg, Taken};
use crate::tui::offstage;

/// What an attempt to reach a runner came to.
type Joined = Result<Attached, AttachError>;

/// The runner, files, keys and time, as the screens reach them.
pub(super) struct Outside {
    store: Arc<dyn Store>,
    /// The run that is shown, or that was unfinished when the screens opened.
    known: Option<RunFiles>,
    directory: PathBuf,
    host: Host,
    /// A runner is being reached.
    joining: Option<JoinHandle<Joined>>,
    /// It is looked whether a run outlives this login.
    looking: bool,
    /// What is done off stage: a key signs, the record is looked at.
    working: JoinSet<Msg>,
    connection: Option<Connection>,
    /// The operator has left.
    pub(super) quit: bool,
}

impl Outside {
    /// With nothing begun yet.
    pub(super) fn new(
        store: Arc<dyn Store>,
        known: Option<RunFiles>,
        directory: PathBuf,
        host: Host,
    ) -> Self {
        Self {
            store,
            known,
            directory,
            host,
            joining: None,
            looking: false,
            working: JoinSet::new(),
            connection: None,
            quit: false,
        }
    }

    /// Does what `update` asks for; a message where the answer is there at once.
    pub(super) fn perform(
        &mut self,
        app: &App,
        effect: Effect,
        canvas: &mut impl Canvas,
    ) -> io::Result<Option<Msg>> {
        match effect {
            Effect::Send(message) => self.send(message),
            Effect::Start(new) => self.start(*new, &app.settings.state_dir),
            Effect::LookAtLogin => self.look_at_login(),
            Effect::AcceptCommands => {
                let accepted = run_files::accept(&app.settings);
                return Ok(Some(Msg::Accepted(accepted.map_err(|e| e.to_string()))));
            }
            Effect::TakeUp if app.session.read_only => self.view(app.settings.operator.clone()),
            Effect::TakeUp => self.go_on(app.screens.start.operator.clone()),
            Effect::TryAgain(after) => self.say_after(after, Msg::TryAgain),
            Effect::HideAfter(after, number) => self.say_after(after, Msg::Hide(number)),
            Effect::WriteLog { path, text } => return Ok(Some(write_log(path, &text))),
            Effect::FindKey(passphrase) => self.find_key(app.settings.sign.key.clone(), passphrase),
            Effect::Sign { signer, statement } => self.sign(*signer, statement),
            Effect::ReadHistory => self.read_history(app.book.runbook.title.clone()),
            Effect::ReadPast { title, environment, except } => self.read_past(title, environment, except),
            Effect::ShowLog(id) => {
                let store = Arc::clone(&self.store);
                self.off_stage(move || Msg::Text(Box::new(offstage::log(&*store, &id))));
            }
            Effect::ShowEvent(seq) => self.read(move |store, run| offstage::event(store, run, seq)),
            Effect::Verify => {
                let settings = app.settings.clone();
                self.read(move |store, run| offstage::verified(store, run, &settings));
            }
            Effect::Copy(text) => canvas.copy(&text)?,
            Effect::Bell => canvas.ring()?,
            Effect::Suspend => canvas.suspend()?,
            Effect::Quit => self.quit = true,
        }
        Ok(None)
    }

    /// The next that arrives: from the runner, or as an answer to what was asked for.
    pub(super) async fn next(&mut self) -> Msg {
        tokio::select! {
            update = told(&mut self.connection) => self.update(update),
            joined = joined(&mut self.joining) => self.joined(joined),
            Some(worked) = self.working.join_next() => {
                let message = worked.unwrap_or(Msg::Tick);
                self.looking &= !matches!(message, Msg::Login(_));
                message
            }
        }
    }

    /// What the runner has said already.
    pub(super) fn ready(&mut self) -> Option<Msg> {
        let update = self.connection.as_mut().and_then(Connection::ready)?;
        Some(self.update(Some(update)))
    }

    /// Leaves the run, and waits until everything that was sent has gone out.
    pub(super) async fn leave(self) {
        if let Some(connection) = self.connection {
            connection.leave().await;
        }
    }

    fn update(&mut self, update: Option<ToClient>) -> Msg {
        if let Some(update) = update {
            return Msg::Update(Box::new(update));
        }
        self.connection = None;
        Msg::RunnerGone
    }

    fn joined(&mut self, joined: Joined) -> Msg {
        match joined {
            Ok(Attached { connection, state, control, run, .. }) => {
                let reread = client::reread(&run, &state);
                self.connection = Some(connection);
                self.known = Some(run);
                Msg::Attached(Box::new(Taken { state, control, reread }))
            }
            Err(error) => Msg::NotAttached(error.to_string()),
        }
    }

    fn send(&self, message: ToRunner) {
        if let Some(connection) = &self.connection {
            connection.send(message);
        }
    }

    /// Shows the known run without owning it.
    fn view(&mut self, operator: String) {
        if let Some(run) = self.known.clone() {
            let store = Arc::clone(&self.store);
            self.joining = Some(tokio::spawn(async move { client::view(&*store, &run, &operator).await }));
        }
    }

    /// Goes on with the known run, wherever its runner is.
    fn go_on(&mut self, operator: String) {
        let Some(run) = self.known.clone() else { return };
        let (host, store, directory) = (self.host.clone(), Arc::clone(&self.store), self.directory.clone());
        let who = Who { operator, part: Part::Operator };
        let join = async move { client::join(&host, &store, &run, &who, &directory).await };
        self.joining = Some(tokio::spawn(join));
    }

    fn say_after(&mut self, after: Duration, message: Msg) {
        self.working.spawn(async move {
            tokio::time::sleep(after).await;
            message
        });
    }

    fn start(&mut self, new: NewRun, state_dir: &Path) {
        if self.joining.is_none() {
            let (host, store, state_dir) = (self.host.clone(), Arc::clone(&self.store), state_dir.to_owned());
            let start = async move { client::start(&host, &store, &state_dir, new).await };
            self.joining = Some(tokio::spawn(start));
        }
    }

    /// Looks whether a run that is started here outlives this login.
    fn look_at_login(&mut self) {
        if !self.looking {
            self.looking = true;
            self.off_stage(|| Msg::Login(client::ends_with_login()));
        }
    }

    /// Looks for the operator's key; an agent or a passphrase may take its time.
    fn find_key(&mut self, key: Option<PathBuf>, passphrase: Option<String>) {
        self.off_stage(move || {
            let agent = signature::agent();
            Msg::Found(signature::find(key.as_deref(), passphrase.as_deref(), agent.as_deref()))
        });
    }

    /// Signs; an agent may ask its owner first.
    fn sign(&mut self, signer: Signer, statement: String) {
        self.off_stage(move || {
            let (made, key) = (signer.sign(&statement), Some(signer.key()));
            Msg::Signed(made.map(|s| SignOff { statement, signature: Some(s), key }))
        });
    }

    /// Reads something of the run to show it.
    fn read(&mut self, read: impl FnOnce(&dyn Store, &RunFiles) -> TextBox + Send + 'static) {
        if let Some(run) = self.known.clone() {
            let store = Arc::clone(&self.store);
            self.off_stage(move || Msg::Text(Box::new(read(&*store, &run))));
        }
    }

    /// Reads what runs before say about the steps.
    fn read_past(&mut self, title: String, environment: String, except: Option<RunId>) {
        let store = Arc::clone(&self.store);
        let except = except.unwrap_or_else(|| RunId(String::new()));
        self.off_stage(move || {
            let past = Past::load(&*store, &title, &environment, &except);
            Msg::Past { environment, past }
        });
    }

    /// Reads the runs of the document.
    fn read_history(&mut self, title: String) {
        let store = Arc::clone(&self.store);
        self.off_stage(move || Msg::History(history::runs(&*store, Some(&title)).unwrap_or_default()));
    }

    /// Has something done while the screens go on.
    fn off_stage(&mut self, work: impl FnOnce() -> Msg + Send + 'static) {
        self.working.spawn_blocking(work);
    }
}

/// Writes the deployment log.
fn write_log(path: PathBuf, text: &str) -> Msg {
    let written = std::fs::write(&path, text).map_err(|e| e.to_string());
    Msg::LogWritten { path, written }
}

/// What an attempt to reach a runner came to, once there is one and it has ended.
async fn joined(joining: &mut Option<JoinHandle<Joined>>) -> Joined {
    let Some(running) = joining else { return std::future::pending().await };
    let result = running.await;
    *joining = None;
    result.unwrap_or_else(|e| Err(RunnerError::Launch { message: e.to_string(), held: false }.into()))
}

/// What a runner says, once there is one; nothing when it has gone.
async fn told(connection: &mut Option<Connection>) -> Option<ToClient> {
    match connection {
        Some(connection) => connection.next().await,
        None => std::future::pending().await,
    }
}
