//! Corrections and doubts about sections, through the binary with nobody there.

use super::plain::say;
use super::support::{Home, until};

#[test]
fn a_command_that_takes_too_long_is_ended_and_told_of() {
    let home = Home::new();
    home.write("t.md", "# T\n\n## Steps\n\n### Step 1: go\n\n```bash\necho begun\n# gonogo: timeout=1s\nsleep 600\necho after > after\n```\n");
    let run = home.run(&["run", "t.md", "--headless", "--yes"]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(!home.path().join("after").exists());
    let log = home.run(&["runs", "--json"]);
    assert!(log.out.contains("failed"), "{}", log.out);
}

const DOUBT: &str = "# M\n\n## Steps\n\n### Step 1: Dump\n\n```bash\ntouch dumped\n```\n\n### Step 2: Restore the old rows\n\n```bash\ntouch one\ntouch two\n```\n\n\
    ### Step 3: Switch\n\n```bash\ntouch switched\n```\n";

#[test]
fn a_section_that_may_be_no_step_is_asked_about_once_and_never_run_by_itself() {
    let home = Home::new();
    home.write("t.md", DOUBT);
    let made = |name: &str| home.path().join(name).exists();
    let run = home.run(&["run", "t.md", "--headless", "--yes"]);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert_eq!(run.err.matches("--answer").count(), 2, "{}", run.err);
    assert!(run.err.contains("--answer 2/1=yes") && !made("dumped"), "{}", run.err);
    let run = home.run(&["run", "t.md", "--headless", "--yes", "--answer", "2/1=no"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(made("dumped") && made("switched") && !made("one") && !made("two"));
    let run = home.run(&["run", "t.md", "--headless", "--yes", "--answer", "2/1=yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(made("one") && made("two"));
}

#[test]
fn what_stands_beside_the_document_corrects_it_and_is_kept_with_the_run() {
    let home = Home::new();
    home.write("t.md", DOUBT);
    home.write("gonogo.toml", "[reading.\"Step 2: Restore the old rows\"]\nrole = \"teardown\"\n");
    let run = home.run(&["run", "t.md", "--headless", "--yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(!home.path().join("one").exists());
    // The run keeps its reading: what is beside the document now is for the next.
    std::fs::remove_file(home.path().join("gonogo.toml")).unwrap();
    let log = home.run(&["log"]);
    assert_eq!(log.status, 0, "{}", log.err);
    assert!(!log.out.contains("touch one"), "{}", log.out);
    home.write("gonogo.toml", "[reading.\"Step 9\"]\nskip = true\n");
    let check = home.run(&["check", "t.md"]);
    assert_eq!(check.status, 1, "{}", check.out);
    assert!(check.out.contains("correction-unmatched"), "{}", check.out);
}

#[test]
fn one_environment_of_two_is_deployed_to() {
    let home = Home::new();
    home.write(
        "t.md",
        "# T\n\n## Staging deployment\n\n### 1. Go\n\n```bash\ntouch staging\n```\n\n## Production deployment\n\n### 1. Go\n\n```bash\ntouch production\n```\n",
    );
    let run = home.run(&["run", "t.md", "--headless", "--yes"]);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    let run = home.run(&["run", "t.md", "--env", "Staging", "--headless", "--yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(home.path().join("staging").exists() && !home.path().join("production").exists());
}

const MANUAL: &str = "# Shop\n\n## First setup\n\n```bash\ntouch setup\n```\n\n## Updating\n\n```bash\ntouch update\n```\n\n## Accounts\n\n```bash\ntouch accounts\n```\n";

fn made(home: &Home) -> Vec<&'static str> {
    ["setup", "update", "accounts"].into_iter().filter(|name| home.path().join(name).exists()).collect()
}

#[test]
fn sections_that_may_be_a_procedure_each_are_answered_for_one_by_one_or_all() {
    let home = Home::new();
    home.write("m.md", MANUAL);
    let run = home.run(&["run", "m.md", "--headless", "--yes"]);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(
        run.err.contains(
            "the document does not say whether these 3 sections are one procedure: --answer 1/1=all"
        ),
        "{}",
        run.err
    );
    assert!(run.err.contains("2/1 “Updating” is in a section"), "{}", run.err);
    assert!(made(&home).is_empty(), "nothing runs before it is answered");
    let one = ["--answer", "1/1=no", "--answer", "2/1=yes", "--answer", "3/1=no"];
    let run = home.run(&[&["run", "m.md", "--headless", "--yes"][..], &one].concat());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(made(&home), ["update"]);
    let run = home.run(&["run", "m.md", "--headless", "--yes", "--answer", "1/1=all", "--answer", "3/1=no"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(made(&home), ["setup", "update"]);
    let wrong = home.run(&["run", "m.md", "--headless", "--yes", "--answer", "9/1=all"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("9/1 is not asked together with other sections"), "{}", wrong.err);
}

#[test]
fn by_keys_one_answer_takes_all_sections_that_are_left() {
    let home = Home::new();
    home.write("m.md", MANUAL);
    let mut terminal = home.terminal(&["m.md"], 110, 40);
    terminal.press("start in", "\r");
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.see_live("Is this section part of the run?");
    terminal.see("It is “First setup”");
    terminal.press("run all remaining sections", "n");
    terminal.see("It is “Updating”");
    terminal.press("run all remaining sections", "*");
    terminal.press("Enter runs it", "\r");
    until("the update", || made(&home) == ["update"]);
    terminal.press("touch accounts", "\r");
    until("the accounts", || made(&home) == ["update", "accounts"]);
    terminal.see_live("All commands are settled");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn by_words_too() {
    let home = Home::new();
    home.write("m.md", MANUAL);
    let mut terminal = home.terminal(&["--plain", "m.md"], 110, 40);
    say(&mut terminal, "Start in default as ada?", "yes");
    say(&mut terminal, "The gate:", "go");
    say(&mut terminal, "run all remaining sections", "all");
    say(&mut terminal, "$ touch setup", "");
    say(&mut terminal, "$ touch update", "");
    say(&mut terminal, "$ touch accounts", "quit");
    assert_eq!(terminal.end(), 0);
    assert_eq!(made(&home), ["setup", "update"]);
}
