//! Check items where they are due, what is done by hand, and runs that somebody has to confirm.

use super::*;
use crate::run::due;
use crate::text as words;

const BOOK: &str = r"# Shop
## Access
- [ ] VPN is up
## Step 1: Stop
- [ ] Users were told
```bash
systemctl reload shop
```
- [ ] Queue is empty
## Step 2: Start
```bash
systemctl restart shop
# Should look fine
```
- [ ] Page loads
## Wrap-up
- [ ] Ticket is closed
";

fn tick(given: &mut Given, text: &str) {
    let items = given.state.runbook().checklists.iter().flat_map(|c| &c.items);
    let item = items.into_iter().find(|i| i.text == text).unwrap().id.clone();
    given.happens(&Request::Tick { item, evidence: None, reason: None });
}

/// What comes next, items by their words.
fn next(given: &Given) -> String {
    match flow::next(&given.state) {
        Next::Check(item) => given.state.runbook().item(&item).unwrap().text.clone(),
        next => format!("{next:?}"),
    }
}

fn board(given: &Given, gate: GateId) -> Vec<String> {
    let board = gates::board(&given.state, gate, &gates::Outside::default());
    let items = board.into_iter().filter(|p| p.words.contains("ticked") || p.words.contains("later"));
    items.map(|p| format!("{}{}", if p.open { "open: " } else { "" }, p.words)).collect()
}

#[test]
fn items_come_where_they_are_due_and_a_gate_is_open_only_for_what_is_due_by_then() {
    let mut given = Given::of(BOOK);
    assert_eq!(
        board(&given, GateId::Change),
        [
            "open: not ticked: VPN is up",
            "open: not ticked: Users were told",
            "later: Queue is empty, after step 1",
            "later: Page loads, after step 2",
            "later: Ticket is closed, at the end",
        ]
    );
    assert_eq!(next(&given), "Users were told", "before its command, and before the gate there");
    tick(&mut given, "Users were told");
    assert_eq!(next(&given), "Gate(Change)");
    let unticked = Request::DecideGate { gate: GateId::Change, go: true, reason: String::new() };
    assert_eq!(given.when(&unticked), Err(Refusal::GateOpen("not ticked: VPN is up".into())));
    tick(&mut given, "VPN is up");
    given.happens(&unticked);
    assert!(given.state.gate().is_some_and(|g| g.open.is_empty() && g.board.is_empty()));
    given.happens(&given.run("1/1"));
    given.happens(&exited("1/1", 0));
    assert_eq!(next(&given), "Queue is empty");
    let (now, later) = due::now_and_later(&given.state, flow::position(&given.state));
    assert_eq!((now.len(), later.len()), (1, 2));
    assert!(
        words::hand_over(&given.state).contains(&"Open on the checklist: \"Queue is empty\".".to_owned())
    );
    tick(&mut given, "Queue is empty");
    assert_eq!(next(&given), "Run(CommandId(\"2/1\"))");
    given.happens(&given.run("2/1"));
    given.happens(&exited("2/1", 0));
    given.happens(&Request::Attest { command: "2/1".into(), expectation: 0, met: true, note: String::new() });
    assert_eq!(next(&given), "Page loads");
    assert_eq!(
        board(&given, GateId::SignOff),
        ["open: not ticked: Page loads", "open: not ticked: Ticket is closed"]
    );
    tick(&mut given, "Page loads");
    assert_eq!(next(&given), "Ticket is closed");
    // Whoever has a reason ends the run without it.
    let finish = |reason: &str| Request::Finish { outcome: Outcome::Deployed, reason: reason.into() };
    assert!(matches!(given.when(&finish("")), Err(Refusal::GateOpen(_))));
    given.happens(&finish("closed in the morning"));
    assert_eq!(flow::next(&given.state), Next::Over);
}

#[test]
fn what_belongs_to_a_step_that_was_skipped_is_not_asked() {
    let mut given = Given::of(BOOK);
    let skip =
        |id: &str| Request::Skip { command: id.into(), reason: SkipReason::Operator("down already".into()) };
    given.happens(&skip("1/1"));
    tick(&mut given, "VPN is up");
    assert_eq!(next(&given), "Gate(Change)");
    given.happens(&go());
    assert_eq!(next(&given), "Run(CommandId(\"2/1\"))", "no item of step 1");
    let board = board(&given, GateId::SignOff);
    assert!(
        board.contains(&"not ticked: Queue is empty, after step 1, which was skipped".into()),
        "{board:?}"
    );
}

#[test]
fn what_is_offered_is_chosen_before_its_items_are_asked() {
    let given = Given::of(
        "# T\n## Step 1: A\n- [ ] Cache is cold\n\n```bash\n# Optional: warm it\ncurl http://h/warm\n```\n",
    );
    assert_eq!(next(&given), "Choice(CommandId(\"1/1\"))");
}

