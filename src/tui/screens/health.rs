//! Health: what is measured, against the document's targets.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::run::health::{Row, RowId};
use crate::runbook::probes::ProbeId;

/// Where Health is looked at.
#[derive(Clone, Debug, Default)]
pub struct HealthState {
    /// The row at the cursor; the first where there is none, or it has gone.
    pub row: Option<RowId>,
    /// That row is shown by itself: its history, its figures, its lines.
    pub detail: bool,
    /// Rows scrolled down in the detail.
    pub scrolled: usize,
    /// The log of a container, read on request.
    pub log: Option<ContainerLog>,
}

impl HealthState {
    /// Where the cursor is among the rows.
    pub fn at(&self, rows: &[Row]) -> usize {
        self.row.as_ref().and_then(|id| rows.iter().position(|r| &r.id == id)).unwrap_or(0)
    }
}

/// The end of a container's log.
#[derive(Clone, Debug)]
pub struct ContainerLog {
    /// The probe that sees it.
    pub probe: ProbeId,
    /// The service or container.
    pub name: String,
    /// Its lines, why there are none, or nothing while they are read.
    pub lines: Option<Result<Vec<String>, String>>,
}
