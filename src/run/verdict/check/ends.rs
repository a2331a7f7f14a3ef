//! How it ended and how long it took.

use super::super::evidence::{Evidence, Found};
use super::super::source::{is_one, simples};
use super::super::text::excerpt;
use super::output::{eyes, out, seen};
use crate::run::event::Exit;
use crate::runbook::expect::Op;
use crate::shell::traps::traps;

pub(super) fn within(op: Op, ms: u64, evidence: &Evidence<'_>) -> Found {
    let took = evidence.elapsed.as_millis() as u64;
    let said = crate::figures::limit(std::time::Duration::from_millis(took));
    if !op.holds(took as f64, ms as f64) {
        let limit = crate::figures::limit(std::time::Duration::from_millis(ms));
        return Found::Fail(said, format!("not {} {limit}", op.sign()));
    }
    if !evidence.exit.is_success() {
        return Found::Eyes(said, format!("it was in time, but it ended with {}", evidence.exit));
    }
    if evidence.stages.iter().any(|s| *s != 0) {
        return Found::Eyes(said, "it was in time, but a part of the command failed".into());
    }
    if !is_one(evidence) {
        return Found::Eyes(
            said,
            "it was in time, but its exit status does not show whether all of it succeeded".into(),
        );
    }
    match traps(evidence.text).into_iter().find(|t| t.hides_failure()) {
        Some(trap) => Found::Eyes(said, format!("it was in time, but {}", trap.says())),
        None => Found::Pass(said),
    }
}

pub(super) fn fails(saying: &[String], evidence: &Evidence<'_>) -> Found {
    let told = format!("{}\n{}", evidence.error, out(evidence));
    let lines: Vec<String> = told.lines().map(str::to_lowercase).collect();
    let phrase = |line: &String, text: &str| {
        line.match_indices(text).any(|(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
            edge(line[..at].chars().next_back()) && edge(line[at + text.len()..].chars().next())
        })
    };
    let says = |text: &String| {
        let also: &[&str] = match text.as_str() {
            "timeout" | "timed out" | "connection timeout" | "connection timed out" => {
                &["timeout", "timed out"]
            }
            "connection refused" if matches!(evidence.exit, Exit::Status(7)) => {
                &["couldn't connect to server"]
            }
            _ => &[],
        };
        lines.iter().any(|l| phrase(l, text) || also.iter().any(|a| phrase(l, a)))
    };
    if matches!(evidence.exit, Exit::Status(255)) {
        return Found::Eyes(evidence.exit.to_string(), "the connection may have failed instead".into());
    }
    let first =
        told.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('%')).unwrap_or("").to_owned();
    let line = told
        .lines()
        .find(|l| saying.iter().any(|s| l.to_lowercase().contains(s.as_str())))
        .map_or(first, excerpt);
    // curl tells by its status what failed; what answered was not refused (curl(1), EXIT CODES).
    let curl = simples(evidence).is_some_and(|s| s.len() == 1 && s[0].program() == "curl");
    if curl && matches!(evidence.exit, Exit::Status(n) if !matches!(n, 0 | 6 | 7 | 28 | 35 | 52 | 56)) {
        return Found::Eyes(
            format!("{}: {line}", evidence.exit),
            "something answered, or curl was called wrongly".into(),
        );
    }
    match (evidence.exit, saying.iter().any(says)) {
        (Exit::Status(0), true) => Found::Eyes(line, "it says so, but its exit status is 0".into()),
        (Exit::Status(0), false) => Found::Fail(seen(evidence), "it did not fail".into()),
        (Exit::Status(_), true) => Found::Pass(format!("{}: {line}", evidence.exit)),
        (Exit::Status(_), false) if evidence.error.trim().is_empty() => {
            Found::Eyes(evidence.exit.to_string(), "it failed, and does not say why".into())
        }
        (Exit::Status(_), false) => Found::Fail(line, "it failed, but not like this".into()),
        _ => Found::Eyes(line, format!("{}", evidence.exit)),
    }
}

pub(super) fn succeeds(block: bool, evidence: &Evidence<'_>) -> Found {
    if !evidence.exit.is_success() {
        return Found::Fail(evidence.exit.to_string(), "it did not succeed".into());
    }
    if evidence.stages.iter().any(|s| *s != 0) {
        return eyes(evidence, "a part of the command failed");
    }
    if !is_one(evidence) {
        return eyes(evidence, "its exit status does not show whether all of it succeeded");
    }
    let hides = |text: &str| traps(text).into_iter().find(|t| t.hides_failure());
    if let Some(trap) = hides(evidence.text) {
        return eyes(evidence, trap.says());
    }
    for sibling in evidence.siblings.iter().filter(|_| block) {
        let short = excerpt(sibling.text);
        match sibling.exit {
            None => return eyes(evidence, format!("not run: {short}")),
            Some(exit) if !exit.is_success() => {
                return Found::Fail(exit.to_string(), format!("did not succeed: {short}"));
            }
            Some(_) => {}
        }
        if let Some(trap) = hides(sibling.text) {
            return eyes(evidence, format!("{short}: {}", trap.says()));
        }
    }
    Found::Pass(evidence.exit.to_string())
}
