//! A connection to the runner of one run, over its socket or within this process.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

use crate::protocol::screen::Shown;
use crate::protocol::{Part, ToClient, ToRunner};
use crate::run_files::RunFiles;
use crate::runner::Line;
use crate::wire::{self, Outbox, WireError};

/// How long a runner may take to let a client go that leaves.
const TO_LET_GO: Duration = Duration::from_secs(5);

/// Who follows a run, and what for.
#[derive(Clone, Debug)]
pub struct Who {
    /// The person's name.
    pub operator: String,
    /// What for.
    pub part: Part,
}

/// A connection to the runner of one run.
#[derive(Debug)]
pub struct Connection {
    line: Line,
    /// The runner's process.
    pid: u32,
}

impl Connection {
    /// To a runner in this process.
    pub(super) fn within(line: Line) -> Self {
        Self { line, pid: std::process::id() }
    }

    /// Sends a message. The answer, if any, comes as an update. One to a runner that has gone goes nowhere.
    pub fn send(&self, message: ToRunner) {
        let _gone = self.line.to.send(message);
    }

    /// The next update; `None` when the runner is gone.
    pub async fn next(&mut self) -> Option<ToClient> {
        self.line.from.next().await
    }

    /// An update that has arrived already.
    pub fn ready(&mut self) -> Option<ToClient> {
        self.line.from.ready()
    }

    /// The process that the runner is in.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Leaves, and waits until everything that was sent has gone out; a runner that hangs is not waited for.
    pub async fn leave(mut self) {
        self.send(ToRunner::Leave);
        let gone = async { while self.next().await.is_some_and(|u| u != ToClient::Ended) {} };
        let _hangs = tokio::time::timeout(TO_LET_GO, gone).await;
    }
}

/// A connection over the runner's socket.
pub(super) async fn connect(run: &RunFiles, who: &Who) -> Result<Connection, WireError> {
    let stream = wire::connect(&run.socket()).await?;
    let (mut incoming, mut outgoing, theirs) = wire::greet::<ToClient, ToRunner>(stream).await?;
    outgoing.send(&ToRunner::Attach { operator: who.operator.clone(), part: who.part }).await?;
    let pid = theirs.pid;
    let (to, mut messages) = unbounded_channel::<ToRunner>();
    tokio::spawn(async move {
        while let Some(message) = messages.recv().await {
            if outgoing.send(&message).await.is_err() {
                return;
            }
        }
    });
    let from = Arc::new(Outbox::new(ToClient::screen_of));
    let inbox = Arc::clone(&from);
    tokio::spawn(async move {
        let mut shown = Shown::default();
        let mut remark = theirs.remark("the runner");
        while let Ok(update) = incoming.next().await {
            // It follows what tells the client how things stand.
            let settled = matches!(update, ToClient::Control(_));
            inbox.push(match update {
                ToClient::Changed { command, change } => {
                    let screen = Box::new(shown.apply(&command, change));
                    ToClient::Screen { command, screen }
                }
                other => other,
            });
            if let Some(remark) = remark.take_if(|_| settled) {
                inbox.push(ToClient::Trouble(remark));
            }
        }
        inbox.close();
    });
    Ok(Connection { line: Line { to, from }, pid })
}
