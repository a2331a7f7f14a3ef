//! Shows a run without owning it: reads its journal and recordings, and refuses everything else.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::actor::Inbox;
use super::reader::{Reader, Reading};
use crate::protocol::{ToClient, ToRunner};
use crate::run::{Refusal, RunState};
use crate::store::RunDirectory;

/// How often it is looked whether the journal has grown.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Follows a run that another process may own.
pub(super) struct Viewer {
    pub(super) directory: RunDirectory,
    pub(super) state: RunState,
    pub(super) reader: Reader,
    pub(super) client: UnboundedSender<ToClient>,
}

impl Viewer {
    /// Works until the client leaves.
    pub(super) async fn work(mut self, mut inbox: UnboundedReceiver<Inbox>) {
        loop {
            match tokio::time::timeout(LOOK_EVERY, inbox.recv()).await {
                Ok(Some(Inbox::Client(ToRunner::Leave)) | None) => break,
                Ok(Some(Inbox::Client(message))) => self.message(message),
                Ok(Some(_)) => {}
                Err(_) => self.look(),
            }
        }
        let _gone = self.client.send(ToClient::Ended);
    }

    fn message(&self, message: ToRunner) {
        let to = vec![self.client.clone()];
        match message {
            ToRunner::Ask { number, .. } => {
                let _gone = self.client.send(ToClient::Answered { number, refused: Some(Refusal::ViewOnly) });
            }
            ToRunner::Read { number, query } => {
                let what = (query.command.clone(), query.attempt);
                self.reader.read(&self.state, what, Reading::Page { number, query }, to);
            }
            ToRunner::Save { command, attempt, path, lines } => {
                self.reader.read(&self.state, (command, attempt), Reading::Save { path, lines }, to);
            }
            _ => {}
        }
    }

    /// Tells what was added to the journal since.
    fn look(&mut self) {
        let seq = self.state.seq();
        let records = tokio::task::block_in_place(|| self.directory.records_after(seq));
        match records {
            Ok(records) => {
                for record in records {
                    let empty = RunState::new(self.state.runbook_arc());
                    self.state = std::mem::replace(&mut self.state, empty).apply(&record);
                    let _gone = self.client.send(ToClient::Recorded(Box::new(record)));
                }
            }
            Err(error) => {
                let _gone = self.client.send(ToClient::Trouble(error.to_string()));
            }
        }
    }
}
