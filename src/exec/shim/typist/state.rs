//! The shell's state, as it writes it with each prompt.

use std::os::fd::OwnedFd;

use super::super::super::shell::typed;
use super::super::super::variables::Snapshot;

/// State that is on its way, and state that has come.
#[derive(Default)]
pub(in super::super) struct State {
    /// The pipe that the shell writes it to, and what came of it so far.
    coming: Option<(OwnedFd, Vec<u8>)>,
    /// It was written; it is taken when the command before it has ended.
    written: Option<Snapshot>,
}

impl State {
    /// The shell writes it to this pipe, which ends with it.
    pub(in super::super) fn comes_by(&mut self, pipe: OwnedFd) {
        self.coming = Some((pipe, Vec::new()));
    }

    /// The pipe that it is coming by.
    pub(in super::super) fn pipe(&self) -> Option<&OwnedFd> {
        self.coming.as_ref().map(|(pipe, _)| pipe)
    }

    pub(in super::super) fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    /// Reads what the shell has written; true at its end. State of which a part is missing is none.
    pub(in super::super) fn read(&mut self) -> bool {
        let Some((pipe, bytes)) = self.coming.as_mut() else { return false };
        let mut buffer = [0u8; 65536];
        loop {
            match rustix::io::read(&*pipe, &mut buffer) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return false,
                Err(_) => break,
            }
        }
        let written = typed::state(bytes);
        self.coming = None;
        if written.is_some() {
            self.written = written;
        }
        true
    }

    /// What has come and was not taken.
    pub(in super::super) fn written(&self) -> Option<&Snapshot> {
        self.written.as_ref()
    }

    /// Takes it.
    pub(in super::super) fn take(&mut self) -> Option<Snapshot> {
        self.written.take()
    }
}
