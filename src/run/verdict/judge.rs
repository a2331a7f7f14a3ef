//! Judges one expectation by what was observed.

use super::evidence::{Evidence, Found};
use super::judgement::{Judgement, Verdict};
use super::signs::failed_before;
use super::{check, source};
use crate::runbook::Expectation;
use crate::runbook::expect::{Check, Left};

/// Judges one expectation of a command that ended.
pub fn judge(expected: &Expectation, evidence: &Evidence<'_>) -> Judgement {
    judge_with(expected, evidence, failed_before(evidence))
}

/// The same of a pipeline of which a part failed, where that is a claim of its own.
pub fn judge_beside(expected: &Expectation, evidence: &Evidence<'_>) -> Judgement {
    judge_with(expected, evidence, false)
}

fn judge_with(expected: &Expectation, evidence: &Evidence<'_>, part_failed: bool) -> Judgement {
    let Some(check) = &expected.check else {
        return Judgement::eyes("only a person can tell");
    };
    if evidence.output.is_none() && !matches!(check, Check::Succeeds { .. } | Check::Within { .. }) {
        return Judgement::eyes("its output was not kept in full");
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
            let earlier = !matches!(check, Check::Fails { .. }) && part_failed;
            let several = !matches!(check, Check::Fails { .. }) && !source::is_one(evidence);
            let open = left_of_pass(expected.left.as_ref())
                .or_else(|| {
                    several.then(|| {
                        "it matches, but gonogo can't tell which of several commands showed it".to_owned()
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
                let why = format!("{why}; \"{}\" needs a manual check", left.text);
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

/// Words that are left over need eyes, unless they only name another way to be right.
fn left_of_pass(left: Option<&Left>) -> Option<String> {
    left.filter(|l| !l.or).map(|l| format!("\"{}\" needs a manual check", l.text))
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
