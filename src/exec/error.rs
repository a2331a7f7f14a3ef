//! What keeps commands from being run, or from being recorded.

use std::path::PathBuf;

use thiserror::Error;

use crate::wire::WireError;

/// What can go wrong around running a command. A command that fails is no error but a result.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum ExecError {
    #[error("could not open a terminal for the commands: {0}")]
    Terminal(rustix::io::Errno),
    #[error(
        "a process may open only {may} files here, and a run needs {least}: raise the limit (for example, ulimit -n 1024) and start again"
    )]
    FewDescriptors { may: u64, least: u64 },
    #[error(
        "a file may have only {may} bytes here, and a run needs {least}: raise the limit (for example, ulimit -f unlimited) and start again"
    )]
    SmallFiles { may: u64, least: u64 },
    #[error("could not start {program}: {source}")]
    Spawn { program: String, source: std::io::Error },
    #[error("could not {what} the recording {path}: {source}")]
    Recording { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("could not {what} {path}: {source}")]
    Ledger { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("{0}")]
    Refused(String),
    #[error("there is no recording of {0}")]
    NoRecording(String),
}
