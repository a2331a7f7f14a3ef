//! The actor that owns a run: one inbox, one message at a time.

mod record;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::clients::{Client, ClientId, Clients};
use super::place::{Home, Place};
use super::reader::{Reader, Reading};
use super::recover::{never_started, recover};
use crate::exec::mask::SHORTEST;
use crate::exec::screen::Size;
use crate::exec::variables::is_name;
use crate::exec::{ExecError, FromShim, Mode, Remote, Report, ShimSettings, Signal, Standing, ToShim};
use crate::protocol::{EndsWithLogin, Part, Screen, ToClient, ToRunner};
use crate::run::event::{PlaceChoice, ProcessIdentity};
use crate::run::{Attempt, CommandState, Event, Exit, Record, Refusal, Request, RunState};
use crate::runbook::{CommandId, parameters};
use crate::shell::{Kind, quote::quote};
use crate::store::directory::Lock;
use crate::store::spill::Spill;
use crate::store::{Journal, RunDirectory, chain};
use record::Unrecorded;

/// How long what could not be journaled waits for the next try.
const RETRY: Duration = Duration::from_secs(1);

/// How long a runner of a run that is over waits for somebody to come.
const NOBODY_CAME: Duration = Duration::from_secs(30);

/// What reaches the actor.
#[derive(Debug)]
pub(super) enum Inbox {
    /// A client has come.
    Joined(ClientId, Client),
    /// From a client.
    Client(ClientId, ToRunner),
    /// A client has gone.
    Left(ClientId),
    /// From the place.
    Place(Report),
    /// The place's process has gone.
    PlaceGone,
    /// This process ends with the login that it was started in.
    Dies(EndsWithLogin),
    /// A new place was started in its stead, or could not be.
    PlaceUp(Box<Result<(Place, Standing), ExecError>>),
}

/// What an actor is made of.
pub(super) struct Parts {
    pub(super) directory: RunDirectory,
    pub(super) state: RunState,
    /// The journal's last line.
    pub(super) last: Option<String>,
    pub(super) journal: Box<dyn Journal>,
    pub(super) reader: Reader,
    pub(super) home: Home,
    /// Where a new shell starts.
    pub(super) shell_directory: std::path::PathBuf,
    /// The way back into its own inbox.
    pub(super) to_self: UnboundedSender<Inbox>,
    /// It ends when its last client leaves, whatever the run's state.
    pub(super) ends_with_clients: bool,
}

/// The owner of a run.
pub(super) struct Actor {
    directory: RunDirectory,
    state: RunState,
    journal: Box<dyn Journal>,
    prev: String,
    reader: Reader,
    home: Home,
    shell_directory: std::path::PathBuf,
    place: Option<Place>,
    /// A place is being started.
    raising: bool,
    shell: Option<ProcessIdentity>,
    /// Requests to run that came before the shell was ready.
    waiting: VecDeque<(ClientId, u64, Request)>,
    /// What could not be journaled yet, and where it is kept meanwhile.
    unrecorded: Unrecorded,
    /// Why this process ends with the login that it was started in, if it does.
    dies: Option<EndsWithLogin>,
    spill: Spill,
    /// Room for the journal is taken in advance.
    reserved: bool,
    secrets: BTreeMap<String, String>,
    cancelled: BTreeSet<CommandId>,
    /// The screens of what runs, for who comes later.
    screens: BTreeMap<CommandId, Box<Screen>>,
    clients: Clients,
    /// Who asked what a command's words stand for.
    evaluating: VecDeque<(ClientId, CommandId)>,
    /// The run's own lock.
    owned: Option<Lock>,
    /// Released with the run's outcome, or with this.
    locks: Vec<Lock>,
    /// When the command that is waited for runs again.
    again_at: Option<Instant>,
    to_self: UnboundedSender<Inbox>,
    ends_with_clients: bool,
    began: Instant,
    somebody_came: bool,
}

