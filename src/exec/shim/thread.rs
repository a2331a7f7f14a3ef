//! A place as a thread of this process.

use std::os::fd::OwnedFd;
use std::sync::mpsc::{Sender, channel};

use super::super::ExecError;
use super::message::{FromShim, ShimSettings, ToShim};
use super::worker::Worker;

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
