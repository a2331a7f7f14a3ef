//! What speaks for a failure is shown wherever its command is, and stays one when somebody goes past it.

use gonogo::run::Event;
use gonogo::run::state::Standing;

use super::support::{Home, contents, events, state};

const RUN: &[&str] = &["run", "b.md", "--headless", "--yes", "--allow-destructive"];

fn book(steps: &[&str]) -> String {
    let steps = steps.iter().enumerate();
    let steps = steps.map(|(at, step)| format!("### Step {}: Part {}\n\n{step}\n\n", at + 1, at + 1));
    format!("# Shop\n\n## Deployment Steps\n\n{}", steps.collect::<String>())
}

fn fence(text: &str) -> String {
    format!("```bash\n{text}\n```\n")
}

#[test]
fn a_part_of_a_pipeline_that_failed_is_a_mark_everywhere() {
    let home = Home::new();
    let steps = book(&[&fence("cat missing.sql | gzip > b.sql.gz"), &fence("touch changed")]);
    home.write("b.md", &steps.replace("Part 1", "Backup"));
    let run = home.run(RUN);
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    for words in [
        "1/1        ? exit 0",
        "? every part of the command succeeded",
        "seen: cat ended with 1",
        "open: 1/1 needs a manual check: cat ended with 1",
        "UNCONFIRMED: 2 commands were run; 1 command needs a manual check",
    ] {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
    let report = home.run(&["log", "--full"]).out;
    assert!(
        report.contains("1/1 \"every part of the command succeeded\"; seen: cat ended with 1"),
        "{report}"
    );
    let status = home.run(&["status"]).out;
    assert!(status.contains("Unconfirmed: 1/1 \"every part of the command succeeded\""), "{status}");
    let json: serde_json::Value = serde_json::from_str(&home.run(&["status", "--json"]).out).unwrap();
    assert_eq!(json["look_at"][1]["about"], "Unconfirmed", "{json}");
    assert_eq!(json["steps"][0]["came"], "unconfirmed", "{json}");
    // Whoever says that it is well all the same says why, and that is told.
    let accept = ["resume", "--headless", "--yes", "--accept-unattested"];
    assert_eq!(home.run(&accept).status, 0);
    let report = home.run(&["log", "--full"]).out;
    assert!(report.contains("succeeded\": accepted unattested; seen: cat ended with 1"), "{report}");
}

#[test]
fn programs_that_complain_at_status_0_are_heard_and_readers_that_had_enough_are_not() {
    let home = Home::new();
    let well = "seq 100000 | head -1\nps aux | grep [n]othing-of-the-kind | awk '{print $2}'\necho '0 errors, 0 warnings'\n";
    let ill = "cd . && false | cat\nif true; then false | cat; fi\nnosuchprogram; true\necho 'error: failed to push some refs'\nsh -c 'echo fatal: not a git repository >&2'\n";
    home.write("b.md", &book(&[&fence(well), &fence(ill)]));
    let run = home.run(RUN);
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    let state = state(&home);
    for (id, standing) in [
        ("1/1", Standing::DoneNothingClaimed),
        ("1/2", Standing::DoneNothingClaimed),
        ("1/3", Standing::DoneNothingClaimed),
        ("2/1", Standing::NeedsEyes),
        ("2/2", Standing::NeedsEyes),
        ("2/3", Standing::NeedsEyes),
        ("2/4", Standing::NeedsEyes),
        ("2/5", Standing::NeedsEyes),
    ] {
        assert_eq!(state.standing(&id.into()), standing, "{id}: {}", run.out);
    }
}

/// A first smoke test that fails and is gone past, one that passes, and a step that the run does not come to.
const SMOKE: &str = "# Shop\n\n## Deployment Steps\n\n### Step 1: Smoke Tests\n\n```bash\necho degraded\n```\n\nExpected: `ok`\n\n```bash\necho ok\n```\n\nExpected: `ok`\n\n### Step 2: Migrate\n\n```bash\nfalse\n```\n\n### Step 3: Announce\n\n```bash\necho told\n```\n";

#[test]
fn a_failure_that_somebody_went_past_stays_a_failure() {
    let home = Home::new();
    home.write("b.md", SMOKE);
    let mut terminal = home.terminal(&["b.md"], 110, 36);
    terminal.press("start in", "\r");
    terminal.press("Enter runs it", "\r");
    terminal.press("1 expectation of the document was not met", "s");
    terminal.press("Go on although 1/1 failed: why?", "known flake\r");
    terminal.see("exit 0, skipped");
    terminal.press("Enter runs it", "\r");
    terminal.see_live("✗ 1 Smoke Tests");
    terminal.press("Enter runs it", "\r");
    terminal.press("Ended: exit 1", "s");
    terminal.press("Go on although 2/1 failed: why?", "by hand later\r");
    terminal.see_live("✗ 2 Migrate");
    terminal.press("Enter runs it", "\r");
    terminal.see("All commands are settled: 2 commands failed, continued anyway");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    let report = home.run(&["log", "--full"]).out;
    for words in [
        "| 1 | Smoke Tests | failed, skipped |",
        "| 2 | Migrate | failed, skipped |",
        "| 3 | Announce | done |",
        "failed, skipped, exit 0",
        "failed, skipped, exit 1",
        "it is not \"ok\"",
    ] {
        assert!(report.contains(words), "{words} in {report}");
    }
    let json: serde_json::Value = serde_json::from_str(&home.run(&["status", "--json"]).out).unwrap();
    assert_eq!(json["steps"][0]["came"], "failed, skipped", "{json}");
    let resumed = home.run(&["resume", "--headless", "--yes"]);
    assert_eq!(resumed.status, 0, "{}{}", resumed.out, resumed.err);
    let words = "DONE: 4 commands were run; no manual checks are open; 2 commands failed, continued anyway";
    assert!(resumed.out.contains(words), "{}", resumed.out);
    // The next run is told that it failed before.
    assert_eq!(home.run(RUN).status, 1);
    let report = home.run(&["log", "--full"]).out;
    assert!(report.contains("failed in 1 of 1 run |"), "{report}");
}

#[test]
fn what_a_run_did_not_reach_is_listed_as_that() {
    let home = Home::new();
    home.write("b.md", SMOKE);
    let run = home.run(RUN);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    let report = home.run(&["log", "--full"]).out;
    for words in
        ["| 1 | Smoke Tests | failed |", "| 2 | Migrate | not reached |", "| 3 | Announce | not reached |"]
    {
        assert!(report.contains(words), "{words} in {report}");
    }
    assert!(events(&home).iter().any(|e| matches!(e, Event::RunFinished { .. })));
    assert_eq!(contents(&home.path().join("changed")), "");
}

/// A backup by `{make}` into `file`, a change that fails, and a way back that puts the file back.
fn with_backup(make: &str, restore: &str) -> String {
    format!(
        "# Shop\n\n## Deployment Steps\n\n### Step 1: Create Backup\n\n```bash\n{make}\n```\n\n### Step 2: Change\n\n```bash\necho new >data\nfalse\n```\n\n## Rollback\n\n### Restore\n\n```bash\n{restore}\n```\n"
    )
}

const BACK: &[&str] = &["rollback", "--reason", "broken", "--headless", "--yes", "--allow-destructive"];

#[test]
fn a_backup_with_nothing_inside_is_in_the_way_and_at_the_gate() {
    for (make, restore, words) in [
        ("cat missing | gzip >b.sql.gz", "gunzip -c b.sql.gz >data", "it contains nothing"),
        ("tar -cf - missing | xz >b.tar.xz; true", "tar -xf b.tar.xz", "it contains nothing"),
        (
            "{ cat data; exit 3; } | gzip >b.sql.gz",
            "gunzip -c b.sql.gz >data",
            "1/1 made it and may have failed: part 1 ended with 3",
        ),
    ] {
        let home = Home::new();
        home.write("data", "old\n");
        home.write("b.md", &with_backup(make, restore));
        let run = home.run(RUN);
        assert_eq!(run.status, 1, "{}{}", run.out, run.err);
        let gate = if words.starts_with("it contains") {
            "made by 1/1: it contains nothing"
        } else {
            "1/1, the backup, needs"
        };
        assert!(
            run.out.contains("open: ")
                && (run.out.contains(gate) || run.out.contains("1/1 needs a manual check")),
            "{make}: {}",
            run.out
        );
        let back = home.run(BACK);
        assert_eq!(back.status, 1, "{make}: {}{}", back.out, back.err);
        assert!(back.err.contains(words) && back.err.contains("nothing was stopped"), "{make}: {}", back.err);
        assert_eq!(contents(&home.path().join("data")), "new\n");
    }
    // One that holds something is put back.
    let home = Home::new();
    home.write("data", "old\n");
    home.write("b.md", &with_backup("cat data | gzip >b.sql.gz", "gunzip -c b.sql.gz >data"));
    let run = home.run(&[RUN, &["--rollback-on-failure"]].concat());
    assert_eq!(run.status, 3, "{}{}", run.out, run.err);
    assert_eq!(contents(&home.path().join("data")), "old\n");
}

#[test]
fn a_run_does_not_end_before_its_backup_was_looked_at() {
    let home = Home::new();
    home.write("data", "old\n");
    let make = "head -c 64000000 /dev/urandom >data.bak";
    home.write("b.md", &with_backup(make, "cp data.bak data"));
    assert_eq!(home.run(RUN).status, 1);
    let all = events(&home);
    let looked = all.iter().position(|e| matches!(e, Event::FileMade { .. })).unwrap();
    let ended = all.iter().position(|e| matches!(e, Event::RunFinished { .. })).unwrap();
    assert!(looked < ended, "{looked} {ended}");
}
