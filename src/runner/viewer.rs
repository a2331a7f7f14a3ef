//! Shows a run without owning it: reads its journal and recordings, and refuses everything else.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;

use rustix::fs::inotify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::clients::ToIt;
use super::files::Look;
use super::handle::Line;
use super::reader::{Reader, Reading};
use super::start::RunnerError;
use crate::exec::spawn::wait_readable;
use crate::protocol::{Control, ToClient, ToRunner};
use crate::run::event::Stored;
use crate::run::{Record, Refusal, RunState, Seq};
use crate::run_files::RunFiles;
use crate::runbook;
use crate::store::follow::{self, Followed};
use crate::store::{Store, StoreError, chain};
use crate::wire::{self, Outbox};

/// Follows a run that no runner owns, or only one that can't be reached.
struct Viewer {
    files: RunFiles,
    state: RunState,
    reader: Reader,
    client: ToIt,
    watch: Option<Watch>,
    journal: Followed,
}

/// Shows a run without owning it, until somebody owns it again: then it can be followed there.
pub fn view(store: &dyn Store, files: RunFiles) -> Result<Line, RunnerError> {
    // Before anything is read, so that nothing is missed.
    let watch = Watch::start(files.path());
    let document = store.text_of(files.id())?;
    let lines = store.lines_of(files.id(), Seq(0), usize::MAX)?;
    let runbook = Arc::new(runbook::read(&document));
    let state = chain::read(&lines)?.iter().fold(RunState::new(runbook), RunState::apply);
    let from = Arc::new(Outbox::new(ToClient::screen_of));
    let stored = |(at, line): (usize, String)| {
        Stored::of(line).map_err(|source| StoreError::Decode { seq: at as u64 + 1, source })
    };
    let stored: Vec<Stored> = lines.into_iter().enumerate().map(stored).collect::<Result<_, _>>()?;
    for update in ToClient::welcome(document, &stored) {
        from.push(update);
    }
    from.push(ToClient::Control(Control::default()));
    if let Some(health) = files.readings().and_then(|text| serde_json::from_str(&text).ok()) {
        from.push(ToClient::Health(Box::new(health)));
    }
    let (to, inbox) = unbounded_channel();
    let reader = Reader::start(files.recordings())?;
    let journal = store.follow(files.id(), state.seq())?;
    let viewer = Viewer { files, state, reader, client: Arc::clone(&from), watch, journal };
    tokio::spawn(viewer.work(inbox));
    Ok(Line { to, from })
}

/// Tells from a thread of its own that a runner listens, for as long as this is kept.
struct Watch {
    runner: UnboundedReceiver<()>,
    _open: OwnedFd,
}

impl Watch {
    /// Watches a directory (inotify(7)); nothing where the system has no more of that to give, and then what is
    /// shown stays as it is.
    fn start(directory: &Path) -> Option<Self> {
        use inotify::{CreateFlags, WatchFlags};
        let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok()?;
        inotify::add_watch(&watch, directory, WatchFlags::CREATE).ok()?;
        let (closed, open) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).ok()?;
        let (to, runner) = unbounded_channel();
        let body = move || {
            loop {
                let ready = wait_readable(&[&closed, &watch], None);
                if ready[0] {
                    return;
                }
                if listens(&watch) && to.send(()).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("watch".into()).spawn(body).ok()?;
        Some(Self { runner, _open: open })
    }
}

/// Whether a socket was made since this was last asked.
fn listens(watch: &OwnedFd) -> bool {
    let mut found = false;
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = inotify::Reader::new(watch, &mut buffer);
    while let Ok(event) = events.next() {
        found |= event.file_name().map(std::ffi::CStr::to_bytes) == Some(b"socket");
    }
    found
}

async fn runner(watch: &mut Option<Watch>) {
    let listens = match watch {
        Some(watch) => watch.runner.recv().await,
        None => None,
    };
    if listens.is_none() {
        std::future::pending::<()>().await;
    }
}

impl Viewer {
    /// Works until the client leaves or the run has an owner.
    async fn work(mut self, inbox: UnboundedReceiver<ToRunner>) {
        // A runner may have come up between the try to reach one and the watch.
        if wire::connect(&self.files.socket()).await.is_err() {
            self.follow(inbox).await;
        }
        self.client.push(ToClient::Ended);
        self.client.close();
    }

    async fn follow(&mut self, mut inbox: UnboundedReceiver<ToRunner>) {
        loop {
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(ToRunner::Leave) | None => return,
                    Some(message) => self.message(message),
                },
                news = self.journal.next() => self.added(news),
                () = runner(&mut self.watch) => return,
            }
        }
    }

    fn message(&self, message: ToRunner) {
        let to = Arc::clone(&self.client);
        match message {
            ToRunner::Ask { number, .. } => {
                self.client.push(ToClient::Answered { number, refused: Some(Refusal::ViewOnly) });
            }
            ToRunner::Read { number, query } => {
                let what = (query.command.clone(), query.attempt);
                self.reader.read(&self.state, what, Reading::Page { number, query }, to);
            }
            ToRunner::Save { command, attempt, path, lines } => {
                self.reader.read(&self.state, (command, attempt), Reading::Save { path, lines }, to);
            }
            ToRunner::LookBack => {
                let look = Look::of(&self.state);
                tokio::task::spawn_blocking(move || {
                    to.push(ToClient::Found(Box::new(look.found(None))));
                });
            }
            ToRunner::PrepareSignOff { .. } => {
                to.push(ToClient::ToSign(Box::new(Err(Refusal::ViewOnly))));
            }
            _ => {}
        }
    }

    /// Tells what was added to the journal since.
    fn added(&mut self, news: follow::News) {
        let read =
            |lines: Vec<String>| lines.iter().map(|line| Record::read(line)).collect::<Result<Vec<_>, _>>();
        let records = news.and_then(|lines| {
            let seq = self.state.seq().0;
            read(lines).map_err(|source| StoreError::Decode { seq: seq + 1, source })
        });
        match records {
            Ok(records) => {
                for record in records {
                    self.state.advance(&record);
                    self.client.push(ToClient::Recorded(Box::new(record)));
                }
            }
            Err(error) => drop(self.client.push(ToClient::Trouble(error.to_string()))),
        }
    }
}
