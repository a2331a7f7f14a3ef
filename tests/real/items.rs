//! Check items in their places, what is done by hand with nobody there, and what an unattended run leaves behind.

use std::process::Stdio;

use gonogo::run::{Event, Outcome};

use super::support::{Home, contents, events, state, the_run, until};

const RUN: &[&str] = &["run", "b.md", "--headless", "--yes"];

/// Check items in every place, and a command for each step.
const BOOK: &str = "# Shop\n\n## Before you begin\n\n- [ ] VPN is up\n\n## Step 1: Stop\n\n- [ ] Users were told\n\n```bash\necho stop >>trail\n```\n\n- [ ] Queue is empty\n\n## Step 2: Start\n\n```bash\necho start >>trail\n```\n\n| Check | OK |\n|---|---|\n| Page loads | ☐ |\n\n## After the release\n\n☐ Ticket is closed\n☐ Team was told\n";

/// What was ticked and run, in the order of the record.
fn story(home: &Home) -> Vec<String> {
    let state = state(home);
    let text = |id: &gonogo::runbook::ItemId| state.runbook().item(id).unwrap().text.clone();
    let told = events(home).into_iter().filter_map(|event| match event {
        Event::ItemTicked { item, .. } => Some(text(&item)),
        Event::CommandStarted { command, .. } => Some(command.0),
        _ => None,
    });
    told.collect()
}

/// No process of any run of this home is left.
fn nothing_is_left(home: &Home) {
    until("the end of all processes", || home.processes().is_empty());
}

#[test]
fn items_are_ticked_where_they_are_due_with_nobody_there() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let run = home.run(RUN);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(
        story(&home),
        [
            "VPN is up",
            "Users were told",
            "1/1",
            "Queue is empty",
            "2/1",
            "Page loads",
            "Ticket is closed",
            "Team was told"
        ]
    );
    for words in [
        "checklist: 1 item ticked with --yes, not checked by anybody",
        "checklist before 1/1: 1 item ticked",
        "checklist after step 1: 1 item ticked",
        "checklist at the end: 2 items ticked",
    ] {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
}

#[test]
fn a_run_that_stops_leaves_what_it_did_not_reach_unticked_and_says_so() {
    let home = Home::new();
    home.write("b.md", &BOOK.replace("echo start >>trail", "false"));
    let run = home.run(RUN);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert_eq!(story(&home), ["VPN is up", "Users were told", "1/1", "Queue is empty", "2/1"]);
    let report = home.run(&["log", "--full"]).out;
    let words = "not reached, and not ticked: Page loads (after step 2); Ticket is closed (at the end); Team was told";
    assert!(report.contains(words), "{report}");
    nothing_is_left(&home);
}

#[test]
fn a_part_of_a_document_does_not_come_to_its_end() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let run = home.run(&[RUN, &["--to", "1"]].concat());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(story(&home), ["VPN is up", "Users were told", "1/1", "Queue is empty"]);
    for words in ["open: not ticked: Ticket is closed", "open: not ticked: Team was told"] {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
    assert!(!run.out.contains("open: not ticked: Page loads"), "its step was skipped: {}", run.out);
}

#[test]
fn a_plan_has_items_where_they_stand() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let plan = home.run(&["plan", "b.md"]).out;
    let at = |words: &str| plan.find(words).unwrap_or_else(|| panic!("{words} is not in {plan}"));
    let order =
        ["VPN is up", "Users were told", "1/1  ", "Queue is empty", "2/1  ", "Page loads", "Team was told"];
    assert!(order.map(at).is_sorted(), "{plan}");
    assert!(plan.contains("After the release, at the end"), "{plan}");
    let json: serde_json::Value = serde_json::from_str(&home.run(&["plan", "b.md", "--json"]).out).unwrap();
    let due: Vec<&str> =
        json["checklists"].as_array().unwrap().iter().map(|l| l["due"]["when"].as_str().unwrap()).collect();
    assert_eq!(due, ["start", "before", "after", "after", "end"]);
}

const BY_HAND: &str = "# Shop\n\n## Deployment\n\n1. Put the shop into maintenance mode in the console\n2. Migrate:\n\n   ```bash\n   echo migrated >>trail\n   ```\n\n## Deployment log\n\n- [ ] Maintenance mode\n";

