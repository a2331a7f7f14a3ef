//! Says that an owner is there while nothing happens that would say so.

use std::sync::Arc;
use std::time::Duration;

/// Keeps an owner's claim alive for as long as its journal is open.
#[derive(Debug)]
pub(super) struct Heartbeat {
    _stops: Arc<()>,
}

impl Heartbeat {
    /// Calls `beat` every so often from a thread of its own, until this is dropped or `beat` has had enough. What made
    /// the claim has said so by itself: the first beat comes after the first pause, and none from who has left meanwhile.
    pub(super) fn start(every: Duration, beat: impl Fn() -> bool + Send + 'static) -> Self {
        let stops = Arc::new(());
        let alive = Arc::downgrade(&stops);
        let body = move || {
            let mut goes_on = true;
            while goes_on {
                std::thread::park_timeout(every);
                goes_on = alive.strong_count() > 0 && beat();
            }
        };
        // Without it the run could be taken up by somebody else after a while, which the next line would notice.
        let _none = std::thread::Builder::new().name("heartbeat".into()).spawn(body);
        Self { _stops: stops }
    }
}
