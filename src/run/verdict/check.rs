//! One function a check: what is looked for, in what was observed.

mod cells;
mod ends;
mod lines;
mod nothing;
mod output;
mod rows;
mod shows;
mod stated;
mod value;

use super::evidence::{Evidence, Found};
use crate::runbook::expect::Check;

pub(super) fn look(check: &Check, evidence: &Evidence<'_>) -> Found {
    match check {
        Check::Json { pattern } => value::json(pattern, evidence),
        Check::Shows { texts, all, quoted } => stated::stated(texts, *quoted, evidence)
            .unwrap_or_else(|| shows::shows(texts, *all, *quoted, evidence)),
        Check::EveryRow { texts, quoted } => cells::every_row(texts, *quoted, evidence),
        Check::Is { text, literal } => stated::stated(std::slice::from_ref(text), true, evidence)
            .unwrap_or_else(|| value::is(text, *literal, evidence)),
        Check::Absent { texts } => nothing::absent(texts, evidence),
        Check::Empty => nothing::empty(evidence),
        Check::Rows { of, op, count, with } => rows::rows(*of, (*op, *count), with, evidence),
        Check::NoErrors { warnings } => nothing::no_errors(*warnings, evidence),
        Check::Percent { op, value } => value::percent(*op, *value, evidence),
        Check::Number { op, value } => value::number(*op, *value, evidence),
        Check::Http { status } => value::http(*status, evidence),
        Check::Lines { lines } => lines::lines_in_order(lines, evidence),
        Check::Output { lines } => lines::output(lines, evidence),
        Check::Version { least } => stated::version(least, evidence),
        Check::Keys { keys } => lines::keys_there(keys, evidence),
        Check::Within { op, ms } => ends::within(*op, *ms, evidence),
        Check::Fails { saying } => ends::fails(saying, evidence),
        Check::Succeeds { block } => ends::succeeds(*block, evidence),
    }
}
