//! What looks: one for each kind of source, with what it keeps between two looks.

use std::time::Duration;

use futures::future::BoxFuture;

use crate::run::health::Seen;

/// Something that looks at one source.
pub(super) trait Collector: Send {
    /// Looks; the source is given so long.
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen>;

    /// How its figure was before the first look, where the source keeps that: looked up once.
    fn earlier(&mut self, _limit: Duration) -> BoxFuture<'_, Option<Seen>> {
        Box::pin(std::future::ready(None))
    }

    /// A look was given up: what was kept of it may be half done.
    fn forget(&mut self) {}

    /// Ends when the source tells by itself that something has changed.
    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}
