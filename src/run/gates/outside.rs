//! What is known of the outside when a gate is looked at.

use chrono::{DateTime, Utc};

use crate::run::health::{Health, Unwell, stopped_by};
use crate::run::state::RunState;

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
    pub fn at(now: DateTime<Utc>, health: Option<&Health>, state: Option<&RunState>) -> Self {
        let mut unwell = health.map_or(vec![], |h| h.unwell(now));
        for row in &mut unwell {
            // What answers again after a stop that was planned counts as bad for some looks more; nobody was told of it.
            if row.answers_again && state.is_some_and(|state| state.alert(&row.row).is_none()) {
                row.bad = false;
            }
            let stopped = health.zip(state).and_then(|(h, state)| stopped_by(state, h, &row.row));
            let Some(stopped) = stopped else { continue };
            // As planned it is known; what should be back is worse than it looks.
            row.bad = if stopped.is_overdue(now) { row.bad || stopped.itself } else { false };
            row.words = format!("stopped by {}: {}", stopped.command, row.words);
        }
        Self { unwell, now: Some(now) }
    }
}
