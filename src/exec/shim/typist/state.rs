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

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe that a shell writes its state to.
    fn pipe() -> (State, OwnedFd) {
        let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::NONBLOCK).unwrap();
        let mut state = State::default();
        state.comes_by(read);
        (state, write)
    }

    fn whole() -> Vec<u8> {
        let parts = ["declare -- A=\"1\"\n", "", "", "", "", "umask 0022\n", "/\n", "0 ", "/tmp", ""];
        parts.join("\u{1e}\u{1f}\u{1e}").into_bytes()
    }

    #[test]
    fn it_comes_in_parts_and_is_there_at_its_end() {
        let (mut state, write) = pipe();
        for part in whole().chunks(7) {
            rustix::io::write(&write, part).unwrap();
            assert!(!state.read() && state.is_coming() && state.written().is_none());
        }
        drop(write);
        assert!(state.read());
        assert!(!state.is_coming() && state.pipe().is_none());
        assert_eq!(state.take().unwrap().value("A").as_deref(), Some("1"));
        assert!(state.take().is_none() && !state.read());
    }

    #[test]
    fn one_that_is_cut_leaves_what_was_known_before() {
        let (mut state, write) = pipe();
        rustix::io::write(&write, &whole()).unwrap();
        drop(write);
        assert!(state.read());
        let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::NONBLOCK).unwrap();
        state.comes_by(read);
        rustix::io::write(&write, &whole()[..20]).unwrap();
        drop(write);
        assert!(state.read());
        assert!(state.written().is_some_and(|s| s.value("A").is_some()));
    }
}
