//! A place as a thread of this process.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use rustix::pipe::{PipeFlags, pipe_with};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::ExecError;
use super::inbox::Turn;
use super::message::{FromShim, ShimSettings, ToShim};
use super::worker::Worker;

/// So many messages of another process may wait here for a place that is busy; then that process waits.
const MOST_WAITING: usize = 256;

/// A running place. Dropping it hangs up its shell.
#[derive(Debug)]
pub struct Shim {
    /// Without a bound of its own: the runner in this process sends what operators ask for, and must not be held up.
    messages: Sender<Turn>,
    /// Room for what another process sends.
    room: Arc<Semaphore>,
    wake: OwnedFd,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Shim {
    /// Starts a place; `report` is called from its thread.
    pub fn start(
        settings: ShimSettings,
        report: impl Fn(FromShim) + Send + 'static,
    ) -> Result<Self, ExecError> {
        let (messages, inbox) = channel();
        // Neither side waits: a full pipe must not hold up whoever sends.
        let (woken, wake) =
            pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK).map_err(ExecError::Terminal)?;
        let worker = Worker::new(settings, Box::new(report), inbox, woken)?;
        let thread = std::thread::Builder::new()
            .name("shim".into())
            .spawn(move || worker.work())
            .map_err(|source| ExecError::Spawn { program: "a thread".into(), source })?;
        let room = Arc::new(Semaphore::new(MOST_WAITING));
        Ok(Self { messages, room, wake, thread: Some(thread) })
    }

    /// Sends a message. A place that has ended takes none; its end was reported.
    pub fn send(&self, message: ToShim) {
        self.hand_over(message, None);
    }

    /// Sends a message of another process, once the place has taken enough of those before it: whoever writes without
    /// an end is held up by its own socket, and fills no memory here.
    pub(super) async fn send_in_turn(&self, message: ToShim) {
        let turn = Arc::clone(&self.room).acquire_owned().await;
        self.hand_over(message, turn.ok());
    }

    fn hand_over(&self, message: ToShim, turn: Option<OwnedSemaphorePermit>) {
        if self.messages.send((message, turn)).is_ok() {
            // A full pipe means that it is awake already.
            let _full = rustix::io::write(&self.wake, b"!");
        }
    }
}

impl Drop for Shim {
    fn drop(&mut self) {
        self.send(ToShim::Shutdown);
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::FutureExt;

    use super::*;

    #[test]
    fn another_process_waits_where_nobody_takes_its_messages() {
        let (messages, inbox) = channel();
        let (_woken, wake) = pipe_with(PipeFlags::NONBLOCK).unwrap();
        let room = Arc::new(Semaphore::new(MOST_WAITING));
        let shim = Shim { messages, room, wake, thread: None };
        for _ in 0..MOST_WAITING {
            assert!(shim.send_in_turn(ToShim::Stand).now_or_never().is_some());
        }
        let mut next = pin!(shim.send_in_turn(ToShim::Directory("/".into())));
        assert!(next.as_mut().now_or_never().is_none(), "there is no room");
        shim.send(ToShim::Stand);
        assert_eq!(inbox.try_iter().count(), MOST_WAITING + 1, "who is in this process is not held up");
        assert!(next.as_mut().now_or_never().is_some());
        assert!(matches!(inbox.try_recv(), Ok((ToShim::Directory(_), Some(_)))));
    }

    #[test]
    fn nobody_who_sends_waits_for_one_that_is_not_woken() {
        let (messages, inbox) = channel();
        let (_woken, wake) = pipe_with(PipeFlags::NONBLOCK).unwrap();
        while rustix::io::write(&wake, &[0; 4096]).is_ok() {}
        let shim = Shim { messages, room: Arc::new(Semaphore::new(0)), wake, thread: None };
        shim.send(ToShim::Stand);
        assert!(inbox.try_recv().is_ok());
    }
}
