//! The place that a run's commands run in: a thread of this process, or a process of its own.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedSender;

use super::actor::Inbox;
use crate::exec::{ExecError, FromPlace, Remote, Report, Shim, ShimSettings, Standing, ToShim};

/// Where commands run.
#[derive(Clone, Debug)]
pub(super) enum Home {
    /// In this process.
    Thread,
    /// In a process of its own, kept in this directory.
    Process(PathBuf),
}

/// The way to it.
#[derive(Debug)]
pub(super) enum Place {
    Thread(Shim),
    Process(Remote),
}

impl Place {
    /// Starts one.
    pub(super) async fn start(
        home: &Home,
        settings: ShimSettings,
        inbox: UnboundedSender<Inbox>,
    ) -> Result<(Self, Standing), ExecError> {
        match home {
            Home::Thread => {
                let shim = Shim::start(settings, move |report| {
                    let _ended = inbox.send(Inbox::Place(Report { number: None, report }));
                })?;
                Ok((Self::Thread(shim), Standing::default()))
            }
            Home::Process(directory) => {
                let at = directory.clone();
                let started = tokio::task::spawn_blocking(move || Remote::start(&at, &settings)).await;
                started.map_err(|e| ExecError::Refused(e.to_string()))??;
                Self::find(directory, inbox).await
            }
        }
    }

    /// Connects to one that is at work already.
    pub(super) async fn find(
        directory: &Path,
        inbox: UnboundedSender<Inbox>,
    ) -> Result<(Self, Standing), ExecError> {
        let take = move |message| {
            let _ended = inbox.send(match message {
                FromPlace::Report(report) => Inbox::Place(report),
                FromPlace::Gone => Inbox::PlaceGone,
            });
        };
        let (remote, standing) = Remote::connect(directory, take).await?;
        Ok((Self::Process(remote), standing))
    }

    /// Sends a message.
    pub(super) fn send(&self, message: ToShim) {
        match self {
            Self::Thread(shim) => shim.send(message),
            Self::Process(remote) => remote.send(message),
        }
    }

    /// Says that what was reported up to this number is durable.
    pub(super) fn taken(&self, number: Option<u64>) {
        if let (Self::Process(remote), Some(number)) = (self, number) {
            remote.taken(number);
        }
    }
}