impl Actor {
    pub(super) fn new(parts: Parts) -> Self {
        let mut prev = parts.last.map_or_else(String::new, |line| chain::hash(&line));
        let spill = Spill::of(&parts.directory);
        let held = spill.left(&prev);
        if let Some(line) = held.last().and_then(|r| chain::line(r).ok()) {
            prev = chain::hash(&line);
        }
        let state = held.iter().fold(parts.state, RunState::apply);
        let reserved = state.outcome().is_none() && parts.directory.reserve();
        Self {
            spill,
            reserved,
            state,
            prev,
            unrecorded: Unrecorded::left(held),
            directory: parts.directory,
            journal: parts.journal,
            reader: parts.reader,
            home: parts.home,
            shell_directory: parts.shell_directory,
            place: None,
            raising: false,
            shell: None,
            waiting: VecDeque::new(),
            secrets: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            screens: BTreeMap::new(),
            clients: Clients::default(),
            evaluating: VecDeque::new(),
            dies: None,
            owned: None,
            locks: Vec::new(),
            again_at: None,
            to_self: parts.to_self,
            ends_with_clients: parts.ends_with_clients,
            began: Instant::now(),
            somebody_came: false,
        }
    }

    /// Keeps a lock for as long as it works.
    pub(super) fn hold_always(&mut self, lock: Lock) {
        self.owned = Some(lock);
    }

    /// Keeps a lock for as long as the run has no outcome.
    pub(super) fn hold(&mut self, lock: Lock) {
        self.locks.push(lock);
    }

    /// What is known of the run.
    pub(super) fn state(&self) -> &RunState {
        &self.state
    }

    /// Where the run is kept.
    pub(super) fn directory(&self) -> &RunDirectory {
        &self.directory
    }

    /// Works until the run is over and nobody follows it any more. `close` is called before others may own it.
    pub(super) async fn work(mut self, mut inbox: UnboundedReceiver<Inbox>, close: impl FnOnce()) {
        while !self.done() {
            let wait = self.due_in().unwrap_or(Duration::MAX);
            let Ok(message) = tokio::time::timeout(wait, inbox.recv()).await else {
                self.due();
                continue;
            };
            match message {
                Some(Inbox::Joined(id, client)) => self.joined(id, client),
                Some(Inbox::Client(id, message)) => self.client(id, message),
                Some(Inbox::Left(id)) => self.left(id),
                Some(Inbox::Place(report)) => self.reported(report),
                Some(Inbox::PlaceGone) => self.place_gone(),
                Some(Inbox::PlaceUp(up)) => self.place_up(*up),
                Some(Inbox::Dies(dies)) => self.ends_with_login(dies),
                None => break,
            }
        }
        self.retry();
        self.send(ToShim::Shutdown);
        let Actor { place, clients, owned, .. } = self;
        drop(place);
        close();
        drop(owned);
        clients.close();
    }

    fn done(&self) -> bool {
        let alone = self.clients.is_empty();
        if self.ends_with_clients {
            return alone && self.somebody_came;
        }
        let waited = self.somebody_came || self.began.elapsed() >= NOBODY_CAME;
        alone && waited && self.state.outcome().is_some() && self.unrecorded.since.is_none()
    }

    /// When something is to be done without being asked.
    fn due_in(&self) -> Option<Duration> {
        let again = self.again_at.map(|at| at.saturating_duration_since(Instant::now()));
        let retry = self.unrecorded.since.is_some().then_some(RETRY);
        let lonely = (!self.somebody_came && self.state.outcome().is_some())
            .then(|| NOBODY_CAME.saturating_sub(self.began.elapsed()));
        [again, retry, lonely].into_iter().flatten().min()
    }

    fn due(&mut self) {
        if self.again_at.is_some_and(|at| at <= Instant::now()) {
            self.again_at = None;
            if self.ask(&Request::WaitAgain, None).is_err() {
                // There is no room to record it: it is repeated later.
                self.again_at = Some(Instant::now() + RETRY);
            }
        }
        self.retry();
    }

