//! The clock of the process that owns a run: the only one that its record knows.

use chrono::Utc;

/// The time as people of this machine read it.
pub(super) fn now_here() -> String {
    chrono::Local::now().format("%Y-%m-%d %H:%M %Z").to_string()
}

/// When an event is recorded.
pub(super) fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}
