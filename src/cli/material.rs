//! Gathers what a report is made of.

use super::report::CommandError;
use super::report::Status;
use crate::exec::lines::Lines;
use crate::protocol::{From, OutputQuery};
use crate::record::evidence::Evidence;
use crate::record::history::Past;
use crate::record::report::{Material, Output};
use crate::record::verify::{self, Known};
use crate::run::health::Health;
use crate::run::state::Ran;
use crate::run::{Event, Record, RunState};
use crate::run_files::RunFiles;
use crate::store::{Store, chain};

/// So many lines of one output are shown: its first, and its last.
const HEAD: u64 = 300;
const TAIL: u64 = 100;

/// A run with all that a report says of it.
pub(super) struct Gathered {
    pub(super) state: RunState,
    pub(super) document: String,
    pub(super) records: Vec<Record>,
    /// The lines of the journal, of the same moment.
    pub(super) lines: Vec<String>,
    outputs: Vec<Output>,
    health: Option<Health>,
    at_gates: Vec<(u64, Health)>,
    past: Past,
    verified: verify::Verified,
}

impl Gathered {
    /// Reads it, beside whoever writes it.
    pub(super) fn of(store: &dyn Store, run: &RunFiles, known: &Known) -> Result<Self, CommandError> {
        let evidence = Evidence::of_run(store, run);
        let evidence = evidence.map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
        let records = chain::read(&evidence.lines)?;
        let document = store.text_of(run.id())?;
        let runbook = std::sync::Arc::new(crate::runbook::read(&document));
        let state = records.iter().fold(RunState::new(runbook), RunState::apply);
        let outputs = state.ran().iter().filter_map(|ran| output(run, ran)).collect();
        let health = run.readings().and_then(|text| serde_json::from_str(&text).ok());
        let at_gates = records.iter().filter_map(|record| at_gate(run, record)).collect();
        let past = Past::load(store, &state.runbook().title, state.environment(), state.id());
        let verified = verify::verify(&evidence, known);
        Ok(Self {
            state,
            document,
            lines: evidence.lines,
            records,
            outputs,
            health,
            at_gates,
            past,
            verified,
        })
    }

    /// As a report takes it.
    pub(super) fn material(&self) -> Material<'_> {
        Material {
            state: &self.state,
            document: &self.document,
            records: &self.records,
            outputs: &self.outputs,
            health: self.health.as_ref(),
            at_gates: &self.at_gates,
            past: &self.past,
            verified: Some(&self.verified),
        }
    }
}

fn at_gate(run: &RunFiles, record: &Record) -> Option<(u64, Health)> {
    let Event::GateDecided { readings: Some(hash), .. } = &record.event else { return None };
    let text = run.readings_of(hash)?;
    Some((record.seq.0, serde_json::from_str(&text).ok()?))
}

/// What a command showed, as far as a report shows it.
fn output(run: &RunFiles, ran: &Ran) -> Option<Output> {
    let mut recorded = Lines::open(&run.recordings(), &ran.command, ran.attempt).ok()?;
    recorded.extend().ok()?;
    let total = recorded.count(false);
    let mut lines = Vec::new();
    let mut take = |from: u64, to: u64| {
        let mut at = from;
        while at < to {
            let query = OutputQuery::new(ran.command.clone(), From::Line(at));
            let Ok(page) = recorded.answer(&query) else { break };
            let fitting = page.lines.iter().take((to - at) as usize);
            lines.extend(fitting.map(crate::protocol::OutputLine::plain));
            at += page.lines.len() as u64;
            if page.lines.is_empty() {
                break;
            }
        }
    };
    let mut left_out = None;
    if total <= HEAD + TAIL {
        take(0, total);
    } else {
        take(0, HEAD);
        take(total - TAIL, total);
        let missing = total - HEAD - TAIL;
        lines.insert(HEAD as usize, format!("… {missing} of its lines are only in the recording …"));
        left_out = Some(format!("{total} lines, {missing} of them only in the recording"));
    }
    Some(Output { command: ran.command.clone(), attempt: ran.attempt, lines, left_out })
}
