//! Owns one place: its bash, its terminals, its recordings. One thread, no lock, bounded memory.
//!
//! [`Shim`] is such a thread in this process; `serve` makes a process of its own of it, which outlives whoever
//! owns the run, and [`Remote`] is the way to one.

mod background;
mod door;
mod hear;
mod interrupt;
mod late;
mod ledger;
mod line;
mod message;
mod remote;
mod running;
mod serve;
mod stream;
mod typist;
mod worker;
mod writers;

pub use door::behind_mark;
pub use ledger::Ledger;
pub use line::{cancel_over_line, lead_over_line, over_line};
pub use message::{FromShim, Line, Mode, Report, ShimSettings, Shown, Signal, ToPlace, ToShim};
pub use remote::{FromPlace, Remote, Standing};
pub use serve::serve;

use std::os::fd::OwnedFd;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::ExecError;
use worker::Worker;

/// How often a screen is given out while output comes.
const SCREEN_EVERY: Duration = Duration::from_millis(33);
/// How long a possible beginning of a secret is held back.
const HELD_AT_MOST: Duration = Duration::from_millis(100);
/// How long output that a command wrote before its end may take to arrive after the end was reported.
const LATE_OUTPUT: Duration = Duration::from_millis(500);

/// A running place. Dropping it hangs up its shell.
#[derive(Debug)]
pub struct Shim {
    messages: Sender<ToShim>,
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
        let (woken, wake) =
            rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(ExecError::Terminal)?;
        rustix::io::ioctl_fionbio(&woken, true).map_err(ExecError::Terminal)?;
        let worker = Worker::new(settings, Box::new(report), inbox, woken)?;
        let thread = std::thread::Builder::new()
            .name("shim".into())
            .spawn(move || worker.work())
            .map_err(|source| ExecError::Spawn { program: "a thread".into(), source })?;
        Ok(Self { messages, wake, thread: Some(thread) })
    }

    /// Sends a message. A place that has ended takes none; its end was reported.
    pub fn send(&self, message: ToShim) {
        if self.messages.send(message).is_ok() {
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
