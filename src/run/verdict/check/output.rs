//! The output that a check looks at, and what is said where something is not in it.

use super::super::evidence::{Evidence, Found};
use super::super::source;
use super::super::table::{self, Table};
use super::super::text::{Stands, excerpt, stands};

pub(super) fn out<'e>(evidence: &Evidence<'e>) -> &'e str {
    evidence.output.unwrap_or("")
}

pub(super) fn seen(evidence: &Evidence<'_>) -> String {
    let output = out(evidence).trim();
    if output.is_empty() { "nothing on standard output".into() } else { excerpt(output) }
}

pub(super) fn eyes(evidence: &Evidence<'_>, why: impl Into<String>) -> Found {
    Found::Eyes(seen(evidence), why.into())
}

pub(super) fn fail(evidence: &Evidence<'_>, why: impl Into<String>) -> Found {
    Found::Fail(seen(evidence), why.into())
}

/// What is there and should not be: where standard error is in the output, it may be of that. What is missing from all of
/// it, or contradicts as a whole, is so whatever is mixed in.
pub(super) fn added(observed: String, why: String, evidence: &Evidence<'_>) -> Found {
    if evidence.merged {
        return Found::Eyes(observed, format!("{why}; standard error is mixed into this output"));
    }
    Found::Fail(observed, why)
}

fn has_csv(evidence: &Evidence<'_>) -> bool {
    source::simples(evidence).is_some_and(|s| s.iter().any(|s| s.has("--csv")))
}

pub(super) fn listing(evidence: &Evidence<'_>) -> Option<Table> {
    table::read(out(evidence), has_csv(evidence))
}

pub(super) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How one text stands in the output: in its listing's cells, else in its lines.
pub(super) fn in_output<'e>(
    text: &str,
    quoted: bool,
    evidence: &Evidence<'e>,
) -> (Stands, Option<&'e str>, usize) {
    // Names of columns are no values.
    let header =
        usize::from(listing(evidence).is_some() && !out(evidence).trim_start().starts_with(['[', '+']));
    let lines = out(evidence).lines().filter(|l| !l.trim().is_empty()).skip(header);
    let all: Vec<(Stands, &str)> = lines.map(|l| (stands(l, text, quoted), l)).collect();
    let best = all.iter().map(|(s, _)| *s).max().unwrap_or(Stands::Not);
    let line = all.iter().find(|(s, _)| *s == best && *s != Stands::Not).map(|(_, l)| *l);
    (best, line, all.iter().filter(|(s, _)| *s == Stands::Plainly).count())
}

/// Of several words without quotes: they may describe what is shown instead of standing in it.
pub(super) const SAID: &str = "it is not there in these words";

/// Whether a text is an address with a user and what may be a password in it: an example, that nothing shows.
pub(super) fn is_address(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(_, rest)| rest.split_once('@').is_some_and(|(user, _)| user.contains(':')))
}

/// Of an address with a user and a password in it.
pub(super) const EXAMPLE: &str = "the document's address is an example";

/// What is not there is contradicted only where the whole output is known and was meant to the letter.
pub(super) fn missing(evidence: &Evidence<'_>, literal: bool, why: &str) -> Found {
    if !literal && why == SAID {
        return eyes(evidence, why);
    }
    if !evidence.whole {
        return eyes(evidence, "its output is longer than what is kept");
    }
    if !out(evidence).trim().is_empty() || literal || evidence.exit.is_success() {
        fail(evidence, why)
    } else {
        eyes(evidence, why)
    }
}
