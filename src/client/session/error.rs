//! How a request comes out, and why there is no session any more.

use std::time::Duration;

use thiserror::Error;

use super::super::attach::AttachError;
use crate::run::{Refusal, Request, RunId};

/// How a request came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It did what was asked, or what was asked needs no doing any more.
    Done,
    /// It led to nothing, for this reason.
    Refused(Refusal),
    /// The runner ended before it answered, and the record has nothing of it.
    NotTaken,
    /// The runner ended before it answered, and the record can't tell whether it was taken.
    NotKnown,
    /// The runner is there and did not answer in time.
    Silent,
}

/// Why something asked of a run came to nothing.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The runner decided against it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The runner ended before it answered, and the next one knows nothing of it.
    #[error(
        "the runner of {run} ended before it answered \"{asked}\", and the record contains nothing of it: check where the \
         run is, then ask again"
    )]
    NotTaken {
        /// The run.
        run: RunId,
        /// What was asked.
        asked: String,
    },
    /// The runner ended before it answered, and nothing tells whether that was taken.
    #[error(
        "the runner of {run} ended before it answered \"{asked}\", and gonogo does not know whether it was done: check \
         where the run is before you ask again"
    )]
    NotKnown {
        /// The run.
        run: RunId,
        /// What was asked.
        asked: String,
    },
    /// The runner is there and does not answer.
    #[error(
        "the runner of {run} (process {pid}) does not answer \"{asked}\": no answer for {} s; check where the run is \
         before you ask again, and end the runner (kill {pid}) if it hangs: the next client starts a new one",
        waited.as_secs()
    )]
    Silent {
        /// The run.
        run: RunId,
        /// The runner's process.
        pid: u32,
        /// What was asked.
        asked: String,
        /// How long it was waited.
        waited: Duration,
    },
    /// The runner was in this process, and all of the run with it.
    #[error("the runner has ended")]
    Ended,
    /// The runner has ended, and no other one can be had.
    #[error("the runner of {run} has ended, and gonogo could not start another in {tries} tries: {why}")]
    Gone {
        /// The run.
        run: RunId,
        /// How often it was tried.
        tries: u32,
        /// Why not, the last time.
        #[source]
        why: Box<AttachError>,
    },
    /// One runner after the other has ended at once.
    #[error(
        "{tries} runners of {run} ended one after the other: runner.log in the state directory has their last messages; \
         gonogo attach {run} tries again"
    )]
    Ending {
        /// The run.
        run: RunId,
        /// How many.
        tries: u32,
    },
}

/// What is asked, in a word or two: the request's name as it crosses the socket.
pub(super) fn name_of(request: &Request) -> String {
    let value = serde_json::to_value(request).unwrap_or_default();
    value["ask"].as_str().unwrap_or("a request").replace('_', " ")
}
