//! Several ways to do one thing.

use super::*;

/// Two ways of two commands each, of which one is gone.
const WAYS: &str =
    "# T\n## Steps\n### Option A: new\n```bash\na1\na2\n```\n### Option B: old\n```bash\nb1\nb2\n```\n";

#[test]
fn of_several_ways_one_is_gone_and_another_when_that_was_given_up() {
    let mut given = Given::of(WAYS);
    let ids: Vec<String> = given.state.step_commands().iter().map(|c| c.id.0.clone()).collect();
    let [a1, a2, b1, b2] = [0, 1, 2, 3].map(|at| ids[at].as_str());
    let skip = |id: &str| Request::Skip { command: id.into(), reason: SkipReason::Operator("no".into()) };
    given.happens(&Request::DecideGate { gate: GateId::Change, go: true, reason: "now".into() });
    // Skipping a command takes no way.
    given.happens(&skip(a1));
    assert_eq!(flow::next(&given.state), Next::Choice(a2.into()));
    given.happens(&given.run(a2));
    assert_eq!(given.state.standing(&b1.into()), Standing::Skipped);
    given.happens(&exited(a2, 1));
    given.happens(&skip(a2));
    assert_eq!(flow::next(&given.state), Next::Choice(b1.into()), "the other way is open again");
    let left_out = Request::Skip { command: b1.into(), reason: SkipReason::Alternative };
    assert_eq!(given.when(&left_out), Err(Refusal::ReasonNeeded), "nothing was done instead");
    given.happens(&given.run(b1));
    given.happens(&exited(b1, 0));
    assert_eq!(flow::next(&given.state), Next::Run(b2.into()));
    given.happens(&given.run(b2));
    given.happens(&exited(b2, 0));
    assert_eq!(flow::next(&given.state), Next::Finish);
}

#[test]
fn going_on_after_a_failure_in_a_way_keeps_that_way() {
    let mut given = Given::of(WAYS);
    let ids: Vec<String> = given.state.step_commands().iter().map(|c| c.id.0.clone()).collect();
    let [a1, a2, b1] = [0, 1, 2].map(|at| ids[at].as_str());
    given.happens(&Request::DecideGate { gate: GateId::Change, go: true, reason: "now".into() });
    given.happens(&given.run(a1));
    given.happens(&exited(a1, 1));
    let skip = Request::Skip { command: a1.into(), reason: SkipReason::Operator("harmless".into()) };
    given.happens(&skip);
    assert_eq!(flow::next(&given.state), Next::Choice(a2.into()), "go on with it, or take the other");
    given.happens(&given.run(a2));
    given.happens(&exited(a2, 0));
    assert_eq!(given.state.standing(&b1.into()), Standing::Skipped);
    assert_eq!(flow::next(&given.state), Next::Finish);
}
