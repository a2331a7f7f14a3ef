//! Ways off the document's path: changed and added commands, going on elsewhere, waiting, backgrounds.

use super::*;

#[test]
fn an_edited_command_is_judged_by_what_it_says_now() {
    let mut given = given(&[go()]);
    let id: CommandId = "2/2".into();
    let before = given.run("2/2");
    given.happens(&Request::Edit { command: id.clone(), text: "rm -rf /srv/data".into() });
    assert!(given.state.is_edited(&id));
    assert_eq!(given.when(&before), Err(Refusal::NotAsSeen(id.clone())), "what was drawn is gone");
    given.happens(&Request::Answer { command: id.clone(), holds: true });
    given.happens(&Request::ChoosePlace { command: "1/1".into(), choice: PlaceChoice::AlreadyHere });
    assert_eq!(given.when(&given.run("2/2")), Err(Refusal::Unconfirmed(id.clone())));
    given.happens(&Request::Edit { command: id.clone(), text: "./migrate".into() });
    assert!(!given.state.is_edited(&id), "with the document's text it is the document's command again");
}

#[test]
fn an_added_command_runs_before_the_gate_and_has_its_own_confirmation() {
    let mut given =
        given(&[Request::Add { text: "docker ps".into() }, Request::Add { text: "rm -rf /srv".into() }]);
    assert_eq!(given.when(&given.run("added.2")), Err(Refusal::Unconfirmed("added.2".into())));
    given.happens(&given.run("added.1"));
    given.happens(&exited("added.1", 0));
    assert_eq!(given.state.ran().last().map(|r| r.by.as_str()), Some("ada"));
    assert_eq!(flow::next(&given.state), Next::Place("1/1".into()), "the document's order goes on as before");
    assert!(given.when(&Request::Add { text: " ".into() }).is_err());
}

#[test]
fn going_on_later_skips_what_is_open_but_no_place() {
    let mut given = given(&[]);
    let to = |id: &str, skips: &[&str]| Request::SkipTo {
        command: id.into(),
        skips: skips.iter().map(|s| (*s).into()).collect(),
        reason: "was done yesterday".into(),
    };
    assert_eq!(given.when(&to("2/1", &["1/1", "1/2"])), Err(Refusal::PlaceOpen("1/1".into())));
    given.happens(&Request::ChoosePlace { command: "1/1".into(), choice: PlaceChoice::AlreadyHere });
    assert_eq!(
        given.when(&Request::SkipTo { command: "2/3".into(), skips: vec![], reason: " ".into() }),
        Err(Refusal::ReasonNeeded)
    );
    assert_eq!(
        given.when(&to("2/3", &["2/1"])),
        Err(Refusal::NotAsSeen("2/3".into())),
        "another list was shown"
    );
    given.happens(&to("2/3", &["1/2", "2/1", "2/2"]));
    let skipped: Vec<Standing> = ["1/2", "2/1", "2/2"].map(|id| given.state.standing(&id.into())).into();
    assert_eq!(skipped, [Standing::Skipped; 3]);
    assert_eq!(flow::next(&given.state), Next::Gate(gates::GateId::Change), "the gate still stands");
    assert_eq!(given.when(&to("2/3", &[])), Err(Refusal::NothingBefore("2/3".into())));
}

const WATCH: &str = "# T\n## Steps\n```bash\ncurl -s localhost/health\ntail -f log\necho x >y\n```\n";

#[test]
fn waiting_ends_after_three_passes_in_a_row_or_at_its_limit() {
    let mut given = Given::of(WATCH);
    given.happens(&go());
    given.happens(&given.wait("1/1"));
    for status in [0, 0, 7, 0, 0] {
        given.happens(&exited("1/1", status));
        assert_eq!(flow::next(&given.state), Next::Waiting("1/1".into()));
        assert_eq!(given.when(&given.run("1/2")), Err(Refusal::Waits("1/1".into())));
        given.happens(&IntervalPasses);
    }
    given.happens(&exited("1/1", 0));
    assert!(given.state.waiting().is_none(), "passed three times in a row");
    assert_eq!(given.when(&given.wait("1/3")), Err(Refusal::NotARead("1/3".into())));
    let mut given = Given::of(WATCH);
    given.happens(&go());
    given.happens(&given.wait("1/1"));
    for _ in 0..60 {
        given.happens(&exited("1/1", 7));
        given.happens(&IntervalPasses);
    }
    let ended = given.when(&exited("1/1", 7)).unwrap();
    assert!(matches!(&ended[1], Event::WaitEnded { passed: false, .. }), "{ended:?}");
}

#[test]
fn a_follow_command_in_the_background_lets_the_run_go_on_but_not_end() {
    let mut given = Given::of(WATCH);
    given.happens(&go());
    given.happens(&given.run("1/1"));
    given.happens(&exited("1/1", 0));
    assert_eq!(
        given.when(&Request::KeepInBackground { command: "1/1".into() }),
        Err(Refusal::NotRunning("1/1".into()))
    );
    given.happens(&given.run("1/2"));
    assert_eq!(given.when(&given.run("1/3")), Err(Refusal::Busy("1/2".into())));
    given.happens(&Request::KeepInBackground { command: "1/2".into() });
    given.happens(&given.run("1/3"));
    given.happens(&exited("1/3", 0));
    assert_eq!(
        given.when(&Request::Finish { outcome: Outcome::Deployed, reason: "as agreed".into() }),
        Err(Refusal::InBackground("1/2".into()))
    );
    given.happens(&exited("1/2", 1));
    assert_eq!(flow::next(&given.state), Next::Failed("1/2".into()), "it ended by itself, and that is told");
}

#[test]
fn what_a_follow_command_shows_can_be_attested_while_it_goes_on() {
    let mut given = Given::of("# T\n## Steps\n```bash\ntail -f log\n# Should see: \"ready\"\n```\n");
    given.happens(&given.run("1/1"));
    given.happens(&Request::Attest { command: "1/1".into(), expectation: 0, met: true, note: String::new() });
    given.happens(&Event::CommandExited {
        command: "1/1".into(),
        attempt: Attempt(1),
        exit: Exit::Ended,
        elapsed_ms: 1,
        bytes: 0,
        place: Place::default(),
        verdicts: vec![],
        seal: None,
    });
    assert_eq!(given.state.standing(&"1/1".into()), Standing::Passed);
}