#[test]
fn what_is_done_by_hand_is_not_said_to_be_done_by_yes() {
    let home = Home::new();
    home.write("b.md", BY_HAND);
    let run = home.run(RUN);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(
        run.err.contains("is done by hand (line 5): add --by-hand-done if it has been done"),
        "{}",
        run.err
    );
    assert_eq!(contents(&home.path().join("trail")), "", "nothing ran");
    assert!(home.processes().is_empty());
    let run = home.run(&[RUN, &["--by-hand-done"]].concat());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let words = "not run by gonogo; reported done beforehand (--by-hand-done)";
    assert!(run.out.contains(words), "{}", run.out);
    assert!(run.out.contains("no manual checks are open; 1 reported done beforehand"), "{}", run.out);
    assert!(!events(&home).iter().any(|e| matches!(e, Event::CommandMarkedDone { .. })));
    assert!(home.run(&["log", "--full"]).out.contains(words));
    let log = home.run(&["log"]).out;
    assert!(log.contains("- [ ] Maintenance mode"), "nobody here did it: {log}");
}

const EYES: &str = "# Eyes\n\n## Step 1: Look\n\n```bash\necho degraded\n# Should look fine\n```\n\n## Wrap-up\n\n- [ ] Ticket is closed\n";

#[test]
fn a_run_that_somebody_has_to_confirm_has_ended_and_holds_nothing() {
    let home = Home::new();
    home.write("b.md", EYES);
    let run = home.run(RUN);
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    let id = the_run(&home).id().0.clone();
    for words in [
        "UNCONFIRMED: 1 command was run; 1 command needs a manual check",
        &format!("gonogo attach {id}"),
        &format!("gonogo resume {id} --headless --yes --accept-unattested"),
    ] {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
    nothing_is_left(&home);
    assert!(home.run(&["runs"]).out.contains("unconfirmed"));
    assert_eq!(story(&home), ["1/1"], "the end has not come");
    let signed = home.run(&["sign", &id, "--claimed", "--yes"]);
    assert!(signed.status != 0 && signed.err.contains("confirm or reject them first"), "{}", signed.err);
    // It is accepted unseen later, which the record says; that changes nothing twice.
    assert_eq!(home.run(&["resume", &id, "--headless", "--yes"]).status, 6);
    let resumed = home.run(&["resume", &id, "--headless", "--yes", "--accept-unattested"]);
    assert_eq!(resumed.status, 0, "{}{}", resumed.out, resumed.err);
    assert_eq!(story(&home), ["1/1", "Ticket is closed"]);
    let outcomes = events(&home).into_iter().filter_map(|e| match e {
        Event::RunFinished { outcome } => Some(outcome),
        _ => None,
    });
    assert_eq!(outcomes.collect::<Vec<_>>(), [Outcome::Unconfirmed, Outcome::Deployed]);
    nothing_is_left(&home);
}

#[test]
fn a_run_to_be_confirmed_is_rejected_on_the_screens() {
    let home = Home::new();
    home.write("b.md", EYES);
    assert_eq!(home.run(RUN).status, 6);
    nothing_is_left(&home);
    let mut terminal = home.terminal(&["attach"], 100, 30);
    terminal.press("Manual check: is that so?", "x");
    terminal.see("failed");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 1);
    nothing_is_left(&home);
    let finished = events(&home).into_iter().rfind(|e| matches!(e, Event::RunFinished { .. }));
    assert_eq!(finished, Some(Event::RunFinished { outcome: Outcome::Failed }));
}

#[test]
fn a_reader_that_goes_away_does_not_stop_a_run_half_way() {
    let home = Home::new();
    home.write("b.md", BOOK);
    for (out, why) in
        [("| head -n 1", "nobody reads this output any more"), (">/dev/full", "could not print")]
    {
        for json in ["", "--json"] {
            let _fresh = std::fs::remove_file(home.path().join("trail"));
            let own = home.command(RUN);
            let script = format!("{{ \"$0\" \"$@\" {json}; echo $? >status; }} {out}");
            #[expect(clippy::disallowed_methods, reason = "a shell puts a reader behind it")]
            let mut shell = std::process::Command::new("bash");
            shell.args(["-c", &script]).arg(own.get_program()).args(own.get_args()).env_clear();
            shell.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
            shell.current_dir(home.path()).stdin(Stdio::null());
            let said = String::from_utf8(shell.output().unwrap().stderr).unwrap();
            assert_eq!(contents(&home.path().join("status")).trim(), "4", "{out} {json}: {said}");
            assert!(said.contains(why) && said.contains("the run continues"), "{out} {json}: {said}");
            assert_eq!(contents(&home.path().join("trail")), "stop\nstart\n", "{out} {json}");
            nothing_is_left(&home);
        }
    }
}

