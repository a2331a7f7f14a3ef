//! A place as a process of its own. It works whether anybody owns the run or not; what nobody has taken yet waits.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::directory::{ledger, lock, socket};
use super::ledger::Book;
use super::message::{FromShim, Report, ShimSettings, ToPlace, ToShim};
use super::thread::Shim;
use crate::exec::ExecError;
use crate::protocol::screen::Shown;
use crate::run::Attempt;
use crate::runbook::CommandId;
use crate::wire::{self, Incoming, Outbox, Outgoing, WireError};

/// Whether the place goes on after somebody has left it.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    GoesOn,
    Over,
}

/// What waits to be taken, and who takes it.
struct Desk {
    state: Mutex<DeskState>,
}

struct DeskState {
    book: Book,
    last: u64,
    waiting: VecDeque<Report>,
    live: BTreeSet<(CommandId, Attempt)>,
    owner: Option<Arc<Outbox<Report>>>,
}

fn screen_of(report: &Report) -> Option<&CommandId> {
    match &report.report {
        FromShim::Screen { command, .. } => Some(command),
        _ => None,
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, DeskState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a report of the place: noted first where it must arrive, then told.
    fn report(&self, mut report: FromShim) {
        let mut state = self.lock();
        let mut number = None;
        if let FromShim::Standing { live, .. } = &mut report {
            // What waits for the shell was handed over as well.
            *live = state.live.iter().cloned().collect();
        }
        if report.must_arrive() {
            state.last += 1;
            number = Some(state.last);
            if let FromShim::Exited { command, attempt, .. } | FromShim::Lost { command, attempt, .. } =
                &report
            {
                state.live.remove(&(command.clone(), *attempt));
            }
            let last = state.last;
            let noted = state.book.reported(last, &report);
            state.trouble(noted);
            state.waiting.push_back(Report { number, report: report.clone() });
        }
        state.tell(Report { number, report });
    }

    fn began(&self, command: &CommandId, attempt: Attempt) {
        let mut state = self.lock();
        state.live.insert((command.clone(), attempt));
        let noted = state.book.began(command, attempt);
        state.trouble(noted);
    }

    fn taken(&self, upto: u64) {
        let mut state = self.lock();
        state.waiting.retain(|r| r.number > Some(upto));
        let noted = state.book.taken(upto);
        state.trouble(noted);
        if state.waiting.is_empty() && state.live.is_empty() {
            state.book.settle();
        }
    }

    /// Somebody new owns the run: what waits comes first.
    fn open(&self) -> Arc<Outbox<Report>> {
        let outbox = Arc::new(Outbox::new(screen_of));
        let mut state = self.lock();
        for report in &state.waiting {
            outbox.push(report.clone());
        }
        state.owner = Some(Arc::clone(&outbox));
        outbox
    }

    fn close(&self) {
        self.lock().owner = None;
    }
}

impl DeskState {
    fn tell(&self, report: Report) {
        if let Some(owner) = &self.owner {
            owner.push(report);
        }
    }

    /// Noting never outranks running: it is said, and goes on.
    fn trouble(&self, noted: Result<(), ExecError>) {
        if let Err(error) = noted {
            self.tell(Report { number: None, report: FromShim::Trouble(error.to_string()) });
        }
    }
}

/// Tells when the place's thread has ended.
struct OnEnd(Arc<Notify>);

impl Drop for OnEnd {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Works as a place that listens in `directory`, until it is told to end or no shell can be had. `ready` is called
/// once it listens.
pub async fn serve(directory: &Path, settings: ShimSettings, ready: impl FnOnce()) -> Result<(), ExecError> {
    // Held for as long as this process is there: nobody else works here, whatever else of it can't be reached.
    let _lock = lock(directory)?.ok_or_else(|| {
        ExecError::Refused(format!("another process works in {} already", directory.display()))
    })?;
    let book = Book::create(&ledger(directory))?;
    let listener = wire::listen(&socket(directory))?;
    let state = DeskState { book, last: 0, waiting: VecDeque::new(), live: BTreeSet::new(), owner: None };
    let desk = Arc::new(Desk { state: Mutex::new(state) });
    let ended = Arc::new(Notify::new());
    let (reports, end) = (Arc::clone(&desk), OnEnd(Arc::clone(&ended)));
    let shim = Shim::start(settings, move |report| {
        let _with_the_thread = &end;
        reports.report(report);
    })?;
    ready();
    loop {
        tokio::select! {
            biased;
            () = ended.notified() => break,
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let Ok((incoming, outgoing, _)) = wire::greet(stream).await else { continue };
                if talk(&desk, (&shim, &ended), incoming, outgoing).await == Left::Over {
                    break;
                }
            }
        }
    }
    let _gone = std::fs::remove_file(socket(directory));
    Ok(())
}

/// Talks to whoever owns the run until they are gone. Everything they sent is done before anybody else is heard.
async fn talk(
    desk: &Desk,
    (shim, ended): (&Shim, &Notify),
    mut incoming: Incoming<ToPlace>,
    mut outgoing: Outgoing<Report>,
) -> Left {
    let outbox = desk.open();
    shim.send(ToShim::Stand);
    let mut shown = Shown::default();
    let write = async {
        while let Some(mut message) = outbox.next().await {
            if let FromShim::Screen { command, screen } = message.report {
                let change = shown.change(&command, *screen);
                message.report = FromShim::Changed { command, change };
            }
            outgoing.send(&message).await?;
        }
        Ok::<(), WireError>(())
    };
    let read = async {
        loop {
            match incoming.next().await {
                Ok(ToPlace::Taken(upto)) => desk.taken(upto),
                Ok(ToPlace::Do(ToShim::Shutdown)) => return Left::Over,
                Ok(ToPlace::Do(message)) => {
                    if let ToShim::Run { command, attempt, .. } = &message {
                        desk.began(command, *attempt);
                    }
                    shim.send(message);
                }
                Err(_) => return Left::GoesOn,
            }
        }
    };
    let (mut read, mut write) = (std::pin::pin!(read), std::pin::pin!(write));
    let left = tokio::select! {
        left = &mut read => left,
        _gone = &mut write => read.await,
        () = ended.notified() => {
            // Its last words are still told.
            outbox.close();
            let _gone = write.await;
            Left::Over
        }
    };
    desk.close();
    left
}
