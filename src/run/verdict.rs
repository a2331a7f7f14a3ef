//! What came of an expectation: a check and what was observed in, a verdict out (DESIGN 6).
//!
//! Pure. What can be read two ways, is not whole, or is not proven needs eyes; it is never guessed to be a pass.

mod block;
mod check;
pub mod compose;
mod json;
mod source;
mod table;
mod text;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::event::Exit;
use crate::runbook::Expectation;
use crate::runbook::expect::{Check, Left};

pub use block::judge_block;
pub use text::clean;

/// What an expectation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything that is said was seen.
    Pass,
    /// What is said is contradicted.
    Fail,
    /// A person has to look.
    NeedsEyes,
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What was observed, short.
    pub observed: String,
    /// Where it differs, or why it needs eyes; empty for a plain pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The command's failure is what the document expects: its exit status is no failure then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exit_expected: bool,
    /// What was looked for was found, but for a reason it still needs eyes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub matched: bool,
}

impl Judgement {
    /// Only a person can tell.
    pub fn eyes(why: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::NeedsEyes,
            observed: String::new(),
            why: why.into(),
            exit_expected: false,
            matched: false,
        }
    }
}

/// Whether JSON holds at least what a pattern does: where it differs, and whether that is plain or could be read
/// two ways.
pub fn json_differs(pattern: &serde_json::Value, value: &serde_json::Value) -> Option<(String, bool)> {
    match json::compare(pattern, value) {
        json::Compared::Holds => None,
        json::Compared::Differs(at) => Some((at, true)),
        json::Compared::Unclear(at) => Some((at, false)),
    }
}

/// How old what a command shows may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing before it should have caused it.
    #[default]
    Any,
    /// It has to be younger than this: a command that should have caused it began then.
    Since(DateTime<Utc>),
    /// Whatever it shows began after the cause: the cause made what it looks at.
    Made,
}

/// Another command of the same block, for "all should succeed".
#[derive(Clone, Copy, Debug)]
pub struct Sibling<'e> {
    /// What was run, or would be.
    pub text: &'e str,
    /// How it ended, if it was run.
    pub exit: Option<Exit>,
}

/// What was observed of a command that ended.
#[derive(Clone, Debug)]
pub struct Evidence<'e> {
    /// What was run.
    pub text: &'e str,
    /// How it ended.
    pub exit: Exit,
    /// The exit status of each stage of the pipeline; one where it is no pipeline.
    pub stages: &'e [i32],
    /// How long it took.
    pub elapsed: Duration,
    /// Standard output as text, cleaned; absent where it was not kept.
    pub output: Option<&'e str>,
    /// All of it is there.
    pub whole: bool,
    /// Standard error as text, cleaned.
    pub error: &'e str,
    /// The services of the compose file that a compose command looks at, where it could be read.
    pub services: Option<&'e [String]>,
    /// The other commands of its block.
    pub siblings: &'e [Sibling<'e>],
    /// How old what it shows may be.
    pub fresh: Freshness,
}

/// What one look at the evidence came to, before the rules that hold over all checks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Pass(String),
    /// What was observed, and how it contradicts.
    Fail(String, String),
    /// What was observed, and why it can't be told.
    Eyes(String, String),
}

/// Judges one expectation of a command that ended.
pub fn judge(expected: &Expectation, evidence: &Evidence<'_>) -> Judgement {
    let Some(check) = &expected.check else {
        return Judgement::eyes("only a person can tell");
    };
    if evidence.output.is_none() && !matches!(check, Check::Succeeds { .. } | Check::Within { .. }) {
        return Judgement::eyes("what it showed was not kept in full");
    }
    let found = check::look(check, evidence);
    let excused = matches!(found, Found::Pass(_)) && source::expects_failure(check, evidence);
    let ended_well = evidence.exit.is_success() || excused;
    let judged = |verdict, observed, why: String, matched| Judgement {
        verdict,
        observed,
        why,
        exit_expected: excused,
        matched,
    };
    match found {
        Found::Pass(observed) => {
            let earlier = !matches!(check, Check::Fails { .. }) && source::failed_before(evidence);
            let several = !matches!(check, Check::Fails { .. }) && !crate::shell::is_and_list(evidence.text);
            let open = left_of_pass(expected.left.as_ref())
                .or_else(|| {
                    several.then(|| {
                        "it matches, but which of several commands showed it can't be told".to_owned()
                    })
                })
                .or_else(|| {
                    earlier.then(|| "it matches, but an earlier part of the command failed".to_owned())
                })
                .or_else(|| {
                    (!ended_well).then(|| format!("it matches, but the command ended with {}", evidence.exit))
                });
            match open {
                Some(why) => judged(Verdict::NeedsEyes, observed, why, true),
                None => judged(Verdict::Pass, observed, String::new(), true),
            }
        }
        Found::Fail(observed, why) => match &expected.left {
            Some(left) if !fails_all_the_same(check, left) => {
                let why = format!("{why}; \"{}\" is left to be judged", left.text);
                judged(Verdict::NeedsEyes, observed, why, false)
            }
            _ => judged(Verdict::Fail, observed, why, false),
        },
        Found::Eyes(observed, why) => judged(Verdict::NeedsEyes, observed, why, false),
    }
}

/// Judges one expectation of a follow command while it runs: only lines that are to be seen can be, and only
/// in the affirmative.
pub fn seen_so_far(expected: &Expectation, evidence: &Evidence<'_>) -> Option<Judgement> {
    let shown = matches!(expected.check, Some(Check::Lines { .. } | Check::Shows { .. }));
    let judged = shown.then(|| judge(expected, evidence))?;
    (judged.verdict == Verdict::Pass).then_some(judged)
}

/// Says that there are error lines although the exit status is 0, where there are any.
pub fn errors_at_success(evidence: &Evidence<'_>) -> Option<Judgement> {
    if !evidence.exit.is_success() {
        return None;
    }
    let line = source::error_line(evidence)?;
    Some(Judgement {
        observed: text::excerpt(line),
        ..Judgement::eyes("an error is told although the command ended with 0")
    })
}

/// Words that are left over need eyes, unless they only name another way to be right.
fn left_of_pass(left: Option<&Left>) -> Option<String> {
    left.filter(|l| !l.or).map(|l| format!("\"{}\" is left to be judged", l.text))
}

/// A time limit that is exceeded is exceeded whatever else is said, unless it is one of a percentile.
fn fails_all_the_same(check: &Check, left: &Left) -> bool {
    let percentile = || {
        let words = left.text.split(|c: char| !c.is_alphanumeric());
        words.into_iter().any(|w| {
            w.strip_prefix(['p', 'P']).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
                || ["average", "avg", "median", "percentile"].contains(&w.to_lowercase().as_str())
        })
    };
    matches!(check, Check::Within { .. }) && !left.or && !percentile()
}

#[cfg(test)]
mod tests;
