//! Agreeing on a reading: the lock beside a runbook, what is refused without it, and a run that keeps its plan.

use gonogo::run::Event;

use super::plain::say;
use super::support::{Home, contents, events, the_run};

const BOOK: &str = "# Small\n\n## Environments\n\n| Environment | URL |\n|---|---|\n| Staging | https://s.example |\n| Production | https://p.example |\n\n## Steps\n\n### Step 1: Look\n\n```bash\necho up\n# Should show \"up\"\n```\n\n### Step 2: Change\n\n```bash\ntouch made\n```\n\n## Rollback\n\n### Quick rollback\n\n```bash\nrm -rf made\n```\n";

fn agreed(home: &Home, text: &str) {
    home.write("b.md", text);
    let lock = home.run(&["lock", "b.md"]);
    assert_eq!(lock.status, 0, "{}", lock.err);
    assert!(lock.err.contains("b.md.lock written: reading agreed by ada"), "{}", lock.err);
}

fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "b.md", "--headless", "--yes", "--allow-destructive"], more].concat()
}

#[test]
fn what_was_agreed_on_passes_and_is_not_written_again() {
    let home = Home::new();
    agreed(&home, BOOK);
    let lock = contents(&home.path().join("b.md.lock"));
    assert!(lock.contains("\nagreed ") && lock.contains(" by ada\n"), "{lock}");
    let check = home.run(&["check", "--locked", "b.md"]);
    assert_eq!(check.status, 0, "{}{}", check.out, check.err);
    assert!(check.out.trim_end().ends_with("by ada, unchanged"), "{}", check.out);
    let again = home.run(&["lock", "b.md", "--operator", "grace"]);
    assert_eq!(again.status, 0);
    assert!(again.err.contains("b.md.lock is up to date"), "{}", again.err);
    assert_eq!(contents(&home.path().join("b.md.lock")), lock);
    let run = home.run(&run(&["--env", "Staging", "--locked"]));
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.starts_with("reading agreed "), "{}", run.out);
}

#[test]
fn a_plan_that_changed_fails_with_what_differs_and_runs_nothing() {
    let home = Home::new();
    agreed(&home, BOOK);
    home.write("b.md", &BOOK.replace("touch made\n", "rm -rf old\ntouch made\n").replace("\"up\"", "well"));
    let check = home.run(&["check", "--locked", "b.md"]);
    assert_eq!(check.status, 1, "{}{}", check.out, check.err);
    for said in [
        "by ada; 3 changes since",
        "step 2 gained a destructive command: rm -rf old (line 22)",
        "an expectation of 1/1 is no longer checked: shows \"up\" (line 16)",
        "renumbered: 2/1 is now 2/2",
    ] {
        assert!(check.out.contains(said), "{said} in {}", check.out);
    }
    assert!(check.err.contains("gonogo lock b.md"), "{}", check.err);
    let json = home.run(&["check", "--locked", "--json", "b.md"]);
    assert_eq!(json.status, 1);
    let told: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(told["lock"]["changes"][0]["line"], 22, "{told}");
    let refused = home.run(&run(&["--env", "Staging", "--locked"]));
    assert_eq!(refused.status, 2, "{}", refused.out);
    assert!(refused.err.contains("step 2 gained a destructive command"), "{}", refused.err);
    assert!(refused.err.contains("hint: ") && refused.err.contains("gonogo lock b.md"), "{}", refused.err);
    assert_eq!(home.run(&["runs"]).out, "", "nothing was started");
    let runs = home.run(&run(&["--env", "Staging"]));
    assert!(runs.out.contains("by ada; 3 changes since\n  step 2 gained"), "it is said: {}", runs.out);
    let anew = home.run(&["lock", "b.md"]);
    assert!(anew.out.contains("step 2 gained a destructive command"), "{}", anew.out);
    assert_eq!(home.run(&["check", "--locked", "b.md"]).status, 0);
}

#[test]
fn prose_alone_asks_for_a_look_as_well() {
    let home = Home::new();
    agreed(&home, BOOK);
    home.write("b.md", &BOOK.replace("## Steps\n", "## Steps\n\nTake your time.\n"));
    let check = home.run(&["check", "--locked", "b.md"]);
    assert_eq!(check.status, 1);
    assert!(check.out.contains("the text has changed since, the plan has not"), "{}", check.out);
    assert_eq!(home.run(&run(&["--env", "Staging", "--locked"])).status, 2);
}

