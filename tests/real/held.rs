//! One run at a time in an environment: whatever document, edit of it or login it comes from.

use std::path::Path;
use std::process::Stdio;

use gonogo::store::Filter;

use super::support::{Home, store, the_run, until};

const BOOK: &str = "# Deploy the shop\n## Environments\n| Environment | URL |\n|---|---|\n\
                    | Production | https://shop.example.com |\n| Staging | https://s.shop.example.com |\n\
                    ## Steps\n```bash\necho one\n```\n";

/// Where the locks of all logins lie, for two homes that stand for two logins of one machine.
fn machine(home: &Home) -> &Path {
    home.path()
}

fn left_unfinished(home: &Home, environment: &str) {
    let mut ada = home.terminal(&["run", "b.md", "--env", environment], 100, 30);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "q");
    assert_eq!(ada.end(), 0);
}

/// Runs headless and tells the exit status and what was said.
fn runs(home: &Home, locks: &Path, document: &str, environment: &str) -> (i32, String) {
    let mut command = home.command(&["run", document, "--env", environment, "--headless", "--yes"]);
    let done = command.env("GONOGO_LOCK_DIR", locks).stdin(Stdio::null()).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn an_edit_another_runbook_and_another_login_start_nothing_beside_a_run() {
    let (home, other) = (Home::new(), Home::new());
    home.write("b.md", BOOK);
    home.write("edited.md", &format!("{BOOK}\nOne more line.\r\n"));
    let migrate = BOOK
        .replace("Deploy the shop", "Migrate")
        .replace("https://shop.example.com", "http://SHOP.example.com/");
    home.write("migrate.md", &migrate);
    other.write("edited.md", BOOK);
    left_unfinished(&home, "Production");
    // With its runner at work, and with all of its processes gone.
    for alive in [true, false] {
        if !alive {
            home.kill(&["runner", "shim"]);
            until("their end", || home.processes().is_empty());
        }
        for (at, document) in
            [(&home, "b.md"), (&home, "edited.md"), (&home, "migrate.md"), (&other, "edited.md")]
        {
            let (status, said) = runs(at, machine(&home), document, "production");
            assert_eq!(status, 5, "{document}, alive {alive}: {said}");
            assert!(said.contains("Production at shop.example.com is held by run"), "{said}");
        }
        let (status, said) = runs(&home, machine(&home), "b.md", "Staging");
        assert_eq!(status, 0, "another environment is free: {said}");
    }
    assert_eq!(home.run(&["stop"]).status, 0);
    let (status, said) = runs(&other, machine(&home), "edited.md", "Production");
    assert_eq!(status, 0, "what was given up holds nothing: {said}");
}

#[test]
fn runbooks_of_different_systems_do_not_wait_for_each_other() {
    let home = Home::new();
    home.write("b.md", "# Deploy the shop\n## Steps\n```bash\necho one\n```\n");
    home.write("c.md", "# Rotate the keys\n## Steps\n```bash\necho one\n```\n");
    let mut ada = home.terminal(&["b.md"], 100, 30);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "q");
    assert_eq!(home.run(&["run", "c.md", "--headless", "--yes"]).status, 0);
    let held = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(held.status, 5, "{}", held.err);
    assert!(held.err.contains("\"Deploy the shop\" is held by run"), "{}", held.err);
}

#[test]
fn a_damaged_journal_keeps_its_environment() {
    let home = Home::new();
    home.write("b.md", BOOK);
    left_unfinished(&home, "Production");
    home.kill(&["runner", "shim"]);
    until("their end", || home.processes().is_empty());
    let run = the_run(&home);
    for name in ["journal.db-wal", "journal.db-shm"] {
        let _none = std::fs::remove_file(run.path().join(name));
    }
    std::fs::write(run.path().join("journal.db"), "no journal at all, and long enough to be none").unwrap();
    let (status, said) = runs(&home, machine(&home), "b.md", "Production");
    assert_eq!(status, 5, "{said}");
    assert!(said.contains("can't be read") && said.contains("runs --salvage DIR"), "{said}");
    assert!(said.contains("Production at shop.example.com is held"), "{said}");
    // Salvaged and removed, as it says.
    let salvaged = home.run(&["runs", "--salvage", home.path().join("saved").to_str().unwrap()]);
    assert!(salvaged.out.contains("saved"), "{}{}", salvaged.out, salvaged.err);
    std::fs::remove_dir_all(run.path()).unwrap();
    assert_eq!(runs(&home, machine(&home), "b.md", "Production").0, 0);
    assert_eq!(store(&home).list(&Filter::default()).unwrap().len(), 1);
}
