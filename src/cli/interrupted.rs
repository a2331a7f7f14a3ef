//! Signals that end a client in order: the run that it follows goes on.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exec::proc::ignored_signals;

/// Listens for INT, TERM and HUP from the moment it is made.
pub(super) struct Interrupted {
    signals: Vec<Signal>,
}

impl Interrupted {
    /// Begins to listen. What was ignored when we were started (`nohup`) stays ignored.
    pub(super) fn listen() -> io::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let ignored = ignored_signals();
        let wanted = kinds.into_iter().filter(|kind| ignored & (1 << (kind.as_raw_value() - 1)) == 0);
        Ok(Self { signals: wanted.map(signal).collect::<io::Result<_>>()? })
    }

    /// Waits for one of them.
    pub(super) async fn came(&mut self) {
        let waits: Vec<_> = self.signals.iter_mut().map(|s| Box::pin(s.recv())).collect();
        if waits.is_empty() {
            return std::future::pending().await;
        }
        let _which = futures::future::select_all(waits).await;
    }
}
