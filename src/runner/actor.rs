//! The actor that owns a run: one inbox, one message at a time.

mod act;
mod arrivals;
mod back;
mod company;
mod elsewhere;
mod home;
mod judge;
mod overdue;
mod parts;
mod record;
mod regain;
mod sign;
mod unset;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::clients::Clients;
use super::hooks::Hooks;
use super::inbox::Inbox;
use super::messages::Messenger;
use super::place::{Home, Place};
use super::reader::Reader;
use super::recover::may_be_told;
use crate::caught;
use crate::config::MessageSettings;
use crate::exec::{FromShim, Report, ToShim, proc};
use crate::protocol::{Screen, ToClient};
use crate::run::event::ProcessIdentity;
use crate::run::{CommandState, Event, Exit, RunState, places};
use crate::run_files::{Lock, RunFiles};
use crate::runbook::CommandId;
use crate::shell::Kind;
use crate::store::held::Hold;
use crate::store::spill::Spill;
use crate::store::{Head, Store, Writer, chain};
use arrivals::Arrivals;
use parts::{Executor, Judging, Owned, Presence, Questions, Recorder, Remote, Timers};
use record::{Known, Unrecorded};
use watch::Watching;

/// How long a shell may take to start until that is said.
const SLOW_START: Duration = Duration::from_secs(3);

/// How long a place may take to hang up.
const TO_HANG_UP: Duration = Duration::from_secs(3);

/// How long what could not be journaled waits for the next try.
const RETRY: Duration = Duration::from_secs(1);

/// How long a runner of a run that is over waits for somebody to come.
const NOBODY_CAME: Duration = Duration::from_secs(30);

/// What an actor is made of.
pub(super) struct Parts {
    pub(super) files: RunFiles,
    pub(super) state: RunState,
    /// Where the run is kept.
    pub(super) store: Arc<dyn Store>,
    /// Where its journal ends.
    pub(super) head: Head,
    pub(super) writer: Writer,
    pub(super) reader: Reader,
    pub(super) home: Home,
    /// Where a new shell starts.
    pub(super) shell_directory: std::path::PathBuf,
    /// The way back into its own inbox.
    pub(super) to_self: UnboundedSender<Inbox>,
    /// Where messages go.
    pub(super) messages: MessageSettings,
    /// What may refuse.
    pub(super) hooks: Hooks,
    /// How long the way into a place and out of it may take.
    pub(super) reach_within: Duration,
    /// It ends when its last client leaves, whatever the run's state.
    pub(super) ends_with_clients: bool,
}

/// The owner of a run.
pub(super) struct Actor {
    files: RunFiles,
    state: RunState,
    recorder: Recorder,
    inbox: Arrivals,
    to_self: UnboundedSender<Inbox>,
    executor: Executor,
    remote: Remote,
    questions: Questions,
    reader: Reader,
    secrets: BTreeMap<String, String>,
    /// The screens of what runs, for who comes later.
    screens: BTreeMap<CommandId, Box<Screen>>,
    clients: Clients,
    owned: Owned,
    timers: Timers,
    judging: Judging,
    watching: Watching,
    messenger: Option<Messenger>,
    hooks: Hooks,
    presence: Presence,
}

