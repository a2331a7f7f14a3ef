//! Tells others of a run: one message after another, tried again while nobody takes it.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::inbox::{Inbox, Sent};
use crate::config::{MessageSettings, Milestone};
use crate::exec::spawn;
use crate::probe;
use crate::run::{Record, RunState};

/// How long is waited before each try after the first.
const BACKOFF: [u64; 4] = [1, 2, 4, 8];

/// How long a receiver may take to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// How long a command may take.
const COMMAND: Duration = Duration::from_secs(30);

/// A message on its way.
#[derive(Debug)]
struct Message {
    milestone: Milestone,
    text: String,
    body: Value,
}

/// The way to the task that sends.
#[derive(Debug)]
pub(super) struct Messenger {
    settings: MessageSettings,
    queue: UnboundedSender<Message>,
    /// Messages that nobody has heard of yet.
    open: usize,
}

impl Messenger {
    /// Starts it, where a receiver is named.
    pub(super) fn start(
        settings: MessageSettings,
        directory: PathBuf,
        inbox: UnboundedSender<Inbox>,
    ) -> Option<Self> {
        if settings.webhook.is_none() && settings.command.is_none() {
            return None;
        }
        let (queue, messages) = unbounded_channel();
        tokio::spawn(send_all((settings.clone(), directory), messages, inbox));
        Some(Self { settings, queue, open: 0 })
    }

    /// Tells of a milestone, where that is wanted.
    pub(super) fn tell(&mut self, (milestone, text): (Milestone, String), state: &RunState, record: &Record) {
        if !self.settings.wants(milestone) {
            return;
        }
        let body = json!({
            // Slack and what takes the same payload show this.
            "text": text,
            "milestone": milestone,
            "run": state.id(),
            "environment": state.environment(),
            "production": state.production(),
            "at": record.at.to_rfc3339(),
            "event": record.seq,
            // Truncation of the journal shows against this.
            "head": record.prev,
        });
        let receivers =
            usize::from(self.settings.webhook.is_some()) + usize::from(self.settings.command.is_some());
        if self.queue.send(Message { milestone, text, body }).is_ok() {
            self.open += receivers;
        }
    }

    /// It was heard what became of one.
    pub(super) fn heard(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    /// Whether some are still on their way.
    pub(super) fn is_busy(&self) -> bool {
        self.open > 0
    }
}

async fn send_all(
    (settings, directory): (MessageSettings, PathBuf),
    mut messages: UnboundedReceiver<Message>,
    inbox: UnboundedSender<Inbox>,
) {
    while let Some(message) = messages.recv().await {
        if let Some(url) = &settings.webhook {
            let (attempts, failed) = post(url, &message.body).await;
            tell(&inbox, &message, "webhook", (attempts, failed));
        }
        if let Some(command) = &settings.command {
            let failed = run(command.clone(), directory.clone(), message.body.to_string()).await;
            tell(&inbox, &message, "command", (1, failed));
        }
    }
}

fn tell(inbox: &UnboundedSender<Inbox>, message: &Message, to: &'static str, came: (u32, Option<String>)) {
    let (milestone, text) = (message.milestone, message.text.clone());
    let _ended = inbox.send(Inbox::Sent(Sent { milestone, text, to, attempts: came.0, failed: came.1 }));
}

/// Posts until somebody takes it; how often it was tried, and why it did not arrive.
async fn post(url: &str, body: &Value) -> (u32, Option<String>) {
    let client = match probe::client() {
        Ok(client) => client,
        Err(why) => return (0, Some(why)),
    };
    let mut attempts = 0;
    loop {
        attempts += 1;
        let failed = match try_once(&client, url, body).await {
            Ok(()) => return (attempts, None),
            Err((why, false)) => return (attempts, Some(why)),
            Err((why, true)) => why,
        };
        let Some(wait) = BACKOFF.get(attempts as usize - 1) else { return (attempts, Some(failed)) };
        tokio::time::sleep(Duration::from_secs(*wait)).await;
    }
}

/// Why it was not taken, and whether that may change.
async fn try_once(client: &Client, url: &str, body: &Value) -> Result<(), (String, bool)> {
    let request = client.post(url).timeout(ANSWER).header("Content-Type", "application/json");
    // The address of a webhook is as good as a password: no error tells it.
    let answer = request.body(body.to_string()).send().await.map_err(|e| (probe::why(&e), true))?;
    let status = answer.status();
    let later = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    if status.is_success() { Ok(()) } else { Err((format!("it answered {}", status.as_u16()), later)) }
}

async fn run(command: String, directory: PathBuf, body: String) -> Option<String> {
    let ran = tokio::task::spawn_blocking(move || spawn::ask(&command, &directory, &body, COMMAND)).await;
    match ran {
        Ok(Ok(asked)) if asked.status == Some(0) => None,
        Ok(Ok(asked)) => Some(asked.said()),
        Ok(Err(error)) => Some(error.to_string()),
        Err(error) => Some(error.to_string()),
    }
}
