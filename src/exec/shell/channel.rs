//! What the shell of this machine tells, and what holds it: pipes of ours that it opens by their path under `/proc`
//! (proc(5), `/proc/pid/fd`), so that it never has a descriptor that a document could see, use or close.

use std::os::fd::{AsRawFd, OwnedFd};

use rustix::io::{DupFlags, dup3};
use rustix::pipe::{PipeFlags, pipe_with};

use super::super::ExecError;

/// Paths of the pipes, as the shell opens them.
#[derive(Clone, Debug)]
pub struct Paths {
    /// Reports are written here.
    pub reports: String,
    /// Can be read to its end when a command that was read may begin.
    pub start: String,
    /// The same when the shell may read the next command.
    pub prompt: String,
    /// All of the shell's state is written here.
    pub state: String,
}

/// The pipes.
#[derive(Debug)]
pub struct Channel {
    reports: OwnedFd,
    reports_write: OwnedFd,
    /// Holds the shell between reading a command and running it.
    pub start: Gate,
    /// Holds the shell before it reads a command.
    pub prompt: Gate,
    state_write: OwnedFd,
    state_read: OwnedFd,
}

impl Channel {
    /// Opens them; both gates are closed.
    pub fn open() -> Result<Self, ExecError> {
        let (reports, reports_write) = pipe()?;
        rustix::io::ioctl_fionbio(&reports, true).map_err(ExecError::Terminal)?;
        let (state_read, state_write) = pipe()?;
        let (start, prompt) = (Gate::closed()?, Gate::closed()?);
        Ok(Self { reports, reports_write, start, prompt, state_write, state_read })
    }

    /// Where reports are read.
    pub fn reports(&self) -> &OwnedFd {
        &self.reports
    }

    /// How the shell finds them.
    pub fn paths(&self) -> Paths {
        Paths {
            reports: path(&self.reports_write),
            start: self.start.path(),
            prompt: self.prompt.path(),
            state: path(&self.state_write),
        }
    }

    /// The pipe that the shell has opened to write its state to, or has not opened at all: it ends when that is
    /// written. The next time it finds another one at the same path.
    pub fn state(&mut self) -> Result<OwnedFd, ExecError> {
        let (read, write) = pipe()?;
        dup3(&write, &mut self.state_write, DupFlags::CLOEXEC).map_err(ExecError::Terminal)?;
        let state = std::mem::replace(&mut self.state_read, read);
        rustix::io::ioctl_fionbio(&state, true).map_err(ExecError::Terminal)?;
        Ok(state)
    }
}

/// Whoever reads from it waits until it is opened.
#[derive(Debug)]
pub struct Gate {
    read: OwnedFd,
    write: Option<OwnedFd>,
}

impl Gate {
    fn closed() -> Result<Self, ExecError> {
        let (read, write) = pipe()?;
        Ok(Self { read, write: Some(write) })
    }

    fn path(&self) -> String {
        path(&self.read)
    }

    /// Lets whoever waits go on.
    pub fn open(&mut self) {
        self.write = None;
    }

    /// Holds whoever comes next. Without room for another pipe it stays as it is.
    pub fn close(&mut self) {
        if self.write.is_some() {
            return;
        }
        if let Ok((read, write)) = pipe()
            && dup3(&read, &mut self.read, DupFlags::CLOEXEC).is_ok()
        {
            self.write = Some(write);
        }
    }
}

fn pipe() -> Result<(OwnedFd, OwnedFd), ExecError> {
    pipe_with(PipeFlags::CLOEXEC).map_err(ExecError::Terminal)
}

/// By the number of this process: what opens it is another one.
pub(in super::super) fn path(fd: &OwnedFd) -> String {
    format!("/proc/{}/fd/{}", std::process::id(), fd.as_raw_fd())
}
