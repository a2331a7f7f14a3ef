//! Runs that are kept: taken up, lost commands, damaged journals.

use std::process::Stdio;
use std::time::Instant;

use super::support::{DEADLINE, Home, contents};

const SLOW: &str =
    "# Slow\n\n## Steps\n\n```bash\necho first\necho go > started; sleep 1000\necho after\n```\n";

/// Starts the run, waits until its second command runs, and kills everything.
fn killed(home: &Home) {
    home.write("b.md", SLOW);
    let mut child = home
        .command(&["run", "b.md", "--headless", "--yes"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !contents(&home.path().join("started")).contains("go") {
        assert!(start.elapsed() < DEADLINE, "the command did not start");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    home.kill(&["runner", "shim"]);
}

#[test]
fn a_command_that_ran_when_the_process_died_is_lost_and_not_run_again() {
    let home = Home::new();
    killed(&home);
    std::fs::remove_file(home.path().join("started")).unwrap();
    let held = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(held.status, 5, "{}", held.err);
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("continue", "\r");
    terminal.see_live("Lost, outcome unknown");
    assert!(!home.path().join("started").exists(), "it is not run again by itself");
    terminal.press("m it was done", "m");
    terminal.see("was done by hand");
    terminal.see_live("Enter accepts");
    terminal.type_keys("looked at it\r");
    terminal.press("Enter runs it", "\r");
    terminal.see("after");
    terminal.see_live("All commands are settled");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn what_went_on_in_the_background_is_lost_with_the_process_too() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\ntail -f b.md\necho after\n```\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.press("Enter runs it", "\r");
    terminal.press("keep it in the background", "b");
    terminal.see_live("▸· 2");
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
    home.kill(&["runner", "shim"]);
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("continue", "\r");
    terminal.see_live("Lost, outcome unknown");
    // It had a terminal of its own, which nobody hangs up: it is still there, and that is said.
    terminal.see("Still running:");
    terminal.see("); tail -f b.md (process");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_journal_that_was_changed_is_refused_and_says_where() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho hello\n```\n");
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes"]).status, 0);
    let runs = home.path().join("state/runs");
    let run = std::fs::read_dir(runs).unwrap().next().unwrap().unwrap().path();
    let journal = rusqlite::Connection::open(run.join("journal.db")).unwrap();
    journal
        .execute("UPDATE events SET line = replace(line, 'echo hello', 'echo HELLO') WHERE seq = 4", [])
        .unwrap();
    let changed = journal
        .query_row("SELECT count(*) FROM events WHERE line LIKE '%HELLO%'", [], |r| r.get::<_, i64>(0))
        .unwrap();
    if changed == 0 {
        journal
            .execute("UPDATE events SET line = replace(line, '\"epoch\":1', '\"epoch\":9') WHERE seq = 4", [])
            .unwrap();
    }
    drop(journal);
    let status = home.run(&["status"]);
    assert_eq!(status.status, 1);
    assert!(status.err.contains("damaged at event 5"), "{}", status.err);
    let salvaged = home.run(&["runs", "--salvage", "saved"]);
    assert_eq!(salvaged.status, 0, "{}", salvaged.err);
    assert!(salvaged.out.contains("damaged at event 5"), "{}", salvaged.out);
    let saved = home.path().join("saved").join(run.file_name().unwrap());
    assert!(contents(&saved.join("journal.jsonl")).lines().count() > 4);
    assert_eq!(contents(&saved.join("document.md")), contents(&home.path().join("b.md")));
    assert!(saved.join("recordings/1_1.1.raw").exists());
    let again = home.run(&["runs", "--salvage", "saved"]);
    assert_ne!(again.status, 0, "nothing is overwritten");
}

#[test]
fn a_journal_that_is_no_database_any_more_is_salvaged_as_far_as_it_goes() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho hello\n```\n");
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes"]).status, 0);
    let run = std::fs::read_dir(home.path().join("state/runs")).unwrap().next().unwrap().unwrap().path();
    for name in ["journal.db", "journal.db-wal"] {
        let file = run.join(name);
        if file.exists() {
            std::fs::write(&file, b"not a database").unwrap();
        }
    }
    assert!(home.run(&["runs"]).out.contains("can't be read"));
    let salvaged = home.run(&["runs", "--salvage", "saved"]);
    assert_eq!(salvaged.status, 0, "{}", salvaged.err);
    assert!(salvaged.out.contains("0 events and 1 recording"), "{}", salvaged.out);
}

#[test]
fn an_unfinished_run_can_be_given_up() {
    let home = Home::new();
    killed(&home);
    assert!(home.run(&["runs"]).out.contains("unfinished"));
    assert_eq!(home.run(&["stop", "--reason", "window closed"]).status, 0);
    assert!(home.run(&["runs"]).out.contains("abandoned"));
}

#[test]
fn the_demos_service_does_not_outlive_a_killed_demo() {
    let home = Home::new();
    let mut terminal = home.terminal(&["demo"], 100, 30);
    terminal.see_live("start in");
    let text = terminal.text();
    let port: u16 =
        text.split("127.0.0.1:").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
        assert!(start.elapsed() < DEADLINE, "the service still answers");
        std::thread::yield_now();
    }
}
