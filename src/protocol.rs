//! What client and runner say to each other: plain data, so that it can cross a socket.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::run::{Attempt, Record, Refusal, Request};
use crate::runbook::CommandId;

pub mod output;
pub mod screen;

pub use output::{From, OutputLine, OutputPage, OutputQuery};
pub use screen::{Colour, Cursor, Row, Screen, Style, Text};

/// From a client to the runner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum ToRunner {
    /// Decide on this; records come first, then [`ToClient::Answered`] with the same number.
    Ask {
        /// Chosen by the client; comes back with the answer.
        number: u64,
        /// What is asked.
        request: Request,
    },
    /// A secret value for the shells: never journaled, never echoed.
    Secret {
        /// The parameter.
        name: String,
        /// The value.
        value: String,
    },
    /// Keys for a running command.
    Keys {
        /// The command.
        command: CommandId,
        /// As a terminal sends them.
        keys: Vec<u8>,
    },
    /// The size of the pane that the client draws.
    PaneSize {
        /// Columns.
        columns: u16,
        /// Rows.
        rows: u16,
    },
    /// Show a part of a command's recorded output.
    Read {
        /// Chosen by the client; comes back with the answer.
        number: u64,
        /// What is asked.
        query: Box<OutputQuery>,
    },
    /// Write a command's recorded output to a new file.
    Save {
        /// The command.
        command: CommandId,
        /// Which time; the last when absent.
        attempt: Option<Attempt>,
        /// The file.
        path: PathBuf,
        /// The first line and the one after the last.
        lines: (u64, u64),
    },
    /// Evaluate what a command's words stand for in its shell (`$BACKUP_FILE`), without running it.
    Evaluate(CommandId),
    /// The client leaves; the in-process runner ends with it.
    Leave,
}

/// From the runner to a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "update", rename_all = "snake_case")]
pub enum ToClient {
    /// An event, durable before it is sent.
    Recorded(Box<Record>),
    /// A request was decided; everything it led to has been sent before.
    Answered {
        /// The client's number.
        number: u64,
        /// Why it led to nothing, if it did.
        refused: Option<Refusal>,
    },
    /// The screen of the command that runs.
    Screen {
        /// The command.
        command: CommandId,
        /// What its terminal shows.
        screen: Box<Screen>,
    },
    /// The answer to [`ToRunner::Read`].
    Page {
        /// The client's number.
        number: u64,
        /// What was asked.
        query: Box<OutputQuery>,
        /// The answer, or why there is none.
        page: Result<Box<OutputPage>, String>,
    },
    /// Output was written to a file.
    Saved {
        /// The file.
        path: PathBuf,
        /// How many lines.
        lines: u64,
    },
    /// What a command's words stand for.
    Evaluated {
        /// The command.
        command: CommandId,
        /// The words after expansion, variables named: `$BACKUP_FILE is …`.
        target: Vec<String>,
    },
    /// Since when, and why, the journal can't be written; nothing when it can again.
    Unrecorded(Option<(DateTime<Utc>, String)>),
    /// Something is wrong with the runner itself, in a sentence.
    Trouble(String),
    /// The runner has ended.
    Ended,
}
