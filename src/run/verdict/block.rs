//! What an expectation comes to that is about a whole block: it stands behind a fence with several commands.

use super::signs::failed_before;
use super::source::simples;
use super::text::excerpt;
use super::{Evidence, Judgement, Verdict, judge};
use crate::runbook::Expectation;
use crate::runbook::expect::Check;

/// Judges an expectation over the commands of its block, which are here in the order they ran, the last one last.
///
/// 1. An output with several lines may be that of all of them in order.
/// 2. What must not be seen must be seen of none.
/// 3. Else the last that shows something decides; one before it only where what ran after it says nothing of the
///    kind. What one shows and a later one does not is for eyes: the later may contradict it.
pub fn judge_block(expected: &Expectation, all: &[Evidence<'_>]) -> Judgement {
    let Some((last, earlier)) = all.split_last() else { return Judgement::eyes("none of it was run") };
    match &expected.check {
        _ if earlier.is_empty() => judge(expected, last),
        None => judge(expected, last),
        Some(Check::Fails { .. }) => judge(expected, last),
        Some(Check::Succeeds { .. } | Check::Absent { .. } | Check::NoErrors { .. } | Check::Empty) => {
            of_none(expected, all)
        }
        Some(Check::Within { .. }) => in_all(expected, all),
        Some(Check::Output { .. } | Check::Lines { .. }) => in_order(expected, all),
        Some(check) => of_one(expected, check, all),
    }
}

/// The worst that any of them comes to.
fn of_none(expected: &Expectation, all: &[Evidence<'_>]) -> Judgement {
    let mut judged: Vec<Judgement> = all.iter().map(|evidence| judge(expected, evidence)).collect();
    let worst = [Verdict::Fail, Verdict::NeedsEyes]
        .iter()
        .find_map(|wanted| judged.iter().position(|j| j.verdict == *wanted));
    match worst {
        Some(at) => judged.swap_remove(at),
        None => judged.pop().unwrap_or_else(|| Judgement::eyes("none of it was run")),
    }
}

/// The time that all of them took together.
fn in_all(expected: &Expectation, all: &[Evidence<'_>]) -> Judgement {
    let elapsed = all.iter().map(|evidence| evidence.elapsed).sum();
    let together: Vec<Evidence<'_>> =
        all.iter().map(|evidence| Evidence { elapsed, ..evidence.clone() }).collect();
    of_none(expected, &together)
}

/// Lines that one of them shows as a whole, or all of them in order.
fn in_order(expected: &Expectation, all: &[Evidence<'_>]) -> Judgement {
    let alone: Vec<Judgement> = all.iter().map(|evidence| judge(expected, evidence)).collect();
    let later_shows = |at: usize| all.iter().skip(at + 1).any(|evidence| shows_something(evidence));
    let passed = alone.iter().enumerate().find(|(at, j)| j.verdict == Verdict::Pass && !later_shows(*at));
    if let Some((_, judged)) = passed {
        return judged.clone();
    }
    let Some(last) = all.last() else { return Judgement::eyes("none of it was run") };
    if all.iter().any(|evidence| evidence.output.is_none()) {
        return Judgement::eyes("the output of the block was not kept in full");
    }
    let output = joined(all, |evidence| evidence.output.unwrap_or(""));
    let error = joined(all, |evidence| evidence.error);
    let together = Evidence {
        output: Some(&output),
        error: &error,
        whole: all.iter().all(|evidence| evidence.whole),
        merged: all.iter().any(|evidence| evidence.merged),
        ..last.clone()
    };
    let judged = judge(expected, &together);
    let failed = all.iter().any(|e| !e.exit.is_success() || failed_before(e));
    if failed && judged.verdict == Verdict::Pass {
        let why = "it matches, but a command of the block failed";
        return Judgement { observed: judged.observed, matched: true, ..Judgement::eyes(why) };
    }
    judged
}

fn joined<'e>(all: &[Evidence<'e>], part: impl Fn(&Evidence<'e>) -> &'e str) -> String {
    all.iter()
        .map(|evidence| part(evidence).trim_end())
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the last of them that could be meant shows.
fn of_one(expected: &Expectation, check: &Check, all: &[Evidence<'_>]) -> Judgement {
    let shown: Vec<&Evidence<'_>> = all.iter().filter(|evidence| shows_something(evidence)).collect();
    let told: Vec<&Evidence<'_>> = shown.iter().copied().filter(|evidence| !only_prints(evidence)).collect();
    let meant = if told.is_empty() { shown } else { told };
    let judged: Vec<Judgement> = meant.iter().map(|evidence| judge(expected, evidence)).collect();
    let Some(last) = judged.last() else {
        return all
            .last()
            .map_or_else(|| Judgement::eyes("none of it was run"), |evidence| judge(expected, evidence));
    };
    let Some(at) = judged.iter().rposition(|j| j.verdict == Verdict::Pass) else {
        let open = judged.iter().rev().find(|j| j.verdict == Verdict::NeedsEyes);
        return open.unwrap_or(last).clone();
    };
    let after = meant.get(at + 1..).unwrap_or_default();
    let Some(passed) = judged.get(at) else { return last.clone() };
    if after.iter().all(|evidence| says_nothing_of(check, evidence)) {
        return passed.clone();
    }
    let text = meant.get(at).map_or("", |evidence| evidence.text);
    let why = format!("\"{}\" shows it, but not what ran after it", excerpt(text));
    Judgement { observed: passed.observed.clone(), matched: true, ..Judgement::eyes(why) }
}

fn shows_something(evidence: &Evidence<'_>) -> bool {
    evidence.output.is_none_or(|output| !output.trim().is_empty())
}

/// Whether a command prints what the document has it print, and nothing it found.
fn only_prints(evidence: &Evidence<'_>) -> bool {
    !evidence.text.contains(['$', '`'])
        && simples(evidence).is_some_and(|found| {
            found.len() == 1 && found.iter().all(|simple| matches!(simple.program(), "echo" | "printf"))
        })
}

/// Whether what a command showed is of another kind than what is looked for.
fn says_nothing_of(check: &Check, evidence: &Evidence<'_>) -> bool {
    let output = evidence.output.unwrap_or("");
    match check {
        Check::Json { .. } => evidence.output.is_some() && !output.contains(['{', '[']),
        Check::Http { .. } => {
            let asks = simples(evidence)
                .is_some_and(|found| found.iter().any(|s| matches!(s.program(), "curl" | "wget" | "http")));
            !asks && !output.contains("HTTP/")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::run::event::Exit;
    use crate::run::verdict::Freshness;

    fn evidence((text, output): &(&'static str, &'static str)) -> Evidence<'static> {
        Evidence {
            text,
            exit: Exit::Status(0),
            stages: &[0],
            elapsed: Duration::from_millis(5),
            output: Some(output),
            whole: true,
            merged: false,
            error: "",
            services: None,
            siblings: &[],
            fresh: Freshness::Any,
        }
    }

    fn judged(words: &str, ran: &[(&str, &str)]) -> Verdict {
        // The texts of a test live as long as it.
        let ran: Vec<(&'static str, &'static str)> = ran
            .iter()
            .map(|(a, b)| (&*String::leak((*a).to_owned()), &*String::leak((*b).to_owned())))
            .collect();
        let all: Vec<Evidence<'_>> = ran.iter().map(evidence).collect();
        judge_block(&Expectation::read(1, words), &all).verdict
    }

    #[test]
    fn an_expectation_about_a_block_looks_at_all_of_its_commands() {
        let health = ("curl -s http://h/health", r#"{"status":"ok"}"#);
        let ok = "Expected: `{\"status\":\"ok\"}`";
        assert_eq!(judged("Expected: {\"status\":\"ok\"}", &[health, ("rm -f zz", "")]), Verdict::Pass);
        assert_eq!(
            judged("Expected: {\"status\":\"ok\"}", &[health, ("git log -1", "abc fix")]),
            Verdict::Pass
        );
        assert_ne!(judged(ok, &[("curl -s http://h/health", "down"), ("rm -f zz", "")]), Verdict::Pass);
        let lines = "Expected output:\nalpha\nbeta";
        assert_eq!(judged(lines, &[("./a", "alpha\n"), ("./b", "beta\n")]), Verdict::Pass);
        assert_ne!(judged(lines, &[("./a", "beta\n"), ("./b", "alpha\n")]), Verdict::Pass);
        assert_eq!(judged("Should show \"ready\"", &[("./a", "starting"), ("./b", "ready")]), Verdict::Pass);
    }

    #[test]
    fn what_a_later_command_does_not_show_is_no_pass() {
        let ran = [("docker compose up -d", "web is healthy"), ("docker logs web", "unhealthy")];
        assert_eq!(judged("Should show \"healthy\"", &ran), Verdict::NeedsEyes);
        let two = [("curl -s http://a", r#"{"status":"ok"}"#), ("curl -s http://b", r#"{"status":"bad"}"#)];
        assert_eq!(judged("Expected: {\"status\":\"ok\"}", &two), Verdict::NeedsEyes);
        assert_eq!(judged("Should not show \"error\"", &[("./a", "error"), ("./b", "fine")]), Verdict::Fail);
        assert_ne!(judged("Should be empty", &[("./a", "x"), ("./b", "")]), Verdict::Pass);
        assert_eq!(judged("Should show \"ready\"", &[("./a", "down"), ("./b", "down")]), Verdict::Fail);
        let printed = [("./a", "down"), ("echo ready", "ready")];
        assert_eq!(judged("Should show \"ready\"", &printed), Verdict::Fail);
    }

    #[test]
    fn success_and_time_of_a_block_are_those_of_all_its_commands() {
        let failed = Evidence { exit: Exit::Status(2), stages: &[2], ..evidence(&("./a", "")) };
        let well = evidence(&("./b", "done"));
        let exits = Expectation::read(1, "Expected: exit code 0");
        assert_eq!(judge_block(&exits, &[well.clone(), well.clone()]).verdict, Verdict::Pass);
        assert_eq!(judge_block(&exits, &[failed, well.clone()]).verdict, Verdict::Fail, "the first failed");
        let slow = Evidence { elapsed: Duration::from_millis(1500), ..well };
        let quick = Expectation::read(1, "Expected: < 2 seconds");
        assert_eq!(judge_block(&quick, std::slice::from_ref(&slow)).verdict, Verdict::Pass);
        assert_eq!(judge_block(&quick, &[slow.clone(), slow]).verdict, Verdict::Fail, "3 s together");
    }
}
