//! Appends to a journal from a thread of its own, so that a disk that hangs holds up nobody for longer than they wait.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::chain::{Head, Line};
use super::error::{NotAppended, StoreError};
use super::journal::Journal;
use crate::run_files::FileError;

/// What came of lines that were handed over.
pub type Done = Result<Head, NotAppended>;

/// The way to a journal.
///
/// One piece of work is under way at a time. Of lines that were not appended in time nobody knows whether they will be:
/// they are never replaced by others.
#[derive(Debug)]
pub struct Writer {
    /// Gone once no more is to be written.
    work: Option<Sender<Vec<Line>>>,
    done: Receiver<Done>,
    under_way: bool,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; it ends when this is dropped.
    pub fn start(mut journal: Box<dyn Journal>) -> Result<Self, StoreError> {
        let (work, inbox) = channel::<Vec<Line>>();
        let (to, done) = channel();
        let body = move || {
            while let Ok(lines) = inbox.recv() {
                if to.send(journal.append(&lines)).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("journal".into()).spawn(body);
        let thread =
            thread.map_err(FileError::of("start the thread that writes", Path::new("the journal")))?;
        Ok(Self { work: Some(work), done, under_way: false, thread: Some(thread) })
    }

    /// Hands lines over. It is late at once where others are under way.
    pub fn hand_over(&mut self, lines: Vec<Line>) -> Result<(), NotAppended> {
        if self.under_way {
            return Err(NotAppended::Late(Duration::ZERO));
        }
        let sent = self.work.as_ref().is_some_and(|work| work.send(lines).is_ok());
        if !sent {
            let source = std::io::ErrorKind::BrokenPipe.into();
            let path = "the journal".into();
            return Err(StoreError::from(FileError { what: "write to", path, source }).into());
        }
        self.under_way = true;
        Ok(())
    }

    /// What came of the lines that were handed over, once it is known; waits so long for it.
    pub fn answer(&mut self, within: Duration) -> Option<Done> {
        let done = if self.under_way { self.done.recv_timeout(within).ok() } else { None };
        self.under_way &= done.is_none();
        done
    }
}

impl Drop for Writer {
    /// The journal is closed when this returns, unless it hangs: then nobody waits for it.
    fn drop(&mut self) {
        self.work = None;
        if let Some(thread) = self.thread.take().filter(|_| !self.under_way) {
            let _panicked = thread.join();
        }
    }
}