impl Actor {
    pub(super) fn new(parts: Parts) -> Self {
        let mut prev = parts.head.hash;
        let spill = Spill::of(&parts.files);
        let held = spill.left(&prev);
        if let Some(line) = held.last().and_then(|r| chain::line(r).ok()) {
            prev = chain::hash(&line);
        }
        let state = held.iter().fold(parts.state, RunState::apply);
        let reserved = state.outcome().is_none() && parts.files.reserve();
        let now = Instant::now();
        let recorder = Recorder {
            store: parts.store,
            writer: parts.writer,
            prev,
            unrecorded: Unrecorded::left(held),
            spill,
            retry_at: now,
            reserved,
        };
        let ends_with_clients = parts.ends_with_clients;
        let home = parts.hooks.directory().to_owned();
        Self {
            state,
            recorder,
            files: parts.files,
            inbox: Arrivals::default(),
            executor: Executor::of(parts.home, parts.shell_directory),
            remote: Remote::default(),
            questions: Questions::default(),
            reader: parts.reader,
            secrets: BTreeMap::new(),
            screens: BTreeMap::new(),
            clients: Clients::default(),
            owned: Owned::default(),
            timers: Timers::of(parts.reach_within),
            judging: Judging::default(),
            watching: Watching::default(),
            messenger: Messenger::start(parts.messages, home, parts.to_self.clone()),
            hooks: parts.hooks,
            to_self: parts.to_self,
            presence: Presence { dies: None, ends_with_clients, began: now, somebody_came: false },
        }
    }

    /// Keeps a lock for as long as it works.
    pub(super) fn hold_always(&mut self, lock: Lock) {
        self.owned.run = Some(lock);
    }

    /// Holds the run's environment for as long as it has no outcome.
    pub(super) fn hold(&mut self, held: Hold) {
        self.owned.environment = Some(held);
    }

    /// What is known of the run.
    pub(super) fn state(&self) -> &RunState {
        &self.state
    }

    /// What is on this machine of the run.
    pub(super) fn files(&self) -> &RunFiles {
        &self.files
    }

    /// Works until the run is over and nobody follows it any more. `close` is called before others may own it.
    pub(super) async fn work(mut self, inbox: UnboundedReceiver<Inbox>, close: impl FnOnce()) {
        self.inbox = Arrivals::of(inbox);
        while !self.done() {
            let wait = self.due_in().unwrap_or(Duration::MAX);
            let Ok(message) = tokio::time::timeout(wait, self.inbox.next()).await else {
                self.due();
                continue;
            };
            match message {
                Some(message) => self.handle(message),
                None => break,
            }
        }
        self.retry();
        self.send(ToShim::Shutdown);
        if matches!(self.executor.place, Some(Place::Process(_))) {
            // It has heard that when it has gone. Who comes meanwhile is sent on.
            let gone = async {
                while let Some(message) = self.inbox.next().await {
                    match message {
                        Inbox::PlaceGone => return,
                        Inbox::Joined(_, client) => client.to.close(),
                        _ => {}
                    }
                }
            };
            let _hangs = tokio::time::timeout(TO_HANG_UP, gone).await;
        }
        let Actor { executor, clients, owned, .. } = self;
        drop(executor);
        close();
        drop(owned);
        clients.close();
    }

    fn handle(&mut self, message: Inbox) {
        match message {
            Inbox::Joined(id, client) => self.joined(id, client),
            Inbox::Client(id, message) => self.client(id, message),
            Inbox::Left(id) => self.left(id),
            Inbox::Place(report) => self.reported(report),
            Inbox::PlaceGone => self.place_gone(),
            Inbox::Regained(regained) => self.regained(*regained),
            Inbox::PlaceUp(up) => self.place_up(*up),
            Inbox::Sent(sent) => self.sent(sent),
            Inbox::Hooked(id, number, request, said) => self.hooked(id, number, &request, said),
            Inbox::Sample(sample) => self.sampled(*sample),
            Inbox::LookedBack(wants, found) => self.looked_back(wants, *found),
            Inbox::FilesMade(facts) => self.seen_made(facts),
            Inbox::Errand(errand, output) => self.ran_errand(errand, output),
            Inbox::Dies(dies) => self.ends_with_login(dies),
            Inbox::Trouble(words) => self.clients.tell(&ToClient::Trouble(words)),
        }
    }

    /// Whether nothing is left to be done for the run but for whoever follows it.
    fn is_over(&self) -> bool {
        let over = self.state.outcome().is_some() && !self.state.is_watched();
        over && self.recorder.unrecorded.since.is_none()
    }

