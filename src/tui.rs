//! The screens. `update` turns a message into effects, `draw` shows the state and mutates nothing; this file
//! is the loop between terminal, runner and the two.

pub mod app;
mod canvas;
pub mod keymap;
pub mod msg;
mod offstage;
mod opening;
mod pace;
mod place;
pub mod term;
pub mod theme;
pub mod update;
pub mod views;
pub mod widgets;

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinError, JoinHandle, JoinSet};

use crate::client::{self, Attached, Connection, Host, Who};
use crate::protocol::{EndsWithLogin, Part, ToClient, ToRunner};
use crate::record::history::{self, Past};
use crate::record::signature::{self, Signer};
use crate::run::SignOff;
use crate::runner::{NewRun, RunnerError};
use crate::store::{RunDirectory, StateDirectory};

pub use canvas::Canvas;
pub use opening::{End, Opening};

use app::{App, TextBox};
use msg::{Effect, Msg};
use pace::{FRAME, Pace};
use term::Term;
use theme::Surroundings;

/// How long nothing is drawn where nothing changes by itself.
const A_LONG_TIME: Duration = Duration::from_hours(24);

/// How long it takes until a runner that could not be had is tried for again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// Runs the screens in this terminal until the operator leaves. The terminal is as it was afterwards, whatever
/// happens.
pub async fn run(opening: Opening) -> io::Result<End> {
    let around = Surroundings::observed();
    let mut term = Term::enter(around.depth())?;
    let mut hangups = term::hangups()?;
    Box::pin(run_on(&mut term, opening, &around, events(), hangups.next())).await
}

/// The same on any canvas, with events from anywhere, until it is told to hang up.
pub async fn run_on<C: Canvas>(
    canvas: &mut C,
    opening: Opening,
    around: &Surroundings,
    events: UnboundedReceiver<io::Result<Event>>,
    hangup: impl Future<Output = ()>,
) -> io::Result<End> {
    let app = App::new(&opening, canvas.size()?, around);

    let mut shell = Shell {
        app,
        state: opening.state,
        known: opening.run,
        directory: opening.directory,
        host: opening.host,
        joining: None,
        again_at: None,
        looking: None,
        working: JoinSet::new(),
        connection: None,
        quit: false,
    };
    if shell.app.read_only {
        shell.view();
    } else if opening.at_once {
        shell.go_on();
    } else {
        shell.look_at_login();
    }
    shell.go(canvas, events, hangup).await?;
    let outcome = shell.app.run.as_ref().and_then(crate::run::RunState::outcome).map(|(o, _)| o);
    let words = shell.app.leaving_words();
    shell.leave().await;
    Ok(End { words, outcome })
}

/// Terminal events through a channel, which can be emptied without waiting.
fn events() -> UnboundedReceiver<io::Result<Event>> {
    let (to, from) = unbounded_channel();
    tokio::spawn(async move {
        let mut stream = EventStream::new();
        while let Some(event) = stream.next().await {
            if to.send(event).is_err() {
                return;
            }
        }
    });
    from
}

/// What a task came to, once there is one and it has ended.
async fn ended<T>(task: &mut Option<JoinHandle<T>>) -> Result<T, JoinError> {
    match task {
        None => std::future::pending().await,
        Some(running) => {
            let result = running.await;
            *task = None;
            result
        }
    }
}

/// What an attempt to reach a runner came to.
type Joined = Result<Attached, RunnerError>;

async fn joined(joining: &mut Option<JoinHandle<Joined>>) -> Joined {
    let result = ended(joining).await;
    result.unwrap_or_else(|e| Err(RunnerError::Launch { message: e.to_string(), held: false }))
}

async fn next(connection: &mut Option<Connection>) -> Option<ToClient> {
    match connection {
        Some(connection) => connection.next().await,
        None => std::future::pending().await,
    }
}

struct Shell {
    app: App,
    state: StateDirectory,
    known: Option<RunDirectory>,
    directory: PathBuf,
    host: Host,
    /// A runner is being reached.
    joining: Option<JoinHandle<Joined>>,
    /// When a runner of the run that is shown is tried for again.
    again_at: Option<Instant>,
    /// It is looked whether a run outlives this login.
    looking: Option<JoinHandle<Option<EndsWithLogin>>>,
    /// What is done off stage: a key signs, the record is looked at.
    working: JoinSet<Msg>,
    connection: Option<Connection>,
    quit: bool,
}