#[test]
fn without_a_lock_and_with_one_that_is_broken() {
    let home = Home::new();
    home.write("b.md", BOOK);
    for arguments in [vec!["check", "--locked", "b.md"], run(&["--env", "Staging", "--locked"])] {
        let refused = home.run(&arguments);
        assert_eq!(refused.status, 2, "{}", refused.out);
        assert!(refused.err.contains("nobody has agreed on how b.md is read"), "{}", refused.err);
        assert!(refused.err.contains("gonogo lock b.md"), "{}", refused.err);
    }
    agreed(&home, BOOK);
    let lock = contents(&home.path().join("b.md.lock"));
    let at = lock.lines().position(|l| l.starts_with("step 1")).unwrap() + 1;
    home.write("b.md.lock", &lock.replace("step 1 ", "<<<<<<< ours\nstep 1 "));
    for arguments in [vec!["check", "--locked", "b.md"], run(&["--env", "Staging", "--locked"])] {
        let refused = home.run(&arguments);
        assert_eq!(refused.status, 2, "{}", refused.out);
        assert!(refused.err.contains(&format!("b.md.lock:{at}: a merge conflict")), "{}", refused.err);
    }
    assert_eq!(home.run(&run(&["--env", "Staging"])).status, 0, "who does not ask for it is told only");
    assert!(home.run(&["lock", "b.md"]).err.contains("replacing what could not be read"));
    assert_eq!(home.run(&["check", "--locked", "b.md"]).status, 0);
}

#[test]
fn an_environment_may_take_only_what_was_agreed_on() {
    let home = Home::new();
    home.write("b.md", BOOK);
    home.write("gonogo.toml", "[environments.production]\nlocked = true\n");
    assert_eq!(home.run(&run(&["--env", "Staging"])).status, 0);
    let refused = home.run(&run(&["--env", "Production"]));
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("Production runs only what was agreed on"), "{}", refused.err);
    let mut terminal = home.terminal(&["run", "b.md", "--env", "Production"], 100, 40);
    terminal.see("Production runs only what was agreed on");
    assert_eq!(terminal.end(), 2);
    let mut terminal = home.terminal(&["--plain", "b.md"], 100, 40);
    say(&mut terminal, "Which environment?", "Production");
    say(&mut terminal, "Start in PRODUCTION as ada?", "yes");
    terminal.see("nobody has agreed on how b.md is read");
    assert_eq!(terminal.end(), 2);
    agreed(&home, BOOK);
    assert_eq!(home.run(&run(&["--env", "Production"])).status, 0);
}

