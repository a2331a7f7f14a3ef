//! Whoever follows a session: prints what arrives, or keeps it.

use super::error::SessionError;
use crate::protocol::ToClient;
use crate::run::{Record, RunId, RunState};

/// Is told of everything that arrives, in order and once, whatever the session waits for meanwhile.
pub trait Observer {
    /// What may go wrong with it; that ends what the session was asked to do.
    type Error: From<SessionError>;

    /// A record is about to be folded: the last moment at which the state is still as it was before.
    fn before(&mut self, _state: &RunState, _record: &Record) {}

    /// Something has arrived; a record is folded into the state already.
    fn arrived(&mut self, state: &RunState, update: &ToClient) -> Result<(), Self::Error>;

    /// The runner has ended; another one is sought.
    fn runner_ended(&mut self, run: &RunId) -> Result<(), Self::Error>;

    /// Another runner was found. What was recorded meanwhile has been told before.
    fn rejoined(&mut self, _state: &RunState) -> Result<(), Self::Error> {
        Ok(())
    }
}