    fn send(&self, message: ToShim) {
        if let Some(place) = &self.place {
            place.send(message);
        }
    }
}

/// Clients.
impl Actor {
    /// A client gets everything so far, then whatever happens.
    fn joined(&mut self, id: ClientId, client: Client) {
        let (records, document) = match self.so_far() {
            Ok(known) => known,
            Err(error) => {
                client.to.push(ToClient::Trouble(error.to_string()));
                client.to.close();
                return;
            }
        };
        self.somebody_came = true;
        let (to, operator) = (client.to.clone(), client.operator.clone());
        for update in ToClient::welcome(document, &records) {
            to.push(update);
        }
        self.clients.join(id, client);
        self.clients.introduce();
        if let Some(since) = self.unrecorded.since {
            to.push(ToClient::Unrecorded(Some((since, self.unrecorded.why.clone()))));
        }
        if let Some(dies) = &self.dies {
            to.push(ToClient::EndsWithLogin(dies.clone()));
        }
        for (command, screen) in &self.screens {
            to.push(ToClient::Screen { command: command.clone(), screen: screen.clone() });
        }
        if self.clients.has_control(id) {
            self.took_control(operator, None);
        }
    }

    fn ends_with_login(&mut self, dies: EndsWithLogin) {
        self.clients.tell(&ToClient::EndsWithLogin(self.dies.insert(dies).clone()));
    }

    fn so_far(&self) -> Result<(Vec<Record>, String), crate::store::StoreError> {
        let mut records = tokio::task::block_in_place(|| self.journal.read())?;
        records.extend(self.unrecorded.held.iter().cloned());
        Ok((records, self.directory.document()?))
    }

    /// Recorded where it is news: the same person coming back is none.
    fn took_control(&mut self, by: String, from: Option<String>) {
        if from.is_some() || self.state.control() != Some(by.as_str()) {
            self.fact(Request::TookControl { by, from });
        }
    }

    fn left(&mut self, id: ClientId) {
        self.waiting.retain(|(client, _, _)| *client != id);
        if self.clients.leave(id) {
            self.clients.introduce();
        }
    }

    fn client(&mut self, id: ClientId, message: ToRunner) {
        match message {
            ToRunner::Ask { number, request } => self.asked_by(id, number, request),
            ToRunner::TakeControl => self.take_control(id),
            ToRunner::Read { number, query } => {
                self.read(id, (query.command.clone(), query.attempt), Reading::Page { number, query });
            }
            ToRunner::Save { command, attempt, path, lines } => {
                self.read(id, (command, attempt), Reading::Save { path, lines });
            }
            ToRunner::Leave => self.left(id),
            ToRunner::Attach { .. } => {}
            ToRunner::Secret { .. }
            | ToRunner::Keys { .. }
            | ToRunner::PaneSize { .. }
            | ToRunner::Evaluate(_)
                if !self.clients.has_control(id) => {}
            ToRunner::Secret { name, value } => {
                self.secret(name.clone(), value);
                self.asked_by(id, 0, Request::SetParameter { name, value: None });
            }
            ToRunner::Keys { command, keys } => self.send(ToShim::Keys { command, keys }),
            ToRunner::PaneSize { columns, rows } => {
                self.send(ToShim::Pane(Size { columns: columns.max(10), rows: rows.max(3) }));
            }
            ToRunner::Evaluate(command) => self.evaluate(id, command),
        }
    }

    fn asked_by(&mut self, id: ClientId, number: u64, request: Request) {
        let runs = matches!(request, Request::Run { .. } | Request::WaitUntil { .. });
        if runs && self.shell.is_none() && self.state.outcome().is_none() {
            self.waiting.push_back((id, number, request));
            self.raise_place();
            return;
        }
        let Some(actor) = self.clients.get(id).map(|c| c.operator.clone()) else { return };
        let refused = self.clients.refuses(id, &request).or_else(|| self.secret_in(&request));
        let refused = refused.or_else(|| self.ask(&request, Some(actor)).err());
        self.clients.answer(id, ToClient::Answered { number, refused });
    }

