//! The bash of this machine as a process: its terminals, what it reports, and the one that stands in for it when it has
//! gone.

use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, kill_process, kill_process_group, pidfd_open};
use rustix::termios::{tcgetpgrp, tcsetwinsize};

use super::super::ExecError;
use super::super::proc::{children, identity};
use super::super::screen::Size;
use super::super::shell::typed::{self, Report};
use super::super::spawn::{ShellProcess, ShellSpec, shell, wait_readable};
use super::super::variables::Snapshot;
use super::message::ShimSettings;
use super::terminal::{drain, drain_up_to, winsize};
use crate::run::event::ProcessIdentity;

/// What is not carried over from a shell that has ended to the next one.
const NOT_CARRIED_OVER: &str = "jobs, open descriptors, set -e, EXIT trap";
/// So much of a terminal is read at a time, so that messages keep being heard.
const AT_ONCE: usize = 256 * 1024;
/// How long a shell that was hung up may take to end.
const TO_END: Duration = Duration::from_millis(500);

/// A bash while it lives.
pub(super) struct Bash {
    pub(super) process: ShellProcess,
    /// Tells that it has ended; a kernel may have no such descriptors.
    pub(super) exited: Option<OwnedFd>,
    /// It has been at its first prompt.
    pub(super) ready: bool,
    /// It stands in for one that ended: what was lost with that, until it is told.
    replaced: Option<String>,
    /// What it has begun to report.
    reported: Vec<u8>,
    /// The size that its terminals were given last.
    size: Size,
}

impl Bash {
    /// Starts one, from a snapshot where it stands in for another.
    pub(super) fn start(settings: &ShimSettings, restore: Option<&Snapshot>) -> Result<Self, ExecError> {
        let process = shell(&ShellSpec {
            restore,
            directory: &settings.directory,
            environment: &settings.environment,
            size: winsize(Size::LOGICAL),
        })?;
        let exited = pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).ok();
        Ok(Self { process, exited, ready: false, replaced: None, reported: Vec::new(), size: Size::LOGICAL })
    }

    /// Starts the next one where this has ended.
    pub(super) fn next(
        &mut self,
        settings: &ShimSettings,
        restore: Option<&Snapshot>,
    ) -> Result<(), ExecError> {
        let next = Self::start(settings, restore)?;
        *self = Self { replaced: Some(NOT_CARRIED_OVER.into()), ..next };
        Ok(())
    }

    /// It is at its first prompt. Gives what was lost with the one before it, once.
    pub(super) fn is_ready(&mut self) -> Option<String> {
        self.ready = true;
        self.replaced.take()
    }

    pub(super) fn pid(&self) -> Pid {
        Pid::from_child(&self.process.child)
    }

    pub(super) fn identity(&self) -> ProcessIdentity {
        identity(self.process.child.id())
    }

    /// The process group that has its terminal.
    pub(super) fn foreground(&self) -> Option<Pid> {
        tcgetpgrp(&self.process.terminal.master).ok()
    }

    /// Whole reports that have come.
    pub(super) fn reports(&mut self) -> Vec<Report> {
        let reported = &mut self.reported;
        drain(self.process.channel.reports(), |bytes| reported.extend_from_slice(bytes));
        typed::reports(reported)
    }

    /// What a stream's terminal has, a bounded amount of it.
    pub(super) fn output(&self, stream: usize) -> Vec<u8> {
        let master = if stream == 0 { &self.process.terminal.master } else { &self.process.error.master };
        let mut chunk = Vec::new();
        drain_up_to(master, AT_ONCE, |bytes| chunk.extend_from_slice(bytes));
        chunk
    }

    /// A size that a command gave its terminal stays, until another one is asked for here.
    pub(super) fn set_size(&mut self, size: Size) {
        if std::mem::replace(&mut self.size, size) == size {
            return;
        }
        for slave in [&self.process.terminal.slave, &self.process.error.slave] {
            let _kept = tcsetwinsize(slave, winsize(size));
        }
    }

    pub(super) fn kill(&self) {
        let _gone = kill_process(self.pid(), rustix::process::Signal::KILL);
    }

    /// Hangs up what has its terminal, and the shell itself.
    pub(super) fn hang_up(&self) {
        for group in self.foreground().into_iter().chain([self.pid()]) {
            let _gone = kill_process_group(group, rustix::process::Signal::HUP);
        }
    }

    /// Waits for its end, for a moment; then it is ended.
    pub(super) fn end(&mut self) {
        if let Some(exited) = &self.exited
            && wait_readable(&[exited], Some(TO_END)) != [true]
        {
            let _gone = self.process.child.kill();
        }
        self.reap();
    }

    /// The processes that it has started and not waited for.
    pub(super) fn children(&self) -> Vec<u32> {
        children(self.process.child.id())
    }

    /// What it ended with.
    pub(super) fn reap(&mut self) -> i32 {
        self.process.child.wait().map_or(-1, exit_code)
    }
}

fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}
