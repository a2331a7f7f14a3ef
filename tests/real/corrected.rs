//! Corrections and doubts about sections, through the binary with nobody there.

use super::support::Home;

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
