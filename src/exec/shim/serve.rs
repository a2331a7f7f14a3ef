//! A place as a process of its own. It works whether anybody owns the run or not; what nobody has taken yet waits.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Notify;

use super::desk::Desk;
use super::directory::{ledger, lock, socket};
use super::ledger::Book;
use super::message::{FromShim, Report, ShimSettings, ToPlace, ToShim};
use super::thread::Shim;
use crate::exec::ExecError;
use crate::protocol::screen::Shown;
use crate::wire::{self, Incoming, Outgoing, WireError};

/// Whether the place goes on after somebody has left it.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    GoesOn,
    Over,
}

/// Tells when the place's thread has ended.
struct OnEnd(Arc<Notify>);

impl Drop for OnEnd {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Works as a place that listens in `directory`, until it is told to end or no shell can be had. `ready` is called
/// once it listens.
pub async fn serve(directory: &Path, settings: ShimSettings, ready: impl FnOnce()) -> Result<(), ExecError> {
    // Held for as long as this process is there: nobody else works here, whatever else of it can't be reached.
    let _lock = lock(directory)?.ok_or_else(|| {
        ExecError::Refused(format!("another process works in {} already", directory.display()))
    })?;
    let book = Book::create(&ledger(directory))?;
    let listener = wire::listen(&socket(directory))?;
    let desk = Arc::new(Desk::new(book));
    let ended = Arc::new(Notify::new());
    let (reports, end) = (Arc::clone(&desk), OnEnd(Arc::clone(&ended)));
    let shim = Shim::start(settings, move |report| {
        let _with_the_thread = &end;
        reports.report(report);
    })?;
    ready();
    loop {
        tokio::select! {
            biased;
            () = ended.notified() => break,
            stream = wire::accept(&listener, |error| desk.remark(unreached(error))) => {
                let Ok((incoming, outgoing, _)) = wire::greet(stream).await else { continue };
                if talk(&desk, (&shim, &ended), incoming, outgoing).await == Left::Over {
                    break;
                }
            }
        }
    }
    let _gone = std::fs::remove_file(socket(directory));
    Ok(())
}

fn unreached(error: &std::io::Error) -> String {
    format!("for a while, nobody could reach the process that runs the commands: {error}")
}

/// Talks to whoever owns the run until they are gone. Everything they sent is done before anybody else is heard.
async fn talk(
    desk: &Desk,
    (shim, ended): (&Shim, &Notify),
    mut incoming: Incoming<ToPlace>,
    mut outgoing: Outgoing<Report>,
) -> Left {
    let outbox = desk.open();
    shim.send(ToShim::Stand);
    let mut shown = Shown::default();
    let write = async {
        while let Some(mut message) = outbox.next().await {
            if let FromShim::Screen { command, screen } = message.report {
                let change = shown.change(&command, *screen);
                message.report = FromShim::Changed { command, change };
            }
            outgoing.send(&message).await?;
        }
        Ok::<(), WireError>(())
    };
    let read = async {
        loop {
            match incoming.next().await {
                Ok(ToPlace::Taken(upto)) => desk.taken(upto),
                Ok(ToPlace::Do(ToShim::Shutdown)) => return Left::Over,
                Ok(ToPlace::Do(message)) => {
                    if let ToShim::Run { command, attempt, .. } = &message {
                        desk.began(command, *attempt);
                    }
                    shim.send_in_turn(message).await;
                }
                Err(_) => return Left::GoesOn,
            }
        }
    };
    let (mut read, mut write) = (std::pin::pin!(read), std::pin::pin!(write));
    let left = tokio::select! {
        left = &mut read => left,
        _gone = &mut write => read.await,
        () = ended.notified() => {
            // Its last words are still told.
            outbox.close();
            let _gone = write.await;
            Left::Over
        }
    };
    desk.close();
    left
}

#[cfg(test)]
mod tests;