    /// Whether nobody can come to it any more: its directory was removed, and nothing of it runs.
    fn is_unreachable(&self) -> bool {
        self.state.running().is_none() && self.state.background().is_empty() && self.files.is_gone()
    }

    fn done(&self) -> bool {
        let busy = self.questions.made > 0 || self.messenger.as_ref().is_some_and(Messenger::is_busy);
        let alone = self.clients.is_empty() && !busy;
        if self.presence.ends_with_clients {
            return alone && self.presence.somebody_came;
        }
        let waited = self.presence.somebody_came || self.presence.began.elapsed() >= NOBODY_CAME;
        alone && waited && (self.is_over() || self.is_unreachable())
    }

    /// When something is to be done without being asked.
    fn due_in(&self) -> Option<Duration> {
        let again = self.timers.again_at.map(|at| at.saturating_duration_since(Instant::now()));
        let looks = self.recorder.unrecorded.since.is_some() || self.state.running().is_some();
        let retry = looks.then(|| self.recorder.retry_at.saturating_duration_since(Instant::now()));
        let lonely = (!self.presence.somebody_came && self.is_over())
            .then(|| NOBODY_CAME.saturating_sub(self.presence.began.elapsed()));
        let slow = self.executor.starting.map(|since| SLOW_START.saturating_sub(since.elapsed()));
        let watched = self.watched_due_in();
        let rounds = self.rounds_due_in();
        let limit = self.limit_due_in();
        let regain = self.regain_due_in();
        [again, retry, lonely, slow, watched, rounds, limit, regain].into_iter().flatten().min()
    }

    fn due(&mut self) {
        self.still_alive();
        self.rounds();
        self.end_overdue();
        self.regain();
        if self.timers.again_at.is_some_and(|at| at <= Instant::now()) {
            self.timers.again_at = None;
            if self.executor.shell.is_none() {
                self.raise_place();
                self.timers.again_at = Some(Instant::now() + RETRY);
            } else if self.repeat_awaited().is_err() {
                // There is no room to record it: it is repeated later.
                self.timers.again_at = Some(Instant::now() + RETRY);
            }
        }
        if self.executor.starting.is_some_and(|since| since.elapsed() >= SLOW_START) {
            self.executor.starting = None;
            let words = format!(
                "the shell is not ready after {} s: something in /etc/profile, ~/.bash_profile or ~/.profile is slow",
                SLOW_START.as_secs()
            );
            self.clients.tell(&ToClient::Trouble(words));
        }
        if self.recorder.retry_at <= Instant::now() {
            self.recorder.retry_at = Instant::now() + RETRY;
            self.notice_gone();
            self.retry();
        }
    }

    fn send(&self, message: ToShim) {
        if let Some(place) = &self.executor.place {
            place.send(message);
        }
    }
}

/// What the place reports.
impl Actor {
    fn reported(&mut self, report: Report) {
        let number = report.number;
        self.report(report.report);
        // What was only held in memory is asked for again, should this process end.
        if let Some(place) = self.executor.place.as_ref().filter(|_| self.recorder.unrecorded.since.is_none())
        {
            place.taken(number);
        }
    }

