//! How many rows, and what is in them.

use super::super::evidence::{Evidence, Found};
use super::super::signs::failed_before;
use super::super::source;
use super::super::table::Table;
use super::super::text::excerpt;
use super::nothing::last_is_grep;
use super::output::{added, eyes, fail, listing, out};
use super::value::{compared, counts, number};
use crate::runbook::expect::{Condition, Counted, Op};

pub(super) fn rows(
    of: Counted,
    (op, count): (Op, u64),
    with: &[Condition],
    evidence: &Evidence<'_>,
) -> Found {
    if counts(evidence) && with.is_empty() && of != Counted::Rows {
        return number(op, count as f64, evidence);
    }
    if let Some(table) = listing(evidence) {
        return rows_of(&table, (op, count), with, evidence);
    }
    let output = out(evidence);
    let nothing = output.trim().is_empty();
    let greps = last_is_grep(evidence) && !counts(evidence);
    if with.is_empty()
        && (of == Counted::Lines
            || (of == Counted::Hits && greps)
            || (of == Counted::Rows && bare_rows(evidence)))
    {
        let lines = output.lines().filter(|l| !l.trim().is_empty()).count();
        return match compared(op, count as f64, lines as f64, evidence) {
            Found::Fail(observed, why) if may_be_fewer(lines, (op, count)) => added(observed, why, evidence),
            found => found,
        };
    }
    if nothing && !evidence.exit.is_success() {
        return fail(evidence, format!("no rows: {}", excerpt(evidence.error)));
    }
    eyes(evidence, "gonogo doesn't know the rows of this listing")
}

/// Whether a count that does not hold might, were it of less.
fn may_be_fewer(found: usize, (op, count): (Op, u64)) -> bool {
    (0..found).any(|fewer| op.holds(fewer as f64, count as f64))
}

/// `psql -t`: rows without a header.
pub(super) fn bare_rows(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence).is_some_and(|s| {
        s.len() == 1 && s[0].program() == "psql" && (s[0].has_short('t') || s[0].has("--tuples-only"))
    })
}

pub(super) fn rows_of(
    table: &Table,
    (op, count): (Op, u64),
    with: &[Condition],
    evidence: &Evidence<'_>,
) -> Found {
    let all = table.rows.len();
    if with.is_empty() && table.columns.len() == 1 && table.columns[0].to_lowercase().contains("count") {
        return eyes(evidence, "it is a count, and gonogo can't tell whether rows or the number are meant");
    }
    let mut observed = Vec::new();
    let mut unlike = None;
    let mut found = 0;
    for row in &table.rows {
        let mut fulfils = true;
        for condition in with {
            let Some(column) = table.column(&condition.column) else {
                return eyes(evidence, format!("there is no column {}", condition.column));
            };
            let cell = row.get(column).map_or("", String::as_str);
            let said = format!("{} {} {} · {cell}", condition.column, condition.op.sign(), condition.value);
            match holds(cell, condition) {
                Some(true) => observed.push(said),
                Some(false) => {
                    fulfils = false;
                    unlike = unlike.or(Some((excerpt(&row.join(" | ")), said)));
                }
                None => {
                    return Found::Eyes(
                        excerpt(&row.join(" | ")),
                        format!("{} can't be compared", condition.column),
                    );
                }
            }
        }
        found += usize::from(fulfils);
    }
    let rows = if found == 1 { "1 row".to_owned() } else { format!("{found} rows") };
    if !op.holds(found as f64, count as f64) {
        return match unlike {
            _ if found > count as usize && !with.is_empty() => eyes(evidence, format!("{rows} fulfil it")),
            Some((row, said)) => added(row, said, evidence),
            None => {
                let why = format!("{found} rows, not {} {count}", op.sign());
                if may_be_fewer(found, (op, count)) {
                    added(rows, why, evidence)
                } else {
                    Found::Fail(rows, why)
                }
            }
        };
    }
    if found < all && found > 0 && !matches!(op, Op::AtLeast | Op::More) {
        return eyes(evidence, format!("{found} of {all} rows fulfil it"));
    }
    if found == 0
        && let Some(why) = source::absence_unproven(evidence)
    {
        return eyes(evidence, why);
    }
    if failed_before(evidence) || !evidence.whole {
        return eyes(evidence, "a part of the command failed, or its output is not whole");
    }
    Found::Pass(if observed.is_empty() { rows } else { format!("{rows}; {}", observed.join("; ")) })
}

pub(super) fn holds(cell: &str, condition: &Condition) -> Option<bool> {
    if cell.trim().is_empty() || ["null", "none", "n/a", "-"].contains(&cell.trim().to_lowercase().as_str()) {
        return None;
    }
    match (cell.parse::<f64>(), condition.value.parse::<f64>()) {
        (Ok(left), Ok(right)) => Some(condition.op.holds(left, right)),
        _ if cell.eq_ignore_ascii_case(&condition.value) && cell != condition.value => None,
        _ => match condition.op {
            Op::Equal => Some(cell == condition.value),
            Op::NotEqual => Some(cell != condition.value),
            _ => None,
        },
    }
}
