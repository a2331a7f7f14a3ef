//! How the service is: what probes saw, and what that comes to against the document's targets.
//!
//! Pure. The runner folds samples into a [`Health`] and hands the same samples to every client, which folds them
//! too: all see the same figures. Nothing is ever invented: what was not seen is absent or stale.

mod answer;
pub(super) mod board;
pub(super) mod evidence;
pub(super) mod level;
mod quiet;
pub(super) mod sample;
mod series;
mod settings;
pub(super) mod watch;
mod words;

pub use answer::answer;
pub use board::{Counted, Health, Row, Unwell, count};
pub use evidence::{Answer, Evidence};
pub use level::{Bounds, Level, Steady};
pub use quiet::quiet;
pub use sample::{Figure, Measured, RowId, Sample, Seen, Subject};
pub use series::{BUCKET_S as COARSE_S, Coarse, Point, Series};
pub use watch::{Target, Watch};
pub use words::amount;
