//! Asks at the terminal, also where standard input is something else.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::report::CommandError;
use crate::visible;

/// A line that somebody types; nothing where there is no terminal.
pub(super) fn line(question: &str) -> Result<Option<String>, CommandError> {
    let Some(mut terminal) = terminal() else { return Ok(None) };
    write!(terminal, "{}", visible::line(question))?;
    read(&terminal)
}

/// The same, with what is typed not shown.
pub(super) fn hidden(question: &str) -> Result<Option<String>, CommandError> {
    let Some(mut terminal) = terminal() else { return Ok(None) };
    write!(terminal, "{}", visible::line(question))?;
    let modes = tcgetattr(&terminal).map_err(std::io::Error::from)?;
    let mut silent = modes.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &silent).map_err(std::io::Error::from)?;
    let typed = read(&terminal);
    let _shown_again = tcsetattr(&terminal, OptionalActions::Flush, &modes);
    writeln!(terminal)?;
    typed
}

fn terminal() -> Option<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty").ok()
}

fn read(terminal: &File) -> Result<Option<String>, CommandError> {
    let mut text = String::new();
    let count = BufReader::new(terminal).read_line(&mut text)?;
    Ok((count > 0).then(|| text.trim_end_matches(['\n', '\r']).to_owned()))
}