    /// Whoever wants control gets it: people talk to each other, and everybody sees it.
    fn take_control(&mut self, id: ClientId) {
        let Some(client) = self.clients.get(id).filter(|c| c.part != Part::Looks) else { return };
        if self.clients.has_control(id) {
            return;
        }
        let by = client.operator.clone();
        let from = self.clients.holder().map(|h| h.operator.clone());
        self.clients.give(id);
        self.took_control(by, from);
        self.clients.introduce();
    }

    /// The secret whose value stands in what somebody typed: the journal must never get it.
    fn secret_in(&self, request: &Request) -> Option<Refusal> {
        let typed = request.typed();
        let known = |value: &str| value.len() >= SHORTEST && typed.iter().any(|text| text.contains(value));
        let found = self.secrets.iter().find(|(_, value)| known(value));
        found.map(|(name, _)| Refusal::HoldsSecret(name.clone()))
    }

    /// Lets the reader answer; it tells the client itself.
    fn read(&self, id: ClientId, what: (CommandId, Option<Attempt>), reading: Reading) {
        if let Some(client) = self.clients.get(id) {
            self.reader.read(&self.state, what, reading, client.to.clone());
        }
    }

    fn evaluate(&mut self, id: ClientId, command: CommandId) {
        let text = self.state.find(&command).map(|c| self.state.text_of(c)).unwrap_or_default();
        let mut names: Vec<String> = parameters::variables(&text).into_iter().map(|(n, _)| n).collect();
        names.sort();
        names.dedup();
        names.retain(|n| !parameters::is_secret_name(n));
        if names.is_empty() || self.shell.is_none() || self.state.running().is_some() {
            self.clients.answer(id, ToClient::Evaluated { command, target: vec![] });
        } else {
            self.evaluating.push_back((id, command.clone()));
            self.send(ToShim::Evaluate { command, names });
        }
    }
}

/// The place.
impl Actor {
    /// Brings the place up that the run's commands go to: one that is at work already, else a new one.
    pub(super) async fn settle_in(&mut self) -> Result<(), ExecError> {
        if self.state.outcome().is_some() {
            return Ok(());
        }
        let found = match &self.home {
            Home::Thread => None,
            Home::Process(directory) => Place::find(directory, self.to_self.clone()).await.ok(),
        };
        let (place, standing) = match found {
            Some(found) => found,
            None => {
                self.recover();
                Place::start(&self.home, self.settings(), self.to_self.clone()).await?
            }
        };
        self.take_place(place, standing);
        Ok(())
    }

    /// What a new shell starts with.
    fn settings(&self) -> ShimSettings {
        let captured = self.state.captured_last().map(|(name, c)| (name.to_owned(), c.value.clone()));
        let answered = self.state.parameters().iter();
        let answered = answered.filter_map(|(n, v)| Some((n.clone(), v.clone()?)));
        let mut environment: Vec<(String, String)> =
            answered.filter(|(n, _)| is_name(n)).chain(captured).collect();
        environment.push(("GONOGO_RUN".into(), self.directory.id().0.clone()));
        // Taken up, a run goes on in the directory it was in, if that still exists.
        let known = std::path::PathBuf::from(&self.state.place().directory);
        let known = (known.is_absolute() && known.is_dir()).then_some(known);
        ShimSettings {
            recordings: self.directory.recordings(),
            directory: known.unwrap_or_else(|| self.shell_directory.clone()),
            environment,
        }
    }

