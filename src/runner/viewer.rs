//! Shows a run without owning it: reads its journal and recordings, and refuses everything else.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::inotify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use super::clients::ToIt;
use super::files::Look;
use super::handle::Line;
use super::reader::{Reader, Reading};
use super::start::RunnerError;
use crate::exec::spawn::wait_readable;
use crate::protocol::{Control, ToClient, ToRunner};
use crate::run::{Refusal, RunState};
use crate::runbook;
use crate::store::RunDirectory;
use crate::wire::{self, Outbox};

/// Follows a run that no runner owns, or only one that can't be reached.
struct Viewer {
    directory: RunDirectory,
    state: RunState,
    reader: Reader,
    client: ToIt,
    watch: Option<Watch>,
}

/// Shows a run without owning it, until somebody owns it again: then it can be followed there.
pub fn view(directory: RunDirectory) -> Result<Line, RunnerError> {
    // Before anything is read, so that nothing is missed.
    let watch = Watch::start(directory.path());
    let document = directory.document()?;
    let records = directory.records_after(crate::run::Seq(0))?;
    let runbook = Arc::new(runbook::read(&document));
    let state = records.iter().fold(RunState::new(runbook), RunState::apply);
    let from = Arc::new(Outbox::new(ToClient::screen_of));
    for update in ToClient::welcome(document, &records) {
        from.push(update);
    }
    from.push(ToClient::Control(Control::default()));
    if let Some(health) = directory.readings().and_then(|text| serde_json::from_str(&text).ok()) {
        from.push(ToClient::Health(Box::new(health)));
    }
    let (to, inbox) = unbounded_channel();
    let reader = Reader::start(directory.recordings())?;
    let viewer = Viewer { directory, state, reader, client: Arc::clone(&from), watch };
    tokio::spawn(viewer.work(inbox));
    Ok(Line { to, from })
}

/// What has changed in a run's directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Change {
    /// Something was written to the journal.
    journal: bool,
    /// A runner listens.
    runner: bool,
}

/// Tells of changes from a thread of its own, for as long as this is kept.
struct Watch {
    changes: UnboundedReceiver<Change>,
    _open: OwnedFd,
}

impl Watch {
    /// Watches a directory (inotify(7)); nothing where the system has no more of that to give, and then what is
    /// shown stays as it is.
    fn start(directory: &Path) -> Option<Self> {
        use inotify::{CreateFlags, WatchFlags};
        let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok()?;
        inotify::add_watch(&watch, directory, WatchFlags::MODIFY | WatchFlags::CREATE).ok()?;
        let (closed, open) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).ok()?;
        let (to, changes) = unbounded_channel();
        let body = move || {
            loop {
                let ready = wait_readable(&[&closed, &watch], None);
                if ready[0] {
                    return;
                }
                let change = read(&watch);
                if change != Change::default() && to.send(change).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("watch".into()).spawn(body).ok()?;
        Some(Self { changes, _open: open })
    }
}

/// What has changed since this was last asked. What reading a journal makes by itself is no change.
fn read(watch: &OwnedFd) -> Change {
    let mut change = Change::default();
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = inotify::Reader::new(watch, &mut buffer);
    while let Ok(event) = events.next() {
        let name = event.file_name().map(std::ffi::CStr::to_bytes);
        let written = event.events().contains(inotify::ReadFlags::MODIFY);
        change.journal |= written && matches!(name, Some(b"journal.db" | b"journal.db-wal"));
        change.runner |= !written && name == Some(b"socket");
    }
    change
}

async fn next(watch: &mut Option<Watch>) -> Change {
    match watch {
        Some(watch) => match watch.changes.recv().await {
            Some(change) => change,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

/// When the journal is looked at once more after it was written to.
///
/// What is written is told at once, but can be read only once it is synced to the disk (sqlite.org/wal.html), and of
/// that nobody is told: the index of what is committed is mapped memory.
#[derive(Clone, Copy)]
struct Again {
    at: Instant,
    wait: Duration,
}

impl Again {
    const SOON: Duration = Duration::from_millis(20);
    /// A disk that takes longer has more to tell by then.
    const MOST: Duration = Duration::from_secs(5);

    fn after(wait: Duration) -> Self {
        Self { at: Instant::now() + wait, wait }
    }

    fn soon() -> Self {
        Self::after(Self::SOON)
    }

    fn later(self) -> Option<Self> {
        let wait = self.wait * 2;
        (wait <= Self::MOST).then(|| Self::after(wait))
    }
}

async fn due(again: Option<Again>) {
    match again {
        Some(again) => tokio::time::sleep_until(again.at).await,
        None => std::future::pending().await,
    }
}

impl Viewer {
    /// Works until the client leaves or the run has an owner.
    async fn work(mut self, inbox: UnboundedReceiver<ToRunner>) {
        // A runner may have come up between the try to reach one and the watch.
        if wire::connect(&self.directory.socket()).await.is_err() {
            self.follow(inbox).await;
        }
        self.client.push(ToClient::Ended);
        self.client.close();
    }

    async fn follow(&mut self, mut inbox: UnboundedReceiver<ToRunner>) {
        let mut again = None;
        loop {
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(ToRunner::Leave) | None => return,
                    Some(message) => self.message(message),
                },
                change = next(&mut self.watch) => {
                    if change.journal {
                        self.look();
                        again = Some(Again::soon());
                    }
                    if change.runner {
                        return;
                    }
                }
                () = due(again) => {
                    self.look();
                    again = again.and_then(Again::later);
                }
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
    fn look(&mut self) {
        let seq = self.state.seq();
        match tokio::task::block_in_place(|| self.directory.records_after(seq)) {
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
