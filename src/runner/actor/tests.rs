//! given(events) · when(what arrives) · then(events in the store, messages to the place, updates to clients).
//!
//! The actor is the real one; the store is in memory, the place does nothing, and clients are their outboxes.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::super::clients::{Client, ClientId};
use super::*;
use crate::exec::{Shown, Standing};
use crate::protocol::{Part, ToRunner};
use crate::run::event::{Place as At, Start};
use crate::run::gates::GateId;
use crate::run::ids::TextHash;
use crate::run::policy::Confirmation;
use crate::run::{Attempt, Refusal, Request, RunId, Seen, Seq};
use crate::runbook;
use crate::store::memory::MemoryStore;
use crate::wire::Outbox;

mod clients;
mod journal;
mod masks;
mod places;
mod running;

const BOOK: &str =
    "# T\n## Steps\n```bash\necho one\n# Expected: one\n\necho two\n\ntail -f log\n\nrm -rf ./old\n```\n";

/// An actor with everything around it.
struct Stage {
    actor: Actor,
    store: MemoryStore,
    sent: UnboundedReceiver<ToShim>,
    _inbox: UnboundedReceiver<Inbox>,
    last_client: u64,
    number: u64,
    _directory: tempfile::TempDir,
}

/// A client: what it is known by, and what has reached it.
struct Guest {
    id: ClientId,
    from: Arc<Outbox<ToClient>>,
}

impl Stage {
    /// A run that was started, its gate open, without a place.
    fn started(book: &str) -> Self {
        let mut stage = Self::empty(book);
        let start = Start { operator: "ada".into(), environment: "Staging".into(), ..Start::default() };
        stage.actor.seen(Event::RunStarted(start)).unwrap();
        let go = Request::DecideGate { gate: GateId::Change, go: true, reason: "now".into() };
        stage.actor.ask(&go, Some("ada".into())).unwrap();
        stage
    }

    /// The same with a shell that is ready.
    fn ready(book: &str) -> Self {
        let mut stage = Self::started(book);
        stage.place_comes();
        stage.shell_is_ready();
        stage
    }

    fn empty(book: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let run = RunId("t-1".into());
        let files = RunFiles::of(directory.path(), run.clone());
        files.make().unwrap();
        let store = MemoryStore::default();
        let journal = store.create(&run, book).unwrap();
        let (to_self, inbox) = unbounded_channel();
        let (_nowhere, sent) = unbounded_channel();
        let actor = Actor::new(Parts {
            reader: Reader::start(files.recordings()).unwrap(),
            home: Home::Thread,
            shell_directory: directory.path().to_owned(),
            state: RunState::new(Arc::new(runbook::read(book))),
            store: Arc::new(store.clone()),
            head: Head::default(),
            writer: Writer::start(journal).unwrap(),
            files,
            to_self,
            messages: MessageSettings::default(),
            reach_within: crate::config::REACH_WITHIN,
            hooks: Hooks::default(),
            ends_with_clients: false,
        });
        Self { actor, store, sent, _inbox: inbox, last_client: 0, number: 0, _directory: directory }
    }

    fn place_comes(&mut self) {
        let (to, sent) = unbounded_channel();
        self.sent = sent;
        self.actor.take_place(Place::Fake(to), Standing::default());
    }

    fn shell_is_ready(&mut self) {
        let shell = ProcessIdentity { pid: 7, started: 1, boot: "b".into() };
        self.reports(FromShim::Ready { place: at("ada@web"), shell, replaced: None });
    }

    fn reports(&mut self, report: FromShim) {
        self.actor.handle(Inbox::Place(Report { number: None, report }));
    }

    fn comes(&mut self, operator: &str, part: Part) -> Guest {
        self.last_client += 1;
        let id = ClientId(self.last_client);
        let from = Arc::new(Outbox::new(ToClient::screen_of));
        let client = Client { operator: operator.into(), part, to: Arc::clone(&from) };
        self.actor.handle(Inbox::Joined(id, client));
        Guest { id, from }
    }

    /// Ada, who has control, and has read all that she got so far.
    fn ada(&mut self) -> Guest {
        let ada = self.comes("ada", Part::Operator);
        ada.updates();
        ada
    }

    /// Asks; nothing where it was not answered yet.
    fn asks(&mut self, guest: &Guest, request: Request) -> Option<Result<(), Refusal>> {
        self.number += 1;
        let number = self.number;
        self.actor.handle(Inbox::Client(guest.id, ToRunner::Ask { number, request }));
        guest.answer(number)
    }

    /// Asks to run a command as it is now.
    fn runs(&mut self, guest: &Guest, id: &str) -> Option<Result<(), Refusal>> {
        let request = self.run_of(id);
        self.asks(guest, request)
    }

    fn run_of(&self, id: &str) -> Request {
        let command = CommandId::from(id);
        let state = self.actor.state();
        let text = state.find(&command).map(|c| state.text_of(c)).unwrap_or_default();
        let seen = Seen { text: TextHash::of(&text), seq: state.seq() };
        Request::Run { command, seen, confirmed: Confirmation::TypeName, again: false }
    }

    fn exits(&mut self, id: &str, attempt: u32, exit: Exit, output: &str) {
        let shown = Shown { output: output.into(), whole: true, ..Shown::default() };
        self.reports(FromShim::Exited {
            command: id.into(),
            attempt: Attempt(attempt),
            exit,
            elapsed: Duration::from_millis(5),
            bytes: output.len() as u64,
            place: at("ada@web"),
            shown: Some(Box::new(shown)),
            seal: None,
            unreached: None,
        });
    }

    /// Kinds of the events that are in the store, in order, from a number on.
    fn stored(&self, after: u64) -> Vec<String> {
        let lines = self.store.lines_of(&RunId("t-1".into()), Seq(after), usize::MAX).unwrap();
        lines.iter().map(|line| kind_of(line)).collect()
    }

    /// What the place was sent since this was last asked.
    fn sent(&mut self) -> Vec<ToShim> {
        std::iter::from_fn(|| self.sent.try_recv().ok()).collect()
    }

    fn ran(&mut self) -> Vec<String> {
        let sent = self.sent();
        let texts = sent.into_iter().filter_map(|message| match message {
            ToShim::Run { text, .. } => Some(text),
            _ => None,
        });
        texts.collect()
    }
}

impl Guest {
    /// What has come since this was last asked.
    fn updates(&self) -> Vec<ToClient> {
        std::iter::from_fn(|| self.from.ready()).collect()
    }

    fn answer(&self, wanted: u64) -> Option<Result<(), Refusal>> {
        self.updates().into_iter().find_map(|update| match update {
            ToClient::Answered { number, refused } if number == wanted => Some(refused.map_or(Ok(()), Err)),
            _ => None,
        })
    }

    /// Kinds of the events it was told since this was last asked.
    fn told(&self) -> Vec<String> {
        let recorded = self.updates().into_iter().filter_map(|update| match update {
            ToClient::Recorded(record) => Some(kind_of(&serde_json::to_string(&record).unwrap())),
            _ => None,
        });
        recorded.collect()
    }
}

fn kind_of(line: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    value["event"]["kind"].as_str().unwrap().to_owned()
}

fn at(login: &str) -> At {
    At { login: login.into(), directory: "/srv".into() }
}
