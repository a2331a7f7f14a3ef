//! Findings: what would surprise somebody at night.

mod allow;
mod commands;
mod document;
mod rollback;

use super::super::finding::Finding;
use super::super::markdown::{Element, Lines};
use super::super::model::Plan;
pub use allow::retain as retain_allowed;

/// What is looked through.
pub(super) struct Looked<'l> {
    pub(super) plan: &'l Plan,
    pub(super) elements: &'l [Element],
    pub(super) document: &'l str,
    pub(super) lines: &'l Lines,
}

/// Looks through a runbook that has been read; what its comments allow is left out.
pub(super) fn find(
    plan: &Plan,
    elements: &[Element],
    document: &str,
    (lines, mut found): (&Lines, Vec<Finding>),
) -> Vec<Finding> {
    let looked = Looked { plan, elements, document, lines };
    commands::find(&looked, &mut found);
    document::find(&looked, &mut found);
    rollback::find(&looked, &mut found);
    allow::apply(document, &mut found);
    found.sort_by(|a, b| (a.line, &a.code, &a.message).cmp(&(b.line, &b.code, &b.message)));
    found.dedup_by(|a, b| (a.line, &a.code, &a.message) == (b.line, &b.code, &b.message));
    found
}
