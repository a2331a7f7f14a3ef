//! The place that a run's commands run in: a thread of this process, or a process of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::exec::{ExecError, FromPlace, Remote, Report, Shim, ShimSettings, Standing, ToShim};
use crate::wire::WireError;

/// How often one is tried that is at work and can't be reached.
const TRIES: u32 = 100;
/// How long between two tries.
const BETWEEN: Duration = Duration::from_millis(50);
/// How long a process that was killed may take to be gone.
const TO_END: Duration = Duration::from_millis(300);

/// Where commands run.
#[derive(Clone, Debug)]
pub(super) enum Home {
    /// In this process.
    Thread,
    /// In a process of its own, kept in this directory.
    Process(PathBuf),
}

impl Home {
    /// Whether a place is still at work in it when the way to it has ended. One that was killed needs a moment to be
    /// gone.
    pub(super) fn still_at_work(&self) -> bool {
        let Self::Process(directory) = self else { return false };
        let start = Instant::now();
        while Remote::at_work(directory) {
            if start.elapsed() > TO_END {
                return true;
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        false
    }
}

/// The way to it.
#[derive(Debug)]
pub(super) enum Place {
    Thread(Shim),
    Process(Remote),
    /// One that does nothing: what it is sent goes to a test.
    #[cfg(test)]
    Fake(tokio::sync::mpsc::UnboundedSender<ToShim>),
}

impl Place {
    /// Starts one.
    pub(super) async fn start(
        home: &Home,
        settings: ShimSettings,
        told: impl Fn(FromPlace) + Send + 'static,
    ) -> Result<(Self, Standing), ExecError> {
        match home {
            Home::Thread => {
                let shim = Shim::start(settings, move |report| {
                    told(FromPlace::Report(Report { number: None, report }));
                })?;
                Ok((Self::Thread(shim), Standing::default()))
            }
            Home::Process(directory) => {
                let at = directory.clone();
                let started = tokio::task::spawn_blocking(move || Remote::start(&at, &settings)).await;
                started.map_err(|e| ExecError::Refused(e.to_string()))??;
                Self::find(directory, told).await
            }
        }
    }

    /// Connects to one that is at work; nothing where none is. One that hangs, or speaks another language, is at work
    /// all the same.
    pub(super) async fn look(
        home: &Home,
        told: &(impl Fn(FromPlace) + Clone + Send + 'static),
    ) -> Result<Option<(Self, Standing)>, ExecError> {
        let Home::Process(directory) = home else { return Ok(None) };
        let mut tries = 0;
        loop {
            match Self::find(directory, told.clone()).await {
                Ok(found) => return Ok(Some(found)),
                // It may be just starting or just ending: its lock tells.
                Err(error @ ExecError::Wire(WireError::Connect { .. } | WireError::Closed)) => {
                    if !Remote::at_work(directory) {
                        return Ok(None);
                    }
                    if tries == TRIES {
                        return Err(error);
                    }
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }

    /// Connects to one that is at work already.
    async fn find(
        directory: &Path,
        told: impl Fn(FromPlace) + Send + 'static,
    ) -> Result<(Self, Standing), ExecError> {
        let (remote, standing) = Remote::connect(directory, told).await?;
        Ok((Self::Process(remote), standing))
    }

    /// Sends a message.
    pub(super) fn send(&self, message: ToShim) {
        match self {
            Self::Thread(shim) => shim.send(message),
            Self::Process(remote) => remote.send(message),
            #[cfg(test)]
            Self::Fake(to) => drop(to.send(message)),
        }
    }

    /// Says that what was reported up to this number is durable.
    pub(super) fn taken(&self, number: Option<u64>) {
        if let (Self::Process(remote), Some(number)) = (self, number) {
            remote.taken(number);
        }
    }
}