impl Shell {
    /// The loop: what arrives is taken in, then a frame is drawn.
    async fn go(
        &mut self,
        canvas: &mut impl Canvas,
        mut keys: UnboundedReceiver<io::Result<Event>>,
        hangup: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let mut hangup = std::pin::pin!(hangup);
        let mut pace = Pace::default();
        self.draw(canvas)?;
        while !self.quit {
            let wait = self.next_wake();
            let mut output_only = false;
            tokio::select! {
                key = keys.recv() => match key {
                    Some(Ok(event)) => self.event(event, canvas)?,
                    Some(Err(error)) => return Err(error),
                    None => break,
                },
                update = next(&mut self.connection) => {
                    output_only = matches!(update, Some(ToClient::Screen { .. }));
                    self.updates(update, canvas)?;
                }
                joined = joined(&mut self.joining) => self.attached(joined),
                looked = ended(&mut self.looking) => {
                    looked.map_or(Ok(()), |ends| self.message(Msg::Login(ends), canvas))?;
                }
                Some(worked) = self.working.join_next() => {
                    worked.map_or(Ok(()), |message| self.message(message, canvas))?;
                }
                () = &mut hangup => break,
                () = tokio::time::sleep(wait) => {
                    self.try_again();
                    self.message(Msg::Tick, canvas)?;
                }
            }
            if output_only {
                // Output by itself never fills the line to the terminal: a key has to get through.
                output_only = self.gather(&mut keys, hangup.as_mut(), pace.wait(), canvas).await?;
            }
            // What has arrived in the meantime belongs into the same frame. Keys among it can't act on
            // anything that this frame has not shown yet.
            while let Ok(event) = keys.try_recv() {
                self.event(event?, canvas)?;
                output_only = false;
            }
            let begun = Instant::now();
            while let Some(update) = self.connection.as_mut().and_then(Connection::ready) {
                self.updates(Some(update), canvas)?;
                if begun.elapsed() > FRAME * 2 {
                    break;
                }
            }
            tokio::time::sleep(pace.rest()).await;
            let begun = Instant::now();
            self.draw(canvas)?;
            pace.drawn(begun.elapsed(), output_only);
        }
        Ok(())
    }

    /// Takes in what arrives for so long, or until there is more than output; whether there was nothing else.
    async fn gather(
        &mut self,
        keys: &mut UnboundedReceiver<io::Result<Event>>,
        mut hangup: std::pin::Pin<&mut impl Future<Output = ()>>,
        wait: Duration,
        canvas: &mut impl Canvas,
    ) -> io::Result<bool> {
        let until = tokio::time::Instant::now() + wait;
        loop {
            tokio::select! {
                key = keys.recv() => {
                    match key {
                        Some(event) => self.event(event?, canvas)?,
                        None => self.quit = true,
                    }
                    return Ok(false);
                }
                update = next(&mut self.connection) => {
                    let more = !matches!(update, Some(ToClient::Screen { .. }));
                    self.updates(update, canvas)?;
                    if more {
                        return Ok(false);
                    }
                }
                () = hangup.as_mut() => {
                    self.quit = true;
                    return Ok(false);
                }
                () = tokio::time::sleep_until(until) => return Ok(true),
            }
        }
    }

    /// Shows the known run without owning it.
    fn view(&mut self) {
        if let Some(run) = self.known.clone() {
            let operator = self.app.settings.operator.clone();
            self.joining = Some(tokio::spawn(async move { client::view(&run, &operator).await }));
        }
    }

    /// Goes on with the known run, wherever its runner is.
    fn go_on(&mut self) {
        let Some(run) = self.known.clone() else { return };
        let (host, state, directory) = (self.host.clone(), self.state.clone(), self.directory.clone());
        let who = Who { operator: self.app.form.operator.clone(), part: Part::Operator };
        let join = async move { client::join(&host, &state, &run, &who, &directory).await };
        self.joining = Some(tokio::spawn(join));
    }

    /// Goes on with the run that is shown, when that is due.
    fn try_again(&mut self) {
        if self.again_at.is_some_and(|at| at <= Instant::now()) {
            self.again_at = None;
            if self.app.read_only { self.view() } else { self.go_on() }
        }
    }

    fn start(&mut self, new: NewRun) {
        if self.joining.is_none() {
            let (host, state) = (self.host.clone(), self.state.clone());
            self.joining = Some(tokio::spawn(async move { client::start(&host, &state, new).await }));
        }
    }

