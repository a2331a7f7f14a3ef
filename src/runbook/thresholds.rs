//! What a document says its metrics have to be: rows of tables, by the columns' titles, and sentences with a bound.
//!
//! A bound on something that nobody measures while a service runs (how soon a person answers, how much a test covers)
//! is none.

mod amount;
mod bound;
mod columns;
mod metric;
mod rows;
mod sentence;

use std::collections::BTreeMap;

use super::markdown::{Element, ElementKind};
use super::model::{Plan, Role, Said, Target, Threshold};
use amount::amount;
pub use amount::opposite_sign;

/// Reads one cell that is a bound and nothing before it; `None` where it holds none.
pub fn threshold(cell: &str) -> Option<Threshold> {
    let text = cell.trim().trim_matches('`').trim();
    let found = amount(text, 0)?;
    let op = found.op.filter(|_| found.begins == 0)?;
    Some(Threshold { op: op.sign().to_owned(), value: found.value, unit: found.unit })
}

/// Finds all of them in a document whose sections are known.
pub(super) fn find(elements: &[Element], plan: &mut Plan) {
    let roles: BTreeMap<usize, Role> = plan.outline.iter().map(|entry| (entry.line, entry.role)).collect();
    let role_at = |line: usize| roles.range(..=line).next_back().map_or(Role::Other, |(_, role)| *role);
    let mut found = Vec::new();
    for element in elements {
        let line = element.span.line;
        let role = role_at(line);
        // What is filled in at the end, and who is called, are no bounds of a service.
        if matches!(role, Role::LogTemplate | Role::Contacts | Role::Environments) {
            continue;
        }
        match &element.kind {
            ElementKind::Table { header, rows } => found.extend(rows::targets(header, rows, role)),
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => {
                found.extend(of_text(text, line, said_in(role, plan, line)));
            }
            ElementKind::Code(code) if role == Role::Monitoring => {
                let comment = |text: &str| text.trim_start().starts_with(['#', '-']);
                let lines = code.text.lines().zip(line + usize::from(code.fenced)..);
                let comments = lines.filter(|(text, _)| comment(text));
                found.extend(comments.flat_map(|(text, line)| sentence::targets(text, line, Said::Line)));
            }
            ElementKind::Code(_) | ElementKind::Heading(..) => {}
        }
    }
    // A table says more than the sentences around it.
    found.sort_by_key(|target: &Target| (!target.said.is_table(), target.line));
    for target in found {
        add(&mut plan.targets, target);
    }
    plan.targets.sort_by_key(|target| target.line);
}

/// What a line is by its section, and by what was read of it.
fn said_in(role: Role, plan: &Plan, line: usize) -> Said {
    if plan.rollback.triggers.iter().any(|trigger| trigger.line == line) {
        return Said::Trigger;
    }
    match role {
        Role::Success => Said::Criterion,
        Role::Monitoring | Role::Targets => Said::Monitoring,
        _ => Said::Line,
    }
}

fn of_text(text: &str, first: usize, said: Said) -> Vec<Target> {
    (first..).zip(text.split('\n')).flat_map(|(line, text)| sentence::targets(text, line, said)).collect()
}

/// Adds a target under a name that no other one has; the same said twice is said once.
fn add(targets: &mut Vec<Target>, mut target: Target) {
    let same = |other: &Target| {
        other.metric.eq_ignore_ascii_case(&target.metric)
            && (&other.target, &other.acceptable, &other.alert)
                == (&target.target, &target.acceptable, &target.alert)
    };
    if targets.iter().any(same) {
        return;
    }
    if targets.iter().any(|other| other.metric.eq_ignore_ascii_case(&target.metric)) {
        target.metric = format!("{}, line {}", target.metric, target.line);
    }
    targets.push(target);
}

#[cfg(test)]
mod tests;
