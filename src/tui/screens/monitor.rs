//! Monitor: the document's windows after the deployment, round by round.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::run::board::Board;
use crate::run::health::{Cell, Health};
use crate::run::monitoring::{Round, RoundId, Watched};
use crate::runbook::{ItemId, Monitoring};

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

/// Parts of a round's strip.
pub const PARTS: usize = 4;

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct MonitorState {
    /// The item at the cursor.
    pub item: usize,
}

/// What was seen within the rounds, by round and item.
pub type Spans = BTreeMap<(RoundId, ItemId), Vec<Cell>>;

/// The levels within each round of a window, of the rows that an item's answers name: the worst of them in each part.
/// What no row is named for has none.
pub fn spans(
    (board, health): (&Board, &Health),
    watched: &Watched,
    (number, window): (u32, &Monitoring),
    now: DateTime<Utc>,
) -> Spans {
    let Some(every_s) = window.every_s else { return Spans::new() };
    let mut spans = Spans::new();
    for item in &window.items {
        let words = |round: &&Round| round.evidence_of(&item.id).map(|e| e.words.clone());
        let rounds = || watched.rounds.iter().filter(|r| r.id.window == number);
        // An open round has no evidence yet: it is about what the last one was about.
        let Some(words) = rounds().rev().find_map(|round| words(&round)) else { continue };
        let named = board.rows.iter().filter(|row| names(&words, &row.title) || names(&words, &row.subject));
        let histories: Vec<_> = named
            .filter_map(|row| Some((health.history(&row.id)?, row.probe.as_ref().map_or(1, |p| p.every_s))))
            .collect();
        if histories.is_empty() {
            continue;
        }
        for round in rounds() {
            let parts = (round.due.timestamp(), (every_s as i64 / PARTS as i64).max(1), PARTS);
            let ends = round.due + TimeDelta::seconds(every_s as i64);
            let cells = histories
                .iter()
                .map(|(history, every)| history.cells(parts, *every, now.min(ends).timestamp()));
            spans.insert((round.id, item.id.clone()), worst(cells));
        }
    }
    spans
}

/// Whether words name something: as a whole, not as a part of another word.
fn names(words: &str, title: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    title.chars().count() > 2
        && words.match_indices(title).any(|(at, found)| {
            let (before, after) = (words.get(..at), words.get(at + found.len()..));
            ends(before.and_then(|b| b.chars().next_back())) && ends(after.and_then(|a| a.chars().next()))
        })
}

fn worst(all: impl Iterator<Item = Vec<Cell>>) -> Vec<Cell> {
    let rank = |cell: &Cell| match cell {
        Cell::Failed => 0,
        Cell::Level(level) => 1 + *level as u8,
        Cell::Blank => u8::MAX,
    };
    let mut worst = vec![Cell::Blank; PARTS];
    for cells in all {
        for (known, cell) in worst.iter_mut().zip(cells) {
            if rank(&cell) < rank(known) {
                *known = cell;
            }
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::health::RowLevel;

    #[test]
    fn a_round_shows_the_worst_of_what_its_item_names() {
        assert!(names("/health 200 in 24 ms", "/health") && names("watch: CPU Usage 61 %", "CPU Usage"));
        assert!(!names("/healthier 200", "/health") && !names("ok", "ok"));
        let (ok, blank) = (Cell::Level(RowLevel::Ok), Cell::Blank);
        let alert = Cell::Level(RowLevel::Alert);
        let all = vec![vec![ok, alert, ok, blank], vec![ok, ok, Cell::Failed, blank]];
        assert_eq!(worst(all.into_iter()), [ok, alert, Cell::Failed, blank]);
    }
}