#[test]
fn the_screens_lead_to_items_where_they_are_due() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.see_live("after step 1   0 of 1");
    assert!(terminal.text().contains("After the release") && terminal.text().contains("at the end   0 of 2"));
    terminal.press("▸ [ ] VPN is up", "\r");
    terminal.press("▸ [ ] Users were told", "\r");
    terminal.press("[x] Users were told", "2");
    terminal.press("The gate: 0 of 2 items open", "\r");
    terminal.press("g GO", "g");
    terminal.press("Enter runs it", "\r");
    terminal.press("To check, after step 1: Queue is empty", "\r");
    terminal.press("▸ [ ] Queue is empty", "\r");
    terminal.press("Enter runs it", "\r");
    terminal.press("To check, after step 2: Page loads", "\r");
    terminal.press("▸ [ ] Page loads", "\r");
    // The next one is due at once: whoever was led there goes on on the checklist.
    terminal.press("[x] Page loads", "\r");
    terminal.press("[x] Ticket is closed", "\r");
    terminal.see_live("All commands are settled");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(story(&home).len(), 8);
}

#[test]
fn the_transcript_leads_to_items_where_they_are_due() {
    let home = Home::new();
    home.write(
        "b.md",
        "# T\n\n## Step 1: Look\n\n```bash\necho one\n```\n\n- [ ] It looks good\n- [ ] Ada was told\n",
    );
    let mut terminal = home.terminal(&["--plain", "b.md"], 100, 40);
    let mut say = |wanted: &str, line: &str| {
        terminal.see(wanted);
        terminal.look_for(std::time::Duration::from_millis(400));
        terminal.type_keys(&format!("{line}\r"));
    };
    say("Start in default as ada?", "yes");
    say("Enter runs it.", "");
    say("To check, after step 1: It looks good (line 9)", "y");
    say("To check, after step 1: Ada was told (line 10)", "leave 2 she is on leave");
    say("All commands are settled", "finish");
    say("The run is over", "quit");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn the_command_of_an_item_is_judged_shown_and_overruled_only_with_a_reason() {
    let home = Home::new();
    home.write(
        "b.md",
        "# T\n\n## Checklist\n\n- [ ] The cache answers with what it should, which is looked at: `echo DOWN; echo more` → `PONG`\n- [ ] Backup completed\n\n## Step 1: Create Backup\n\n```bash\ncp b.md b.bak\n```\n",
    );
    let mut terminal = home.terminal(&["b.md"], 80, 24);
    terminal.press("start in", "\r");
    terminal.press("▸ [ ] The cache answers", "r");
    terminal.see("its command did not show what it should, but DOWN");
    terminal.press("│ more", "o");
    terminal.press("exit 0 · 2 lines", "\u{1b}");
    terminal.press("▸ [ ] The cache answers", "\r");
    terminal.press("Tick it anyway: why?", "the cache is off tonight\r");
    terminal.see("exit 0, 0");
    terminal.see("failed: the cache is off tonight");
    terminal.press("▸ [ ] Backup completed", "\r");
    terminal.see("Create Backup, which makes it, was not reached yet");
    terminal.press("Tick it anyway: why?", "\u{1b}");
    terminal.press("▸ [ ] Backup completed", "q");
    assert_eq!(terminal.end(), 0);
    let report = home.run(&["log", "--full"]).out;
    assert!(report.contains("ticked by ada: the cache is off tonight (ran "), "{report}");
    // With nobody there an item is ticked once the step that makes it has been gone through.
    let home = Home::new();
    home.write("b.md", "# T\n\n## Checklist\n\n- [ ] Backup completed\n- [ ] VPN is up\n\n## Step 1: Create Backup\n\n```bash\ncp b.md b.bak\n```\n\n## Step 2: Deploy\n\n```bash\ntouch new\n```\n");
    let run = home.run(RUN);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(story(&home), ["VPN is up", "1/1", "Backup completed", "2/1"]);
}
