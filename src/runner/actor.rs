//! The actor that owns a run: one inbox, one message at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::reader::{Reader, Reading};
use super::start::{is_variable, now};
use crate::exec::mask::SHORTEST;
use crate::exec::screen::Size;
use crate::exec::{FromShim, Mode, Shim, Signal, ToShim};
use crate::protocol::{ToClient, ToRunner};
use crate::run::event::{PlaceChoice, ProcessIdentity, RECORD_VERSION};
use crate::run::policy;
use crate::run::{Attempt, Event, Exit, Record, Refusal, Request, RunState, Surroundings, decide};
use crate::runbook::{CommandId, parameters};
use crate::shell::{Kind, quote::quote};
use crate::store::directory::EnvironmentLock;
use crate::store::{Journal, RunDirectory, chain};

/// How long what could not be journaled waits for the next try.
const RETRY: Duration = Duration::from_secs(1);

/// What reaches the actor.
#[derive(Debug)]
pub(super) enum Inbox {
    /// From a client.
    Client(ToRunner),
    /// From the place.
    Place(FromShim),
}

/// Events that happened while the journal could not be written: held in memory, in order.
#[derive(Debug, Default)]
struct Unrecorded {
    since: Option<DateTime<Utc>>,
    why: String,
    held: Vec<Record>,
    /// How many were written late since.
    late: u64,
}

/// The owner of a run.
pub(super) struct Actor {
    directory: RunDirectory,
    state: RunState,
    journal: Box<dyn Journal>,
    prev: String,
    shim: Shim,
    reader: Reader,
    headless: bool,
    shell: Option<ProcessIdentity>,
    /// Requests to run that came before the shell was ready.
    waiting: VecDeque<(u64, Request)>,
    /// What could not be journaled yet.
    unrecorded: Unrecorded,
    secrets: BTreeMap<String, String>,
    cancelled: BTreeSet<CommandId>,
    clients: Vec<UnboundedSender<ToClient>>,
    lock: Option<EnvironmentLock>,
    /// When the command that is waited for runs again.
    again_at: Option<Instant>,
}

impl Actor {
    pub(super) fn new(
        directory: RunDirectory,
        state: RunState,
        journal: Box<dyn Journal>,
        parts: (Shim, Reader),
        headless: bool,
    ) -> Self {
        let (shim, reader) = parts;
        let last = journal.read().ok().and_then(|r| r.last().and_then(|r| chain::line(r).ok()));
        Self {
            directory,
            state,
            journal,
            prev: last.map_or_else(String::new, |line| chain::hash(&line)),
            shim,
            reader,
            headless,
            shell: None,
            waiting: VecDeque::new(),
            unrecorded: Unrecorded::default(),
            secrets: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            clients: Vec::new(),
            lock: None,
            again_at: None,
        }
    }

    /// Takes the environment's lock and the first client.
    pub(super) fn hold(&mut self, lock: EnvironmentLock, client: UnboundedSender<ToClient>) {
        self.lock = Some(lock);
        self.clients.push(client);
    }

    /// Works until a client leaves or the way to it is gone.
    pub(super) async fn work(mut self, mut inbox: UnboundedReceiver<Inbox>) {
        loop {
            let wait = self.due_in().unwrap_or(Duration::MAX);
            let Ok(message) = tokio::time::timeout(wait, inbox.recv()).await else {
                self.due();
                continue;
            };
            match message {
                Some(Inbox::Client(ToRunner::Leave)) | None => break,
                Some(Inbox::Client(message)) => self.client(message),
                Some(Inbox::Place(report)) => self.place(report),
            }
        }
        self.retry();
        let Actor { shim, clients, .. } = self;
        drop(shim);
        for client in clients {
            let _gone = client.send(ToClient::Ended);
        }
    }

