//! Commands: from a key to the shell and back.

use super::*;
use crate::run::event::SkipReason;
use crate::run::state::Standing;

#[test]
fn a_command_is_durable_before_it_is_sent_and_told_to_everybody() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let bob = stage.comes("bob", Part::Looks);
    bob.updates();
    let before = stage.actor.state().seq().0;
    stage.number += 1;
    let request = stage.run_of("1/1");
    stage.actor.handle(Inbox::Client(ada.id, ToRunner::Ask { number: 1, request }));
    assert_eq!(stage.stored(before), ["command_started"]);
    assert_eq!(stage.ran(), ["echo one"]);
    assert_eq!((ada.told(), bob.told()), (vec!["command_started".into()], vec!["command_started".into()]));
}

#[test]
fn an_end_is_judged_by_what_was_shown() {
    for (output, standing) in [("one\n", Standing::Passed), ("two\n", Standing::NeedsEyes)] {
        let mut stage = Stage::ready(BOOK);
        let ada = stage.ada();
        stage.runs(&ada, "1/1");
        stage.exits("1/1", 1, Exit::Status(0), output);
        let known = stage.actor.state().standing(&"1/1".into());
        assert!(known == standing || output == "two\n" && known == Standing::Failed, "{output}: {known:?}");
        assert_ne!(known == Standing::Passed, output == "two\n");
        assert_eq!(stage.stored(0).last().unwrap(), "command_exited");
    }
}

#[test]
fn one_command_runs_at_a_time_and_a_second_key_starts_nothing() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let twice = stage.run_of("1/1");
    assert_eq!(stage.asks(&ada, twice.clone()), Some(Ok(())));
    assert_eq!(stage.asks(&ada, twice.clone()), Some(Err(Refusal::Busy("1/1".into()))));
    stage.exits("1/1", 1, Exit::Status(0), "one\n");
    assert_eq!(stage.asks(&ada, twice), Some(Err(Refusal::NotAsSeen("1/1".into()))));
    assert_eq!(stage.ran(), ["echo one"]);
}

#[test]
fn an_end_that_is_told_twice_is_recorded_once() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    stage.runs(&ada, "1/1");
    stage.exits("1/1", 1, Exit::Status(0), "one\n");
    let after = stage.actor.state().seq();
    stage.exits("1/1", 1, Exit::Status(1), "");
    stage.exits("1/2", 1, Exit::Status(1), "");
    assert_eq!(stage.actor.state().seq(), after);
}

#[test]
fn what_comes_before_the_shell_is_ready_runs_once_it_is() {
    let mut stage = Stage::started(BOOK);
    stage.place_comes();
    let ada = stage.ada();
    stage.number += 1;
    let number = stage.number;
    let request = stage.run_of("1/1");
    stage.actor.handle(Inbox::Client(ada.id, ToRunner::Ask { number, request }));
    assert_eq!(ada.answer(number), None, "it waits");
    assert_eq!(stage.ran(), Vec::<String>::new());
    stage.shell_is_ready();
    // What it was drawn with is from before the shell told where it is: nothing about the command has changed.
    assert_eq!(ada.answer(number), Some(Ok(())));
    assert_eq!(stage.ran(), ["echo one"]);
}

#[test]
fn who_leaves_before_the_shell_is_ready_runs_nothing() {
    let mut stage = Stage::started(BOOK);
    stage.place_comes();
    let ada = stage.ada();
    stage.runs(&ada, "1/1");
    stage.actor.handle(Inbox::Left(ada.id));
    stage.shell_is_ready();
    assert_eq!(stage.ran(), Vec::<String>::new());
    assert!(!stage.stored(0).contains(&"command_started".to_owned()));
}

