//! How often and how soon another runner is sought: a few times with growing pauses, and anew once one has stayed.

use std::time::Duration;

use tokio::time::Instant;

/// How many runners may be sought one after the other.
const MOST: u32 = 8;
/// The pause before the second one; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A runner that was there for so long did not end because of how it began.
const STAYED: Duration = Duration::from_secs(30);

/// What is left of the tries.
#[derive(Debug)]
pub(super) struct Tries {
    made: u32,
    /// When the runner that is followed was reached.
    reached: Instant,
}

impl Tries {
    /// None was made yet.
    pub(super) fn new() -> Self {
        Self { made: 0, reached: Instant::now() }
    }

    /// A runner has ended: one that had been there for long begins the count anew.
    pub(super) fn ended(&mut self) {
        if self.reached.elapsed() >= STAYED {
            self.made = 0;
        }
    }

    /// The pause before the next try; nothing when there were enough.
    pub(super) fn next(&mut self) -> Option<Duration> {
        self.made += 1;
        match self.made {
            1 => Some(Duration::ZERO),
            made if made <= MOST => Some(LONGEST_PAUSE.min(FIRST_PAUSE * 2u32.pow(made - 2))),
            _ => None,
        }
    }

    /// How many were made.
    pub(super) fn made(&self) -> u32 {
        self.made.min(MOST)
    }

    /// A runner was reached.
    pub(super) fn reached(&mut self) {
        self.reached = Instant::now();
    }

    /// The runner that is followed has answered: it is one to work with.
    pub(super) fn answered(&mut self) {
        self.made = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_end_and_begin_anew_with_a_runner_that_stays() {
        let mut tries = Tries::new();
        let pauses: Vec<u128> = std::iter::from_fn(|| tries.next()).map(|p| p.as_millis()).collect();
        assert_eq!(pauses, [0, 100, 200, 400, 800, 1600, 3200, 5000]);
        assert_eq!(tries.made(), MOST);
        tries.reached();
        tries.ended();
        assert_eq!(tries.next(), None, "it ended at once");
        tries.reached();
        tokio::time::advance(STAYED).await;
        tries.ended();
        assert_eq!(tries.next(), Some(Duration::ZERO));
        assert_eq!(tries.next(), Some(FIRST_PAUSE));
        tries.answered();
        assert_eq!(tries.next(), Some(Duration::ZERO));
    }
}