    /// When something is to be done without being asked.
    fn due_in(&self) -> Option<Duration> {
        let again = self.again_at.map(|at| at.saturating_duration_since(Instant::now()));
        let retry = self.unrecorded.since.is_some().then_some(RETRY);
        again.into_iter().chain(retry).min()
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

    fn tell(&mut self, update: &ToClient) {
        self.clients.retain(|c| c.send(update.clone()).is_ok());
    }

    fn client(&mut self, message: ToRunner) {
        match message {
            ToRunner::Ask {
                number,
                request: request @ (Request::Run { .. } | Request::WaitUntil { .. }),
            } if self.shell.is_none() => {
                self.waiting.push_back((number, request));
            }
            ToRunner::Ask { number, request } => self.asked(number, &request),
            ToRunner::Secret { name, value } => {
                self.secret(name.clone(), value);
                self.asked(0, &Request::SetParameter { name, value: None });
            }
            ToRunner::Keys { command, keys } => self.shim.send(ToShim::Keys { command, keys }),
            ToRunner::PaneSize { columns, rows } => {
                self.shim.send(ToShim::Pane(Size { columns: columns.max(10), rows: rows.max(3) }))
            }
            ToRunner::Read { number, query } => {
                self.read((query.command.clone(), query.attempt), Reading::Page { number, query });
            }
            ToRunner::Save { command, attempt, path, lines } => {
                self.read((command, attempt), Reading::Save { path, lines });
            }
            ToRunner::Evaluate(command) => self.evaluate(command),
            ToRunner::Leave => {}
        }
    }

    fn asked(&mut self, number: u64, request: &Request) {
        let actor = self.state.operator().to_owned();
        let refused = match self.secret_in(request) {
            Some(name) => Some(Refusal::HoldsSecret(name)),
            None => self.ask(request, Some(actor)).err(),
        };
        self.tell(&ToClient::Answered { number, refused });
    }

    /// The secret whose value stands in what somebody typed: the journal must never get it.
    fn secret_in(&self, request: &Request) -> Option<String> {
        let (Request::Add { text } | Request::Edit { text, .. } | Request::Note { text, .. }) = request
        else {
            return None;
        };
        let known = |value: &str| value.len() >= SHORTEST && text.contains(value);
        self.secrets.iter().find(|(_, value)| known(value)).map(|(name, _)| name.clone())
    }

    fn fact(&mut self, request: Request) {
        // Facts are only refused when they no longer fit, such as an exit after a loss.
        let _stale = self.ask(&request, None);
    }

    /// Writes what is held in memory, once there is room for it, and records that there was a gap.
    fn retry(&mut self) {
        let Some(since) = self.unrecorded.since else { return };
        let held = std::mem::take(&mut self.unrecorded.held);
        if tokio::task::block_in_place(|| self.journal.append(&held)).is_err() {
            self.unrecorded.held = held;
            return;
        }
        let events = held.len() as u64 + std::mem::take(&mut self.unrecorded.late);
        let why = std::mem::take(&mut self.unrecorded.why);
        self.unrecorded.since = None;
        self.tell(&ToClient::Unrecorded(None));
        self.fact(Request::Gap { since, why, events });
    }

    /// Decides, journals, applies, acts and tells, in that order.
    pub(super) fn ask(&mut self, request: &Request, actor: Option<String>) -> Result<Vec<Record>, Refusal> {
        let around = Surroundings { shell: self.shell.clone().unwrap_or_default() };
        let events = decide(&self.state, request, &around)?;
        let actor = match request {
            Request::Start(start) => start.operator.clone(),
            _ => actor.unwrap_or_else(|| "gonogo".to_owned()),
        };
        let (records, prev) = self.records(events, &actor, request);
        if records.is_empty() {
            return Ok(records);
        }
        self.write(&records, request)?;
        self.prev = prev;
        for record in &records {
            let empty = RunState::new(self.state.runbook_arc());
            let before = std::mem::replace(&mut self.state, empty);
            self.state = before.apply(record);
            self.act(&record.event);
            self.tell(&ToClient::Recorded(Box::new(record.clone())));
        }
        Ok(records)
    }

    /// Events as records that follow the last one, and the hash for what follows them.
    fn records(&self, events: Vec<Event>, actor: &str, request: &Request) -> (Vec<Record>, String) {
        let epoch =
            self.state.epoch() + u32::from(matches!(request, Request::Start(_) | Request::Resumed { .. }));
        let mut records = Vec::with_capacity(events.len());
        let (mut seq, mut prev) = (self.state.seq(), self.prev.clone());
        for event in events {
            seq = seq.next();
            let record = Record {
                v: RECORD_VERSION,
                run: self.directory.id().clone(),
                seq,
                at: now(),
                actor: actor.to_owned(),
                epoch,
                prev,
                event,
            };
            prev = chain::line(&record).map(|l| chain::hash(&l)).unwrap_or_default();
            records.push(record);
        }
        (records, prev)
    }

    /// Makes records durable. Where that can't be had, what must always be possible goes on from memory
    /// (DESIGN 7, "Recording never outranks recovery"), and everything else is refused.
    fn write(&mut self, records: &[Record], request: &Request) -> Result<(), Refusal> {
        let held = self.unrecorded.held.len();
        let all: Vec<Record> = self.unrecorded.held.iter().chain(records).cloned().collect();
        let Err(error) = tokio::task::block_in_place(|| self.journal.append(&all)) else {
            // What was held is written with it; the gap itself is told by the next try.
            self.unrecorded.late += held as u64;
            self.unrecorded.held.clear();
            return Ok(());
        };
        if !policy::goes_on_unrecorded(&self.state, request) {
            return Err(Refusal::NotRecorded(error.to_string()));
        }
        self.unrecorded.held.extend_from_slice(records);
        self.unrecorded.why = error.to_string();
        let since = *self.unrecorded.since.get_or_insert_with(now);
        self.tell(&ToClient::Unrecorded(Some((since, error.to_string()))));
        Ok(())
    }

    /// What an event announces, after it is durable.
    fn act(&mut self, event: &Event) {
        match event {
            Event::CommandStarted { command, attempt, text, .. } => {
                self.cancelled.remove(command);
                let mode = self.mode(command);
                self.shim.send(ToShim::Run {
                    command: command.clone(),
                    attempt: *attempt,
                    text: self.with_secrets(text),
                    mode,
                });
            }
            Event::CancelRequested { command, signal } => {
                self.cancelled.insert(command.clone());
                if let Some(signal) = Signal::from_name(signal) {
                    self.shim.send(ToShim::Signal { command: command.clone(), signal });
                }
            }
            Event::KeptInBackground { command } => self.shim.send(ToShim::Background(command.clone())),
            Event::ParameterSet { name, value: Some(value) } if is_variable(name) => {
                self.shim.send(ToShim::Export { name: name.clone(), value: value.clone() });
            }
            Event::CommandExited { command, .. } => {
                let waits = self.state.waiting().filter(|w| &w.command == command);
                self.again_at = waits.map(|w| Instant::now() + Duration::from_secs(w.every_s));
            }
            Event::WaitEnded { .. } => self.again_at = None,
            Event::RunFinished { .. } => self.lock = None,
            _ => {}
        }
    }

    fn mode(&self, command: &CommandId) -> Mode {
        let kind = self.state.find(command).map(|c| c.kind);
        let entered = self.state.place_choice(command) == Some(PlaceChoice::InteractiveThenStop);
        if self.headless {
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

    pub(super) fn secret(&mut self, name: String, value: String) {
        if is_variable(&name) {
            self.shim.send(ToShim::Secret { name: name.clone(), value: value.clone() });
        } else {
            self.shim.send(ToShim::Secret { name: "GONOGO_SECRET".into(), value: value.clone() });
        }
        self.secrets.insert(name, value);
    }

    fn place(&mut self, report: FromShim) {
        match report {
            FromShim::Ready { place, shell, replaced } => {
                self.shell = Some(shell);
                if let Some(lost) = replaced {
                    self.fact(Request::ShellReplaced { lost });
                }
                self.fact(Request::Observed { place });
                while let Some((number, request)) = self.waiting.pop_front() {
                    self.asked(number, &request);
                }
            }
            FromShim::Exited { command, exit, elapsed, bytes, place } => {
                let exit = self.meaning(&command, exit);
                if matches!(exit, Exit::ShellEnded(_)) {
                    self.shell = None;
                }
                self.fact(Request::Exited {
                    command,
                    exit,
                    elapsed_ms: elapsed.as_millis() as u64,
                    bytes,
                    place,
                });
            }
            FromShim::Captured { name, value, command } => {
                self.fact(Request::Captured { name, value, command })
            }
            FromShim::Screen { command, screen } => self.tell(&ToClient::Screen { command, screen }),
            FromShim::Evaluated { command, values } => {
                let target = values.into_iter().map(|(n, v)| {
                    if v.is_empty() { format!("${n} is empty") } else { format!("${n} is {v}") }
                });
                self.tell(&ToClient::Evaluated { command, target: target.collect() });
            }
            FromShim::Trouble(text) => self.tell(&ToClient::Trouble(text)),
        }
    }

    /// Ending a command that goes on until it is ended is no failure.
    fn meaning(&self, command: &CommandId, exit: Exit) -> Exit {
        let follows = self.state.find(command).is_some_and(|c| c.kind == Kind::Follow);
        if follows && self.cancelled.contains(command) { Exit::Ended } else { exit }
    }

    /// Lets the reader answer; it tells the clients itself.
    fn read(&self, what: (CommandId, Option<Attempt>), reading: Reading) {
        self.reader.read(&self.state, what, reading, self.clients.clone());
    }

    fn evaluate(&mut self, command: CommandId) {
        let text = self.state.find(&command).map(|c| self.state.text_of(c)).unwrap_or_default();
        let mut names: Vec<String> = parameters::variables(&text).into_iter().map(|(n, _)| n).collect();
        names.sort();
        names.dedup();
        names.retain(|n| !parameters::is_secret_name(n));
        if names.is_empty() || self.shell.is_none() || self.state.running().is_some() {
            self.tell(&ToClient::Evaluated { command, target: vec![] });
        } else {
            self.shim.send(ToShim::Evaluate { command, names });
        }
    }
}
