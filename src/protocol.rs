//! What client and runner say to each other: plain data, so that it can cross a socket.

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::mask::Hidden;
use crate::run::event::Stored;
use crate::run::health::{Health, Sample};
use crate::run::rollback::Found;
use crate::run::{Attempt, Record, Refusal, Request, SignRole};
use crate::runbook::CommandId;
use crate::runbook::probes::ProbeId;

pub mod output;
pub mod screen;

pub use output::{From, OutputLine, OutputPage, OutputQuery};
pub use screen::{Colour, Cursor, Row, Screen, Style, Text};

/// How a client follows a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Somebody at a keyboard, who has control where nobody else has it.
    Operator,
    /// The same without anybody at a keyboard.
    Unattended,
    /// Looks on and changes nothing.
    Looks,
}

/// From a client to the runner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "message", content = "with", rename_all = "snake_case")]
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
    /// The first message: who it is.
    Attach {
        /// The person's name.
        operator: String,
        /// What for.
        part: Part,
    },
    /// Take control from whoever has it.
    TakeControl,
    /// Read the end of a container's log.
    ReadLog {
        /// The probe that sees the container.
        probe: ProbeId,
        /// The service or container.
        name: String,
    },
    /// Evaluate what a command's words stand for in its shell (`$BACKUP_FILE`), without running it.
    Evaluate(CommandId),
    /// Look at what going back needs; nothing is changed by it.
    LookBack,
    /// Prepare what somebody is about to sign; nothing is changed by it.
    PrepareSignOff {
        /// As what.
        role: SignRole,
        /// Who.
        name: String,
        /// With a key.
        keyed: bool,
    },
    /// The client leaves. The run goes on.
    Leave,
}

/// What is about to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToSign {
    /// The statement's text.
    pub statement: String,
    /// The log that it covers.
    pub log: String,
}

/// Who is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Who has control.
    pub holder: Option<String>,
    /// It is this client.
    pub yours: bool,
    /// Everybody else who follows the run.
    pub others: Vec<String>,
}

/// Why a run ends with the login that it was started in, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndsWithLogin {
    /// Why, in half a sentence.
    pub why: String,
    /// What mends it.
    pub remedy: String,
}

impl EndsWithLogin {
    /// Why, and what mends it.
    pub fn cause(&self) -> String {
        format!("{}; {}", self.why, self.remedy)
    }
}

impl fmt::Display for EndsWithLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this run ends with your login: {}", self.cause())
    }
}

/// Values that masks hide: for one screen, and kept by nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(pub Vec<(Hidden, Option<String>)>);

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(hidden, _)| hidden)).finish()
    }
}

/// From the runner to a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "update", content = "with", rename_all = "snake_case")]
pub enum ToClient {
    /// The first answer. So many records follow, then everything as it happens.
    Welcome {
        /// The document, as it is run.
        document: String,
        /// The records that follow.
        records: u64,
    },
    /// Some of the records that were there before the client came, in order.
    Known(Vec<Stored>),
    /// Who is there has changed.
    Control(Control),
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
    /// What has changed in the screen of a command: how it crosses a socket.
    Changed {
        /// The command.
        command: CommandId,
        /// Since the screen before.
        change: screen::Change,
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
    /// The answer to [`Request::ShowSecrets`], for whoever asked alone.
    Values(Values),
    /// The answer to [`ToRunner::LookBack`].
    Found(Box<Found>),
    /// The answer to [`ToRunner::PrepareSignOff`], or why nobody of that name may sign now.
    ToSign(Box<Result<ToSign, Refusal>>),
    /// How the service is, with what it was before: all of it. Samples follow.
    Health(Box<Health>),
    /// What a probe saw: [`Health::take`] folds it in.
    Sampled(Box<Sample>),
    /// The end of a container's log.
    ContainerLog {
        /// The probe.
        probe: ProbeId,
        /// The service or container.
        name: String,
        /// Its last lines, or why there are none.
        lines: Result<Vec<String>, String>,
    },
    /// Since when, and why, the journal can't be written; nothing when it can again.
    Unrecorded(Option<(DateTime<Utc>, String)>),
    /// The runner does not outlive the login that it was started in.
    EndsWithLogin(EndsWithLogin),
    /// No shell can be had, for this reason; it is tried again when something is to run.
    NoShell(String),
    /// Something is wrong with the runner itself, in a sentence. The run goes on.
    Trouble(String),
    /// The runner has ended.
    Ended,
}

/// So many records go into one message: enough that a long run is there at once, few enough that a message stays
/// small.
const KNOWN_AT_ONCE: usize = 1000;

impl ToClient {
    /// What a client is told first: the document and all records so far.
    pub fn welcome(document: String, records: &[Stored]) -> Vec<Self> {
        let first = Self::Welcome { document, records: records.len() as u64 };
        let known = records.chunks(KNOWN_AT_ONCE).map(|some| Self::Known(some.to_vec()));
        std::iter::once(first).chain(known).collect()
    }

    /// The command whose screen this is, if it is one: a later one stands for it.
    pub fn screen_of(&self) -> Option<&CommandId> {
        match self {
            Self::Screen { command, .. } => Some(command),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_every_shape_cross_a_socket() {
        let to = [
            ToRunner::Evaluate(CommandId("1/1".into())),
            ToRunner::TakeControl,
            ToRunner::Attach { operator: "ada".into(), part: Part::Looks },
        ];
        for message in to {
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<ToRunner>(&text).unwrap(), message);
        }
        let from = [
            ToClient::Trouble("no room".into()),
            ToClient::Unrecorded(Some((DateTime::UNIX_EPOCH, "full".into()))),
            ToClient::Unrecorded(None),
            ToClient::Answered { number: 1, refused: Some(Refusal::NoCommand(CommandId("9".into()))) },
            ToClient::Control(Control::default()),
            ToClient::Ended,
        ];
        for message in from {
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<ToClient>(&text).unwrap(), message);
        }
    }
}
