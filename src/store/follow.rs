//! Lines of a journal as they are stored, told from a thread of its own.

use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::error::StoreError;
use crate::run::Seq;
use crate::run_files::FileError;

/// How often it is looked whether there is something new. One page of the journal is read for that.
const EVERY: Duration = Duration::from_millis(50);

/// So many pieces of news wait for whoever follows; then the thread waits too.
const MOST_WAITING: usize = 16;

/// Lines that were added, in order, or why they can't be read.
pub type News = Result<Vec<String>, StoreError>;

/// A journal that is followed.
#[derive(Debug)]
pub struct Followed {
    news: Receiver<News>,
}

impl Followed {
    /// What was added next; waits for it.
    pub async fn next(&mut self) -> News {
        match self.news.recv().await {
            Some(news) => news,
            // The thread ends only with whoever follows.
            None => std::future::pending().await,
        }
    }
}

/// Follows what `look` finds after an event. What can't be read is told once, until it can be read again.
pub(super) fn follow(
    after: Seq,
    look: impl FnMut(Seq) -> Result<Vec<String>, StoreError> + Send + 'static,
) -> Result<Followed, StoreError> {
    follow_every(EVERY, after, look)
}

/// The same, looking only so often.
pub(super) fn follow_every(
    every: Duration,
    mut after: Seq,
    mut look: impl FnMut(Seq) -> Result<Vec<String>, StoreError> + Send + 'static,
) -> Result<Followed, StoreError> {
    let (to, news) = channel(MOST_WAITING);
    let body = move || {
        let mut told = false;
        while !to.is_closed() {
            match look(after) {
                Ok(lines) if lines.is_empty() => told = false,
                Ok(lines) => {
                    after = Seq(after.0 + lines.len() as u64);
                    told = false;
                    send(&to, Ok(lines));
                }
                Err(error) if !told => {
                    told = true;
                    send(&to, Err(error));
                }
                Err(_) => {}
            }
            std::thread::park_timeout(every);
        }
    };
    let thread = std::thread::Builder::new().name("follow".into()).spawn(body);
    thread.map_err(FileError::of("start the thread that follows", Path::new("the journal")))?;
    Ok(Followed { news })
}

fn send(to: &Sender<News>, news: News) {
    // Whoever followed has gone: the loop sees that next.
    let _gone = to.blocking_send(news);
}