    fn report(&mut self, report: FromShim) {
        match report {
            FromShim::Ready { place, shell, replaced } => self.ready(shell, replaced, place),
            FromShim::Exited { command, attempt, exit, elapsed, bytes, place, shown, seal, unreached } => {
                let exit = self.meaning(&command, exit);
                // Where judging fails nothing is said, and somebody has to look.
                let verdicts = caught::catch(|| self.verdicts(&command, (exit, elapsed), shown.as_deref()));
                let mut verdicts = verdicts.unwrap_or_default();
                if let Some(last) = unreached {
                    verdicts = vec![self.unreached(&command, &last)];
                }
                if matches!(exit, Exit::ShellEnded(_)) {
                    self.executor.shell = None;
                }
                self.screens.remove(&command);
                let id = command.clone();
                self.fact(Event::CommandExited {
                    command,
                    attempt,
                    exit,
                    elapsed_ms: elapsed.as_millis() as u64,
                    bytes,
                    place,
                    verdicts,
                    seal,
                });
                let _without = caught::catch(|| self.recognise(&id, attempt, shown.as_deref()));
            }
            FromShim::ShellOpened { command, words } => {
                let words = words.iter().map(String::as_str);
                let by = proc::told(words, &|word| may_be_told(&self.state, word));
                self.fact(Event::ShellOpened { command, by });
            }
            FromShim::Shown { command, attempt, shown } => self.shown(command, attempt, &shown),
            FromShim::Unseen { name, value } => drop(self.secrets.insert(name, value)),
            FromShim::Captured { name, value, command } => {
                self.fact(Event::ValueCaptured { name, value, command })
            }
            FromShim::Masked { command, attempt, hidden } => {
                self.fact(Event::OutputMasked { command, attempt, hidden });
            }
            FromShim::Late { command, attempt, text } => {
                self.fact(Event::OutputAfter { command, attempt, text });
            }
            FromShim::Unrecorded { command, attempt, why } => {
                self.fact(Event::OutputUnrecorded { command, attempt, why });
            }
            FromShim::Screen { command, screen } => {
                if matches!(self.state.command(&command), CommandState::Running { .. }) {
                    self.screens.insert(command.clone(), screen.clone());
                }
                self.clients.tell(&ToClient::Screen { command, screen });
            }
            FromShim::Evaluated { command, values } if command.0 == back::ASKS_VALUES => {
                self.values_known(values)
            }
            FromShim::Evaluated { command, values } if Self::asked_for_unset(&command) => {
                self.variables_known(&command, values);
            }
            FromShim::Evaluated { command, values } => {
                let target = values.into_iter().map(|(n, v)| {
                    if v.is_empty() { format!("${n} is empty") } else { format!("${n} is {v}") }
                });
                let asked = self.questions.evaluating.iter().position(|(_, c)| *c == command);
                if let Some((id, _)) = asked.and_then(|at| self.questions.evaluating.remove(at)) {
                    self.clients.answer(id, ToClient::Evaluated { command, target: target.collect() });
                }
            }
            FromShim::Entered { .. }
            | FromShim::Left { .. }
            | FromShim::Lost { .. }
            | FromShim::Leaving
            | FromShim::At(_)
            | FromShim::Answered { .. } => self.behind(report),
            FromShim::NoShell(why) => self.no_shell(&why),
            FromShim::Trouble(text) => self.clients.tell(&ToClient::Trouble(text)),
            // Both belong to the way to the place, and end there.
            FromShim::Changed { .. } | FromShim::Standing { .. } => {}
        }
    }

    fn ready(&mut self, shell: ProcessIdentity, replaced: Option<String>, place: crate::run::Place) {
        self.executor.shell = Some(shell);
        (self.executor.starting, self.executor.no_shell) = (None, None);
        if let Some(lost) = replaced {
            self.fact(Event::ShellReplaced { lost });
        }
        self.fact(Event::PlaceObserved { place });
        while let Some((id, number, request)) = self.executor.waiting.pop_front() {
            self.asked_by(id, number, request);
        }
    }

    /// Ending a command that runs until somebody ends it is no failure.
    fn meaning(&self, command: &CommandId, exit: Exit) -> Exit {
        let found = self.state.find(command);
        if let Exit::ShellEnded(status) = exit
            && status != 255
            && found.is_some_and(|c| c.kind == Kind::Place && places::leads_back(&self.state, c))
        {
            // It did what it is for: what the shell ended with says something about the command before it.
            return Exit::Status(0);
        }
        let follows = found.is_some_and(|c| c.kind == Kind::Follow);
        if follows && self.state.is_cancelled(command) { Exit::Ended } else { exit }
    }
}

#[cfg(test)]
mod tests;