    /// Takes a place that works, new or found. What it reported before comes first.
    fn take_place(&mut self, place: Place, standing: Standing) {
        let known: Vec<FromShim> = standing.reports.iter().map(|r| r.report.clone()).collect();
        let never = never_started(&self.state, &standing.live, &known);
        self.place = Some(place);
        for (name, value) in standing.secrets {
            self.secrets.entry(name).or_insert(value);
        }
        let secrets: Vec<_> = self.secrets.iter().map(|(n, v)| (n.clone(), v.clone())).collect();
        for (name, value) in secrets {
            self.send(ToShim::Secret { name, value });
        }
        for report in standing.reports {
            self.reported(report);
        }
        if let Some((place, shell)) = standing.shell {
            self.ready(shell, None, place);
        }
        for fact in never {
            self.fact(fact);
        }
        self.forget_secrets();
        if let Some(waiting) = self.state.waiting().filter(|_| self.state.running().is_none()) {
            self.again_at = Some(Instant::now() + Duration::from_secs(waiting.every_s));
        }
    }

    /// Secrets that were answered and that nobody knows any more have to be answered again.
    fn forget_secrets(&mut self) {
        let secret = self.state.parameters().iter().filter(|(_, value)| value.is_none());
        let unknown = secret.map(|(name, _)| name.clone());
        let unknown: Vec<String> = unknown
            .filter(|n| !self.secrets.contains_key(n) && !self.state.forgotten().contains(n))
            .collect();
        for name in unknown {
            self.fact(Request::Forgot { name });
        }
    }

    fn place_gone(&mut self) {
        let was_ready = self.shell.take().is_some();
        self.place = None;
        self.screens.clear();
        self.recover();
        let lost = "everything that was only in it: background jobs, functions, shell options";
        if was_ready && self.state.outcome().is_none() {
            self.fact(Request::ShellReplaced { lost: lost.into() });
            self.raise_place();
        }
    }

    /// Records what came of what ran in a place that has gone.
    fn recover(&mut self) {
        let ledger = match &self.home {
            Home::Thread => None,
            Home::Process(directory) => Remote::ledger(directory),
        };
        let recovered = tokio::task::block_in_place(|| recover(&self.state, ledger));
        for report in recovered.reports {
            if !matches!(report, FromShim::Ready { .. }) {
                self.report(report);
            }
        }
        for fact in recovered.facts {
            self.fact(fact);
        }
    }

    fn raise_place(&mut self) {
        if self.place.is_some() || std::mem::replace(&mut self.raising, true) {
            return;
        }
        let (home, settings, inbox) = (self.home.clone(), self.settings(), self.to_self.clone());
        tokio::spawn(async move {
            let up = Place::start(&home, settings, inbox.clone()).await;
            let _ended = inbox.send(Inbox::PlaceUp(Box::new(up)));
        });
    }

    fn place_up(&mut self, up: Result<(Place, Standing), ExecError>) {
        self.raising = false;
        match up {
            Ok((place, standing)) => self.take_place(place, standing),
            Err(error) => self.clients.tell(&ToClient::Trouble(error.to_string())),
        }
    }

    fn reported(&mut self, report: Report) {
        let number = report.number;
        self.report(report.report);
        // What was only held in memory is asked for again, should this process end.
        if let Some(place) = self.place.as_ref().filter(|_| self.unrecorded.since.is_none()) {
            place.taken(number);
        }
    }

    fn report(&mut self, report: FromShim) {
        match report {
            FromShim::Ready { place, shell, replaced } => self.ready(shell, replaced, place),
            FromShim::Exited { command, attempt, exit, elapsed, bytes, place } => {
                let exit = self.meaning(&command, exit);
                if matches!(exit, Exit::ShellEnded(_)) {
                    self.shell = None;
                }
                self.screens.remove(&command);
                self.fact(Request::Exited {
                    command,
                    attempt,
                    exit,
                    elapsed_ms: elapsed.as_millis() as u64,
                    bytes,
                    place,
                });
            }
            FromShim::Captured { name, value, command } => {
                self.fact(Request::Captured { name, value, command })
            }
            FromShim::Unrecorded { command, attempt, why } => {
                self.fact(Request::OutputUnrecorded { command, attempt, why });
            }
            FromShim::Screen { command, screen } => {
                if matches!(self.state.command(&command), CommandState::Running { .. }) {
                    self.screens.insert(command.clone(), screen.clone());
                }
                self.clients.tell(&ToClient::Screen { command, screen });
            }
            FromShim::Evaluated { command, values } => {
                let target = values.into_iter().map(|(n, v)| {
                    if v.is_empty() { format!("${n} is empty") } else { format!("${n} is {v}") }
                });
                let asked = self.evaluating.iter().position(|(_, c)| *c == command);
                if let Some((id, _)) = asked.and_then(|at| self.evaluating.remove(at)) {
                    self.clients.answer(id, ToClient::Evaluated { command, target: target.collect() });
                }
            }
            FromShim::Trouble(text) => self.clients.tell(&ToClient::Trouble(text)),
            // Both belong to the way to the place, and end there.
            FromShim::Changed { .. } | FromShim::Standing { .. } => {}
        }
    }

