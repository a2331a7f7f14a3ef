//! Texts that stand among others.

use super::super::evidence::{Evidence, Found};
use super::super::signs::failed_before;
use super::super::source;
use super::super::table::Table;
use super::super::text::{Stands, excerpt, stands};
use super::cells::{in_cell, shows_in_rows};
use super::output::{EXAMPLE, SAID, eyes, fail, in_output, is_address, listing, missing, out};
use crate::shell::classify::unwrapped;
use crate::shell::traps::{Trap, traps};

pub(super) fn shows(texts: &[String], all: bool, quoted: bool, evidence: &Evidence<'_>) -> Found {
    if let Some(table) = listing(evidence).filter(|t| !t.rows.is_empty() && !t.states().is_empty())
        && !(texts.len() == 1 && named_column(&texts[0], &table).is_some())
        && !all
    {
        return shows_in_rows(texts, quoted, &table, evidence);
    }
    if let [text] = texts
        && let Some(found) = in_named_column(text, evidence)
    {
        return found;
    }
    let found: Vec<_> = texts.iter().map(|t| in_output(t, quoted, evidence)).collect();
    let plainly = |(s, ..): &&(Stands, Option<&str>, usize)| *s == Stands::Plainly;
    let holds = if all { found.iter().all(|f| plainly(&f)) } else { found.iter().any(|f| plainly(&f)) };
    if holds {
        let line = found.iter().find(plainly).and_then(|f| f.1).unwrap_or("");
        if source::reads_log(evidence)
            && !found.iter().filter(plainly).any(|f| f.1.is_some_and(|l| source::is_fresh(l, evidence.fresh)))
        {
            return Found::Eyes(excerpt(line), "it may be older than what should have caused it".into());
        }
        if failed_before(evidence) {
            return Found::Eyes(
                excerpt(line),
                "it is there, but an earlier part of the command failed".into(),
            );
        }
        if ends_after(line, evidence) {
            return Found::Eyes(excerpt(line), "the output after it reports an end or an error".into());
        }
        if traps(evidence.text).contains(&Trap::FiltersAway) {
            return Found::Eyes(excerpt(line), Trap::FiltersAway.says().into());
        }
        if found.iter().filter(plainly).any(|f| f.1.is_some_and(is_unwell))
            && !texts.iter().any(|t| t.contains('/'))
        {
            return Found::Eyes(excerpt(line), "the line also reports a problem".into());
        }
        if several_disagree(texts, quoted, evidence) {
            return eyes(evidence, "not every line shows it, and gonogo can't tell which is meant");
        }
        return Found::Pass(excerpt(line));
    }
    if out(evidence).trim().is_empty() && traps(evidence.text).contains(&Trap::HidesExited) {
        return eyes(evidence, Trap::HidesExited.says());
    }
    if on_error(texts, evidence) {
        return Found::Eyes(excerpt(evidence.error), "it appears on standard error".into());
    }
    if let Some((_, line, _)) = found.iter().find(|f| f.0 == Stands::Doubtful) {
        return Found::Eyes(excerpt(line.unwrap_or("")), "it appears, but not clearly".into());
    }
    if all && found.iter().any(|f| plainly(&f)) {
        let missing: Vec<&str> =
            texts.iter().zip(&found).filter(|(_, f)| !plainly(f)).map(|(t, _)| t.as_str()).collect();
        return fail(evidence, format!("\"{}\" is not there", missing.join("\", \"")));
    }
    if texts.iter().any(|t| t.contains("...") || t.contains('…') || t.contains('<')) {
        return eyes(evidence, "it stands for a text that the document does not give");
    }
    if texts.iter().any(|t| is_address(t)) && !out(evidence).trim().is_empty() {
        return eyes(evidence, EXAMPLE);
    }
    let said = !quoted && texts.iter().any(|t| t.contains(' '));
    missing(evidence, quoted, if said { SAID } else { "none of it is there" })
}

