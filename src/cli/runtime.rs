//! The async runtime of a verb.

use super::report::{CommandError, Status};

/// The async runtime: two workers are plenty for one run.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CommandError::new(Status::Usage, format!("could not start: {error}")))
}