    fn ready(&mut self, shell: ProcessIdentity, replaced: Option<String>, place: crate::run::Place) {
        self.shell = Some(shell);
        if let Some(lost) = replaced {
            self.fact(Request::ShellReplaced { lost });
        }
        self.fact(Request::Observed { place });
        while let Some((id, number, request)) = self.waiting.pop_front() {
            self.asked_by(id, number, request);
        }
    }

    /// Ending a command that goes on until it is ended is no failure.
    fn meaning(&self, command: &CommandId, exit: Exit) -> Exit {
        let follows = self.state.find(command).is_some_and(|c| c.kind == Kind::Follow);
        if follows && self.cancelled.contains(command) { Exit::Ended } else { exit }
    }

    /// What an event announces, after it is durable.
    fn act(&mut self, event: &Event) {
        match event {
            Event::CommandStarted { command, attempt, text, .. } => {
                self.cancelled.remove(command);
                let mode = self.mode(command);
                self.send(ToShim::Run {
                    command: command.clone(),
                    attempt: *attempt,
                    text: self.with_secrets(text),
                    mode,
                });
            }
            Event::CancelRequested { command, signal } => {
                self.cancelled.insert(command.clone());
                if let Some(signal) = Signal::from_name(signal) {
                    self.send(ToShim::Signal { command: command.clone(), signal });
                }
            }
            Event::KeptInBackground { command } => self.send(ToShim::Background(command.clone())),
            Event::ParameterSet { name, value: Some(value) } if is_name(name) => {
                self.send(ToShim::Export { name: name.clone(), value: value.clone() });
            }
            Event::CommandExited { command, .. } => {
                let waits = self.state.waiting().filter(|w| &w.command == command);
                self.again_at = waits.map(|w| Instant::now() + Duration::from_secs(w.every_s));
            }
            Event::WaitEnded { .. } => self.again_at = None,
            Event::HandedOver { .. } => {
                self.clients.release();
                self.clients.introduce();
            }
            Event::RunFinished { .. } => {
                self.locks.clear();
                self.directory.release();
            }
            _ => {}
        }
    }

    fn mode(&self, command: &CommandId) -> Mode {
        let kind = self.state.find(command).map(|c| c.kind);
        let entered = self.state.place_choice(command) == Some(PlaceChoice::InteractiveThenStop);
        if self.clients.holder().is_none_or(|h| h.part == Part::Unattended) {
            Mode::NoInput
        } else if kind == Some(Kind::Interactive) || entered {
            Mode::Interactive
        } else if kind == Some(Kind::Follow) {
            Mode::Follow
        } else {
            Mode::Run
        }
    }

    /// Fills the holes that secrets answer. The result goes to the shell and nowhere else.
    fn with_secrets(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for hole in parameters::holes(text).into_iter().rev() {
            if let Some(value) = self.secrets.get(&hole.name) {
                filled.replace_range(hole.at, &quote(value));
            }
        }
        filled
    }

    /// Takes a secret: to the shell, to the masks, to nothing else.
    pub(super) fn secret(&mut self, name: String, value: String) {
        self.send(ToShim::Secret { name: name.clone(), value: value.clone() });
        self.secrets.insert(name, value);
    }
}