/// "Status: Up (healthy)" of a listing: the cells of its column STATUS, whatever time stands in them.
fn in_named_column(text: &str, evidence: &Evidence<'_>) -> Option<Found> {
    let table = listing(evidence).filter(|table| !table.rows.is_empty())?;
    let (at, wanted) = named_column(text, &table)?;
    let cells: Vec<&str> = table.rows.iter().map(|row| row.get(at).map_or("", String::as_str)).collect();
    let unwell = |cell: &str| is_unwell(cell) && !wanted.contains('/') && !is_unwell(wanted);
    let holds = |cell: &&&str| in_cell(cell, wanted, false) == Stands::Plainly && !unwell(cell);
    let (yes, all) = (cells.iter().filter(holds).count(), cells.len());
    Some(match cells.iter().find(|cell| !holds(cell)) {
        None => Found::Pass(excerpt(cells.first().copied().unwrap_or(""))),
        Some(other) if yes == 0 && all == 1 => Found::Fail(excerpt(other), format!("it is not {wanted}")),
        Some(other) if yes == 0 => Found::Fail(excerpt(other), format!("no row is {wanted}")),
        Some(other) => Found::Eyes(excerpt(other), "some rows show it and some do not".into()),
    })
}

/// The column that a text names, and what it says of it.
fn named_column<'t>(text: &'t str, table: &Table) -> Option<(usize, &'t str)> {
    let (name, wanted) = text.split_once(':')?;
    let at = table.column(name.trim())?;
    Some((at, wanted.trim())).filter(|(_, wanted)| !wanted.is_empty())
}

/// Whether a later line tells that what was seen is over.
pub(super) fn ends_after(line: &str, evidence: &Evidence<'_>) -> bool {
    #[rustfmt::skip] // words, many to a line
    const OVER: &[&str] = &[
        "stopped", "stopping", "exited", "exiting", "exit", "shutting", "shutdown", "terminated", "crashed",
        "killed", "closed", "fatal", "panic", "failed", "error", "disconnected", "deactivated", "aborted",
        "traceback", "rolling", "failure", "errors",
    ];
    let mut after = out(evidence).lines().skip_while(|l| *l != line).skip(1);
    after.any(|l| {
        let lower = l.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        words.iter().enumerate().any(|(at, w)| {
            let none = at.checked_sub(1).is_some_and(|b| matches!(words[b], "0" | "no" | "without"));
            OVER.contains(w) && !none
        })
    })
}

/// Whether it appears on standard error, which a verdict does not read.
pub(super) fn on_error(texts: &[String], evidence: &Evidence<'_>) -> bool {
    texts.iter().any(|t| evidence.error.lines().any(|l| stands(l, t, false) != Stands::Not))
}

/// Whether not every line shows it, where each line tells of another thing: the rows that a filter left, or the
/// states that a program tells of several things.
pub(super) fn several_disagree(texts: &[String], quoted: bool, evidence: &Evidence<'_>) -> bool {
    let Some(simples) = source::simples(evidence) else { return false };
    let filtered = simples.len() > 1
        && simples[1..].iter().all(|s| matches!(unwrapped(s).program(), "grep" | "egrep" | "rg"))
        && !source::reads_log(evidence);
    let states = texts.iter().all(|t| !t.contains(' ') && is_state(t));
    if !filtered && !states {
        return false;
    }
    let mut lines = out(evidence).lines().filter(|l| !l.trim().is_empty());
    lines.any(|l| !texts.iter().any(|t| stands(l, t, quoted) == Stands::Plainly))
}

/// A word that the state of something is told in.
fn is_state(text: &str) -> bool {
    [
        "up",
        "ok",
        "healthy",
        "running",
        "ready",
        "active",
        "online",
        "enabled",
        "true",
        "yes",
        "passed",
        "pass",
        "success",
        "succeeded",
        "completed",
        "connected",
        "available",
        "green",
        "bound",
        "deployed",
        "started",
        "streaming",
        "down",
        "stopped",
        "exited",
    ]
    .contains(&text.to_lowercase().as_str())
}

/// Whether a line tells that something is not well: "0/1", "(unhealthy)".
pub(super) fn is_unwell(line: &str) -> bool {
    let partly = line.split_whitespace().any(|w| {
        w.split_once('/')
            .is_some_and(|(a, b)| a.parse::<u32>().is_ok_and(|a| b.parse::<u32>().is_ok_and(|b| a < b)))
    });
    let lower = line.to_lowercase();
    partly
        || ["unhealthy", "(paused)", "health: starting", "restarting", "schedulingdisabled"]
            .iter()
            .any(|w| lower.contains(w))
}
