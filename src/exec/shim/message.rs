//! What a place is asked for and what it reports: plain data.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::screen::Size;
use super::line::Line;
use super::transport::Transport;
use crate::mask::Hidden;
use crate::protocol::Screen;
use crate::protocol::screen::Change;
use crate::run::event::ProcessIdentity;
use crate::run::{Attempt, Exit, Place};
use crate::runbook::CommandId;

/// How a command is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Logical size, standard error apart.
    Run,
    /// The pane's size, the keyboard, standard error on the same terminal.
    Interactive,
    /// Nobody is there: standard input is empty.
    NoInput,
    /// Goes on until it is ended: a terminal of its own, so that it can be kept in the background.
    Follow,
    /// Leads to another place: the keyboard until its other side is reached, where what follows runs.
    Through,
    /// The same with nobody there: it fails where it would ask.
    ThroughUnattended,
}

impl Mode {
    /// Whether it leads to another place.
    pub fn leads_through(self) -> bool {
        matches!(self, Mode::Through | Mode::ThroughUnattended)
    }

    /// Whether it is run for what it does, and nobody is to sit in it.
    pub fn runs_by_itself(self) -> bool {
        matches!(self, Mode::Run | Mode::NoInput)
    }

    /// Whether it takes the keyboard and the pane's size.
    pub fn takes_keyboard(self) -> bool {
        self == Mode::Interactive || self.leads_through()
    }
}

/// The three ways to end a command, each a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
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
        /// What it shows is to be told while it goes on.
        #[serde(default)]
        watch: bool,
        /// Why what it shows is not recorded, where it is not.
        #[serde(default)]
        hidden: Option<String>,
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
    /// Report what a script prints that changes nothing.
    Ask {
        /// What the answer is known by.
        name: String,
        /// The script.
        script: String,
    },
    /// Go to a directory, if it is there.
    Directory(String),
    /// Tell what a new owner of the run has to know.
    Stand,
    /// Hang up and end.
    Shutdown,
}

/// From whoever owns the run to a place in a process of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToPlace {
    /// A message for the place.
    Do(ToShim),
    /// All reports up to this number are durable with the owner.
    Taken(u64),
}

/// The ways to where the shell is beside its terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The connection to its host, where that is another one: probes look over it.
    #[serde(default)]
    pub line: Option<Line>,
    /// To its very files, as its user; nothing where it has to be asked itself.
    #[serde(default)]
    pub files: Option<Transport>,
    /// What goes on there can have a terminal of its own.
    #[serde(default)]
    pub terminals: bool,
}

/// What a command showed, as text, and what its parts ended with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Standard output; for a command that goes on, both streams.
    pub output: String,
    /// All of it is there.
    pub whole: bool,
    /// The beginning of standard error.
    pub error: String,
    /// The exit status of each stage of a pipeline; empty for what is none.
    pub stages: Vec<i32>,
    /// Standard error is in the output: the place has one terminal for both.
    #[serde(default)]
    pub merged: bool,
    /// What it left in the background may still write.
    #[serde(default)]
    pub writing: bool,
}

/// A report of a place in a process of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Numbers what must not be lost, from 1; nothing where a later one replaces it.
    pub number: Option<u64>,
    /// What is reported.
    pub report: FromShim,
}

/// What a place reports.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
        /// Which time.
        attempt: Attempt,
        /// How.
        exit: Exit,
        /// How long it took.
        elapsed: Duration,
        /// Bytes recorded.
        bytes: u64,
        /// Where the shell is.
        place: Place,
        /// What it showed, for verdicts. Unmasked: it goes to the owner of the run and onto no disk.
        shown: Option<Box<Shown>>,
        /// The hash over its recording, where there is one.
        #[serde(default)]
        seal: Option<String>,
        /// It was to lead to another place and did not: what its terminal showed last.
        #[serde(default)]
        unreached: Option<String>,
    },
    /// A command that does not read like that has opened a shell.
    ShellOpened {
        /// The command.
        command: CommandId,
        /// What opened it, as it runs.
        words: Vec<String>,
    },
    /// What a command that goes on has shown so far.
    Shown {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What it showed.
        shown: Box<Shown>,
    },
    /// A place command has led to its other side: what follows runs there.
    Entered {
        /// The place command.
        command: CommandId,
        /// Where that is.
        place: Place,
        /// The ways there beside the terminal.
        #[serde(flatten)]
        beside: Box<Beside>,
    },
    /// The other side of a place command was left, by `exit` or because the way to it has ended.
    Left {
        /// The place command.
        command: CommandId,
        /// Where the shell is now.
        place: Place,
        /// Why, where nobody asked for it.
        lost: Option<String>,
        /// The ways beside the terminal to where the shell is now.
        #[serde(flatten)]
        beside: Box<Beside>,
    },
    /// The shell behind `ssh` has ended: what goes over the connection beside it keeps that from ending.
    Leaving,
    /// The shell went to a directory.
    At(Place),
    /// What ran behind a door went with the way to it: nobody knows what came of it.
    Lost {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What is known.
        why: String,
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
    /// A line was typed where nothing is echoed: it is a secret. Never on disk.
    Unseen {
        /// What it is called: no variable's name.
        name: String,
        /// The line.
        value: String,
    },
    /// From here on some of a command's output is not in its recording.
    Unrecorded {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// Why.
        why: String,
    },
    /// This was masked in what a command shows, and had not been before.
    Masked {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What it is called.
        hidden: Vec<Hidden>,
    },
    /// What came after a command had ended, while nothing ran: of a job that it left in the background.
    Late {
        /// The command.
        command: CommandId,
        /// Which time.
        attempt: Attempt,
        /// What came, masked.
        text: String,
    },
    /// The running command's screen.
    Screen {
        /// The command.
        command: CommandId,
        /// What is shown.
        screen: Box<Screen>,
    },
    /// What has changed in the running command's screen: how it travels between processes.
    Changed {
        /// The command.
        command: CommandId,
        /// Since the screen before.
        change: Change,
    },
    /// How things stand, for a new owner of the run.
    Standing {
        /// Where the shell is and which it is, if there is one that is ready.
        shell: Option<(Place, ProcessIdentity)>,
        /// What runs, in the foreground and in the background.
        live: Vec<(CommandId, Attempt)>,
        /// The secrets it was given.
        secrets: BTreeMap<String, String>,
        /// The ways beside the terminal to where it is.
        #[serde(flatten)]
        beside: Box<Beside>,
    },
    /// Values of variables.
    Evaluated {
        /// For this command.
        command: CommandId,
        /// Names and values.
        values: Vec<(String, String)>,
    },
    /// The answer to [`ToShim::Ask`].
    Answered {
        /// What it is known by.
        name: String,
        /// What the script printed; nothing where it could not be asked.
        output: Option<String>,
    },
    /// No shell can be had, for this reason: the place is at its end.
    NoShell(String),
    /// Something is wrong, in a sentence. The place goes on.
    Trouble(String),
}

impl FromShim {
    /// Whether the run's record depends on it: then it is kept until it was taken.
    pub fn must_arrive(&self) -> bool {
        matches!(
            self,
            Self::Ready { .. }
                | Self::Exited { .. }
                | Self::Entered { .. }
                | Self::Left { .. }
                | Self::Lost { .. }
                | Self::Captured { .. }
                | Self::Unrecorded { .. }
                | Self::Late { .. }
                | Self::Masked { .. }
                | Self::ShellOpened { .. }
        )
    }
}

/// What a place is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShimSettings {
    /// Where recordings go.
    pub recordings: PathBuf,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// Variables added to its environment.
    pub environment: Vec<(String, String)>,
}
