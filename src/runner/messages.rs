//! Tells others of a run: one message after another, tried again while nobody takes it.

use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;
use reqwest::{Client, StatusCode};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::inbox::{Inbox, Sent};
use super::receivers::{self, Asked, Told};
use crate::config::{MessageSettings, Milestone, Receiver};
use crate::exec::spawn;
use crate::probe;
use crate::run::clock::Outage;
use crate::run::{Record, RunState};

/// How long is waited before each try after the first.
const BACKOFF: [u64; 4] = [1, 2, 4, 8];

/// How long a receiver may take to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// How long a command may take.
const COMMAND: Duration = Duration::from_secs(30);

/// The way to the tasks that send: one for each receiver, so that nobody waits for another one.
#[derive(Debug)]
pub(super) struct Messenger {
    settings: MessageSettings,
    receivers: Vec<(Receiver, UnboundedSender<Told>)>,
    command: Option<UnboundedSender<Told>>,
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
        let receivers = settings.receivers();
        if receivers.is_empty() && settings.command.is_none() {
            return None;
        }
        let sends = |receiver: Receiver| {
            let (queue, messages) = unbounded_channel();
            tokio::spawn(send_all(receiver.clone(), messages, inbox.clone()));
            (receiver, queue)
        };
        let receivers = receivers.into_iter().map(sends).collect();
        let command = settings.command.clone().map(|command| {
            let (queue, messages) = unbounded_channel();
            tokio::spawn(run_all((command, directory), messages, inbox.clone()));
            queue
        });
        Some(Self { settings, receivers, command, open: 0 })
    }

    /// Tells of a milestone whoever wants to hear of it.
    pub(super) fn tell(
        &mut self,
        (milestone, text): (Milestone, String),
        state: &RunState,
        record: &Record,
        before: Option<Outage>,
    ) {
        let told = Told {
            milestone,
            text,
            run: state.id().0.clone(),
            environment: state.environment().to_owned(),
            production: state.production(),
            at: record.at,
            event: record.seq.0,
            head: record.prev.clone(),
            down_since: before.filter(|_| milestone == Milestone::Up).map(|outage| outage.since),
        };
        let wants = |receiver: &Receiver| receiver.wants(milestone, &told.environment, &self.settings.on);
        let receivers = self.receivers.iter().filter(|(receiver, _)| wants(receiver)).map(|(_, queue)| queue);
        let command = self.command.iter().filter(|_| self.settings.on.contains(&milestone));
        self.open += receivers.chain(command).filter(|queue| queue.send(told.clone()).is_ok()).count();
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

async fn send_all(receiver: Receiver, mut messages: UnboundedReceiver<Told>, inbox: UnboundedSender<Inbox>) {
    while let Some(told) = messages.recv().await {
        let came = send(&receiver, &told).await;
        tell(&inbox, &told, &receiver.name, came);
    }
}

async fn run_all(
    (command, directory): (String, PathBuf),
    mut messages: UnboundedReceiver<Told>,
    inbox: UnboundedSender<Inbox>,
) {
    while let Some(told) = messages.recv().await {
        let failed = run(command.clone(), directory.clone(), told.json().to_string()).await;
        tell(&inbox, &told, "command", (1, failed));
    }
}

fn tell(inbox: &UnboundedSender<Inbox>, told: &Told, to: &str, (attempts, failed): (u32, Option<String>)) {
    let (milestone, text, to) = (told.milestone, told.text.clone(), to.to_owned());
    let _ended = inbox.send(Inbox::Sent(Sent { milestone, text, to, attempts, failed }));
}

/// What became of a message that somebody sends to see whether it arrives.
pub(crate) async fn try_out(receiver: &Receiver, operator: &str) -> Option<String> {
    let told = Told {
        milestone: Milestone::Started,
        text: format!("gonogo: a test by {operator}; nothing was deployed"),
        run: "test".to_owned(),
        environment: "Test".to_owned(),
        production: false,
        at: Utc::now(),
        event: Utc::now().timestamp_millis().unsigned_abs(),
        head: String::new(),
        down_since: None,
    };
    send(receiver, &told).await.1
}

async fn send(receiver: &Receiver, told: &Told) -> (u32, Option<String>) {
    match receivers::asked(receiver, told) {
        Ok(asked) => post(&asked).await,
        Err(why) => (0, Some(why)),
    }
}

/// Posts until somebody takes it; how often it was tried, and why it did not arrive.
async fn post(asked: &Asked) -> (u32, Option<String>) {
    let client = match probe::client() {
        Ok(client) => client,
        Err(why) => return (0, Some(why)),
    };
    let mut attempts = 0;
    loop {
        attempts += 1;
        let failed = match try_once(&client, asked).await {
            Ok(()) => return (attempts, None),
            Err((why, false)) => return (attempts, Some(why)),
            Err((why, true)) => why,
        };
        let Some(wait) = BACKOFF.get(attempts as usize - 1) else { return (attempts, Some(failed)) };
        tokio::time::sleep(Duration::from_secs(*wait)).await;
    }
}

/// Why it was not taken, and whether that may change.
async fn try_once(client: &Client, asked: &Asked) -> Result<(), (String, bool)> {
    let request = client.request(asked.method.clone(), &asked.address).timeout(ANSWER);
    let request = request.header("Content-Type", "application/json");
    let request = match &asked.authorization {
        Some(said) => request.header("Authorization", said),
        None => request,
    };
    // The address of a webhook is as good as a password: no error tells it.
    let answer = request.body(asked.body.to_string()).send().await.map_err(|e| (probe::why(&e), true))?;
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
