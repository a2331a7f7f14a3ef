//! A runner that does what a test says, at the socket of a real run's directory, and whoever watches the session.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use tempfile::TempDir;
use tokio::net::UnixListener;

use super::super::{Observer, Session, SessionError};
use crate::client::{AttachError, Host, Who};
use crate::protocol::{Control, Part, ToClient, ToRunner};
use crate::run::event::{Start, Stored};
use crate::run::{Event, Record, Request, RunId, RunState, Seq};
use crate::run_files::RunFiles;
use crate::store::memory::MemoryStore;
use crate::store::{Store, chain};
use crate::wire::{self, Incoming, Outgoing};

const DOCUMENT: &str = "# T\n## Steps\n```bash\necho one\necho two\n```\n";

/// What a journal with these records hands on.
pub(super) fn known(records: &[Record]) -> Vec<Stored> {
    records.iter().map(|r| Stored::of(chain::line(r).unwrap()).unwrap()).collect()
}

/// The place of a run, and who listens there.
pub(super) struct Fake {
    _home: TempDir,
    store: Arc<dyn Store>,
    pub(super) run: RunFiles,
    listener: UnixListener,
}

/// The runner's end of a connection.
pub(super) struct Peer {
    incoming: Incoming<ToRunner>,
    outgoing: Outgoing<ToClient>,
}

impl Fake {
    pub(super) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let store = Arc::new(MemoryStore::default());
        let run = RunFiles::of(home.path(), RunId("t-1".into()));
        run.make().unwrap();
        store.create(run.id(), DOCUMENT).unwrap();
        let listener = wire::listen(&run.socket()).unwrap();
        Self { _home: home, store, run, listener }
    }

    /// A session as ada, and its runner, after both have said what there is to say.
    pub(super) async fn session(&self, records: &[Record]) -> (Session, Peer) {
        let (session, peer) = tokio::join!(self.joins(), self.welcomes(records));
        (session.unwrap(), peer)
    }

    /// Joins as ada. Where nobody listens, a program is started that ends at once.
    pub(super) async fn joins(&self) -> Result<Session, AttachError> {
        self.joins_on(Host::Processes("/bin/false".into())).await
    }

    pub(super) async fn joins_on(&self, host: Host) -> Result<Session, AttachError> {
        let who = Who { operator: "ada".into(), part: Part::Unattended };
        Session::join(&host, &self.store, &self.run, who, Path::new("/").to_owned()).await
    }

    /// Lets a client in that says who it is, and says nothing.
    pub(super) async fn accepts(&self) -> Peer {
        let (stream, _) = self.listener.accept().await.unwrap();
        let (incoming, outgoing, _) = wire::greet::<ToRunner, ToClient>(stream).await.unwrap();
        let mut peer = Peer { incoming, outgoing };
        assert!(matches!(peer.hears().await, Some(ToRunner::Attach { .. })));
        peer
    }

    /// Lets a client in that has control, and tells what was recorded.
    pub(super) async fn welcomes(&self, records: &[Record]) -> Peer {
        let mut peer = self.accepts().await;
        for update in ToClient::welcome(DOCUMENT.into(), &known(records)) {
            peer.says(update).await;
        }
        peer.says(control("ada", true)).await;
        peer
    }

    /// Nobody can be reached any more.
    pub(super) fn goes(&self) {
        std::fs::remove_file(self.run.socket()).unwrap();
    }
}

impl Peer {
    pub(super) async fn says(&mut self, update: ToClient) {
        self.outgoing.send(&update).await.unwrap();
    }

    /// What comes next; nothing when the client has gone.
    pub(super) async fn hears(&mut self) -> Option<ToRunner> {
        self.incoming.next().await.ok()
    }

    /// The request that comes next, with its number.
    pub(super) async fn asked(&mut self) -> (u64, Request) {
        match self.hears().await {
            Some(ToRunner::Ask { number, request }) => (number, request),
            other => panic!("no request: {other:?}"),
        }
    }

    pub(super) async fn answers(&mut self, number: u64) {
        self.says(ToClient::Answered { number, refused: None }).await;
    }

    pub(super) async fn records(&mut self, record: &Record) {
        self.says(ToClient::Recorded(Box::new(record.clone()))).await;
    }

    /// Nothing came, and nothing comes until the client leaves.
    pub(super) async fn hears_only_that_it_leaves(&mut self) {
        assert_eq!(self.hears().await, Some(ToRunner::Leave));
    }
}

/// Who has control.
pub(super) fn control(holder: &str, yours: bool) -> ToClient {
    ToClient::Control(Control { holder: Some(holder.into()), yours, others: vec![] })
}

/// An event of the run.
pub(super) fn record(seq: u64, actor: &str, event: Event) -> Record {
    let (run, prev) = (RunId("t-1".into()), String::new());
    Record { v: 1, run, seq: Seq(seq), at: DateTime::UNIX_EPOCH, actor: actor.into(), epoch: 1, prev, event }
}

/// That the run has begun.
pub(super) fn begun() -> Record {
    let start = Start {
        document: "t.md".into(),
        title: "T".into(),
        environment: "default".into(),
        operator: "ada".into(),
        ..Start::default()
    };
    record(1, "ada", Event::RunStarted(start))
}

/// A note about nothing in particular.
pub(super) fn noted(seq: u64, actor: &str, text: &str) -> Record {
    record(seq, actor, Event::Noted { about: String::new(), text: text.into(), issue: false })
}

/// Asks for that note.
pub(super) fn note(text: &str) -> Request {
    Request::Note { about: String::new(), text: text.into(), issue: false }
}

/// The words of all notes of a run.
pub(super) fn notes(state: &RunState) -> Vec<&str> {
    state.notes().iter().map(|note| note.text.as_str()).collect()
}

/// Keeps all that it is told.
#[derive(Default)]
pub(super) struct Watcher {
    pub(super) told: Vec<ToClient>,
    pub(super) ended: u32,
    pub(super) rejoined: u32,
    /// The number of the last event before each that was folded.
    pub(super) before: Vec<u64>,
    /// It can't go on once somebody else has control.
    pub(super) strict: bool,
}

impl Watcher {
    /// The numbers of the events that it was told.
    pub(super) fn events(&self) -> Vec<u64> {
        let seq = |update: &ToClient| match update {
            ToClient::Recorded(record) => Some(record.seq.0),
            _ => None,
        };
        self.told.iter().filter_map(seq).collect()
    }
}

impl Observer for Watcher {
    type Error = SessionError;

    fn before(&mut self, state: &RunState, _record: &Record) {
        self.before.push(state.seq().0);
    }

    fn arrived(&mut self, _state: &RunState, update: &ToClient) -> Result<(), SessionError> {
        self.told.push(update.clone());
        match update {
            ToClient::Control(control) if self.strict && !control.yours => Err(SessionError::Ended),
            _ => Ok(()),
        }
    }

    fn runner_ended(&mut self, _run: &RunId) -> Result<(), SessionError> {
        self.ended += 1;
        Ok(())
    }

    fn rejoined(&mut self, _state: &RunState) -> Result<(), SessionError> {
        self.rejoined += 1;
        Ok(())
    }
}
