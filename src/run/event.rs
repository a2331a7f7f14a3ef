//! What can happen in a run. Events are small, versioned and never change once written.

mod kinds;
mod newer;
pub(super) mod parts;
mod record;
mod stored;

pub use kinds::Event;
pub use newer::Newer;
pub use parts::*;
pub use record::{RECORD_VERSION, Record, Stored};