#[test]
fn a_run_to_be_confirmed_has_ended_and_is_confirmed_or_rejected_later() {
    let of = || {
        let mut given = Given::of(BOOK);
        for text in ["VPN is up", "Users were told", "Queue is empty", "Page loads"] {
            tick(&mut given, text);
        }
        given.happens(&go());
        for id in ["1/1", "2/1"] {
            given.happens(&given.run(id));
            given.happens(&exited(id, 0));
        }
        given.happens(&Request::Finish { outcome: Outcome::Unconfirmed, reason: String::new() });
        given
    };
    let attest = |met| Request::Attest { command: "2/1".into(), expectation: 0, met, note: String::new() };
    let outcome = |given: &Given| given.state.outcome().map(|(outcome, _)| outcome);
    let mut given = of();
    assert!(given.state.is_unconfirmed() && !given.state.is_over());
    assert_eq!(next(&given), "Attest(CommandId(\"2/1\"), 0)");
    assert_eq!(given.when(&given.run("2/1")), Err(Refusal::Over), "it holds nothing, and runs nothing");
    let deployed = Request::Finish { outcome: Outcome::Deployed, reason: "seen".into() };
    assert_eq!(given.when(&deployed), Err(Refusal::StillOpen("2/1".into())));
    let again = Request::Finish { outcome: Outcome::Unconfirmed, reason: String::new() };
    assert_eq!(given.when(&again), Ok(vec![]));
    given.happens(&attest(true));
    assert_eq!(next(&given), "Ticket is closed");
    given.happens(&deployed);
    assert_eq!((outcome(&given), flow::next(&given.state)), (Some(Outcome::Deployed), Next::Over));
    assert_eq!(given.when(&attest(false)), Err(Refusal::Over));

    let mut given = of();
    given.happens(&attest(false));
    assert_eq!(outcome(&given), Some(Outcome::Failed), "what was not as it should be is a failure");
    assert_eq!(given.state.standing(&"2/1".into()), Standing::Failed);
}

#[test]
fn a_run_is_to_be_confirmed_only_when_all_else_is_settled() {
    let mut given = Given::of(BOOK);
    let end = Request::Finish { outcome: Outcome::Unconfirmed, reason: String::new() };
    assert_eq!(given.when(&end), Err(Refusal::StillOpen("1/1".into())));
    given.happens(&go());
    given.happens(&given.run("1/1"));
    assert_eq!(given.when(&end), Err(Refusal::Busy("1/1".into())));
}

#[test]
fn what_was_done_beforehand_is_not_done_by_anybody_here() {
    let mut given = Given::of(
        "# T\n## Deployment\n1. Take a snapshot in the console\n2. Move it:\n\n   ```bash\n   ./move\n   ```\n",
    );
    let id = given.state.step_commands()[0].id.clone();
    given.happens(&Request::Skip { command: id.clone(), reason: SkipReason::DoneBefore });
    assert_eq!(given.state.standing(&id), Standing::Skipped);
    let points = gates::board(&given.state, GateId::SignOff, &gates::Outside::default());
    let said = "1.1/1, the backup, was not run by gonogo; reported done beforehand (--by-hand-done)";
    assert!(points.iter().any(|p| p.open && p.words == said), "{points:?}");
}

#[test]
fn an_item_that_a_step_makes_waits_for_it() {
    let mut given = Given::of(
        "# T\n## Checklist\n- [ ] Backup completed\n- [ ] Backup storage has room\n## Step 1: Create Backup\n```bash\ncp data data.bak\n```\n## Step 2: Deploy\n```bash\n./deploy\n```\n",
    );
    let item = given.state.runbook().checklists[0].items[0].id.clone();
    let with =
        |reason: &str| Request::Tick { item: item.clone(), evidence: None, reason: Some(reason.into()) };
    let why = "1 Create Backup, which makes it, was not reached yet";
    assert_eq!(given.when(&with(" ")), Err(Refusal::TickNeedsReason(why.into())));
    // What only speaks of backups is made by nobody.
    tick(&mut given, "Backup storage has room");
    let mut early = Given { state: given.state.clone() };
    early.happens(&with("the snapshot of last night will do"));
    let words = "ticked anyway by ada: Backup completed: the snapshot of last night will do";
    assert!(board(&early, GateId::Change).contains(&words.to_owned()), "{:?}", board(&early, GateId::Change));
    given.happens(&go());
    given.happens(&given.run("1/1"));
    let mut failed = Given { state: given.state.clone() };
    given.happens(&exited("1/1", 0));
    tick(&mut given, "Backup completed");
    failed.happens(&exited("1/1", 1));
    let why = "1 Create Backup, which makes it, failed";
    assert_eq!(failed.when(&with("")), Err(Refusal::TickNeedsReason(why.into())));
}

#[test]
fn a_gate_names_an_item_that_was_skipped() {
    let mut given =
        Given::of("# T\n## Checklist\n- [ ] Team notified\n## Step 1: Deploy\n```bash\n./deploy\n```\n");
    let item = given.state.runbook().checklists[0].items[0].id.clone();
    given.happens(&Request::SkipItem { item, reason: "nobody is awake".into() });
    let points = gates::board(&given.state, GateId::Change, &gates::Outside::default());
    let said = "skipped by ada: Team notified: nobody is awake";
    assert!(points.iter().any(|p| !p.open && p.words == said), "{points:?}");
}

#[test]
fn an_item_whose_command_failed_takes_a_reason() {
    let mut given =
        Given::of("# T\n## Checklist\n- [ ] `grep 1.2 version`\n## Step 1: Deploy\n```bash\n./deploy\n```\n");
    let id = given.state.runbook().checklists[0].items[0].id.0.clone();
    let tick = |reason: Option<&str>| Request::Tick {
        item: id.as_str().into(),
        evidence: None,
        reason: reason.map(str::to_owned),
    };
    given.happens(&given.run(&id));
    given.happens(&exited(&id, 2));
    let why = "its command failed: exit 2";
    assert_eq!(given.when(&tick(None)), Err(Refusal::TickNeedsReason(why.into())));
    let points = board(&given, GateId::Change);
    assert!(points.contains(&format!("open: not ticked: `grep 1.2 version`: {why}")), "{points:?}");
    given.happens(&tick(Some("it is 1.3 already")));
    assert!(matches!(
        given.state.item(&id.as_str().into()),
        Some(crate::run::state::ItemState::Ticked { reason: Some(_), .. })
    ));
}
