//! Texts as they are shown in one line, and as they are compared.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::figures::span;
use crate::runbook::words;

/// The first line of a command, with a mark where there are more.
pub fn first_line(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    match text.lines().nth(1) {
        None => first.to_owned(),
        Some(_) => format!("{} …", first.trim_end_matches('\\').trim_end()),
    }
}

/// By how much a clock went back between two moments, in words; a second is none.
pub fn clock_went_back(before: DateTime<Utc>, after: DateTime<Utc>) -> Option<String> {
    u64::try_from((before - after).num_seconds()).ok().filter(|seconds| *seconds > 1).map(span)
}

/// Words that say what a sentence is about.
pub(super) fn content(text: &str) -> BTreeSet<String> {
    #[rustfmt::skip] // words, many to a line
    const FILLERS: &[&str] = &[
        "the", "a", "an", "and", "or", "of", "to", "in", "on", "is", "are", "does", "do", "not", "won", "t", "if",
        "fail", "fails", "failed", "failing", "detected", "step", "new", "run", "runs", "check", "with", "for", "it",
        "s", "be", "has", "have", "can", "cannot", "at", "by", "from", "after", "before", "post", "deployment",
        "problem", "issue", "issues", "error", "errors", "deploy",
    ];
    let all = words::lower_words(text).into_iter();
    all.filter(|w| !FILLERS.contains(&w.as_str()) && !w.chars().all(|c| c.is_ascii_digit() && w.len() < 3))
        .map(|w| words::stem(&w))
        .collect()
}
