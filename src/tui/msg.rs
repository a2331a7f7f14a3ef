//! What reaches `update`, and what it asks for: data only.

use std::path::PathBuf;
use std::time::Instant;

use crossterm::event::KeyEvent;

use super::app::TextBox;
use crate::protocol::{EndsWithLogin, ToClient, ToRunner};
use crate::record::history::{Past, Told};
use crate::record::signature::{SignError, Signer};
use crate::run::{RunId, Seq, SignOff};
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
    /// The key to sign with. From the loop, asked for by [`Effect::FindKey`].
    Found(Result<Option<Signer>, SignError>),
    /// A statement was signed, or could not be. From the loop, asked for by [`Effect::Sign`].
    Signed(Result<SignOff, SignError>),
    /// Runs of the document. From the loop, asked for by [`Effect::ReadHistory`].
    History(Vec<Told>),
    /// What runs before say about the steps. From the loop, asked for by [`Effect::ReadPast`].
    Past(Past),
    /// Something to read. From the loop, asked for by [`Effect::ShowEvent`] and [`Effect::Verify`].
    Text(Box<TextBox>),
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
    /// Look for the key to sign with; the passphrase of one that has one.
    FindKey(Option<String>),
    /// Sign a statement.
    Sign {
        /// By what.
        signer: Box<Signer>,
        /// Its text.
        statement: String,
    },
    /// Read the runs of the document.
    ReadHistory,
    /// Read what runs before say about the steps.
    ReadPast,
    /// Show the log of another run.
    ShowLog(RunId),
    /// Show an event of the journal.
    ShowEvent(Seq),
    /// Look whether the record is what it was.
    Verify,
    /// Ring the operator's terminal.
    Bell,
    /// Put this on the operator's clipboard.
    Copy(String),
    /// Stop the program as Ctrl-Z does.
    Suspend,
    /// Leave.
    Quit,
}