#[test]
fn ending_a_follow_command_is_no_failure_and_its_own_end_is() {
    for ended_by_ada in [true, false] {
        let mut stage = Stage::ready("# T\n## Steps\n```bash\ntail -f log\n```\n");
        let ada = stage.ada();
        assert_eq!(stage.runs(&ada, "1/1"), Some(Ok(())));
        if ended_by_ada {
            let cancel = Request::Cancel { command: "1/1".into(), signal: "INT".into() };
            assert_eq!(stage.asks(&ada, cancel), Some(Ok(())));
            assert!(stage.sent().iter().any(|m| matches!(m, ToShim::Signal { .. })));
        }
        stage.exits("1/1", 1, Exit::Status(130), "");
        let failed = stage.actor.state().standing(&"1/1".into()) == Standing::Failed;
        assert_eq!(failed, !ended_by_ada);
    }
}

#[test]
fn a_value_is_captured_once_and_told() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    stage.runs(&ada, "1/1");
    ada.updates();
    for value in ["a", "a", "b"] {
        let captured = FromShim::Captured { name: "F".into(), value: value.into(), command: "1/1".into() };
        stage.reports(captured);
    }
    assert_eq!(ada.told(), ["value_captured", "value_captured"]);
    let values: Vec<&str> = stage.actor.state().captured("F").iter().map(|c| c.value.as_str()).collect();
    assert_eq!(values, ["a", "b"]);
}

#[test]
fn a_refusal_changes_nothing_and_says_why() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let before = stage.actor.state().seq();
    let empty = Request::Skip { command: "1/1".into(), reason: SkipReason::Operator(" ".into()) };
    assert_eq!(stage.asks(&ada, empty), Some(Err(Refusal::ReasonNeeded)));
    assert_eq!(stage.runs(&ada, "9/9"), Some(Err(Refusal::NoCommand("9/9".into()))));
    assert_eq!(stage.actor.state().seq(), before);
    assert_eq!(stage.ran(), Vec::<String>::new());
}

#[test]
fn a_destructive_command_needs_what_was_asked_for() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let Request::Run { command, seen, again, .. } = stage.run_of("1/4") else { unreachable!() };
    let unconfirmed = Request::Run { command, seen, confirmed: Confirmation::None, again };
    assert_eq!(stage.asks(&ada, unconfirmed), Some(Err(Refusal::Unconfirmed("1/4".into()))));
    assert_eq!(stage.ran(), Vec::<String>::new());
    assert_eq!(stage.runs(&ada, "1/4"), Some(Ok(())));
    assert_eq!(stage.ran(), ["rm -rf ./old"]);
}

#[test]
fn a_run_that_is_over_takes_no_command_and_tells_the_place_to_end() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let finish = Request::Finish { outcome: crate::run::Outcome::Failed, reason: String::new() };
    assert_eq!(stage.asks(&ada, finish), Some(Ok(())));
    assert_eq!(stage.runs(&ada, "1/1"), Some(Err(Refusal::Over)));
    assert!(!stage.actor.done(), "somebody still follows");
    stage.actor.handle(Inbox::Left(ada.id));
    assert!(stage.actor.done());
}

#[test]
fn a_monitored_run_that_nobody_follows_wakes_for_its_rounds_only() {
    let book = "# T\n## Steps\n```bash\nls\n```\n## Post-Deployment Monitoring\n### First Hour\n**Monitor every 5 minutes:**\n- [ ] API server responding\n";
    let mut stage = Stage::ready(book);
    let finish = Request::Finish { outcome: crate::run::Outcome::Failed, reason: String::new() };
    stage.actor.ask(&Request::BeginMonitoring, None).unwrap();
    stage.actor.ask(&finish, None).unwrap();
    stage.actor.rounds();
    // As long after its start as nobody is waited for any more.
    stage.actor.presence.began = Instant::now().checked_sub(NOBODY_CAME * 2).unwrap();
    assert!(!stage.actor.done(), "its rounds go on");
    let wakes = stage.actor.due_in().unwrap();
    assert!(wakes > Duration::from_secs(1), "{wakes:?}");
}
