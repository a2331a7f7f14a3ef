//! The terminal's modes: those of typing while the shell is held or reads, those that commands left while one runs.

use std::os::fd::OwnedFd;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcsetattr,
};

/// What commands find their terminal in.
#[derive(Default)]
pub(in super::super) struct Modes {
    /// As the last command left it.
    left: Option<Termios>,
    /// Nobody is there: what asks on the terminal gets the end of it.
    pub(in super::super) unattended: bool,
    /// What asked all the same was interrupted.
    pub(in super::super) interrupted: bool,
}

impl Modes {
    /// Those of a terminal at the start of a shell's life: nobody can answer what a login's files ask.
    pub(super) fn of(terminal: &OwnedFd) -> Self {
        Self { left: tcgetattr(terminal).ok(), unattended: true, interrupted: false }
    }

    /// Gives a terminal the modes of a command.
    pub(in super::super) fn give(&self, terminal: &OwnedFd) {
        let Some(mut modes) = self.left.clone() else { return };
        if self.unattended {
            // A read finds the end at once: what asks fails in its own words (termios(3), MIN and TIME).
            modes.local_modes.remove(LocalModes::ICANON);
            modes.special_codes[SpecialCodeIndex::VMIN] = 0;
            modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        }
        let _kept = tcsetattr(terminal, OptionalActions::Now, &modes);
    }

    /// The modes that a command left are those that the next one finds.
    pub(in super::super) fn keep(&mut self, terminal: &OwnedFd) {
        let Ok(mut left) = tcgetattr(terminal) else { return };
        if let Some(before) = self.left.as_ref().filter(|_| self.unattended && never_waits(&left)) {
            left.local_modes.set(LocalModes::ICANON, before.local_modes.contains(LocalModes::ICANON));
            for code in [SpecialCodeIndex::VMIN, SpecialCodeIndex::VTIME] {
                left.special_codes[code] = before.special_codes[code];
            }
        }
        self.left = Some(left);
    }

    /// Whether a program that runs with nobody there has set its terminal up to wait for keys; one that was interrupted
    /// for it is left alone.
    pub(in super::super) fn waits_for_nobody(&self, terminal: &OwnedFd) -> bool {
        self.unattended && !self.interrupted && tcgetattr(terminal).is_ok_and(|modes| !never_waits(&modes))
    }
}

/// Nothing is echoed, cut, or turned into a signal, and nothing that was typed before is read.
pub(in super::super) fn for_typing(terminal: &OwnedFd) {
    if let Ok(mut modes) = tcgetattr(terminal) {
        modes
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        modes.input_modes.remove(
            InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON | InputModes::ISTRIP,
        );
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        let _kept = tcsetattr(terminal, OptionalActions::Now, &modes);
    }
    let _flushed = tcflush(terminal, QueueSelector::IFlush);
}

/// Whether somebody reads a line that is not to be seen: a password.
pub(in super::super) fn asks_unseen(terminal: &OwnedFd) -> bool {
    let unseen = |modes: LocalModes| modes.contains(LocalModes::ICANON) && !modes.contains(LocalModes::ECHO);
    tcgetattr(terminal).is_ok_and(|modes| unseen(modes.local_modes))
}

/// Whether a read from a terminal with these modes finds the end at once where nothing was typed.
fn never_waits(modes: &Termios) -> bool {
    !modes.local_modes.contains(LocalModes::ICANON) && modes.special_codes[SpecialCodeIndex::VMIN] == 0
}

#[cfg(test)]
mod tests {
    use super::super::super::super::screen::Size;
    use std::time::Duration;

    use super::super::super::super::spawn::{Pty, wait_readable};
    use super::super::super::terminal::winsize;
    use super::*;

    fn terminal() -> Pty {
        Pty::open(winsize(Size::LOGICAL)).unwrap()
    }

    fn has(terminal: &OwnedFd, mode: LocalModes) -> bool {
        tcgetattr(terminal).unwrap().local_modes.contains(mode)
    }

    #[test]
    fn with_nobody_there_a_read_finds_the_end_and_the_next_command_does_not() {
        let pty = terminal();
        let mut modes = Modes::of(&pty.slave);
        modes.give(&pty.slave);
        assert!(never_waits(&tcgetattr(&pty.slave).unwrap()));
        let mut buffer = [0; 8];
        assert_eq!(rustix::io::read(&pty.slave, &mut buffer), Ok(0), "it waits for nobody");
        // A command that left them so has not set them.
        modes.keep(&pty.slave);
        modes.unattended = false;
        modes.give(&pty.slave);
        assert!(has(&pty.slave, LocalModes::ICANON));
    }

    #[test]
    fn the_modes_that_a_command_left_are_those_of_the_next() {
        let pty = terminal();
        let mut modes = Modes::of(&pty.slave);
        modes.unattended = false;
        let mut left = tcgetattr(&pty.slave).unwrap();
        left.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&pty.slave, OptionalActions::Now, &left).unwrap();
        modes.keep(&pty.slave);
        for_typing(&pty.slave);
        assert!(!has(&pty.slave, LocalModes::ISIG) && !has(&pty.slave, LocalModes::ICANON));
        modes.give(&pty.slave);
        assert!(has(&pty.slave, LocalModes::ISIG) && !has(&pty.slave, LocalModes::ECHO));
    }

    #[test]
    fn what_was_typed_ahead_is_not_the_shell_s_next_command() {
        let pty = terminal();
        rustix::io::write(&pty.master, b"rm -r x\n").unwrap();
        // The kernel hands it on in its own time.
        assert_eq!(wait_readable(&[&pty.slave], Some(Duration::from_secs(10))), [true]);
        for_typing(&pty.slave);
        assert_eq!(rustix::io::ioctl_fionread(&pty.slave), Ok(0));
    }

    #[test]
    fn only_a_program_that_set_its_terminal_up_waits_for_nobody_and_only_once() {
        let pty = terminal();
        let mut modes = Modes::of(&pty.slave);
        modes.give(&pty.slave);
        assert!(!modes.waits_for_nobody(&pty.slave), "it finds the end");
        let mut raw = tcgetattr(&pty.slave).unwrap();
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        tcsetattr(&pty.slave, OptionalActions::Now, &raw).unwrap();
        assert!(modes.waits_for_nobody(&pty.slave));
        modes.interrupted = true;
        assert!(!modes.waits_for_nobody(&pty.slave), "it was interrupted for that");
        (modes.interrupted, modes.unattended) = (false, false);
        assert!(!modes.waits_for_nobody(&pty.slave), "somebody is there");
    }
}
