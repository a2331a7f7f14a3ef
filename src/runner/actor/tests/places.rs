//! Places that come, go and are left.

use super::*;
use crate::run::state::Standing as Verdict;

const WAY: &str = "# T\n## Steps\n```bash\nhostname\nssh ops@web-1\nls\n```\n";

#[test]
fn entering_and_leaving_are_recorded_with_where_the_shell_is() {
    let mut stage = Stage::ready(WAY);
    let ada = stage.ada();
    let before = stage.actor.state().seq().0;
    let restored = vec![];
    let entered = vec![
        Event::PlaceEntered { command: "1/2".into(), restored, terminals: false },
        Event::PlaceObserved { place: at("ops@web-1") },
    ];
    stage.actor.facts(entered);
    assert_eq!(stage.actor.state().place().login, "ops@web-1");
    stage.reports(FromShim::Left {
        command: "1/2".into(),
        place: at("ada@web"),
        lost: Some("cut".into()),
        beside: Box::default(),
    });
    assert_eq!(stage.stored(before), ["place_entered", "place_observed", "place_left", "place_observed"]);
    assert_eq!(stage.actor.state().left_because(&"1/2".into()), Some("cut"));
    // Once more, it is left already.
    let after = stage.actor.state().seq();
    stage.reports(FromShim::Left {
        command: "1/2".into(),
        place: at("ada@web"),
        lost: None,
        beside: Box::default(),
    });
    assert_eq!(stage.actor.state().seq(), after);
    drop(ada);
}

#[test]
fn a_shell_that_says_the_same_again_records_nothing() {
    let mut stage = Stage::ready(BOOK);
    let before = stage.actor.state().seq();
    stage.reports(FromShim::At(at("ada@web")));
    assert_eq!(stage.actor.state().seq(), before);
    stage.reports(FromShim::At(at("root@web")));
    assert_eq!(stage.actor.state().place().login, "root@web");
}

#[test]
fn what_ran_behind_a_connection_that_is_cut_is_lost_and_not_run_again() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    stage.runs(&ada, "1/1");
    stage.sent();
    stage.reports(FromShim::Lost { command: "1/1".into(), attempt: Attempt(1), why: "cut".into() });
    assert_eq!(stage.actor.state().standing(&"1/1".into()), Verdict::Lost);
    assert_eq!(stage.actor.state().running(), None);
    stage.exits("1/1", 1, Exit::Status(0), "one\n");
    assert_eq!(stage.actor.state().standing(&"1/1".into()), Verdict::Lost, "what comes late changes nothing");
    assert_eq!(stage.ran(), Vec::<String>::new());
}

#[test]
fn a_place_that_is_found_again_is_given_what_was_durable_and_may_not_have_been_done() {
    let mut stage = Stage::ready("# T\n## Steps\n```bash\ntail -f log\n\necho \"$WHO\"\n```\n");
    let ada = stage.ada();
    let set = Request::SetParameter { name: "WHO".into(), value: Some("ops".into()) };
    assert_eq!(stage.asks(&ada, set), Some(Ok(())));
    assert_eq!(stage.runs(&ada, "1/1"), Some(Ok(())));
    assert_eq!(stage.asks(&ada, Request::KeepInBackground { command: "1/1".into() }), Some(Ok(())));
    stage.place_comes();
    let given = stage.sent();
    assert!(given.iter().any(|m| matches!(m, ToShim::Background(id) if id.0 == "1/1")), "{given:?}");
    assert!(given.iter().any(|m| matches!(m, ToShim::Export { name, .. } if name == "WHO")), "{given:?}");
    assert!(given.iter().all(|m| !matches!(m, ToShim::Run { .. })), "starting a command never is");
}

#[test]
fn reports_that_a_place_kept_come_before_anything_else() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    stage.runs(&ada, "1/1");
    let before = stage.actor.state().seq().0;
    let exited = FromShim::Exited {
        command: "1/1".into(),
        attempt: Attempt(1),
        exit: Exit::Status(0),
        elapsed: Duration::from_millis(1),
        bytes: 0,
        place: at("ada@web"),
        shown: None,
        seal: None,
        unreached: None,
    };
    let reports = vec![Report { number: Some(3), report: exited }];
    let (to, _sent) = unbounded_channel();
    stage.actor.take_place(Place::Fake(to), super::Standing { reports, ..super::Standing::default() });
    assert_eq!(stage.stored(before), ["command_exited"], "and it is not said that it never ran");
}

#[test]
fn without_a_shell_the_run_is_shown_and_decided_about_and_says_why() {
    let mut stage = Stage::started(BOOK);
    let ada = stage.ada();
    stage.reports(FromShim::NoShell("no PTY".into()));
    assert!(ada.updates().iter().any(|u| matches!(u, ToClient::NoShell(why) if why.contains("no PTY"))));
    let skip =
        Request::Skip { command: "1/1".into(), reason: crate::run::SkipReason::Operator("by hand".into()) };
    assert_eq!(stage.asks(&ada, skip), Some(Ok(())));
}

#[test]
fn a_way_is_limited_and_whoever_types_has_the_time_anew() {
    let mut stage = Stage::ready(WAY);
    let ada = stage.ada();
    let through =
        Request::ChoosePlace { command: "1/2".into(), choice: crate::run::event::PlaceChoice::Through };
    assert_eq!(stage.asks(&ada, through), Some(Ok(())));
    assert_eq!(stage.runs(&ada, "1/2"), Some(Ok(())));
    let signals = |stage: &mut Stage| {
        stage.actor.due();
        stage.sent().iter().filter(|m| matches!(m, ToShim::Signal { .. })).count()
    };
    let types = |stage: &mut Stage, within: Duration| {
        stage.actor.timers.reach_within = within;
        let keys = ToRunner::Keys { command: "1/2".into(), keys: b"y".to_vec() };
        stage.actor.handle(Inbox::Client(ada.id, keys));
    };
    types(&mut stage, Duration::ZERO);
    types(&mut stage, Duration::from_mins(5));
    assert_eq!(signals(&mut stage), 0, "somebody answers");
    types(&mut stage, Duration::ZERO);
    assert_eq!(signals(&mut stage), 1);
    types(&mut stage, Duration::from_mins(5));
    let next = stage.actor.limit_due_in().unwrap();
    assert!(next < Duration::from_mins(1), "what is being ended is not waited for any more: {next:?}");
    stage.reports(FromShim::Exited {
        command: "1/2".into(),
        attempt: Attempt(1),
        exit: Exit::Status(0),
        elapsed: Duration::from_millis(5),
        bytes: 0,
        place: at("ada@web"),
        shown: None,
        seal: None,
        unreached: Some("Password:".into()),
    });
    let run = stage.actor.state();
    assert_eq!(run.standing(&"1/2".into()), Verdict::Failed, "whatever it ended with");
    let judged = run.claims(&"1/2".into())[0].judged.clone().unwrap();
    assert_eq!(judged.observed, "gonogo did not reach a shell there within 60 s; last output: Password:");
    assert_eq!(stage.actor.limit_due_in(), None);
}
