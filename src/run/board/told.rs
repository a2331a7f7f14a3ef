//! What changes between one look at the board and the next.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Board;
use super::row::Row;
use crate::run::health::{Counted, RowId, RowLevel};

/// A row's level until now.
#[derive(Clone, Debug)]
pub struct Was {
    /// The level.
    pub level: RowLevel,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The worst meanwhile, as people read it.
    pub worst: Option<String>,
}

/// What was told of each row, so that only what changes is told again.
#[derive(Debug, Default)]
pub struct Told {
    rows: BTreeMap<RowId, Was>,
    worst: BTreeMap<RowId, String>,
}

impl Told {
    /// Notes what is known of the rows of a sample beside their levels.
    pub fn counted(&mut self, counted: &[Counted]) {
        for one in counted {
            if let Some(worst) = &one.worst {
                self.worst.insert(one.row.clone(), worst.clone());
            }
        }
    }

    /// The rows that stand otherwise than was told last, each with what it was.
    pub fn changed<'b>(&mut self, board: &'b Board) -> Vec<(&'b Row, Was)> {
        let mut changed = Vec::new();
        // What was seen once and does not count yet is no change.
        for row in board.rows.iter().filter(|row| row.seen >= row.level) {
            let since = row.since.unwrap_or(board.at);
            let is = Was { level: row.level, since, worst: None };
            let Some(was) = self.rows.insert(row.id.clone(), is) else { continue };
            if was.level == row.level {
                self.rows.insert(row.id.clone(), was);
                continue;
            }
            // What had a level before it was looked at had none.
            if was.level != RowLevel::NotMeasured || row.level != RowLevel::Ok {
                let worst = self.worst.remove(&row.id).filter(|_| was.level != RowLevel::Ok);
                changed.push((row, Was { worst, ..was }));
            }
        }
        changed
    }
}
