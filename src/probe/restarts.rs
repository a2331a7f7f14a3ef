//! Restarts between two looks: something that was down for a moment is well when it is looked at.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::run::health::Level;

/// What was restarted less than this ago is something to watch.
const RECENT: Duration = Duration::from_mins(5);

/// So many restarts within [`RECENT`] are a loop.
const LOOP: i64 = 3;

/// How often something was restarted, over its last looks.
#[derive(Default)]
pub(super) struct Restarts {
    /// The counts of the last minutes; the first is of before them.
    counts: VecDeque<(Instant, i64)>,
}

impl Restarts {
    /// Takes the count in; what it comes to, where that is worth a word.
    pub(super) fn count(&mut self, count: i64, now: Instant) -> Option<(Level, String)> {
        // What counts from its beginning again was replaced.
        if self.counts.back().is_some_and(|(_, before)| count < *before) {
            self.counts.clear();
        }
        if self.counts.back().is_none_or(|(_, before)| count != *before) {
            self.counts.push_back((now, count));
        }
        // A change counts from when it was seen: what was before it stays until the change is old.
        while self.counts.get(1).is_some_and(|(at, _)| now.duration_since(*at) > RECENT) {
            self.counts.pop_front();
        }
        let first = self.counts.front()?.1;
        match count - first {
            0 => None,
            times if times >= LOOP => Some((Level::Alert, format!("restarted {times} times in 5 min"))),
            _ => Some((Level::Watch, "restarted just now".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restarts_between_looks_are_seen_and_a_loop_is_an_alert() {
        let start = Instant::now();
        let mut restarts = Restarts::default();
        let mut level = |count, minutes| {
            restarts.count(count, start + Duration::from_mins(minutes)).map(|(level, _)| level)
        };
        assert_eq!(level(7, 0), None, "what was before the first look is old");
        assert_eq!(level(8, 1), Some(Level::Watch));
        assert_eq!(level(8, 2), Some(Level::Watch));
        assert_eq!(level(10, 3), Some(Level::Alert));
        assert_eq!(level(10, 20), None);
        assert_eq!(level(0, 21), None, "it was replaced");
    }
}
