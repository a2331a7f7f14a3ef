//! How the service is: what probes saw, and what that comes to against the document's targets.
//!
//! Pure. The runner folds samples into a [`Health`] and hands the same samples to every client, which folds them
//! too: all see the same figures. Nothing is ever invented: what was not seen says why, and is never shown as ok.

mod answer;
mod answers;
mod asks;
mod counting;
pub(super) mod evidence;
mod fold;
mod history;
mod kept;
pub(super) mod level;
pub(super) mod reason;
pub(super) mod row;
mod rows;
pub(super) mod sample;
mod series;
mod settings;
mod stopped;
mod usual;
pub(super) mod watch;
mod words;

pub use answer::{Asking, answer, was_looked_at};
pub use answers::{Answered, Answers, Called, Windowed};
pub use counting::Was;
pub use evidence::{Answer, Evidence};
pub use fold::{Counted, Health};
pub use history::{Cell, Glance, History, Spell, Tally};
pub use level::{Bounds, Level, RowLevel, Steady};
pub use reason::{Reason, Unseen};
pub use row::{Reading, Row, Unwell};
pub use sample::{Figure, Measured, RowId, Sample, Seen, Subject};
pub use series::{BUCKET_S as COARSE_S, Coarse, Point, Series};
pub use stopped::{StoppedBy, concerns, quiet, row_level, stopped_by};
pub use usual::Usual;
pub use watch::{Target, Watch};
pub use words::amount;
