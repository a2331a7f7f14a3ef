//! Shows a run without owning it: reads its journal and recordings, and refuses everything else.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::clients::ToIt;
use super::handle::Line;
use super::reader::{Reader, Reading};
use super::start::RunnerError;
use crate::protocol::{Control, ToClient, ToRunner};
use crate::run::{Refusal, RunState, Seq};
use crate::runbook;
use crate::store::RunDirectory;
use crate::wire::Outbox;

/// How often it is looked whether somebody else has written to the journal.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Follows a run that no runner owns, or only one that can't be reached.
struct Viewer {
    directory: RunDirectory,
    state: RunState,
    reader: Reader,
    client: ToIt,
}

/// Shows a run without owning it.
pub fn view(directory: RunDirectory) -> Result<Line, RunnerError> {
    let document = directory.document()?;
    let records = directory.records_after(Seq(0))?;
    let runbook = Arc::new(runbook::read(&document));
    let state = records.iter().fold(RunState::new(runbook), RunState::apply);
    let from = Arc::new(Outbox::new(ToClient::screen_of));
    from.push(ToClient::Welcome { document, records: records.len() as u64 });
    for record in records {
        from.push(ToClient::Recorded(Box::new(record)));
    }
    from.push(ToClient::Control(Control::default()));
    let (to, inbox) = unbounded_channel();
    let reader = Reader::start(directory.recordings())?;
    let viewer = Viewer { directory, state, reader, client: Arc::clone(&from) };
    tokio::spawn(viewer.work(inbox));
    Ok(Line { to, from })
}

impl Viewer {
    /// Works until the client leaves.
    async fn work(mut self, mut inbox: UnboundedReceiver<ToRunner>) {
        loop {
            match tokio::time::timeout(LOOK_EVERY, inbox.recv()).await {
                Ok(Some(ToRunner::Leave) | None) => break,
                Ok(Some(message)) => self.message(message),
                Err(_) => self.look(),
            }
        }
        self.client.push(ToClient::Ended);
        self.client.close();
    }

    fn message(&self, message: ToRunner) {
        let to = Arc::clone(&self.client);
        match message {
            ToRunner::Ask { number, .. } => {
                self.client.push(ToClient::Answered { number, refused: Some(Refusal::ViewOnly) });
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
        match tokio::task::block_in_place(|| self.directory.records_after(seq)) {
            Ok(records) => {
                for record in records {
                    let empty = RunState::new(self.state.runbook_arc());
                    self.state = std::mem::replace(&mut self.state, empty).apply(&record);
                    self.client.push(ToClient::Recorded(Box::new(record)));
                }
            }
            Err(error) => drop(self.client.push(ToClient::Trouble(error.to_string()))),
        }
    }
}
