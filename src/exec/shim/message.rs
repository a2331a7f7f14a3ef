//! What a place is asked for and what it reports: plain data.

use std::path::PathBuf;
use std::time::Duration;

use super::super::screen::Size;
use crate::protocol::Screen;
use crate::run::event::ProcessIdentity;
use crate::run::{Attempt, Exit, Place};
use crate::runbook::CommandId;

/// How a command is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Logical size, standard error apart.
    Run,
    /// The pane's size, the keyboard, standard error on the same terminal.
    Interactive,
    /// Nobody is there: standard input is empty.
    NoInput,
    /// Goes on until it is ended: a terminal of its own, so that it can be kept in the background.
    Follow,
}

/// The three ways to end a command, each a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// As Ctrl-C.
    Int,
    /// Asks to end.
    Term,
    /// Ends.
    Kill,
}

impl Signal {
    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "INT" => Signal::Int,
            "TERM" => Signal::Term,
            "KILL" => Signal::Kill,
            _ => return None,
        })
    }
}

/// What a place is asked for.
#[derive(Debug)]
pub enum ToShim {
    /// Run a command.
    Run {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What is evaluated.
        text: String,
        /// How.
        mode: Mode,
    },
    /// Keys for a running command.
    Keys {
        /// The command.
        command: CommandId,
        /// As a terminal sends them.
        keys: Vec<u8>,
    },
    /// The pane's size.
    Pane(Size),
    /// End a running command.
    Signal {
        /// The command.
        command: CommandId,
        /// How.
        signal: Signal,
    },
    /// Keep the follow command in the background.
    Background(CommandId),
    /// Mask this value and, with a name, export it.
    Secret {
        /// The variable.
        name: String,
        /// The value.
        value: String,
    },
    /// Export a plain value.
    Export {
        /// The variable.
        name: String,
        /// The value.
        value: String,
    },
    /// Report the values of variables.
    Evaluate {
        /// For this command.
        command: CommandId,
        /// These.
        names: Vec<String>,
    },
    /// Hang up and end.
    Shutdown,
}

/// What a place reports.
#[derive(Debug)]
pub enum FromShim {
    /// A shell waits for commands.
    Ready {
        /// Where.
        place: Place,
        /// Which.
        shell: ProcessIdentity,
        /// It replaces one that ended; what could not be carried over.
        replaced: Option<String>,
    },
    /// A command ended.
    Exited {
        /// The command.
        command: CommandId,
        /// How.
        exit: Exit,
        /// How long it took.
        elapsed: Duration,
        /// Bytes recorded.
        bytes: u64,
        /// Where the shell is.
        place: Place,
    },
    /// A command changed a variable.
    Captured {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// The command.
        command: CommandId,
    },
    /// The running command's screen.
    Screen {
        /// The command.
        command: CommandId,
        /// What is shown.
        screen: Box<Screen>,
    },
    /// Values of variables.
    Evaluated {
        /// For this command.
        command: CommandId,
        /// Names and values.
        values: Vec<(String, String)>,
    },
    /// Something is wrong, in a sentence.
    Trouble(String),
}

/// What a place is started with.
#[derive(Clone, Debug)]
pub struct ShimSettings {
    /// Where recordings go.
    pub recordings: PathBuf,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// Variables added to its environment.
    pub environment: Vec<(String, String)>,
}
