//! The terminal's modes: those of typing while the shell is held or reads, those that commands left while one runs.

use std::time::Duration;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcsetattr,
};

use super::super::message::{FromShim, Signal};
use super::super::worker::Worker;

/// How long a program that waits for keys with nobody there may show nothing.
const UNANSWERED: Duration = Duration::from_secs(4);

impl Worker {
    /// Gives the terminal the modes of a command.
    pub(super) fn give_modes(&self) {
        let Some(modes) = &self.typist.modes else { return };
        let mut modes = modes.clone();
        if self.typist.unattended {
            // A read finds the end at once: what asks fails in its own words (termios(3), MIN and TIME).
            modes.local_modes.remove(LocalModes::ICANON);
            modes.special_codes[SpecialCodeIndex::VMIN] = 0;
            modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        }
        let _kept = tcsetattr(&self.process.terminal.slave, OptionalActions::Now, &modes);
    }

    /// The modes that a command left are those that the next one finds.
    pub(super) fn keep_modes(&mut self) {
        let Ok(mut left) = tcgetattr(&self.process.terminal.slave) else { return };
        if let Some(before) =
            self.typist.modes.as_ref().filter(|_| self.typist.unattended && never_waits(&left))
        {
            left.local_modes.set(LocalModes::ICANON, before.local_modes.contains(LocalModes::ICANON));
            for code in [SpecialCodeIndex::VMIN, SpecialCodeIndex::VTIME] {
                left.special_codes[code] = before.special_codes[code];
            }
        }
        self.typist.modes = Some(left);
    }

    /// Nothing is echoed, cut, or turned into a signal, and nothing that was typed before is read.
    pub(super) fn typing_modes(&self) {
        let terminal = &self.process.terminal.slave;
        if let Ok(mut modes) = tcgetattr(terminal) {
            modes
                .local_modes
                .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
            modes.input_modes.remove(
                InputModes::ICRNL
                    | InputModes::INLCR
                    | InputModes::IGNCR
                    | InputModes::IXON
                    | InputModes::ISTRIP,
            );
            modes.special_codes[SpecialCodeIndex::VMIN] = 1;
            modes.special_codes[SpecialCodeIndex::VTIME] = 0;
            let _kept = tcsetattr(terminal, OptionalActions::Now, &modes);
        }
        let _flushed = tcflush(terminal, QueueSelector::IFlush);
    }

    /// With nobody there a program that set the terminal up to wait for keys, and shows nothing more, waits for ever: it is
    /// interrupted, and that is said. What goes on until it is ended may be quiet.
    pub(super) fn end_question(&mut self) {
        let waits = self.typist.unattended && !self.typist.interrupted;
        let Some(running) = self.running.as_ref().filter(|_| waits) else { return };
        let quiet = !running.is_watched() && running.quiet_for() >= UNANSWERED;
        let waits = || tcgetattr(&self.process.terminal.slave).is_ok_and(|modes| !never_waits(&modes));
        if quiet && running.ended.is_none() && waits() {
            let command = running.command.clone();
            let words =
                format!("{command} waits for a key and nobody is there to press one: it was interrupted");
            (self.report)(FromShim::Trouble(words));
            self.typist.interrupted = true;
            self.signal(&command, Signal::Int);
        }
    }
}

/// Whether a read from a terminal with these modes finds the end at once where nothing was typed.
fn never_waits(modes: &Termios) -> bool {
    !modes.local_modes.contains(LocalModes::ICANON) && modes.special_codes[SpecialCodeIndex::VMIN] == 0
}
