//! What reaches `update`, and what it asks for: data only.

use std::path::PathBuf;
use std::time::Instant;

use crossterm::event::KeyEvent;

use crate::protocol::{EndsWithLogin, ToClient, ToRunner};
use crate::runner::NewRun;

/// A message to `update`.
#[derive(Debug)]
pub enum Msg {
    /// A key, with when it was read. From the terminal.
    Key(KeyEvent, Instant),
    /// Pasted text, with when it was read: goes into fields and panes, never acts. From the terminal.
    Paste(String, Instant),
    /// A new size. From the terminal.
    Resize(u16, u16),
    /// From the runner.
    Update(Box<ToClient>),
    /// Why a run that is started here would end with this login, if it would. From the loop, asked for by
    /// [`Effect::LookAtLogin`].
    Login(Option<EndsWithLogin>),
    /// Time has passed. From the loop.
    Tick,
}

/// What `update` asks the loop to do.
#[derive(Debug)]
pub enum Effect {
    /// Send to the runner.
    Send(ToRunner),
    /// Start a run and connect to it.
    Start(Box<NewRun>),
    /// Look whether a run that is started here outlives this login.
    LookAtLogin,
    /// Remember that the commands of the settings beside the document were accepted.
    AcceptCommands,
    /// Go on with the known run.
    TakeUp,
    /// Write the deployment log.
    WriteLog {
        /// Where to.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// Ring the operator's terminal.
    Bell,
    /// Put this on the operator's clipboard.
    Copy(String),
    /// Stop the program as Ctrl-Z does.
    Suspend,
    /// Leave.
    Quit,
}
