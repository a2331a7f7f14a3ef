//! What is not there.

use super::super::evidence::{Evidence, Found};
use super::super::signs;
use super::super::source;
use super::super::table;
use super::super::text::{Stands, excerpt, stands};
use super::output::{added, eyes, listing, out, seen};

pub(super) fn absent(texts: &[String], evidence: &Evidence<'_>) -> Found {
    for line in out(evidence).lines() {
        for text in texts {
            match stands(line, text, true) {
                Stands::Plainly => return added(excerpt(line), format!("\"{text}\" is there"), evidence),
                Stands::Doubtful => return Found::Eyes(excerpt(line), format!("\"{text}\" may be there")),
                Stands::Not => {}
            }
        }
    }
    if let Some(why) = source::absence_unproven(evidence) {
        return eyes(evidence, why);
    }
    if texts.iter().any(|t| out(evidence).to_lowercase().contains(&t.to_lowercase())) {
        // Inside of another word: "0.0.0.0:80" in "0.0.0.0:8087".
        let inside = texts.iter().all(|t| out(evidence).lines().all(|l| !doubtful_inside(l, t)));
        if !inside {
            return eyes(evidence, "it appears only inside another word");
        }
    }
    if out(evidence).trim().is_empty() && !last_is_grep(evidence) {
        return eyes(evidence, "nothing was shown at all");
    }
    Found::Pass(seen(evidence))
}

/// Words that may tell of an error, each as the beginning of a word.
const TROUBLE: &[&str] = &[
    "error",
    "err",
    "fail",
    "exception",
    "fatal",
    "panic",
    "critical",
    "crit",
    "traceback",
    "denied",
    "refused",
    "cannot",
    "unable",
    "abort",
    "timeout",
    "segfault",
    "killed",
    "invalid",
];

/// Nothing that tells of an error: what says so plainly contradicts it, what may say so is for a person.
pub(super) fn no_errors(warnings: bool, evidence: &Evidence<'_>) -> Found {
    let old = |line: &str| source::reads_log(evidence) && !source::is_fresh(line, evidence.fresh);
    let mut doubtful = None;
    for line in out(evidence).lines() {
        let lower = line.to_lowercase();
        let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let all: Vec<&str> = words().collect();
        let counted = all.windows(2).any(
            |pair| matches!(pair, [count, "error" | "errors"] if count.parse::<u64>().is_ok_and(|n| n > 0)),
        );
        if (counted || signs::tells_error(line)) && !old(line) {
            return added(excerpt(line), "it reports an error".into(), evidence);
        }
        let may =
            words().any(|w| TROUBLE.iter().any(|t| w.starts_with(t)) || warnings && w.starts_with("warn"));
        if doubtful.is_none() && may && !signs::counts_none(&lower) {
            doubtful = Some(excerpt(line));
        }
    }
    if let Some(line) = doubtful {
        return Found::Eyes(line, "it may report an error".into());
    }
    if let Some(why) = source::absence_unproven(evidence) {
        return eyes(evidence, why);
    }
    if out(evidence).trim().is_empty() && !last_is_grep(evidence) {
        return eyes(evidence, "nothing was shown at all");
    }
    Found::Pass(seen(evidence))
}

/// A text that stands inside of a longer word, other than as its beginning with more digits behind it.
pub(super) fn doubtful_inside(line: &str, text: &str) -> bool {
    let (line, text) = (line.to_lowercase(), text.to_lowercase());
    line.match_indices(&text).any(|(at, _)| {
        let next = line[at + text.len()..].chars().next();
        let digits = text.ends_with(|c: char| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit());
        !digits
    })
}

pub(super) fn last_is_grep(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence)
        .and_then(|s| s.last().map(|l| matches!(l.program(), "grep" | "egrep" | "rg")))
        .unwrap_or(false)
}

pub(super) fn empty(evidence: &Evidence<'_>) -> Found {
    if out(evidence).trim() == "-- No entries --" {
        return eyes(evidence, "it says that there is nothing, but that is output too");
    }
    let bare = out(evidence).trim();
    let no_rows = listing(evidence).is_some_and(|t| t.rows.is_empty())
        || matches!(bare, "[]" | "{}" | "(0 rows)" | "null" | "0" | "\"\"" | "none" | "None")
        || bare.lines().count() == 1
            && table::read(&format!("{bare}\n{bare}"), false).is_some_and(|t| t.columns.len() > 2);
    if no_rows {
        return eyes(evidence, "it shows that there is nothing, but that is output too");
    }
    if !out(evidence).trim().is_empty() {
        return added(seen(evidence), "it is not empty".into(), evidence);
    }
    if !out(evidence).is_empty() {
        return eyes(evidence, "there is only white space");
    }
    match source::absence_unproven(evidence) {
        Some(why) => eyes(evidence, why),
        None => Found::Pass("nothing on standard output".into()),
    }
}