#[test]
fn start_says_how_it_stands_and_keeps_to_the_policy() {
    let home = Home::new();
    agreed(&home, BOOK);
    let mut terminal = home.terminal(&["b.md"], 110, 40);
    terminal.see("by ada, unchanged");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    home.write("b.md", &BOOK.replace("touch made\n", "rm -rf old\ntouch made\n"));
    home.write("gonogo.toml", "[environments.Staging]\nlocked = true\n");
    let mut terminal = home.terminal(&["b.md"], 110, 40);
    terminal.see("by ada; 2 changes since");
    terminal.see("step 2 gained a destructive command: rm -rf old");
    // Staging is the first environment; choosing it leads on to the start.
    terminal.press("choose an environment to start", "\r");
    terminal.press("start in", "\r");
    terminal.see_live("Staging runs only an agreed reading: step 2 gained");
    assert_eq!(home.run(&["runs"]).out, "", "nothing was started");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_lock_by_another_version_tells_what_that_read_otherwise() {
    let home = Home::new();
    agreed(&home, BOOK);
    let lock = contents(&home.path().join("b.md.lock"));
    let before = lock
        .replace(concat!("gonogo ", env!("CARGO_PKG_VERSION"), "\n"), "gonogo 0.0.9\n")
        .replace("command rollback.quick/1 run destructive", "command rollback.quick/1 run changes");
    assert_ne!(before, lock);
    home.write("b.md.lock", &before);
    let check = home.run(&["check", "--locked", "b.md"]);
    assert_eq!(check.status, 1);
    assert!(check.out.contains("this version reads the document differently from 0.0.9"), "{}", check.out);
    assert!(check.out.contains("rollback.quick/1 now destroys: rm -rf made (line 30)"), "{}", check.out);
    let run = home.run(&run(&["--env", "Staging"]));
    assert!(run.out.starts_with("this version reads the document differently from 0.0.9"), "{}", run.out);
}

const EYES: &str = "# Eyes\n\n## Steps\n\n```bash\necho one\n# Should look tidy\n```\n";

/// A run that was left where it waits for eyes, whose document another version would read otherwise: here it is the document that is
/// another one, which comes to the same.
fn read_otherwise(home: &Home) {
    home.write("b.md", EYES);
    let mut terminal = home.terminal(&["--plain", "b.md"], 110, 40);
    say(&mut terminal, "Start in default as ada?", "yes");
    say(&mut terminal, "$ echo one", "");
    say(&mut terminal, "needs a manual check", "quit");
    assert_eq!(terminal.end(), 0);
    let kept = the_run(home).path().join("document.md");
    std::fs::write(kept, EYES.replace("tidy\n", "tidy\n\necho two\n")).unwrap();
    home.kill(&["runner", "shim"]);
}

/// Whether the command was run that only the other reading has.
fn ran_two(home: &Home) -> bool {
    let two = |e: &Event| matches!(e, Event::CommandStarted { text, .. } if text == "echo two");
    events(home).iter().any(two)
}

#[test]
fn a_run_keeps_its_plan_and_headless_refuses_another_one() {
    let home = Home::new();
    read_otherwise(&home);
    let refused = home.run(&["resume", "--headless", "--yes"]);
    assert_eq!(refused.status, 2, "{}", refused.out);
    assert!(refused.err.contains("reads the document differently from this run"), "{}", refused.err);
    assert!(refused.err.contains("gained a command: echo two"), "{}", refused.err);
    assert!(refused.err.contains("--accept-reading"), "{}", refused.err);
    assert!(!ran_two(&home));
    let goes_on = home.run(&["resume", "--headless", "--yes", "--accept-reading"]);
    assert_eq!(goes_on.status, 6, "{}{}", goes_on.out, goes_on.err);
    assert!(ran_two(&home));
    let accepted = |e: &Event| matches!(e, Event::PlanAccepted { changes, .. } if changes.len() == 1);
    assert_eq!(events(&home).iter().filter(|e| accepted(e)).count(), 1);
    let accepted = home.run(&["resume", "--headless", "--yes", "--accept-unattested"]);
    assert_eq!(accepted.status, 0, "it is asked once: {}{}", accepted.out, accepted.err);
}

#[test]
fn a_run_with_another_plan_can_be_given_up() {
    let home = Home::new();
    read_otherwise(&home);
    assert_eq!(home.run(&["stop"]).status, 0);
}

#[test]
fn on_the_screens_another_plan_is_shown_and_asked_about() {
    let home = Home::new();
    read_otherwise(&home);
    let mut terminal = home.terminal(&["attach"], 110, 40);
    terminal.see_live("The document is read differently");
    terminal.see("gained a command: echo two");
    terminal.type_keys("\x1b");
    terminal.press("a seen", "a");
    terminal.press("the differences and accept them first", "\r");
    terminal.see_live("The document is read differently");
    assert!(!ran_two(&home));
    terminal.press("y  continue as it is read now", "y");
    terminal.press("Enter runs it", "\r");
    terminal.see_live("All commands are settled");
    assert!(ran_two(&home));
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn by_words_another_plan_is_asked_about() {
    let home = Home::new();
    read_otherwise(&home);
    let mut terminal = home.terminal(&["attach", "--plain"], 110, 40);
    terminal.see("gained a command: echo two");
    say(&mut terminal, "Continue as it is read now?", "no");
    terminal.see("nothing was run");
    assert_eq!(terminal.end(), 0);
    assert!(!ran_two(&home));
    let mut terminal = home.terminal(&["attach", "--plain"], 110, 40);
    say(&mut terminal, "Continue as it is read now?", "yes");
    say(&mut terminal, "needs a manual check", "a");
    say(&mut terminal, "$ echo two", "");
    say(&mut terminal, "1/2 done: exit 0", "quit");
    assert_eq!(terminal.end(), 0);
    assert!(ran_two(&home));
}
