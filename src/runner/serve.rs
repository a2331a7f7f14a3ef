//! The runner as a process of its own: it owns one run and lets clients in at a socket in the run's directory.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::handle::{Handle, Line};
use super::inbox::Inbox;
use super::start::{Launch, Owner, RunnerError, own};
use crate::exec::login;
use crate::protocol::screen::Shown;
use crate::protocol::{ToClient, ToRunner};
use crate::run_files::RunFiles;
use crate::store::{Store, StoreError};
use crate::wire::{self, Outgoing, WireError};

/// What a runner's process says when it is up, or can't be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// Why.
    pub message: String,
    /// Somebody else has what is needed.
    pub held: bool,
}

/// Owns a run until it is over and nobody follows it: `opened` is where it is kept, or why that can't be had. `ready`
/// is told once clients can connect, or why they never will.
pub async fn serve(
    opened: Result<(Arc<dyn Store>, RunFiles), StoreError>,
    launch: Launch,
    ready: impl FnOnce(Result<(), Refused>),
) -> Result<(), RunnerError> {
    let up = async {
        let (store, files) = opened?;
        let owner = own(store, files, launch, false).await?;
        let listener = wire::listen(&owner.actor.files().socket())?;
        Ok::<_, RunnerError>((owner, listener))
    };
    let (owner, listener) = match up.await {
        Ok(up) => up,
        Err(error) => {
            ready(Err(Refused { message: error.to_string(), held: error.is_held() }));
            return Err(error);
        }
    };
    ready(Ok(()));
    let Owner { actor, inbox, handle } = owner;
    let socket = actor.files().socket();
    let to_actor = handle.inbox();
    tokio::task::spawn_blocking(move || {
        if let Some(dies) = login::dies() {
            let _over = to_actor.send(Inbox::Dies(dies));
        }
    });
    let doors = tokio::spawn(accept(listener, handle));
    // Gone before the lock is: the next owner's socket is not this one's to take away.
    actor.work(inbox, || drop(std::fs::remove_file(socket))).await;
    doors.abort();
    Ok(())
}

/// So many may be there at once who have not said yet who they are; others wait in the socket's queue.
const UNKNOWN: usize = 64;

async fn accept(listener: UnixListener, handle: Handle) {
    let unknown = Arc::new(Semaphore::new(UNKNOWN));
    loop {
        let Ok(place) = Arc::clone(&unknown).acquire_owned().await else { return };
        let to_actor = handle.inbox();
        let stream = wire::accept(&listener, move |error| {
            let words = format!("new clients can't connect to this run right now: {error}");
            let _over = to_actor.send(Inbox::Trouble(words));
        });
        let (stream, handle) = (stream.await, handle.clone());
        tokio::spawn(async move {
            // A client that goes away, or was never one of ours, is no trouble of the run's.
            let _gone = let_in(stream, handle, place).await;
        });
    }
}

/// Talks to one client until it leaves.
async fn let_in(stream: UnixStream, handle: Handle, unknown: OwnedSemaphorePermit) -> Result<(), WireError> {
    let (mut incoming, outgoing, _) = wire::greet::<ToRunner, ToClient>(stream).await?;
    let first = tokio::time::timeout(wire::PATIENCE, incoming.next());
    let Ok(Ok(ToRunner::Attach { operator, part })) = first.await else { return Err(WireError::Closed) };
    drop(unknown);
    let line = handle.attach(operator, part);
    let from = Arc::clone(&line.from);
    let writer = tokio::spawn(async move { write(&from, outgoing).await });
    let Line { to, from } = line;
    loop {
        match incoming.next().await {
            Ok(message) => {
                if to.send(message).is_err() {
                    break;
                }
            }
            Err(error @ WireError::Message(_)) => {
                from.push(ToClient::Trouble(error.to_string()));
                break;
            }
            Err(_) => break,
        }
    }
    drop(to);
    from.close();
    writer.await.unwrap_or(Err(WireError::Closed))
}

/// Sends what waits; of screens only what has changed.
async fn write(from: &wire::Outbox<ToClient>, mut outgoing: Outgoing<ToClient>) -> Result<(), WireError> {
    let mut shown = Shown::default();
    while let Some(update) = from.next().await {
        let update = match update {
            ToClient::Screen { command, screen } => {
                let change = shown.change(&command, *screen);
                ToClient::Changed { command, change }
            }
            other => other,
        };
        outgoing.send(&update).await?;
    }
    Ok(())
}
