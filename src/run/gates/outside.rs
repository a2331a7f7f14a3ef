//! What is known of the outside when a gate is looked at.

use chrono::{DateTime, Utc};

use crate::run::health::{Health, Unwell};

/// What the outside is like when a gate is looked at.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Rows of what is watched that are not well.
    pub unwell: Vec<Unwell>,
    /// The time, for the window.
    pub now: Option<DateTime<Utc>>,
}

impl Outside {
    /// As it is now, where something is watched.
    pub fn at(now: DateTime<Utc>, health: Option<&Health>) -> Self {
        Self { unwell: health.map_or(vec![], |h| h.unwell(now)), now: Some(now) }
    }
}
