//! What stands beside a row's name, the same in every form.

use crate::run::board::Row;
use crate::run::health::RowLevel;

/// What a row is judged against, as it stands behind a value: `alert >2s`, `target <100ms`.
pub(super) fn against(row: &Row) -> String {
    row.limit.as_ref().map_or(String::new(), |limit| format!("{} {}", limit.which.word(), limit.written))
}

/// What is not measured, with the reason: `Cache Hits (no source), http.2 (off)`.
pub(super) fn not_measured(rows: &[Row]) -> Vec<String> {
    let none = rows.iter().filter(|row| row.level == RowLevel::NotMeasured);
    let why = none.filter_map(|row| Some(format!("{} ({})", row.title, row.reason?.word())));
    why.collect()
}

/// What was seen, in a few words: the value, and the reason where that says more.
pub(super) fn now(row: &Row) -> String {
    match (row.reason, row.now.slowest) {
        (Some(_), _) if !row.about.is_empty() => row.about.clone(),
        (_, true) => format!("{}, slowest of {}", row.now.words, row.now.n.unwrap_or(0)),
        // An address's answer says how long it took.
        _ if row.group == "http" && !row.about.is_empty() => format!("{} {}", row.now.words, row.about),
        _ => row.now.words.clone(),
    }
}
