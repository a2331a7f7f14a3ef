//! One function a check: what is looked for, in what was observed.

mod cells;
mod ends;
mod lines;
mod nothing;
mod rows;
mod shows;
mod value;

use super::source;
use super::source::failed_before;
use super::table::{self, Table};
use super::text::excerpt;
use super::{Evidence, Found};
use crate::runbook::expect::Check;

pub(super) fn look(check: &Check, evidence: &Evidence<'_>) -> Found {
    match check {
        Check::Json { pattern } => value::json(pattern, evidence),
        Check::Shows { texts, all, quoted } => shows::shows(texts, *all, *quoted, evidence),
        Check::EveryRow { texts, quoted } => cells::every_row(texts, *quoted, evidence),
        Check::Is { text, literal } => value::is(text, *literal, evidence),
        Check::Absent { texts } => nothing::absent(texts, evidence),
        Check::Empty => nothing::empty(evidence),
        Check::Rows { of, op, count, with } => rows::rows(*of, (*op, *count), with, evidence),
        Check::Number { op, value } => value::number(*op, *value, evidence),
        Check::Http { status } => value::http(*status, evidence),
        Check::Lines { lines } => lines::lines_in_order(lines, evidence),
        Check::Output { lines } => lines::output(lines, evidence),
        Check::Keys { keys } => lines::keys_there(keys, evidence),
        Check::Within { op, ms } => ends::within(*op, *ms, evidence),
        Check::Fails { saying } => ends::fails(saying, evidence),
        Check::Succeeds { block } => ends::succeeds(*block, evidence),
    }
}

fn out<'e>(evidence: &Evidence<'e>) -> &'e str {
    evidence.output.unwrap_or("")
}

fn seen(evidence: &Evidence<'_>) -> String {
    let output = out(evidence).trim();
    if output.is_empty() { "nothing on standard output".into() } else { excerpt(output) }
}

fn eyes(evidence: &Evidence<'_>, why: impl Into<String>) -> Found {
    Found::Eyes(seen(evidence), why.into())
}

fn fail(evidence: &Evidence<'_>, why: impl Into<String>) -> Found {
    Found::Fail(seen(evidence), why.into())
}

fn has_csv(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence).is_some_and(|s| s.iter().any(|s| s.has("--csv")))
}

fn listing(evidence: &Evidence<'_>) -> Option<Table> {
    table::read(out(evidence), has_csv(evidence))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