    /// Looks for the operator's key; an agent or a passphrase may take its time.
    fn find_key(&mut self, passphrase: Option<String>) {
        let key = self.app.settings.sign.key.clone();
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
    fn read(&mut self, read: impl FnOnce(&RunDirectory) -> TextBox + Send + 'static) {
        if let Some(run) = self.known.clone() {
            self.off_stage(move || Msg::Text(Box::new(read(&run))));
        }
    }

    /// Reads what runs before say about the steps of the one that is shown.
    fn read_past(&mut self) {
        let (state, Some(run)) = (self.state.clone(), &self.app.run) else { return };
        let (title, environment) = (run.runbook().title.clone(), run.environment().to_owned());
        let own = run.id().clone();
        self.off_stage(move || Msg::Past(Past::load(&state, &title, &environment, &own)));
    }

    /// Reads the runs of the document.
    fn read_history(&mut self) {
        let (state, title) = (self.state.clone(), self.app.runbook.title.clone());
        self.off_stage(move || Msg::History(history::runs(&state, Some(&title)).unwrap_or_default()));
    }

    /// Has something done while the screens go on.
    fn off_stage(&mut self, work: impl FnOnce() -> Msg + Send + 'static) {
        self.working.spawn_blocking(work);
    }

    /// Remembers that the commands beside the document were seen and accepted.
    fn accept_commands(&mut self) {
        match self.state.accept(&self.app.settings.beside_hash()) {
            Ok(()) => self.app.form.waiting.clear(),
            Err(error) => self.app.say(error.to_string()),
        }
    }

    /// Looks whether a run that is started here outlives this login, where it is to.
    fn look_at_login(&mut self) {
        if self.looking.is_none() && self.app.detaches {
            self.looking = Some(tokio::task::spawn_blocking(client::ends_with_login));
        }
    }

    fn draw(&mut self, canvas: &mut impl Canvas) -> io::Result<()> {
        let app = &self.app;
        canvas.draw(|frame| views::draw(app, frame))?;
        self.app.drawn(Instant::now());
        Ok(())
    }

    /// A second while a clock is on screen, sooner when keys become live; otherwise nothing is drawn until
    /// something happens.
    fn next_wake(&self) -> Duration {
        if let Some(armed) = self.app.arming.due_in(Instant::now()) {
            return armed + Duration::from_millis(1);
        }
        if let Some(at) = self.again_at {
            return at.saturating_duration_since(Instant::now()).min(Duration::from_secs(1));
        }
        let clock = self.app.run.as_ref().is_some_and(|run| run.outcome().is_none() || run.is_watched());
        if clock { Duration::from_secs(1) } else { A_LONG_TIME }
    }

    fn event(&mut self, event: Event, canvas: &mut impl Canvas) -> io::Result<()> {
        let message = match event {
            Event::Key(key) => Msg::Key(key, Instant::now()),
            Event::Paste(text) => Msg::Paste(text, Instant::now()),
            Event::Resize(columns, rows) => Msg::Resize(columns, rows),
            _ => return Ok(()),
        };
        self.message(message, canvas)
    }

    fn updates(&mut self, update: Option<ToClient>, canvas: &mut impl Canvas) -> io::Result<()> {
        match update {
            Some(update) => self.message(Msg::Update(Box::new(update)), canvas),
            None => {
                // Its runner has gone. The run has not: it is gone on with by the next one.
                self.connection = None;
                let over = self.app.run.as_ref().is_some_and(|r| r.outcome().is_some());
                if matches!(self.host, Host::Processes(_)) && !over {
                    if !self.app.read_only {
                        self.app.say("the runner has ended; another one is started");
                    }
                    self.again_at = Some(Instant::now());
                    self.try_again();
                }
                Ok(())
            }
        }
    }

    fn message(&mut self, message: Msg, canvas: &mut impl Canvas) -> io::Result<()> {
        let effects = update::update(&mut self.app, message);
        self.effects(effects, canvas)
    }

    fn effects(&mut self, effects: Vec<Effect>, canvas: &mut impl Canvas) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Send(message) => self.send(message),
                Effect::Start(new) => self.start(*new),
                Effect::LookAtLogin => self.look_at_login(),
                Effect::AcceptCommands => self.accept_commands(),
                Effect::TakeUp => self.go_on(),
                Effect::WriteLog { path, text } => self.write_log(&path, &text),
                Effect::FindKey(passphrase) => self.find_key(passphrase),
                Effect::Sign { signer, statement } => self.sign(*signer, statement),
                Effect::ReadHistory => self.read_history(),
                Effect::ReadPast => self.read_past(),
                Effect::ShowLog(id) => {
                    let state = self.state.clone();
                    self.off_stage(move || Msg::Text(Box::new(offstage::log(&state, &id))));
                }
                Effect::ShowEvent(seq) => self.read(move |run| offstage::event(run, seq)),
                Effect::Verify => {
                    let settings = self.app.settings.clone();
                    self.read(move |run| offstage::verified(run, &settings));
                }
                Effect::Copy(text) => canvas.copy(&text)?,
                Effect::Bell => canvas.ring()?,
                Effect::Suspend => canvas.suspend()?,
                Effect::Quit => self.quit = true,
            }
        }
        Ok(())
    }

    fn send(&self, message: ToRunner) {
        if let Some(connection) = &self.connection {
            connection.send(message);
        }
    }

    fn attached(&mut self, joined: Joined) {
        match joined {
            Ok(attached) => {
                self.app.reread = client::reread(&attached.run, &attached.state);
                self.connection = Some(attached.connection);
                self.known = Some(attached.run);
                for effect in update::attached(&mut self.app, attached.state, attached.control) {
                    if let Effect::Send(message) = effect {
                        self.send(message);
                    }
                }
            }
            Err(error) if self.app.run.is_some() => {
                self.app.say(format!("no runner: {error}; it is tried again"));
                self.again_at = Some(Instant::now() + TRY_AGAIN);
            }
            Err(error) => self.app.say(error.to_string()),
        }
    }

    fn write_log(&mut self, path: &Path, text: &str) {
        match std::fs::write(path, text) {
            Ok(()) => {
                self.app.say(format!("log written to {}", path.display()));
                let request = crate::run::Request::WroteLog { path: path.display().to_string() };
                let message = self.app.ask(request);
                self.send(message);
            }
            Err(error) => self.app.say(format!("could not write {}: {error}", path.display())),
        }
    }

    async fn leave(mut self) {
        if let Some(connection) = self.connection.take() {
            connection.leave().await;
        }
    }
}
